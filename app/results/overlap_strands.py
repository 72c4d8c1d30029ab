"""Editions as the audit of overlaps takes them: their cells by strand, printed or hidden.

A strand is a set of numbers that no printed sum joins with others: the official figures with their channels,
each stream apart, each factor, each question, each reason for setting aside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeAlias

from app.results.control import (
    Hidden,
    Measure,
    Positive,
    counts_of_all,
    measure_of_answers,
    measure_of_reason,
    width_of,
)
from app.results.counts import Item, PlaceCounts, Stream
from app.results.elsewhere import OFFICIAL, item_part, reason_part, stream_part
from app.results.tree import Tree
from surveys.disclosure import SATISFIED_WIDTH
from surveys.figures import NATION
from surveys.scoring import VERIFIED_CHANNELS, Channel
from surveys.segment_problem import Counted, CountSegment
from surveys.segments import Family, Key, Numbers, Seen, SeenEdition
from surveys.thresholds import DEFAULTS, Thresholds

Grain: TypeAlias = Callable[[PlaceCounts, str], Numbers]
IsHidden: TypeAlias = Callable[[Hidden, str, str], bool]


@dataclass(frozen=True)
class Strand:
    """`numbers` gives those of a part: five levels, or satisfied and others where there are none."""

    family: Family
    numbers: Grain
    is_hidden: IsHidden
    has_levels: bool = True
    stands_apart: bool = False
    """Whether it is told of a place whatever becomes of its official figure."""


@dataclass(frozen=True)
class Held:
    """An edition with all that was counted for it, and what it hides."""

    code: str
    first_day: date
    last_day: date
    tree: Tree
    counts: Mapping[str, PlaceCounts]
    answered: Positive
    hidden: Hidden = field(default_factory=Hidden)
    thresholds: Thresholds = DEFAULTS
    # Whether what holds no answer carries the mark of what is hidden.
    marks_empty: bool = False

    @cached_property
    def parents(self) -> Mapping[str, str]:
        return {code: place.parent for code, place in self.tree.places.items()}

    @cached_property
    def units(self) -> Mapping[str, str]:
        """Under which agency the edition counts the answers of each code."""
        agencies = {code: code for code, place in self.tree.places.items() if place.is_agency}
        return agencies | {code: end for code, end in self.tree.successors.items() if end in agencies}

    def seen(self, strand: Strand, *, with_levels: bool = False) -> SeenEdition:
        return SeenEdition(
            self.code, self.first_day, self.last_day, self.parents, self.units,
            dict(self._cells(strand, with_levels)), in_tens=strand.family.total == OFFICIAL,
        )  # fmt: skip

    def _cells(self, strand: Strand, with_levels: bool) -> Iterator[tuple[Key, Seen]]:
        family = strand.family
        for place, counts in self.counts.items():
            if place not in self.tree.places:
                continue
            parts = {part: strand.numbers(counts, part) for part in family.parts}
            if family.total not in parts:
                parts[family.total] = tuple(map(sum, zip(*parts.values(), strict=True)))
            for part, numbers in parts.items():
                n, is_hidden = sum(numbers), strand.is_hidden(self.hidden, place, part)
                may_be_empty = is_hidden and self.marks_empty and self._marks(strand, place)
                if n or may_be_empty:
                    shown = numbers if with_levels else reduced(numbers)
                    yield (place, part), Seen(shown, is_hidden, n >= self.thresholds.verdict, may_be_empty)

    def _marks(self, strand: Strand, place: str) -> bool:
        """Whether the place would mark the numbers of the strand also if there were none.

        Of a place that is printed it says which channels, factors and questions it has.
        """
        return strand.stands_apart or place in self.hidden.official


def reduced(numbers: Numbers) -> Numbers:
    """Levels as satisfied and others."""
    return numbers if len(numbers) == 2 else (numbers[0] + numbers[1], sum(numbers[2:]))


def list_strands(editions: Sequence[Held]) -> list[Strand]:
    """Every strand that any of them has numbers of."""
    whole = counts_of_all(held.counts[NATION] for held in editions)
    channels = tuple(str(channel) for channel in VERIFIED_CHANNELS)
    items = [(name, item) for name in ("assigned", "volunteered") for item in getattr(whole, name)]
    return [
        Strand(Family(OFFICIAL, channels), _of_channel, _official_is_hidden),
        *map(_stream_strand, whole.apart),
        *(_factor_strand(name, item) for name, item in items),
        *(_question_strand(item, editions) for item in whole.answers),
        *map(_reason_strand, whole.set_aside),
    ]


def _of_channel(counts: PlaceCounts, part: str) -> Numbers:
    return counts.of(Channel(part)).counts


def _official_is_hidden(hidden: Hidden, place: str, part: str) -> bool:
    return place in hidden.official or (part != OFFICIAL and (place, Channel(part)) in hidden.channels)


def _single(part: str, width: int = SATISFIED_WIDTH) -> Family:
    return Family(part, (part,), width)


def _stream_strand(stream: Stream) -> Strand:
    def numbers(counts: PlaceCounts, _part: str) -> Numbers:
        return counts.of(*stream).counts

    def is_hidden(hidden: Hidden, place: str, _part: str) -> bool:
        return (place, stream) in hidden.apart

    return Strand(_single(stream_part(stream)), numbers, is_hidden, stands_apart=True)


def _factor_strand(name: str, item: Item) -> Strand:
    def numbers(counts: PlaceCounts, _part: str) -> Numbers:
        return tuple(getattr(counts, name).get(item) or (0, 0, 0, 0, 0))

    def is_hidden(hidden: Hidden, place: str, _part: str) -> bool:
        return place in hidden.official or (place, item) in getattr(hidden, name)

    return Strand(_single(item_part(name, item)), numbers, is_hidden)


def _question_strand(item: Item, editions: Sequence[Held]) -> Strand:
    """The yeses of a question and its other answers that are not missing."""
    held = next(held for held in editions if item in held.counts[NATION].answers)
    measure = measure_of_answers(item, held.answered)

    def is_hidden(hidden: Hidden, place: str, _part: str) -> bool:
        return place in hidden.official or (place, item) in hidden.answers

    family = _single(item_part("answers", item), width_of(measure, held.counts))
    return Strand(family, _two(measure), is_hidden, has_levels=False)


def _reason_strand(reason: str) -> Strand:
    def is_hidden(hidden: Hidden, place: str, _part: str) -> bool:
        return (place, reason) in hidden.set_aside

    return Strand(
        _single(reason_part(reason), 0), _two(measure_of_reason(reason)), is_hidden,
        has_levels=False, stands_apart=True,
    )  # fmt: skip


def _two(measure: Measure) -> Grain:
    def numbers(counts: PlaceCounts, _part: str) -> Numbers:
        n, positive = measure(counts)
        return positive, n - positive

    return numbers


CountDays: TypeAlias = Callable[[date, date], Mapping[str, PlaceCounts]]
"""What was counted on some days, both included, by the code under which answers are kept."""


class SegmentCounts:
    """Each span of days is counted once for all strands; only the numbers that are asked for are kept."""

    def __init__(self, strands: Sequence[Strand], count: CountDays) -> None:
        self.strands, self.count_days = strands, count
        self.known: dict[tuple[date, date], list[Counted]] = {}

    def of(self, at: int, *, with_levels: bool = False) -> CountSegment:
        def count(first: date, last: date) -> Counted:
            counted = self.on(first, last)[at]
            return counted if with_levels else {leaf: reduced(numbers) for leaf, numbers in counted.items()}

        return count

    def on(self, first: date, last: date) -> list[Counted]:
        if (first, last) not in self.known:
            agencies = self.count_days(first, last)
            self.known[first, last] = [
                {
                    (agency, part): numbers
                    for agency, counts in agencies.items()
                    for part in strand.family.parts
                    if any(numbers := strand.numbers(counts, part))
                }
                for strand in self.strands
            ]
        return self.known[first, last]
