"""Numbers of others for reports: apart, with their source, never beside a rate of ours without saying so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from app.extensions import db
from app.indices.indicators import BY_CODE, ORDER, period_label
from app.indices.models import ExternalIndexRow
from app.ui.paging import Page, paged
from surveys.external_index import ExternalIndex
from surveys.periods import Quarter


@dataclass(frozen=True, slots=True)
class IndexLine:
    """One value with what staff want to know of it besides."""

    row: ExternalIndexRow
    index: ExternalIndex


def list_indices(place: str, quarter: Quarter) -> tuple[ExternalIndex, ...]:
    """What was told of the place for periods that ended within the quarter, in the order of indicators."""
    return indices_by_place(quarter, {place}).get(place, ())


def indices_by_place(
    quarter: Quarter, places: Collection[str] | None = None
) -> dict[str, tuple[ExternalIndex, ...]]:
    """The same for every place, or for those."""
    statement = select(ExternalIndexRow).where(
        ExternalIndexRow.last_day.between(quarter.first_day, quarter.last_day)
    )
    if places is not None:
        statement = statement.where(ExternalIndexRow.place.in_(sorted(places)))
    found: dict[str, list[ExternalIndex]] = {}
    for line in _lines(db.session.scalars(statement)):
        found.setdefault(line.row.place, []).append(line.index)
    return {place: tuple(indices) for place, indices in found.items()}


def page_of_indices(arguments: Mapping[str, str], *, place: str, indicator: str) -> Page:
    """The newest periods first."""
    statement = select(ExternalIndexRow)
    if place:
        statement = statement.where(ExternalIndexRow.place == place)
    if indicator:
        statement = statement.where(ExternalIndexRow.indicator == indicator)
    keys = (
        ExternalIndexRow.last_day, ExternalIndexRow.place, ExternalIndexRow.indicator, ExternalIndexRow.period
    )  # fmt: skip
    page = paged(statement, keys, arguments, descending=True)
    rows = [row for (row,) in page.rows if row.indicator in BY_CODE]
    return Page([IndexLine(row, _index(row)) for row in rows], page.earlier, page.later)


def _lines(rows: Iterable[ExternalIndexRow]) -> list[IndexLine]:
    """An indicator that is not known any more is not told."""
    ordered = sorted(
        (row for row in rows if row.indicator in BY_CODE),
        key=lambda row: (ORDER[row.indicator], row.last_day, row.period),
    )
    return [IndexLine(row, _index(row)) for row in ordered]


def _index(row: ExternalIndexRow) -> ExternalIndex:
    indicator = BY_CODE[row.indicator]
    return ExternalIndex(
        indicator.name, Decimal(row.value), indicator.unit, row.source, period_label(row.period)
    )
