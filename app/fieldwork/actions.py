"""Rounds: setting one up, its villages, which team goes where, and what may change later. Nothing commits."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, select
from sqlalchemy.exc import IntegrityError

from app.audit.actions import record
from app.extensions import db
from app.fieldwork.models import Round, RoundVillage, TeamVillage, Visit, VisitCount
from app.fieldwork.rules import (
    ChangedMeanwhile,
    OnlyLonger,
    RoundHasBegun,
    RoundIsOver,
    RoundState,
    UnknownVillage,
    VillageInUse,
    state_of,
)
from app.fieldwork.villages import VillageLine
from surveys.periods import local_day


@dataclass(frozen=True, slots=True)
class Terms:
    """What a round is: which questionnaire, when, how many days more, and how households are chosen."""

    title: str
    questionnaire: str
    version: str
    first_day: date
    last_day: date
    grace_days: int
    step: int
    review_days: int


def create_round(place: str, terms: Terms, *, by: str, now: datetime) -> Round:
    """Of a province or a commune; its code follows from the place and the year. Raises ChangedMeanwhile."""
    row = Round(code=_next_code(place, terms.first_day.year), agency=place, created_by=by, created_at=now)
    _take_terms(row, terms)
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise ChangedMeanwhile from error
    _note("field-round-created", row, by, now)
    return row


def change_round(row: Round, terms: Terms, *, by: str, now: datetime) -> None:
    """Before it begins everything may change; then only its title, and its days may become more.

    Raises RoundIsOver, RoundHasBegun or OnlyLonger.
    """
    if row.parted_at is not None:
        raise RoundIsOver
    state = state_of(row, local_day(now))
    if state is not RoundState.UPCOMING:
        _check_running(row, terms, state)
    before = {"last_day": row.last_day.isoformat(), "grace_days": row.grace_days}
    if terms.step != row.step:
        for village in db.session.scalars(select(RoundVillage).where(RoundVillage.round == row.code)):
            village.start = draw_start(terms.step)
    _take_terms(row, terms)
    details = {
        "before": f"{before['last_day']} + {before['grace_days']}",
        "after": f"{row.last_day.isoformat()} + {row.grace_days}",
    }
    _note("field-round-changed", row, by, now, details)


def put_villages(row: Round, lines: Sequence[VillageLine], *, by: str, now: datetime) -> tuple[int, int]:
    """New villages get their first household drawn; known ones a new name and target. Both numbers.

    Raises RoundIsOver, or ChangedMeanwhile where somebody enters the same village at the same moment.
    """
    if row.parted_at is not None:
        raise RoundIsOver
    known = {
        village.village: village
        for village in db.session.scalars(select(RoundVillage).where(RoundVillage.round == row.code))
    }
    new = changed = 0
    for line in lines:
        village = known.get(line.village)
        if village is None:
            new += 1
            db.session.add(
                RoundVillage(
                    round=row.code, village=line.village, commune=line.commune, name=line.name,
                    target=line.target, start=draw_start(row.step),
                )
            )  # fmt: skip
        elif (village.name, village.target) != (line.name, line.target):
            changed += 1
            village.name, village.target = line.name, line.target
    try:
        db.session.flush()
    except IntegrityError as error:
        raise ChangedMeanwhile from error
    if new or changed:
        _note("field-villages-put", row, by, now, {"new": new, "changed": changed})
    return new, changed


def remove_village(row: Round, village: str, *, by: str, now: datetime) -> None:
    """Raises UnknownVillage, or VillageInUse where somebody has been there."""
    found = db.session.get(RoundVillage, (row.code, village))
    if found is None:
        raise UnknownVillage(village)
    for table in (Visit, VisitCount):
        if db.session.scalar(select(exists().where(table.round == row.code, table.village == village))):
            raise VillageInUse
    db.session.execute(
        delete(TeamVillage).where(TeamVillage.round == row.code, TeamVillage.village == village)
    )
    db.session.delete(found)
    db.session.flush()
    _note("field-village-removed", row, by, now, {"village": village})


def assign_teams(row: Round, chosen: Mapping[str, Collection[UUID]], *, by: str, now: datetime) -> int:
    """For each village that is named, exactly these teams go there. How many pairs were added or taken away.

    Raises RoundIsOver.
    """
    if row.parted_at is not None:
        raise RoundIsOver
    statement = select(TeamVillage).where(
        TeamVillage.round == row.code, TeamVillage.village.in_(sorted(chosen))
    )
    held = {(pair.village, pair.team): pair for pair in db.session.scalars(statement)}
    wanted = {(village, team) for village, teams in chosen.items() for team in teams}
    for key in held.keys() - wanted:
        db.session.delete(held[key])
    for village, team in sorted(wanted - held.keys(), key=str):
        db.session.add(TeamVillage(round=row.code, village=village, team=team))
    moved = len(held.keys() ^ wanted)
    if moved:
        _note("field-teams-assigned", row, by, now, {"changed": moved})
    return moved


def draw_start(step: int) -> int:
    """The first household, from 1 to the step, each as likely as the others."""
    return secrets.randbelow(step) + 1


def _check_running(row: Round, terms: Terms, state: RoundState) -> None:
    fixed = ("questionnaire", "version", "first_day", "step", "review_days")
    if any(getattr(row, name) != getattr(terms, name) for name in fixed):
        raise RoundHasBegun
    if terms.last_day < row.last_day or terms.grace_days < row.grace_days:
        raise OnlyLonger
    if state is RoundState.CLOSED and terms.last_day != row.last_day:
        # The days of its interviews are past; only the time for sending can still be had.
        raise RoundHasBegun


def _take_terms(row: Round, terms: Terms) -> None:
    for name in Terms.__slots__:
        setattr(row, name, getattr(terms, name))


def _next_code(place: str, year: int) -> str:
    """Numbers of a place and a year go on; of two at the same moment one finds the key taken."""
    start = f"{place}-{year}-"
    used = db.session.scalar(select(func.count()).where(Round.code.startswith(start, autoescape=True))) or 0
    return f"{start}{used + 1}"


def _note(
    action: str, row: Round, by: str, now: datetime, details: Mapping[str, str | int] | None = None
) -> None:
    record(action, by=by, subject=row.code, scope=row.agency, details=details or {}, now=now)
