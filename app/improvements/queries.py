"""Improvements that everybody may read: what an agency has published in its own words about itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, or_, select

from app.accounts.identity import NATION_SCOPE
from app.directory.scopes import agency_condition
from app.directory.staff_queries import names_of_agencies, provinces_of_agencies
from app.extensions import db
from app.improvements.models import ImprovementRow
from app.improvements.rules import State
from app.results.tree import tree_on
from surveys.figures import NATION
from surveys.improvements import Improvement
from surveys.periods import Quarter, local_day
from surveys.printing import in_sentence

MOST_IN_REPORT: Final = 60
"""A report of a province names those that are due first; every agency's own report names all of its own."""


def list_public_improvements(place: str, until: Quarter, limit: int) -> tuple[Improvement, ...]:
    """Of an agency, a province or the nation, about what people said until then; the newest first."""
    statement = _public(place, _day(until)).where(ImprovementRow.quarter <= until.code)
    ordered = statement.order_by(ImprovementRow.quarter.desc(), ImprovementRow.due.desc(), ImprovementRow.id)
    return _read(ordered.limit(limit), place, _day(until))


def list_improvements_for_report(place: str, quarter: Quarter) -> tuple[Improvement, ...]:
    """What a report of a quarter tells of: what people said until its end and was not done before it began.

    So what is still to do comes back in every report, also after its day has passed. MOST_IN_REPORT of them
    are named.
    """
    return _read(_in_order(_of_report(place, quarter)), place, _day(quarter))


def improvements_by_place(quarter: Quarter) -> dict[str, tuple[Improvement, ...]]:
    """The same for every agency, province and the nation that has any, from one look."""
    day = _day(quarter)
    rows = list(db.session.scalars(_in_order(_of_report(NATION, quarter))))
    tree = tree_on(day, {row.agency for row in rows}, day)
    found: dict[str, list[ImprovementRow]] = {}
    for row in rows:
        for place in tree.places_of(row.agency):
            found.setdefault(place, []).append(row)
    names = _names(rows, day)
    return {place: _values(own, place, names) for place, own in found.items()}


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


def _read(statement: Select[Any], place: str, day: date) -> tuple[Improvement, ...]:
    rows = list(db.session.scalars(statement))
    return _values(rows, place, _names(rows, day))


def _names(rows: Iterable[ImprovementRow], day: date) -> Mapping[str, tuple[str, str]]:
    """The name of each agency and that of its province, as one sentence names both."""
    codes = {row.agency for row in rows}
    provinces = provinces_of_agencies(codes, day)
    return {
        code: (name, in_sentence(provinces.get(code, "")))
        for code, name in names_of_agencies(codes, day).items()
    }


def _values(
    rows: Iterable[ImprovementRow], place: str, names: Mapping[str, tuple[str, str]]
) -> tuple[Improvement, ...]:
    """Whose words they are is said where others have words there, too: in a province and in the nation."""
    shown = 2 if place == NATION else 1 if len(place) <= len(NATION) else 0
    return tuple(
        Improvement(
            row.shortcoming,
            row.solution,
            row.lead,
            row.due,
            row.done_on,
            ", ".join(filter(None, names.get(row.agency, ())[:shown])),
        )
        for row in rows
    )
