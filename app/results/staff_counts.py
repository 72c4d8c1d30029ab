"""Counts for staff: how many answers came to whom and on which way, under the thresholds of everybody.

A closed quarter shows what disclosure control has let through; an open one numbers rounded down to tens.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from app.results import queries, wording
from app.results.opening import OpenCounts, open_counts
from app.results.tree import Tree
from surveys.figures import NATION, Cell, Place, PlaceFigures
from surveys.periods import Locale, Quarter, local_day, quarter_of
from surveys.printing import DASH, SUPPRESSED, number
from surveys.scoring import Channel, Phase

Stream: TypeAlias = tuple[Channel, Phase]

STREAMS: Final[tuple[Stream, ...]] = tuple((channel, phase) for phase in Phase for channel in Channel)


@dataclass(frozen=True)
class CountLine:
    """One place: its numbers by stream, as they are printed, and what was set aside, by reason."""

    code: str
    name: str
    is_agency: bool
    numbers: Mapping[Stream, str]
    set_aside: Sequence[tuple[str, str]] = field(default_factory=tuple)


@dataclass(frozen=True)
class CountTable:
    """The streams are those in which any line has an answer; `open` says how exact the numbers are."""

    quarter: Quarter
    open: bool
    streams: Sequence[Stream]
    lines: Sequence[CountLine]


def list_quarters(now: datetime) -> list[Quarter]:
    """The running quarter, the one that cannot be closed yet, and the closed ones; newest first."""
    running = quarter_of(now)
    open_ones = [quarter for quarter in (running, running.previous) if not quarter.is_closable(now)]
    return [*open_ones, *queries.closed_quarters(now)]


def count_table(
    quarter: Quarter, parent: str, covered: Collection[str] | None, *, now: datetime, locale: Locale
) -> CountTable:
    """The places below `parent`; of agencies only the `covered` ones (None: all)."""
    if quarter.is_closable(now):
        queries.ensure_digests(quarter.code, now)
        figures = queries.list_children(parent, quarter.code)
        lines = [_closed(item, locale) for item in figures if _is_shown(item.place, covered)]
    else:
        counted = open_counts(quarter.code, local_day(now))
        aside = _aside_by_place(counted, locale)
        places = _open_places(counted.tree, parent, covered)
        lines = [_opened(place, counted, aside.get(place.code, ()), locale) for place in places]
    lines = [line for line in lines if line.numbers or line.set_aside]
    return CountTable(quarter, not quarter.is_closable(now), _used(lines), lines)


def _is_shown(place: Place, covered: Collection[str] | None) -> bool:
    return covered is None or (place.is_agency and place.code in covered)


def _open_places(tree: Tree, parent: str, covered: Collection[str] | None) -> list[Place]:
    children = tree.provinces if parent == NATION else tree.agencies_of(parent)
    return [tree.places[code] for code in children if _is_shown(tree.places[code], covered)]


def _closed(figures: PlaceFigures, locale: Locale) -> CountLine:
    parts = (*figures.channels, *figures.apart)
    numbers = {(part.channel, part.phase): _printed(part.cell, locale) for part in parts}
    if figures.official.hidden:
        # Which channel was hidden would already say something: the official figure as a whole is.
        numbers |= {(Channel.LINK, Phase.AFTER_RESULT): SUPPRESSED}
    aside = [
        (wording.set_aside_reason(reason), SUPPRESSED if n is None else number(n, locale))
        for reason, n in figures.set_aside
    ]
    place = figures.place
    return CountLine(place.code, place.name, place.is_agency, numbers, aside)


def _printed(cell: Cell, locale: Locale) -> str:
    if cell.hidden:
        return SUPPRESSED
    return number(cell.n, locale) if cell.n else DASH


def _aside_by_place(counted: OpenCounts, locale: Locale) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for (code, reason), n in sorted(counted.set_aside.items()):
        found.setdefault(code, []).append((wording.set_aside_reason(reason), _coarse(n, locale)))
    return found


def _opened(place: Place, counted: OpenCounts, aside: Sequence[tuple[str, str]], locale: Locale) -> CountLine:
    numbers = {
        stream: _coarse(counted.streams[key], locale)
        for stream in STREAMS
        if (key := (place.code, stream[0].value, stream[1].value)) in counted.streams
    }
    return CountLine(place.code, place.name, place.is_agency, numbers, aside)


def _coarse(n: int, locale: Locale) -> str:
    """Rounded down already: nought stands for anything from one to nine."""
    return f"{number(n, locale)}+" if n else SUPPRESSED


def _used(lines: Iterable[CountLine]) -> list[Stream]:
    used = {stream for line in lines for stream in line.numbers}
    return [stream for stream in STREAMS if stream in used]
