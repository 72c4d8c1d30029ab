"""Ranges of counts and what one sum says about its terms, in exact integers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranges:
    """What an attacker knows of one hidden cell; both ends are possible values."""

    n_low: int
    n_high: int
    s_low: int
    s_high: int

    @property
    def n_width(self) -> int:
        return self.n_high - self.n_low

    @property
    def s_width(self) -> int:
        return self.s_high - self.s_low

    def is_wide(self, n_width: int, s_width: int) -> bool:
        return self.n_width >= n_width and self.s_width >= s_width


@dataclass(frozen=True, slots=True)
class Box:
    """Bounds of n, of the satisfied s and of the others u = n - s.

    The three together describe every region that sums of cells can produce, see `narrow_relation`.
    """

    n_low: int
    n_high: int
    s_low: int
    s_high: int
    u_low: int
    u_high: int

    @classmethod
    def exactly(cls, n: int, satisfied: int) -> Box:
        return cls(n, n, satisfied, satisfied, n - satisfied, n - satisfied)

    def shifted(self, n: int, satisfied: int) -> Box:
        others = n - satisfied
        return Box(
            self.n_low + n,
            self.n_high + n,
            self.s_low + satisfied,
            self.s_high + satisfied,
            self.u_low + others,
            self.u_high + others,
        )

    def ranges(self) -> Ranges:
        return Ranges(self.n_low, self.n_high, self.s_low, self.s_high)


def closed(box: Box) -> Box:
    """The same region with every bound tight: n = s + u is used in all three directions."""
    s_low, s_high = max(box.s_low, box.n_low - box.u_high), min(box.s_high, box.n_high - box.u_low)
    u_low, u_high = max(box.u_low, box.n_low - box.s_high), min(box.u_high, box.n_high - box.s_low)
    n_low, n_high = max(box.n_low, box.s_low + box.u_low), min(box.n_high, box.s_high + box.u_high)
    return Box(n_low, n_high, s_low, s_high, u_low, u_high)


def narrow_relation(total: Box, parts: Sequence[Box]) -> tuple[Box, list[Box]]:
    """What `total = sum of parts` says about each of them, given what is known of the others.

    A region bounded only in n, s and u adds up with others to a region of the same kind, whose bounds
    are the sums of the bounds. Hence one pass is exact for one relation.
    """
    n_low, n_high = sum(p.n_low for p in parts), sum(p.n_high for p in parts)
    s_low, s_high = sum(p.s_low for p in parts), sum(p.s_high for p in parts)
    u_low, u_high = sum(p.u_low for p in parts), sum(p.u_high for p in parts)
    narrowed = [
        closed(
            Box(
                max(p.n_low, total.n_low - n_high + p.n_high),
                min(p.n_high, total.n_high - n_low + p.n_low),
                max(p.s_low, total.s_low - s_high + p.s_high),
                min(p.s_high, total.s_high - s_low + p.s_low),
                max(p.u_low, total.u_low - u_high + p.u_high),
                min(p.u_high, total.u_high - u_low + p.u_low),
            )
        )
        for p in parts
    ]
    new_total = closed(
        Box(
            max(total.n_low, n_low),
            min(total.n_high, n_high),
            max(total.s_low, s_low),
            min(total.s_high, s_high),
            max(total.u_low, u_low),
            min(total.u_high, u_high),
        )
    )
    return new_total, narrowed
