"""Figures for pages, documents and files. Whatever comes from here has passed disclosure control."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import select

from app.directory.naming import kind_rank
from app.directory.queries import find_agency
from app.extensions import db
from app.results import digesting, windows
from app.results.folding import fold_waiting
from app.results.models import Digest, QuarterState
from app.results.opening import open_count
from app.results.source import BRIEF, UnknownPlace
from app.results.tree import NATION_NAME, bare_name, day_of, tree_on
from surveys.collation import collation_key
from surveys.figure_mapping import from_mapping
from surveys.figures import NATION, Place, PlaceFigures
from surveys.periods import Quarter

__all__ = [
    "UnknownPlace",
    "closed_quarters",
    "ensure_digests",
    "find_figures",
    "find_place",
    "get_figures",
    "latest_closed",
    "list_children",
    "list_history",
    "list_period_children",
    "open_count",
    "period_figures",
    "prepare",
]


def prepare(now: datetime) -> list[str]:
    """Counts what waits and digests every closable quarter whose tallies moved; returns those quarters."""
    fold_waiting()
    return [quarter.code for quarter in digesting.list_stale(now) if digesting.digest(quarter)]


def ensure_digests(quarter: str, now: datetime) -> None:
    """Digests a closable quarter that never was; one that was is refreshed in the background only."""
    found = Quarter.parse(quarter)
    if found.is_closable(now) and not digesting.is_digested(quarter):
        digesting.digest(found)


def closed_quarters(now: datetime) -> list[Quarter]:
    """Quarters with data that may be closed, newest first."""
    known = [Quarter.parse(code) for code in db.session.scalars(select(QuarterState.quarter))]
    return sorted((quarter for quarter in known if quarter.is_closable(now)), reverse=True)


def latest_closed(now: datetime) -> Quarter | None:
    return next(iter(closed_quarters(now)), None)


def find_figures(place: str, quarter: str) -> PlaceFigures | None:
    text = db.session.scalar(select(Digest.figures).where(Digest.place == place, Digest.quarter == quarter))
    return None if text is None else from_mapping(orjson.loads(text))


def get_figures(place: str, quarter: str) -> PlaceFigures:
    """Raises UnknownPlace."""
    figures = find_figures(place, quarter)
    if figures is None:
        raise UnknownPlace(f"{place} {quarter}")
    return figures


def list_history(place: str, quarters: Sequence[str], *, brief: bool = False) -> list[PlaceFigures]:
    """The place in these quarters, oldest first, gaps left out. `brief` leaves the long lists empty."""
    statement = select(Digest.figures).where(Digest.place == place, Digest.quarter.in_(quarters))
    return [_read(text, brief) for text in db.session.scalars(statement.order_by(Digest.quarter))]


def list_children(parent: str, quarter: str, *, brief: bool = False) -> list[PlaceFigures]:
    """Provinces of the nation or agencies of a province, by kind, Vietnamese alphabet and code."""
    statement = select(Digest.figures).where(Digest.quarter == quarter, Digest.parent == parent)
    return _in_order(_read(text, brief) for text in db.session.scalars(statement))


def _read(text: str, brief: bool) -> PlaceFigures:
    data = orjson.loads(text)
    return from_mapping({**data, **BRIEF} if brief else data)


def _in_order(figures: Any) -> list[PlaceFigures]:
    return sorted(figures, key=lambda item: _order(item.place))


def _order(place: Place) -> tuple[Any, ...]:
    name = bare_name(place.name) if place.kind == "province" else place.name
    return kind_rank(place.kind), collation_key(name), place.code


def find_place(code: str, quarter: str) -> Place | None:
    """A place as the tree of a quarter knows it, whether or not anything was counted there."""
    if code == NATION:
        return Place(NATION, NATION_NAME, "nation")
    day = day_of(Quarter.parse(quarter))
    agency = find_agency(code, day)
    if agency is not None:
        return Place(agency.code, agency.name, agency.kind, agency.province)
    return tree_on(day, set(), day).places.get(code) if len(code) <= len(NATION) else None


def period_figures(place: str, first_day: date, last_day: date, now: datetime) -> PlaceFigures:
    """Figures of any days, both included, under the same control. Raises UnknownPlace."""
    figures = windows.period_sheet(first_day, last_day, now).get(place)
    if figures is None:
        raise UnknownPlace(place)
    return figures


def list_period_children(parent: str, first_day: date, last_day: date, now: datetime) -> list[PlaceFigures]:
    """The same for the provinces of the nation or the agencies of a province."""
    sheet = windows.period_sheet(first_day, last_day, now)
    return _in_order(item for item in sheet.values() if item.place.parent == parent)
