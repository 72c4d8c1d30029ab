"""Flags of a round: which there are, and what a person decides about one."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, select, update

from app.audit.actions import record
from app.extensions import db
from app.fieldwork.models import Collector, Round, Team
from app.fieldwork.reach import leads
from app.fieldwork.reviews.models import Flag
from app.fieldwork.reviews.rules import DecidedMeanwhile, UnknownFlag
from app.fieldwork.rules import RoundIsOver
from app.transactions import take_turn


class FlagState(StrEnum):
    """What people have made of a flag. None of it is a judgement, and none removes an interview."""

    OPEN = "open"
    EXPLAINED = "explained"
    CONFIRMED = "confirmed"


ORDER: Final = tuple(FlagState)


@dataclass(frozen=True, slots=True)
class FlagLine:
    """A flag with the number of its collector, the name and commune of the team, and what was found."""

    row: Flag
    collector: str
    team: str
    commune: str
    numbers: dict[str, float]

    @property
    def seen(self) -> str:
        return state_seen(self.row)


def state_seen(flag: Flag) -> str:
    """What somebody who decides has seen of a flag: another value means that it has changed since."""
    return f"{flag.state} {flag.decided_at.timestamp() if flag.decided_at else 0:.6f}"


def list_flags(code: str) -> list[FlagLine]:
    """Open ones first; within a state by team and collector, the surest first."""
    lines = _lines(select(Flag.id).where(Flag.round == code))
    return sorted(
        lines,
        key=lambda one: (ORDER.index(FlagState(one.row.state)), one.team, one.collector, one.row.p),
    )


def get_flag(code: str, flag: UUID) -> FlagLine:
    """Raises UnknownFlag."""
    lines = _lines(select(Flag.id).where(Flag.round == code, Flag.id == flag))
    if not lines:
        raise UnknownFlag(str(flag))
    return lines[0]


def count_open(scopes: Collection[str], on: date, code: str = "") -> int:
    """How many wait for somebody to look at them, in rounds that are led within the scopes."""
    statement = (
        select(func.count())
        .select_from(Flag)
        .join(Round, Round.code == Flag.round)
        .where(Flag.state == FlagState.OPEN.value, Round.parted_at.is_(None), leads(scopes, on))
    )
    if code:
        statement = statement.where(Round.code == code)
    return db.session.scalar(statement) or 0


def next_states(state: str) -> list[FlagState]:
    """What may be decided: an open flag is closed, a closed one also opened again."""
    closed = [FlagState.EXPLAINED, FlagState.CONFIRMED]
    return closed if state == FlagState.OPEN else [*closed, FlagState.OPEN]


def decide_flag(
    row: Round, flag: Flag, state: FlagState, note: str, *, seen: str, by: str, now: datetime
) -> None:
    """Writes down what a person found out, with the words that let another follow it. Does not commit.

    Raises RoundIsOver, and DecidedMeanwhile where the flag is no longer as it was `seen`. The words stay
    with the flag: the trail is kept for ever and read by more people.
    """
    if row.parted_at is not None:
        raise RoundIsOver
    take_turn(update(Flag).where(Flag.id == flag.id).values(note=Flag.note))
    db.session.refresh(flag)
    if state_seen(flag) != seen:
        raise DecidedMeanwhile
    before, flag.state, flag.note = flag.state, state.value, note
    flag.decided_by, flag.decided_at = by, now
    db.session.flush()
    details = {"indicator": flag.indicator, "before": before, "after": state.value}
    record("field-flag-decided", by=by, subject=row.code, scope=row.agency, details=details, now=now)


def flagged_collectors(code: str) -> set[UUID]:
    """Those with a flag that nobody has explained."""
    statement = select(Flag.collector).where(Flag.round == code, Flag.state != FlagState.EXPLAINED.value)
    return set(db.session.scalars(statement))


def _lines(chosen: Select[UUID]) -> list[FlagLine]:
    rows = db.session.execute(
        select(Flag, Collector.code, Team.name, Team.agency)
        .join(Collector, Collector.id == Flag.collector)
        .join(Team, Team.id == Collector.team)
        .where(Flag.id.in_(chosen))
    )
    return [FlagLine(*found, numbers=json.loads(found[0].numbers)) for found in rows]
