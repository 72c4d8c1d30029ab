"""Numbers of forms on paper: which were printed, and what has become of them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Integer, cast, func, select

from app.audit.actions import record
from app.extensions import db
from app.fieldwork.interpreting import insert_or_nothing
from app.fieldwork.models import Round
from app.fieldwork.paper.models import PaperForm, PaperKeying
from app.fieldwork.paper.records import SLIP_LENGTH, SLIP_LETTERS
from app.fieldwork.paper.rules import NotPrinted
from app.fieldwork.rules import ChangedMeanwhile, RoundIsOver

_NUMBER: Final = re.compile(r"(?:([0-9]{5})[-–])?0*([1-9][0-9]{0,5})")
WIDTH: Final = 4


@dataclass(frozen=True, slots=True)
class Progress:
    """How many forms of a commune were printed and count; which wait for a second keying or a decision."""

    printed: int
    counted: int
    once: Sequence[str]
    differing: Sequence[str]

    @property
    def untouched(self) -> int:
        """Printed, and not keyed in by anybody: still outside, blank or lost."""
        return self.printed - self.counted - len(self.once) - len(self.differing)


def form_number(text: str, commune: str) -> str | None:
    """The number as it is printed ("03646-0007"), however it was typed; None for no number of the commune."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None or found[1] not in (None, commune):
        return None
    return f"{commune}-{found[2].zfill(WIDTH)}"


def print_numbers(row: Round, commune: str, count: int, *, by: str, now: datetime) -> list[str]:
    """The next numbers of a commune, which are known from now on. Does not commit.

    Raises RoundIsOver, or ChangedMeanwhile where somebody else was given some of them at the same moment.
    """
    if row.parted_at is not None:
        raise RoundIsOver
    last = db.session.scalar(
        select(func.max(cast(func.substr(PaperForm.number, len(commune) + 2), Integer))).where(
            *_own(row.code, commune)
        )
    )
    numbers = _from((last or 0) + 1, count, commune)
    rows = [{"round": row.code, "number": number, "printed_at": now, "printed_by": by} for number in numbers]
    added = insert_or_nothing(PaperForm).values(rows).on_conflict_do_nothing().returning(PaperForm.number)
    if len(db.session.scalars(added).all()) < count:
        raise ChangedMeanwhile
    record(
        "field-paper-printed", by=by, subject=row.code, scope=row.agency, now=now,
        details={"number": numbers[0], "count": count},
    )  # fmt: skip
    return numbers


def print_again(row: Round, commune: str, first: int, count: int) -> list[str]:
    """Numbers that were printed before, for sheets that were spoilt. Raises NotPrinted, RoundIsOver."""
    if row.parted_at is not None:
        raise RoundIsOver
    numbers = _from(first, count, commune)
    known = select(func.count()).where(PaperForm.round == row.code, PaperForm.number.in_(numbers))
    if db.session.scalar(known) != count:
        raise NotPrinted
    return numbers


def new_slips(count: int) -> list[str]:
    """A code for the slip of each form. It stands on the paper alone until somebody keys it in."""
    return ["".join(secrets.choice(SLIP_LETTERS) for _ in range(SLIP_LENGTH)) for _ in range(count)]


def progress_of_paper(code: str, commune: str) -> Progress:
    printed, counted = db.session.execute(
        select(func.count(), func.count(PaperForm.settled_at)).where(*_own(code, commune))
    ).one()
    keyed = (
        select(PaperKeying.number, func.count())
        .where(PaperKeying.round == code, PaperKeying.number.startswith(f"{commune}-"))
        .group_by(PaperKeying.number)
        .order_by(PaperKeying.number)
    )
    by_times: dict[bool, list[str]] = {False: [], True: []}
    for number, times in db.session.execute(keyed):
        by_times[times > 1].append(number)
    return Progress(printed, counted, by_times[False], by_times[True])


def _own(code: str, commune: str) -> tuple[ColumnElement[bool], ...]:
    return PaperForm.round == code, PaperForm.number.startswith(f"{commune}-")


def _from(first: int, count: int, commune: str) -> list[str]:
    return [f"{commune}-{number:0{WIDTH}}" for number in range(first, first + count)]
