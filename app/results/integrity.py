"""The integrity table of a closed quarter: who was asked, who answered, what counts, what does not, and why.

Everything comes from figures that have passed disclosure control. A sum is printed only where all of its
parts are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.results import wording
from app.results.source import FigureSource, UnknownPlace, get_figures
from exports.cells import Value
from surveys.figures import COMMUNE, NATION, ChannelFigures, Place, PlaceFigures, ReviewFigures
from surveys.periods import Locale, Quarter
from surveys.printing import DASH, SUPPRESSED, number
from surveys.scoring import Channel, Phase, official

INTEGRITY_COLUMNS: Final = (
    "place", "name", "by", "channel", "phase", "reason", "invited", "answered", "counted", "set_aside",
    "left_out_by_decision", "released_by_decision",
)  # fmt: skip

LINKS: Final = (Channel.LINK, Channel.LINK_OPEN)

Number = int | None
"""None is a number that must stay hidden."""


@dataclass(frozen=True)
class StreamNumbers:
    """One channel in one phase. `invited` is 0 where the channel does not count invitations."""

    channel: Channel
    phase: Phase
    invited: Number
    counted: Number
    aside: Number

    @property
    def answered(self) -> Number:
        return None if self.counted is None or self.aside is None else self.counted + self.aside


@dataclass(frozen=True)
class ReasonNumbers:
    reason: str
    aside: Number
    left_out: Number
    released: Number


def streams_of(figures: PlaceFigures) -> list[StreamNumbers]:
    """In the order of the channels; a stream without any answer is left out."""
    parts = {(part.channel, part.phase): part for part in (*figures.channels, *figures.apart)}
    aside = {(part.channel, part.phase): part.n for part in figures.aside}
    # A digest from before channels were counted apart knows only that there were some.
    without = None if figures.set_aside and not figures.aside else 0
    found = []
    for stream in ((channel, phase) for phase in Phase for channel in Channel):
        part = parts.get(stream)
        if part is None and stream not in aside:
            continue
        # Of a hidden official figure nobody may know which channels it has.
        secret = part.cell.hidden if part else figures.official.hidden and official(*stream)
        counted = None if secret else part.cell.n if part else 0
        invited = None if secret else _invited(part, figures.place) if part else 0
        found.append(StreamNumbers(*stream, invited, counted, aside.get(stream, without)))
    return found


def _invited(part: ChannelFigures, place: Place) -> Number:
    """Missing where it is withheld; figures from before do not say so, but had none of few links or doors."""
    if part.withheld:
        return None
    counts = part.channel in LINKS or (part.channel is Channel.FIELD and place.kind == COMMUNE)
    if part.offered is None and counts and part.phase is Phase.AFTER_RESULT:
        return None
    return part.offered or 0


def reasons_of(figures: PlaceFigures) -> list[ReasonNumbers]:
    aside = dict(figures.set_aside)
    reviews = {item.reason: item for item in figures.reviews}
    return [
        ReasonNumbers(reason, aside.get(reason, 0), found.left_out, found.released)
        for reason in sorted({*aside, *reviews})
        for found in (reviews.get(reason, ReviewFigures(reason, 0, 0)),)
    ]


@dataclass(frozen=True)
class IntegrityPage:
    """One place of a quarter, every number as it is printed."""

    figures: PlaceFigures
    quarter: Quarter
    title: str
    newer: Quarter | None
    older: Quarter | None
    streams: tuple[tuple[str, ...], ...]
    reasons: tuple[tuple[str, ...], ...]
    provinces: tuple[Place, ...]


def integrity_page(source: FigureSource, code: str, quarter: Quarter, *, locale: Locale) -> IntegrityPage:
    """Raises UnknownPlace for an agency, too: only the nation and provinces have such a table."""
    figures = get_figures(source, code, quarter)
    if figures.place.is_agency:
        raise UnknownPlace(code)
    known = [item for item in source.periods("quarter") if isinstance(item, Quarter)]
    return IntegrityPage(
        figures=figures,
        quarter=quarter,
        title=wording.place_title(figures),
        newer=min((item for item in known if item > quarter), default=None),
        older=max((item for item in known if item < quarter), default=None),
        streams=tuple(
            (wording.stream_name(item.channel, item.phase),
             *(_printed(n, locale) for n in (item.invited, item.answered, item.counted, item.aside)))
            for item in streams_of(figures)
        ),
        reasons=tuple(
            (wording.set_aside_reason(item.reason),
             *(_printed(n, locale) for n in (item.aside, item.left_out, item.released)))
            for item in reasons_of(figures)
        ),
        provinces=tuple(item.place for item in _provinces(source, quarter)) if code == NATION else (),
    )  # fmt: skip


def _provinces(source: FigureSource, quarter: Quarter) -> list[PlaceFigures]:
    return source.children(NATION, quarter.code)


def _printed(n: Number, locale: Locale) -> str:
    return SUPPRESSED if n is None else number(n, locale) if n else DASH


def integrity_rows(source: FigureSource, quarter: Quarter) -> Iterator[tuple[Value, ...]]:
    """The nation and every province as rows of INTEGRITY_COLUMNS."""
    for figures in (get_figures(source, NATION, quarter), *_provinces(source, quarter)):
        place = (figures.place.code, wording.place_title(figures))
        for item in streams_of(figures):
            numbers = map(_cell, (item.invited, item.answered, item.counted, item.aside))
            yield (*place, "channel", item.channel.value, item.phase.value, "", *numbers, "", "")
        for reason in reasons_of(figures):
            found = map(_cell, (reason.aside, reason.left_out, reason.released))
            yield (*place, "reason", "", "", reason.reason, "", "", "", *found)


def _cell(n: Number) -> Value:
    return SUPPRESSED if n is None else n
