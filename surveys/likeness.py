"""How alike interviews are, against what a shuffle of the same interviews would show.

A fixed threshold (such as 85 % of equal answers) accuses honest people wherever there are few questions or
everybody is content. Here the measure is the round itself: the interviews of a village are dealt out anew
among its collectors, or those of a day put into another order, and mean and variance over all such
permutations are computed exactly, not drawn.

Source: N. Mantel (1967) for the moments of a sum of likenesses under permutation.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from surveys.peers import Score

RARE_PAIR: Final = 0.02
"""At most this share of the pairs of two different collectors counts as near duplicates."""
_PAIRS_LOOKED_AT: Final = 20_000

Sheet = tuple[str, ...]
"""The answers of one interview in the order of the questions, empty where a question was not asked."""


class Coder:
    """Sheets as whole numbers with one bit for each answer given, so that `&` counts what is equal."""

    def __init__(self) -> None:
        self._bits: dict[tuple[int, str], int] = {}

    def code(self, sheet: Sheet) -> int:
        return sum(
            1 << self._bits.setdefault((place, value), len(self._bits)) for place, value in enumerate(sheet)
        )


def rare_agreement(codes: Sequence[int], owners: Sequence[str], questions: int) -> int:
    """The least number of equal answers that hardly two interviews of different collectors share.

    Measured on pairs spread evenly over the round; `questions` (all equal) where even that is not rare.
    """
    count = len(codes)
    seen = [0] * (questions + 1)
    # Steps that share no factor with the number of interviews reach all places.
    for stride in range(1, count):
        if sum(seen) >= _PAIRS_LOOKED_AT:
            break
        for at in range(count):
            other = (at + stride * 7919) % count
            if owners[at] != owners[other]:
                seen[(codes[at] & codes[other]).bit_count()] += 1
    total, share = sum(seen), 0
    for equal in range(questions, 0, -1):
        share += seen[equal]
        if share > RARE_PAIR * total:
            return min(questions, equal + 1)
    return 1


@dataclass(frozen=True)
class Weights:
    """Sums over all ordered pairs of N things of a symmetric likeness: what permutations need to know."""

    n: int
    pairs: float
    squares: float
    rows_squared: float

    @classmethod
    def of(cls, rows: Sequence[Sequence[float]]) -> Weights:
        """From the full matrix, whose diagonal must be 0."""
        sums = [math.fsum(row) for row in rows]
        squares = math.fsum(value * value for row in rows for value in row)
        return cls(len(rows), math.fsum(sums), squares, math.fsum(total * total for total in sums))

    def moments(self, edges: int, touching: int) -> tuple[float, float]:
        """Mean and variance of the likeness summed over the edges of a figure laid over them at random.

        `touching` counts ordered pairs of edges with one end in common.
        """
        n = self.n
        mean = edges * self.pairs / (n * (n - 1))
        second = edges * self.squares / (n * (n - 1))
        if touching:
            second += touching * (self.rows_squared - self.squares) / (n * (n - 1) * (n - 2))
        apart = edges * edges - edges - touching
        if apart:
            rest = self.pairs**2 - 4 * self.rows_squared + 2 * self.squares
            second += apart * rest / (n * (n - 1) * (n - 2) * (n - 3))
        return mean, max(0.0, second - mean * mean)


def clique(size: int) -> tuple[int, int]:
    """Edges, and ordered pairs of them that touch, among `size` things each joined to each."""
    return size * (size - 1) // 2, size * (size - 1) * (size - 2)


def path(size: int, lag: int = 1) -> tuple[int, int]:
    """The same of `size` things in a row, each joined to the one `lag` places further."""
    edges = max(0, size - lag)
    return edges, 2 * max(0, size - 2 * lag)


def matrix(codes: Sequence[int], at_least: int | None = None) -> list[list[float]]:
    """Equal answers of each pair; with `at_least`, 1 for a pair that reaches it and 0 for another."""
    rows = [[0.0] * len(codes) for _ in codes]
    for first, second in combinations(range(len(codes)), 2):
        equal = (codes[first] & codes[second]).bit_count()
        rows[first][second] = rows[second][first] = (
            float(equal) if at_least is None else float(equal >= at_least)
        )
    return rows


def added(parts: Iterable[Score]) -> Score:
    """The sum of independent scores: of several villages or of several days."""
    value = mean = variance = 0.0
    size = 0
    for part in parts:
        value, mean, variance = value + part.value, mean + part.mean, variance + part.variance
        size += part.size
    return Score(value, mean, variance, size)


def within(rows: Sequence[Sequence[float]], weights: Weights, own: Sequence[int]) -> Score:
    """Likeness among the interviews at the places `own`, against dealing all of them out anew."""
    value = math.fsum(rows[first][second] for first, second in combinations(own, 2))
    edges, touching = clique(len(own))
    mean, variance = weights.moments(edges, touching)
    return Score(value, mean, variance, edges)


def in_order(rows: Sequence[Sequence[float]], weights: Weights, lag: int) -> Score:
    """Likeness of interviews `lag` apart in their order, against any other order of the same ones."""
    count = len(rows)
    value = math.fsum(rows[at][at + lag] for at in range(count - lag))
    edges, touching = path(count, lag)
    mean, variance = weights.moments(edges, touching)
    return Score(value, mean, variance, edges)
