"""A small round of field work with interviews in it, written as telephones' records are."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from flask import Flask

from app.extensions import db
from app.fieldwork.judging import slip_hash
from app.fieldwork.models import Collector, Round, Team, Visit
from app.responding.importing.storing import insert_records
from app.responding.records import ResponseRecord
from app.transactions import transaction
from tests.support.phones import COMMUNE, NOW, OTHER_VILLAGE, ROUND, VILLAGE

FIRST_DAY: Final = date(2026, 11, 11)
THE_SAME: Final[dict[str, Any]] = {
    "filed_online": "yes", "operator": "self", "satisfaction": 5, "submit_time": "under_5",
    "result_time": "on_time", "extra_trips": "none", "vneid_user": "yes",
}  # fmt: skip


def varied(draw: random.Random) -> dict[str, Any]:
    """A household that filed online, answered as any might."""
    return {
        "filed_online": "yes",
        "operator": draw.choice(("self", "family", "team", "officer", "hired")),
        "satisfaction": draw.randint(1, 5),
        "submit_time": draw.choice(("under_5", "5_to_8", "8_to_15", "15_plus", "forgot")),
        "result_time": draw.choice(("early", "on_time", "late")),
        "extra_trips": draw.choice(("none", "once", "twice_plus")),
        "vneid_user": draw.choice(("yes", "no")),
    }


def own_round() -> Round:
    """The round of `phones.prepare`."""
    return db.session.get_one(Round, ROUND)


def collectors(app: Flask, count: int) -> list[UUID]:
    """Of the team that goes to both villages of `phones.prepare`, numbered from TV-11."""
    with app.app_context(), transaction():
        team = _team().id
        ids = [uuid4() for _ in range(count)]
        db.session.add_all(
            Collector(id=key, team=team, code=f"TV-{11 + at}", name="Cà Thị Hoa", created_at=NOW)
            for at, key in enumerate(ids)
        )
    return ids


def interviews(app: Flask, people: list[UUID], each: int, *, same: UUID | None = None) -> None:
    """So many of each, four a day, in turn in both villages; `same` hands in the same every time.

    The slip of the first household of the first person is "0-000".
    """
    draw = random.Random(4)
    with app.app_context(), transaction():
        team = _team().id
        for number, who in enumerate(people):
            for at in range(each):
                answers = THE_SAME if who == same else varied(draw)
                _interview(who, team, (VILLAGE, OTHER_VILLAGE)[at % 2], at, answers, f"{number}-{at:03}")


def _interview(who: UUID, team: UUID, village: str, at: int, answers: dict[str, Any], slip: str) -> None:
    day, key = FIRST_DAY + timedelta(days=at // 4), str(uuid4())
    response = ResponseRecord(
        agency=COMMUNE, id=key, questionnaire="TAI_NHA", version="1.0", procedure=None, phase="after-result",
        channel="field-unnamed", source_channel=None, quarter="2026-Q4", day=day, language="vi",
        cluster=village, answers=json.dumps(answers, separators=(",", ":"), sort_keys=True), comment=None,
    )  # fmt: skip
    insert_records(db.session.connection(), [response])
    began = datetime(day.year, day.month, day.day, 2 + at % 4, 5 * (at % 7), tzinfo=UTC)
    db.session.add(
        Visit(
            id=uuid4(), round=ROUND, village=village, team=team, collector=who, device=uuid4(), day=day,
            started_at=began, seconds=90 + 7 * (at % 9), language="vi", interpreter=False,
            answer_agency=COMMUNE, answer_id=key, slip_hash=slip_hash(slip),
        )
    )  # fmt: skip


def _team() -> Team:
    return db.session.query(Team).filter_by(name="Tổ CNSCĐ Tô Hiệu").one()
