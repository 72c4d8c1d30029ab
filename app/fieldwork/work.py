"""What a telephone is given: its rounds with their villages, the offices to choose from, and the key."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.directory.queries import find_agency, list_agencies
from app.directory.records import AgencyView
from app.extensions import db
from app.fieldwork.facts import DEPARTMENT
from app.fieldwork.models import Collector, Round, RoundVillage, Team, TeamVillage, Visit
from app.fieldwork.prompts.keeping import files_of_round
from app.fieldwork.sealing import encoded, seal_keys
from surveys.canonical import canonical_json
from surveys.periods import local_day


def work_of(collector: UUID, *, now: datetime) -> dict[str, Any]:
    """The `viec` of ADR 17 for the telephone of a collector."""
    own = db.session.execute(
        select(Collector.id, Collector.code, Collector.team, Team.name)
        .join(Team, Team.id == Collector.team)
        .where(Collector.id == collector)
    ).one()
    today = local_day(now)
    key = seal_keys()[0]
    return {
        "key": {"id": key.id, "public": encoded(key.public)},
        "collector": {"id": str(own.id), "code": own.code},
        "team": own.name,
        "now": now.replace(microsecond=0).isoformat().replace("+00:00", "Z"),
        "rounds": [_round(row, own.team, today) for row in _rounds_of(own.team, today)],
    }


def fingerprint(work: dict[str, Any]) -> str:
    """Equal as long as nothing but the time has moved."""
    kept = {name: value for name, value in work.items() if name != "now"}
    return hashlib.sha256(canonical_json(kept).encode()).hexdigest()[:32]


def _rounds_of(team: UUID, today: date) -> list[Round]:
    """Every round that the team works in and that still takes records, the next ones too."""
    codes = select(TeamVillage.round).where(TeamVillage.team == team)
    rows = db.session.scalars(
        select(Round).where(Round.code.in_(codes)).order_by(Round.first_day, Round.code)
    )
    return [row for row in rows if today <= row.last_day + timedelta(days=row.grace_days)]


def _round(row: Round, team: UUID, today: date) -> dict[str, Any]:
    villages = _villages(row.code, team)
    day = min(max(today, row.first_day), row.last_day)
    files = files_of_round(row, today)
    return {
        "code": row.code,
        "title": row.title,
        "first_day": row.first_day.isoformat(),
        "last_day": row.last_day.isoformat(),
        "grace_days": row.grace_days,
        "step": row.step,
        "questionnaire": {"code": row.questionnaire, "version": row.version},
        "villages": [
            {
                "village": village.village,
                "name": village.name,
                "target": village.target,
                "start": village.start,
                "done": done,
            }
            for village, done in villages
        ],
        "services": [
            {"agency": view.code, "name": view.name}
            for view in list_services({village.commune for village, _done in villages}, day)
        ],
        **({"files": files} if files else {}),
    }


def _villages(code: str, team: UUID) -> list[tuple[RoundVillage, int]]:
    """The villages of a team with the interviews that have arrived from there, whoever made them."""
    assigned = select(TeamVillage.village).where(TeamVillage.round == code, TeamVillage.team == team)
    rows = db.session.scalars(
        select(RoundVillage)
        .where(RoundVillage.round == code, RoundVillage.village.in_(assigned))
        .order_by(RoundVillage.village)
    ).all()
    counted = db.session.execute(
        select(Visit.village, func.count().label("n"))
        .where(Visit.round == code, Visit.village.in_([row.village for row in rows]))
        .group_by(Visit.village)
    )
    done: dict[str, int] = {row.village: row.n for row in counted}
    return [(row, done.get(row.village, 0)) for row in rows]


def list_services(communes: Collection[str], on: date) -> list[AgencyView]:
    """The committees of these communes first, then the departments of their province."""
    committees = [view for code in sorted(communes) if (view := find_agency(code, on)) is not None]
    provinces = sorted({view.province for view in committees})
    departments = [view for province in provinces for view in list_agencies(province, on, DEPARTMENT)]
    return [*committees, *departments]
