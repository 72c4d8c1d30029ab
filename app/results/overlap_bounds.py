"""What each place's own numbers, and sums over places, say about every run of days: an outer bound.

A place's answers up to each cut are numbers that never fall, and every printed edition is a difference of
two of them; the shortest paths between the cuts are then the exact ranges of every run of segments. The
same is done for n, for the satisfied and for the others, which meet in n = satisfied + others. Sums over
places narrow the runs of those whose numbers are hidden. What is narrow here is narrow for every attack.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from surveys.segments import SATISFIED, Problem, Row, Term

ROUNDS = 8
"""Passes over the sums; fewer only make the bound wider."""


@dataclass
class Bounds:
    """For n, satisfied and others: the most that the answers of a leaf grow by from one cut to another.

    `up[measure][leaf, i, j]`; read backwards it is the negative of the least.
    """

    up: Any

    def width(self, terms: Sequence[Term]) -> tuple[float, float]:
        """Of n and of satisfied, for a sum of runs over the same days."""
        if not terms:
            return 0.0, 0.0
        leaves = [leaf for leaf, _, _ in terms]
        _, i, j = terms[0]
        sums = (self.up[:2, leaves, i, j] + self.up[:2, leaves, j, i]).sum(axis=1)
        return float(sums[0]), float(sums[1])

    @property
    def widths(self) -> Any:
        """Of every run of every leaf, n first, then satisfied."""
        return self.up[:2] + self.up[:2].transpose(0, 1, 3, 2)


def outer_bounds(problem: Problem) -> Bounds:
    size = problem.segments + 1
    up = np.full((3, len(problem.leaves), size, size), np.inf)
    up[:, :, np.tri(size, dtype=bool)] = 0.0
    sums: list[tuple[list[int], int, int, Any, Any]] = []
    for row in problem.rows:
        low, high = _of_row(row, problem.classes)
        leaves, (_, i, j) = [leaf for leaf, _, _ in row.terms], row.terms[0]
        if len(leaves) == 1:
            up[:, leaves[0], i, j] = np.minimum(up[:, leaves[0], i, j], high)
            up[:, leaves[0], j, i] = np.minimum(up[:, leaves[0], j, i], -low)
        else:
            sums.append((leaves, i, j, low[:, None], high[:, None]))
    if problem.classes > 2:
        _narrow_by_levels(up, problem)
    _close(up)
    for _ in range(ROUNDS if sums else 0):
        touched = sorted({leaf for entry in sums for leaf in _narrow(up, *entry)})
        if not touched:
            break
        part = up[:, touched]
        _close(part)
        up[:, touched] = part
    return Bounds(up)


def _narrow_by_levels(up: Any, problem: Problem) -> None:
    """Where every edition tells all levels of a leaf: each level has ranges of its own, and they add up.

    Satisfied and others alone would be too wide. Two editions whose days cross may both hold many
    satisfied answers, all of level 5 in one and of level 4 in the other: none of those fall on the days
    that they share. Of the other leaves programs ask, which know every level.
    """
    leaves = [leaf for leaf in range(len(problem.leaves)) if leaf not in problem.involved]
    at = {leaf: place for place, leaf in enumerate(leaves)}
    size, satisfied = problem.segments + 1, SATISFIED[problem.classes]
    of_level = np.full((problem.classes, len(leaves), size, size), np.inf)
    of_level[:, :, np.tri(size, dtype=bool)] = 0.0
    for row in problem.rows:
        leaf, i, j = row.terms[0]
        if len(row.terms) > 1 or leaf not in at:
            continue
        for group, low, high in row.known:
            if len(group) == 1:
                level, place = group[0], at[leaf]
                of_level[level, place, i, j] = min(of_level[level, place, i, j], high)
                of_level[level, place, j, i] = min(of_level[level, place, j, i], -low)
    for levels in of_level:
        _shorten(levels)
    parts = of_level[:satisfied].sum(axis=0), of_level[satisfied:].sum(axis=0)
    up[:, leaves] = np.minimum(up[:, leaves], np.stack([sum(parts), *parts]))


def _of_row(row: Row, classes: int) -> tuple[Any, Any]:
    """Bounds of n, satisfied and others."""
    low, high = np.zeros(3), np.full(3, np.inf)
    satisfied = SATISFIED[classes]
    low_sums, high_sums = np.zeros(3), np.zeros(3)
    for group, least, most in row.known:
        if len(group) == classes:
            low[0], high[0] = least, most
            continue
        for measure in (0, 1 if group[-1] < satisfied else 2):
            low_sums[measure] += least
            high_sums[measure] += most
    if any(len(group) < classes for group, _, _ in row.known):
        low, high = np.maximum(low, low_sums), np.minimum(high, high_sums)
    return np.maximum(low, 0), high


def _close(up: Any) -> None:
    """Shortest paths of each measure, and n = satisfied + others between them, until both rest."""
    for _ in range(3):
        _shorten(up)
        n, satisfied, others = up
        back = up.transpose(0, 1, 3, 2)
        new = (
            np.minimum(n, satisfied + others),
            np.minimum(satisfied, n + back[2]),
            np.minimum(others, n + back[1]),
        )
        if all(np.array_equal(a, b) for a, b in zip(new, (n, satisfied, others), strict=True)):
            break
        up[:] = np.stack(new)


def _shorten(up: Any) -> None:
    """Shortest paths between the cuts."""
    for middle in range(up.shape[-1]):
        np.minimum(up, up[..., :, middle, None] + up[..., None, middle, :], out=up)


def _narrow(up: Any, leaves: list[int], i: int, j: int, low: Any, high: Any) -> Iterator[int]:
    """One sum says of each of its runs what the others leave; yields the leaves that it narrowed."""
    most, least = up[:, leaves, i, j], -up[:, leaves, j, i]
    endless = np.isinf(most)
    finite = np.where(endless, 0.0, most)
    others_endless = endless.sum(axis=1, keepdims=True) - endless
    rest = finite.sum(axis=1, keepdims=True) - finite
    new_least = np.where(others_endless > 0, -np.inf, low - rest)
    new_most = high - (least.sum(axis=1, keepdims=True) - least)
    better = (new_most < most) | (new_least > least)
    if better.any():
        up[:, leaves, i, j] = np.minimum(most, new_most)
        up[:, leaves, j, i] = np.minimum(-least, -new_least)
        yield from (leaves[at] for at in np.flatnonzero(better.any(axis=0)))
