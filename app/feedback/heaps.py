"""Contacts of a quarter heaped up by place: agencies as they stand in its tree, provinces, the nation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from app.comments.counting import Key, Timing
from app.comments.themes import Theme
from surveys.feedback import FeedbackStatus
from surveys.figures import NATION

Part: TypeAlias = tuple[str, str, Theme, FeedbackStatus, Timing, int]
"""Agency, province, theme, status, timing and how many: what control is a function of."""


@dataclass
class Heaps:
    """What of one place is counted, both ways of splitting the same contacts."""

    statuses: Counter[tuple[Theme, FeedbackStatus]] = field(default_factory=Counter)
    timings: Counter[tuple[Theme, Timing]] = field(default_factory=Counter)

    def total_of(self, theme: Theme) -> int:
        return sum(self.statuses[theme, status] for status in FeedbackStatus)

    @property
    def total(self) -> int:
        return self.statuses.total()

    def add(self, theme: Theme, status: FeedbackStatus, timing: Timing, n: int) -> None:
        self.statuses[theme, status] += n
        self.timings[theme, timing] += n


def parts_of(counts: Mapping[Key, int], where: Mapping[str, tuple[str, str]]) -> tuple[Part, ...]:
    """Counts under the agency that answers for a code in the quarter; `where` gives it with its province.

    Codes of agencies that nobody knows are left out, as in every figure.
    """
    summed: Counter[tuple[str, str, Theme, FeedbackStatus, Timing]] = Counter()
    for key, n in counts.items():
        if key.agency in where:
            summed[(*where[key.agency], key.theme, key.status, key.timing)] += n
    return tuple((*key, n) for key, n in sorted(summed.items()))


def heaps_of(parts: Iterable[Part]) -> dict[str, Heaps]:
    """Every place in which anything was left."""
    found: dict[str, Heaps] = {}
    for agency, province, theme, status, timing, n in parts:
        for place in (agency, province, NATION):
            found.setdefault(place, Heaps()).add(theme, status, timing, n)
    return found


def children_of(parts: Iterable[Part]) -> dict[str, list[str]]:
    """The places below each, in the order of their codes."""
    pairs = {(province, agency) for agency, province, *_rest in parts}
    children: dict[str, list[str]] = {NATION: sorted({province for province, _agency in pairs})}
    for province, agency in sorted(pairs):
        children.setdefault(province, []).append(agency)
    return children
