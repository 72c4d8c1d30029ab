"""Doors on paper: a sheet for each collector, village and day, keyed in by two people, counts once.

A form tells of one interview, and nothing of the doors beside it that stayed shut. Until those of a day are
counted, its interviews on paper are in no response rate.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from app.audit.actions import record
from app.extensions import db
from app.fieldwork.interpreting import insert_or_nothing
from app.fieldwork.models import Round, Visit
from app.fieldwork.paper.keying import FIRST, SIDES, Difference, Unsettled
from app.fieldwork.paper.models import PaperTally
from app.fieldwork.paper.records import Choices, count_tally, who_where_when
from app.fieldwork.paper.rules import (
    BadForm,
    KeyedByYou,
    KeyedTwice,
    NothingToSettle,
    StillDiffers,
    TallyCounted,
)
from app.fieldwork.rules import ChangedMeanwhile, RoundIsOver
from app.transactions import take_turn
from surveys.canonical import canonical_json
from surveys.doors import ANSWERED, CLOSED

NUMBERS: Final = (ANSWERED, *CLOSED)
MOST: Final = 99
_NUMBER: Final = re.compile(r"0*[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class TallyKey:
    """Whose doors, where and when. `text` stands in addresses."""

    village: str
    collector: UUID
    day: date

    @property
    def text(self) -> str:
        return f"{self.village}.{self.day}.{self.collector}"

    @classmethod
    def read(cls, text: str, commune: str) -> TallyKey | None:
        """None for what is no sheet of the commune."""
        with suppress(ValueError):
            village, day, collector = text.split(".")
            found = cls(village, UUID(collector), date.fromisoformat(day))
            return found if found.text == text and village[:5] == commune else None
        return None


@dataclass(frozen=True, slots=True)
class TallyLine:
    """A sheet with what has become of it; `forms` are the interviews of that day that count."""

    key: TallyKey
    is_keyed_twice: bool
    is_counted: bool
    interviews: int
    forms: int


@dataclass(frozen=True, slots=True)
class TallyProgress:
    """The sheets of a commune, and how many interviews on paper wait for the doors of their day."""

    lines: Sequence[TallyLine]
    alone: int


def check_tally(
    row: Round, head: Mapping[str, str], numbers: Mapping[str, str], choices: Choices, *, now: datetime
) -> tuple[TallyKey, dict[str, int]]:
    """What a sheet says; an empty number is none. Raises BadForm with every field that is wrong."""
    wrong = [name for name, right in who_where_when(row, head, choices, now).items() if not right]
    typed = {name: numbers.get(name, "").strip() for name in NUMBERS}
    wrong += [name for name, text in typed.items() if text and _NUMBER.fullmatch(text) is None]
    if not wrong and not any(int(text or 0) for text in typed.values()):
        wrong = [ANSWERED]
    if wrong:
        raise BadForm(dict.fromkeys(wrong))
    key = TallyKey(head["village"], UUID(head["collector"]), date.fromisoformat(head["day"]))
    return key, {name: int(text or 0) for name, text in typed.items()}


def key_tally(
    row: Round, key: TallyKey, doors: Mapping[str, int], *, by: str, now: datetime
) -> list[Difference] | None:
    """Keeps what one person read. Returns None after the first keying; after the second what differs.

    Where nothing differs the doors count at once. Raises RoundIsOver, TallyCounted, KeyedByYou or KeyedTwice.
    Does not commit.
    """
    if row.parted_at is not None:
        raise RoundIsOver
    body = canonical_json(dict(doors))
    values = {**_columns(row.code, key), "first": body, "first_by": by, "second": ""}
    added = insert_or_nothing(PaperTally).values(values).on_conflict_do_nothing()
    if db.session.scalars(added.returning(PaperTally.village)).all():
        return None
    tally = _held(row, key)
    if tally.first_by == by:
        raise KeyedByYou
    if tally.second:
        raise KeyedTwice
    found = _differing(tally.first, body)
    if found:
        tally.second, tally.second_by = body, by
        db.session.flush()
    else:
        _settle(row, tally, doors, by=by, now=now)
    return found


def get_unsettled_tally(row: Round, key: TallyKey) -> Unsettled:
    """What two people read differently, in the order of the sheet. Raises NothingToSettle."""
    tally = db.session.get(PaperTally, _identity(row.code, key))
    if tally is None or not tally.second:
        raise NothingToSettle
    return Unsettled(_differing(tally.first, tally.second), _seen(tally))


def decide_tally(
    row: Round, key: TallyKey, chosen: Mapping[str, str], *, seen: str, by: str, now: datetime
) -> None:
    """Settles a sheet: `chosen` says of each differing number whether the first or the second had it right.

    Raises RoundIsOver, TallyCounted, NothingToSettle, StillDiffers, or ChangedMeanwhile where other keyings
    are there than were `seen`. Does not commit.
    """
    if row.parted_at is not None:
        raise RoundIsOver
    tally = _held(row, key)
    if not tally.second:
        raise NothingToSettle
    if _seen(tally) != seen:
        raise ChangedMeanwhile
    first, second = json.loads(tally.first), json.loads(tally.second)
    doors = dict(first)
    for difference in _differing(tally.first, tally.second):
        side = chosen.get(difference.name)
        if side not in SIDES:
            raise StillDiffers
        doors[difference.name] = (first if side == FIRST else second)[difference.name]
    _settle(row, tally, doors, by=by, now=now)


def discard_tally(row: Round, key: TallyKey, *, by: str, now: datetime) -> None:
    """Forgets what was keyed in of a sheet that does not count yet.

    Raises TallyCounted or NothingToSettle. Does not commit.
    """
    tally = _held(row, key)
    db.session.delete(tally)
    db.session.flush()
    _note("field-tally-discarded", row, key, by, now)


def tallies_of(code: str, commune: str) -> TallyProgress:
    """By day and village; those that wait come first."""
    own = (Visit.round == code, Visit.village.startswith(f"{commune}-"), Visit.device.is_(None))
    visits = (
        select(Visit.village, Visit.collector, Visit.day, func.count())
        .where(*own)
        .group_by(Visit.village, Visit.collector, Visit.day)
    )
    forms = {
        TallyKey(village, collector, day): n for village, collector, day, n in db.session.execute(visits)
    }
    rows = db.session.scalars(
        select(PaperTally)
        .where(PaperTally.round == code, PaperTally.village.startswith(f"{commune}-"))
        .order_by(
            PaperTally.settled_at.is_not(None), PaperTally.day, PaperTally.village, PaperTally.collector
        )
    )
    lines = []
    for row in rows:
        key = TallyKey(row.village, row.collector, row.day)
        counted = row.settled_at is not None
        lines.append(TallyLine(key, bool(row.second), counted, row.interviews or 0, forms.get(key, 0)))
    alone = select(func.count()).where(*own, Visit.tallied.is_(False))
    return TallyProgress(lines, db.session.scalar(alone) or 0)


def _held(row: Round, key: TallyKey) -> PaperTally:
    """The sheet, held until the end of the transaction. Raises NothingToSettle or TallyCounted."""
    take_turn(update(PaperTally).where(*_own(row.code, key)).values(second_by=PaperTally.second_by))
    tally = db.session.get(PaperTally, _identity(row.code, key), populate_existing=True)
    if tally is None:
        raise NothingToSettle
    if tally.settled_at is not None:
        raise TallyCounted
    return tally


def _settle(row: Round, tally: PaperTally, doors: Mapping[str, int], *, by: str, now: datetime) -> None:
    tally.first = tally.second = ""
    tally.first_by = tally.second_by = None
    tally.settled_at, tally.interviews = now, doors[ANSWERED]
    db.session.flush()
    count_tally(tally, {name: doors[name] for name in CLOSED})
    _note("field-tally-counted", row, TallyKey(tally.village, tally.collector, tally.day), by, now)


def _note(action: str, row: Round, key: TallyKey, by: str, now: datetime) -> None:
    details = {"village": key.village, "day": key.day.isoformat()}
    record(action, by=by, subject=row.code, scope=row.agency, details=details, now=now)


def _differing(one: str, other: str) -> list[Difference]:
    first, second = json.loads(one), json.loads(other)
    return [
        Difference(name, (str(first[name]),), (str(second[name]),))
        for name in NUMBERS
        if first[name] != second[name]
    ]


def _seen(tally: PaperTally) -> str:
    return hashlib.sha256(f"{tally.first}\n{tally.second}".encode()).hexdigest()[:16]


def _columns(code: str, key: TallyKey) -> dict[str, Any]:
    return {"round": code, "village": key.village, "collector": key.collector, "day": key.day}


def _identity(code: str, key: TallyKey) -> tuple[str, str, UUID, date]:
    return code, key.village, key.collector, key.day


def _own(code: str, key: TallyKey) -> list[ColumnElement[bool]]:
    return [getattr(PaperTally, name) == value for name, value in _columns(code, key).items()]
