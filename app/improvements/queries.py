"""Improvements that everybody may read: what an agency has published in its own words about itself."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import Select, or_, select

from app.accounts.identity import NATION_SCOPE
from app.directory.scopes import agency_condition
from app.extensions import db
from app.improvements.models import ImprovementRow
from app.improvements.rules import State
from app.results.tree import tree_on
from surveys.figures import NATION
from surveys.improvements import Improvement
from surveys.periods import Quarter, local_day

MOST_IN_REPORT: Final = 60
"""A report of a province names those that are due first; every agency's own report names all of its own."""


def list_public_improvements(place: str, until: Quarter, limit: int) -> tuple[Improvement, ...]:
    """Of an agency, a province or the nation, about what people said until then; the newest first."""
    statement = _public(place, _day(until)).where(ImprovementRow.quarter <= until.code)
    ordered = statement.order_by(ImprovementRow.quarter.desc(), ImprovementRow.due.desc(), ImprovementRow.id)
    return _read(ordered.limit(limit))


def list_improvements_for_report(place: str, quarter: Quarter) -> tuple[Improvement, ...]:
    """What a report of a quarter prints: what people said until its end and was not done before it began.

    So what is still to do comes back in every report, also after its day has passed.
    """
    return _read(_in_order(_of_report(place, quarter)).limit(MOST_IN_REPORT))


def improvements_by_place(quarter: Quarter) -> dict[str, tuple[Improvement, ...]]:
    """The same for every agency, province and the nation that has any, from one look."""
    day = _day(quarter)
    rows = list(db.session.scalars(_in_order(_of_report(NATION, quarter))))
    found: dict[str, list[Improvement]] = {}
    tree = tree_on(day, {row.agency for row in rows}, day)
    for row in rows:
        for place in tree.places_of(row.agency):
            found.setdefault(place, []).append(_value(row))
    return {place: tuple(items[:MOST_IN_REPORT]) for place, items in found.items()}


def _in_order(statement: Select[Any]) -> Select[Any]:
    return statement.order_by(ImprovementRow.due, ImprovementRow.agency, ImprovementRow.id)


def _of_report(place: str, quarter: Quarter) -> Select[Any]:
    return _public(place, _day(quarter)).where(
        ImprovementRow.quarter <= quarter.code,
        or_(ImprovementRow.done_on.is_(None), ImprovementRow.done_on >= quarter.first_day),
    )


def _public(place: str, on: date) -> Select[Any]:
    """With those of agencies that had become a part of the place by that day."""
    scope = NATION_SCOPE if place == NATION else place
    return select(ImprovementRow).where(
        ImprovementRow.state == State.PUBLISHED.value, agency_condition({scope}, on, ImprovementRow.agency)
    )


def _day(quarter: Quarter) -> date:
    return local_day(quarter.closable_from)


def _read(statement: Select[Any]) -> tuple[Improvement, ...]:
    return tuple(map(_value, db.session.scalars(statement)))


def _value(row: ImprovementRow) -> Improvement:
    return Improvement(row.shortcoming, row.solution, row.lead, row.due, row.done_on)
