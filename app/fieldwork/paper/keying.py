"""Forms on paper: every form is keyed in by two people, and counts once both read the same from it.

What differs is shown field by field and decided with the form in hand. A form then becomes a record like
those of telephones and is judged by the same rules; what was keyed in is forgotten, and its number, which
no visit and no answer bears, is known for ever so that it cannot count twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select, update

from app.audit.actions import record
from app.catalogue.queries import get_questionnaire
from app.extensions import db
from app.fieldwork.models import Round
from app.fieldwork.paper.models import PaperForm, PaperKeying
from app.fieldwork.paper.records import HEAD, Choices, Sheet, count_form, in_order, judged_form
from app.fieldwork.paper.rules import (
    FormCounted,
    KeyedByYou,
    KeyedTwice,
    NothingToSettle,
    NotPrinted,
    StillDiffers,
)
from app.fieldwork.rules import ChangedMeanwhile, RoundIsOver
from app.transactions import take_turn
from surveys.canonical import canonical_json

FIRST, SECOND = "first", "second"
SIDES: Final = (FIRST, SECOND)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two people read differently."""

    name: str
    first: tuple[str, ...]
    second: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A form that two people read differently; `seen` is another one as soon as anything was keyed anew."""

    differences: Sequence[Difference]
    seen: str


def key_in(
    row: Round, number: str, sheet: Sheet, choices: Choices, *, by: str, now: datetime
) -> list[Difference] | None:
    """Keeps what one person read. Returns None after the first keying; after the second what differs.

    Where nothing differs the form counts at once. Raises NotPrinted, FormCounted, KeyedByYou, KeyedTwice,
    RoundIsOver, and what counting raises: at the first keying too. Does not commit.
    """
    if row.parted_at is not None:
        raise RoundIsOver
    form = _held(row, number)
    before = _keyings(row.code, number)
    if any(keying.keyed_by == by for keying in before):
        raise KeyedByYou
    if len(before) > 1:
        raise KeyedTwice
    judged_form(row, sheet, choices, now=now)
    body = canonical_json(sheet.fields())
    db.session.add(PaperKeying(round=row.code, number=number, keyed_by=by, keyed_at=now, body=body))
    db.session.flush()
    if not before:
        return None
    found = _differing(row, _read(before[0]), sheet)
    if not found:
        _settle(row, form, sheet, choices, by=by, now=now)
    return found


def get_unsettled(row: Round, number: str) -> Unsettled:
    """What two people read differently, in the order of the form. Raises NothingToSettle."""
    keyings = _both(row, number)
    return Unsettled(_differing(row, *map(_read, keyings)), _seen(keyings))


def decide(
    row: Round, number: str, chosen: Mapping[str, str], choices: Choices, *, seen: str, by: str, now: datetime
) -> None:
    """Settles a form: `chosen` says of each differing field whether the first or the second had it right.

    Raises RoundIsOver, NotPrinted, FormCounted, NothingToSettle, StillDiffers, ChangedMeanwhile where other
    keyings are there than were `seen`, and what counting raises. Does not commit.
    """
    if row.parted_at is not None:
        raise RoundIsOver
    form = _held(row, number)
    keyings = _both(row, number)
    if _seen(keyings) != seen:
        raise ChangedMeanwhile
    first, second = map(_read, keyings)
    fields = dict(first.fields())
    for difference in _differing(row, first, second):
        side = chosen.get(difference.name)
        if side not in SIDES:
            raise StillDiffers
        fields[difference.name] = difference.first if side == FIRST else difference.second
    _settle(row, form, Sheet.of(fields), choices, by=by, now=now)


def discard(row: Round, number: str, *, by: str, now: datetime) -> None:
    """Forgets what was keyed in of a form that does not count yet, so that it can be keyed in anew.

    Raises NotPrinted, FormCounted or NothingToSettle. Does not commit.
    """
    _held(row, number)
    if not _keyings(row.code, number):
        raise NothingToSettle
    _forget(row.code, number)
    _note("field-paper-discarded", row, number, by, now)


def _held(row: Round, number: str) -> PaperForm:
    """The form, held until the end of the transaction, so that of two acts at once the second sees the first.

    Raises NotPrinted or FormCounted.
    """
    own = (PaperForm.round == row.code, PaperForm.number == number)
    take_turn(update(PaperForm).where(*own).values(printed_by=PaperForm.printed_by))
    form = db.session.get(PaperForm, (row.code, number), populate_existing=True)
    if form is None:
        raise NotPrinted
    if form.settled_at is not None:
        raise FormCounted
    return form


def _settle(row: Round, form: PaperForm, sheet: Sheet, choices: Choices, *, by: str, now: datetime) -> None:
    count_form(row, sheet, choices, now=now)
    _forget(row.code, form.number)
    form.settled_at, form.settled_by = now, by
    db.session.flush()
    _note("field-paper-counted", row, form.number, by, now)


def _note(action: str, row: Round, number: str, by: str, now: datetime) -> None:
    record(action, by=by, subject=row.code, scope=row.agency, details={"number": number}, now=now)


def _both(row: Round, number: str) -> tuple[PaperKeying, PaperKeying]:
    keyings = _keyings(row.code, number)
    if len(keyings) != len(SIDES):
        raise NothingToSettle
    return keyings[0], keyings[1]


def _keyings(code: str, number: str) -> list[PaperKeying]:
    statement = select(PaperKeying).where(PaperKeying.round == code, PaperKeying.number == number)
    return list(db.session.scalars(statement.order_by(PaperKeying.keyed_at, PaperKeying.keyed_by)))


def _seen(keyings: Sequence[PaperKeying]) -> str:
    return hashlib.sha256("\n".join(keying.body for keying in keyings).encode()).hexdigest()[:16]


def _read(keying: PaperKeying) -> Sheet:
    return Sheet.of(json.loads(keying.body))


def _differing(row: Round, first: Sheet, second: Sheet) -> list[Difference]:
    one, other = first.fields(), second.fields()
    form = get_questionnaire(row.questionnaire, row.version)
    names = in_order([*HEAD, *{name for name in (*one, *other) if name not in HEAD}], form)
    return [
        Difference(name, one.get(name, ()), other.get(name, ()))
        for name in names
        if one.get(name, ()) != other.get(name, ())
    ]


def _forget(code: str, number: str) -> None:
    db.session.execute(delete(PaperKeying).where(PaperKeying.round == code, PaperKeying.number == number))
