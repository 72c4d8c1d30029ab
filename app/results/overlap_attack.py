"""The attack on editions that overlap in days: bounds first, then linear programs where places are joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.results.overlap_bounds import Bounds, outer_bounds
from app.results.overlap_program import Goal, Program, widen
from surveys.disclosure_table import MINIMUM, N_WIDTH
from surveys.segment_problem import list_remainders
from surveys.segments import Narrow, Problem, Row, Term, Wanted, What

BATCH = 250
"""Leaves that one program holds at least, where so many are left: fewer programs, none of them large."""


class OverlapAttack:
    """The attack on one problem. What the bounds find is looked up at once; programs take their time.

    `quiet` remembers groups of leaves of which programs found nothing; they are not tried again as long as
    nothing else is printed about them.
    """

    def __init__(self, problem: Problem, minimum: int = MINIMUM, quiet: set[object] | None = None) -> None:
        self.problem, self.minimum = problem, minimum
        self.quiet = set() if quiet is None else quiet
        self.bounds: Bounds = outer_bounds(problem)
        count, size = len(problem.leaves), problem.segments + 1
        truth = np.array(problem.truth, dtype=np.int64).reshape(count, problem.segments, problem.classes)
        prefix = np.zeros((count, size), dtype=np.int64)
        prefix[:, 1:] = truth.sum(axis=2).cumsum(axis=1)
        self.n = prefix[:, None, :] - prefix[:, :, None]
        need = np.full((count, size, size), problem.satisfied_width)
        for leaf, runs in problem.caps.items():
            for first, last, cap in runs:
                inside = need[leaf, first : last + 1, first : last + 1]
                np.minimum(inside, cap, out=inside)
        self.need = need
        # Runs are read forwards only, and those without an answer protect nobody.
        self.lone = (self.n > 0) & (self.n < minimum)
        self.narrow_leaves = self.lone & self._is_narrow(*self.bounds.widths)
        self.narrow_wanted: set[int] = set()
        self.by_bounds = tuple(self._by_bounds())

    def _is_narrow(self, n_width: Any, s_width: Any) -> Any:
        return (n_width < N_WIDTH) | (s_width < self.need)

    def _by_bounds(self) -> Iterator[Narrow]:
        yield from self._of_leaves(self.narrow_leaves)
        for number, wanted in enumerate(self.problem.wanted):
            n_width, s_width = self.bounds.width(wanted.terms)
            if n_width < N_WIDTH or s_width < wanted.satisfied_need:
                self.narrow_wanted.add(number)
                yield _narrow(wanted)
        yield from self._remainders()

    def _of_leaves(self, found: Any) -> Iterator[Narrow]:
        for leaf, first, last in np.argwhere(found).tolist():
            n = int(self.n[leaf, first, last])
            yield Narrow(self.problem.leaves[leaf], first, last, n, What.DAYS)

    def _remainders(self) -> Iterator[Narrow]:
        widths = self.bounds.widths[0]
        known = (widths < N_WIDTH) & (self.n > 0)
        for leaf in np.flatnonzero(known.sum(axis=(1, 2)) > 1).tolist():
            runs = [(first, last) for first, last in np.argwhere(known[leaf]).tolist()]
            sums = [sum(numbers) for numbers in self.problem.truth[leaf]]
            for first, last, start, end in list_remainders(runs, sums, self.minimum):
                if widths[leaf, first, last] + widths[leaf, start, end] < N_WIDTH:
                    n = int(self.n[leaf, first, last] - self.n[leaf, start, end])
                    yield Narrow(self.problem.leaves[leaf], first, last, n, What.REST, without=(start, end))

    def by_programs(self) -> Iterator[Narrow]:
        """What no bound has found, but a program proves."""
        for batch in self._batches():
            leaves = [leaf for group in batch for leaf in group.leaves]
            narrow, hidden = self._attack(leaves, [number for group in batch for number in group.wanted])
            yield from self._of_leaves(narrow)
            yield from (_narrow(self.problem.wanted[number]) for number in hidden)
            loud = {*np.flatnonzero(narrow.any(axis=(1, 2))).tolist()}
            for group in batch:
                if loud.isdisjoint(group.leaves) and not set(hidden).intersection(group.wanted):
                    self.quiet.add(group.name)

    def _attack(self, leaves: list[int], numbers: list[int]) -> tuple[Any, list[int]]:
        """Which runs of leaves, and which wanted numbers, stay narrow in every possible table."""
        lone = self.lone[leaves] & ~self.narrow_leaves[leaves]
        open_ones = [number for number in numbers if number not in self.narrow_wanted]
        program = Program(self.problem, leaves)
        inside = set(leaves)
        goals = []
        for number in open_ones:
            wanted = self.problem.wanted[number]
            # Leaves of which everything is printed stand alone: their ranges are exact, and add up.
            apart = [self.bounds.width([term]) for term in wanted.terms if term[0] not in inside]
            n, s = sum(width[0] for width in apart), sum(width[1] for width in apart)
            terms = [term for term in wanted.terms if term[0] in inside]
            goals.append(Goal(terms, N_WIDTH - n, wanted.satisfied_need - s))
        narrow, failed = widen(program, lone, self.need[leaves], goals)
        found = np.zeros_like(self.lone)
        found[leaves] = narrow
        return found, [open_ones[at] for at in failed]

    def _batches(self) -> Iterator[list[_Group]]:
        """Groups with something to protect, small ones several at once."""
        batch: list[_Group] = []
        for group in self._groups():
            needs = bool(group.wanted) or bool(self.lone[group.leaves].any())
            if needs and group.name not in self.quiet:
                batch.append(group)
            if sum(len(each.leaves) for each in batch) >= BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def _groups(self) -> Iterator[_Group]:
        """Involved leaves that can say something about each other."""
        links = [row.terms for row in self.problem.rows if len(row.terms) > 1]
        hidden = [
            [term for term in wanted.terms if term[0] in self.problem.involved]
            for wanted in self.problem.wanted
        ]
        groups = _joined(self.problem.involved, [*links, *hidden])
        home = {leaf: at for at, group in enumerate(groups) for leaf in group}
        rows: list[list[Row]] = [[] for _ in groups]
        for row in self.problem.rows:
            if row.terms[0][0] in home:
                rows[home[row.terms[0][0]]].append(row)
        numbers: list[list[int]] = [[] for _ in groups]
        for number, terms in enumerate(hidden):
            if terms:
                numbers[home[terms[0][0]]].append(number)
        for leaves, stated, wanted in zip(groups, rows, numbers, strict=True):
            name = tuple(leaves), frozenset(stated), frozenset(self.problem.wanted[at] for at in wanted)
            yield _Group(leaves, wanted, hash(name))


@dataclass(frozen=True, slots=True)
class _Group:
    leaves: list[int]
    wanted: list[int]
    name: object
    """Equal where the same is printed about the same leaves."""


def _narrow(wanted: Wanted) -> Narrow:
    return Narrow(wanted.key, wanted.first, wanted.last, wanted.n, wanted.what, wanted.edition)


def _joined(leaves: frozenset[int], links: Sequence[Sequence[Term]]) -> list[list[int]]:
    root = {leaf: leaf for leaf in sorted(leaves)}

    def top(leaf: int) -> int:
        while root[leaf] != leaf:
            root[leaf] = root[root[leaf]]
            leaf = root[leaf]
        return leaf

    for terms in links:
        for term in terms[1:]:
            root[top(term[0])] = top(terms[0][0])
    groups: dict[int, list[int]] = {}
    for leaf in root:
        groups.setdefault(top(leaf), []).append(leaf)
    return list(groups.values())
