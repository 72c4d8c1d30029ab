"""Improvements as staff see them: drafts and withdrawn ones too, with every version, only of their reach."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select

from app.directory.scopes import agency_condition
from app.directory.search import parse
from app.directory.staff_queries import names_of_agencies
from app.extensions import db
from app.improvements.models import ImprovementRow, ImprovementVersion
from app.improvements.rules import State, UnknownImprovement
from app.ui.paging import Page, paged

OPEN: Final = "open"
DONE: Final = "done"
MOST_IN_FILE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which improvements are asked for; what is empty does not restrict.

    `state` is OPEN for what is to do, DONE, or a State; of those withdrawn only the last speaks.
    """

    state: str = OPEN
    quarter: str = ""
    agency: str = ""
    text: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.quarter or self.agency or self.text)


@dataclass(frozen=True, slots=True)
class Line:
    """One improvement of a list, with the name of its agency."""

    row: ImprovementRow
    agency_name: str

    def is_late(self, today: date) -> bool:
        return self.row.done_on is None and self.row.state != State.WITHDRAWN and self.row.due < today


def page_of_improvements(
    wanted: Wanted, scopes: Collection[str], on: date, arguments: Mapping[str, str]
) -> Page:
    """What is to do by the day on which it is due; everything else the newest first."""
    keys = (ImprovementRow.due, ImprovementRow.id)
    page = paged(_matching(wanted, scopes, on), keys, arguments, descending=wanted.state != OPEN)
    return Page(_lines([row for (row,) in page.rows], on), page.earlier, page.later)


def all_improvements(wanted: Wanted, scopes: Collection[str], on: date) -> Iterator[Line]:
    """The same for a file."""
    statement = _matching(wanted, scopes, on).order_by(ImprovementRow.due, ImprovementRow.id)
    yield from _lines(list(db.session.scalars(statement.limit(MOST_IN_FILE))), on)


def get_line(improvement: UUID, scopes: Collection[str], on: date) -> Line:
    """Raises UnknownImprovement, also outside the scopes."""
    statement = select(ImprovementRow).where(
        ImprovementRow.id == improvement, agency_condition(scopes, on, ImprovementRow.agency)
    )
    row = db.session.scalar(statement)
    if row is None:
        raise UnknownImprovement(str(improvement))
    return _lines([row], on)[0]


def list_versions(improvement: UUID) -> list[ImprovementVersion]:
    """The newest first."""
    statement = select(ImprovementVersion).where(ImprovementVersion.improvement == improvement)
    return list(db.session.scalars(statement.order_by(ImprovementVersion.number.desc())))


def list_quarters_of(scopes: Collection[str], on: date) -> list[str]:
    """The quarters about which something was written, the newest first."""
    condition = agency_condition(scopes, on, ImprovementRow.agency)
    statement = select(ImprovementRow.quarter).where(condition).distinct()
    return sorted(db.session.scalars(statement), reverse=True)


def count_late(scopes: Collection[str], on: date) -> int:
    """How many promises that everybody can read have passed their day undone."""
    statement = select(func.count()).where(
        ImprovementRow.state == State.PUBLISHED.value,
        ImprovementRow.done_on.is_(None),
        ImprovementRow.due < on,
        agency_condition(scopes, on, ImprovementRow.agency),
    )
    return db.session.scalar(statement) or 0


def _matching(wanted: Wanted, scopes: Collection[str], on: date) -> Select[Any]:
    statement = select(ImprovementRow).where(agency_condition(scopes, on, ImprovementRow.agency))
    if wanted.state in (OPEN, DONE):
        is_done = (
            ImprovementRow.done_on.is_not(None) if wanted.state == DONE else ImprovementRow.done_on.is_(None)
        )
        statement = statement.where(is_done, ImprovementRow.state != State.WITHDRAWN.value)
    elif wanted.state:
        statement = statement.where(ImprovementRow.state == wanted.state)
    if wanted.quarter:
        statement = statement.where(ImprovementRow.quarter == wanted.quarter)
    if wanted.agency:
        statement = statement.where(ImprovementRow.agency == wanted.agency)
    for word in parse(wanted.text):
        statement = statement.where((" " + ImprovementRow.folded).contains(" " + word, autoescape=True))
    return statement


def _lines(rows: Sequence[ImprovementRow], on: date) -> list[Line]:
    names = names_of_agencies({row.agency for row in rows}, on)
    return [Line(row, names.get(row.agency, row.agency)) for row in rows]
