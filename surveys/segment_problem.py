"""From what editions print to the sums of segments that an attacker can write down."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate, combinations, pairwise
from operator import add
from typing import TypeAlias

from surveys.disclosure_table import MINIMUM
from surveys.segments import (
    SATISFIED,
    Family,
    Key,
    Leaf,
    Numbers,
    Problem,
    Row,
    Seen,
    SeenEdition,
    Term,
    Wanted,
    What,
    cut,
)

Counted: TypeAlias = Mapping[Leaf, Numbers]
CountSegment: TypeAlias = Callable[[date, date], Counted]


def state_problem(
    editions: Sequence[SeenEdition],
    family: Family,
    count: CountSegment,
    *,
    minimum: int = MINIMUM,
    frozen: frozenset[str] = frozenset(),
    silent: frozenset[str] = frozenset(),
) -> Problem:
    """The problem that an attacker has before him. `count` is asked once for each segment, last day included.

    `frozen` are the editions that are published and cannot be changed any more; those that are `silent`
    cut the days, but the attacker does not have them.
    """
    days = cut((edition.first_day, edition.last_day) for edition in editions)
    counted = [count(a, b - timedelta(days=1)) for a, b in pairwise(days)]
    statement = _Statement(editions, family, days, counted, minimum, frozen)
    for edition in editions:
        if edition.code not in silent:
            _Reading(statement, edition).read()
    return statement.problem()


class _Statement:
    """What the editions say together; each reading adds its own."""

    def __init__(
        self,
        editions: Sequence[SeenEdition],
        family: Family,
        days: tuple[date, ...],
        counted: Sequence[Counted],
        minimum: int,
        frozen: frozenset[str],
    ) -> None:
        self.family, self.days, self.minimum, self.frozen = family, days, minimum, frozen
        self.classes = _classes(editions, counted)
        self.zero: Numbers = (0,) * self.classes
        self.leaves = _list_leaves(editions, family, counted)
        self.index = {leaf: number for number, leaf in enumerate(self.leaves)}
        self.truth = tuple(tuple(found.get(leaf, self.zero) for found in counted) for leaf in self.leaves)
        self.up_to = [tuple(accumulate(numbers, _add, initial=self.zero)) for numbers in self.truth]
        self.ceiling = 1000 + 10 * max((c.n for e in editions for c in e.cells.values()), default=0)
        self.rows: list[Row] = []
        self.wanted: list[Wanted] = []
        self.involved: set[int] = set()
        self.groups: dict[frozenset[int], Key] = {}
        self.caps: dict[Key, list[tuple[int, int, int, bool]]] = {}
        self.leaf_caps: dict[int, list[tuple[int, int, int]]] = {}

    def problem(self) -> Problem:
        wanted = [*map(self.lowered, self.wanted), *self.list_lone_days()]
        caps = {leaf: tuple(runs) for leaf, runs in self.leaf_caps.items()}
        return Problem(
            self.days, self.classes, self.leaves, self.truth, tuple(self.rows), tuple(wanted),
            self.ceiling, self.family.satisfied_width, frozenset(self.involved), caps,
        )  # fmt: skip

    def lowered(self, wanted: Wanted) -> Wanted:
        """A printed group that is of one mind says so of all within it, before any subtraction."""
        caps = [
            cap
            for first, last, cap, is_frozen in self.caps.get(wanted.key, ())
            if (is_frozen or wanted.what is not What.CELL) and first <= wanted.first and wanted.last <= last
        ]
        return replace(wanted, satisfied_need=min([self.family.satisfied_width, *caps]))

    def list_lone_days(self) -> Iterator[Wanted]:
        """Days on which so few answered in several leaves together that they must not stand alone."""
        groups = dict(self.groups)
        for members, key in self.groups.items():
            # Those that are not printed one by one: what the printed siblings leave of the sum.
            rest = members & self.involved
            if 1 < len(rest) < len(members):
                groups.setdefault(frozenset(rest), key)
        for members, key in groups.items():
            ordered = sorted(members)
            sums = [sum(sum(self.truth[leaf][at]) for leaf in ordered) for at in range(len(self.days) - 1)]
            for first, last, n in small_runs(sums, self.minimum):
                terms = tuple((leaf, first, last) for leaf in ordered)
                yield self.lowered(Wanted(key, first, last, terms, n, what=What.DAYS))


def small_runs(sums: Sequence[int], minimum: int) -> Iterator[tuple[int, int, int]]:
    """The runs of neighbouring segments with some answers, but fewer than the minimum."""
    for first in range(len(sums)):
        n = 0
        for last in range(first + 1, len(sums) + 1):
            n += sums[last - 1]
            if n >= minimum:
                break
            if n:
                yield first, last, n


def _classes(editions: Sequence[SeenEdition], counted: Sequence[Counted]) -> int:
    sizes = {len(cell.numbers) for edition in editions for cell in edition.cells.values()}
    sizes |= {len(numbers) for counts in counted for numbers in counts.values()}
    if len(sizes) > 1:
        raise ValueError("Các kỳ công bố ghi số theo những cách chia khác nhau.")
    return sizes.pop() if sizes else 2


def _list_leaves(
    editions: Sequence[SeenEdition], family: Family, counted: Sequence[Counted]
) -> tuple[Leaf, ...]:
    found = {leaf for counts in counted for leaf, numbers in counts.items() if any(numbers)}
    for edition in editions:
        for unit, place in edition.units.items():
            found |= {(unit, part) for part in family.parts if (place, part) in edition.cells}
    return tuple(sorted(found))


class _Reading:
    """One edition: which sums it prints, and which it hides."""

    def __init__(self, statement: _Statement, edition: SeenEdition) -> None:
        self.all, self.edition, self.family = statement, edition, statement.family
        self.first = statement.days.index(edition.first_day)
        self.last = statement.days.index(edition.last_day + timedelta(days=1))
        self.units: dict[str, list[str]] = {}
        for unit, place in edition.units.items():
            self.units.setdefault(place, []).append(unit)
        self.children: dict[str, list[str]] = {}
        for place, parent in edition.parents.items():
            if parent:
                self.children.setdefault(parent, []).append(place)
        self._below: dict[Key, tuple[Term, ...]] = {}
        self._unknown: dict[Key, tuple[tuple[Term, ...], Numbers]] = {}

    def read(self) -> None:
        parts = dict.fromkeys((*self.family.parts, self.family.total))
        for place in self.edition.parents:
            for part in parts:
                self.read_cell((place, part))

    def read_cell(self, key: Key) -> None:
        below = self.below(key)
        if not below:
            return
        seen = self.seen(key)
        members = frozenset(leaf for leaf, _, _ in below)
        if len(members) > 1:
            self.all.groups.setdefault(members, key)
        if self.is_grain(key) and (len(members) > 1 or not seen.is_known):
            self.all.involved |= members
        terms, apart = self.parts_unknown(key)
        if terms:
            self.all.rows.append(Row(terms, tuple(self.known(key, seen, terms, apart))))
        self.note(key, seen, below, terms)

    def note(self, key: Key, seen: Seen, below: tuple[Term, ...], terms: tuple[Term, ...]) -> None:
        """What of the cell must stay in the dark, or how much the printed cell gives away by itself."""
        added, removed = self.moved(below, seen.numbers)
        if seen.hidden and (seen.n or seen.may_be_empty):
            # What is empty protects nobody, whatever its mark.
            if seen.n and key not in self.edition.known:
                wanted = Wanted(key, self.first, self.last, terms, seen.n, self.edition.code)
                self.all.wanted.append(wanted)
            return
        few = [number for number in (added, removed) if 0 < number < self.all.minimum]
        if few:
            code = self.edition.code
            self.all.wanted.append(Wanted(key, self.first, self.last, below, few[0], code, what=What.LATE))
        if not added and not removed:
            cap = (self.first, self.last, seen.satisfied)
            self.all.caps.setdefault(key, []).append((*cap, self.edition.code in self.all.frozen))
            if len(below) == 1:
                self.all.leaf_caps.setdefault(below[0][0], []).append(cap)

    def seen(self, key: Key) -> Seen:
        return self.edition.cells.get(key) or Seen(self.all.zero)

    def is_grain(self, key: Key) -> bool:
        """Whether below the cell only answers stand, and no other cell."""
        return key[0] not in self.children and key[1] in self.family.parts

    def cells_of(self, key: Key) -> list[Key]:
        """The cells of which this one is the sum, where it is not a grain."""
        place, part = key
        if place in self.children:
            return [(child, part) for child in self.children[place]]
        return [(place, each) for each in self.family.parts]

    def below(self, key: Key) -> tuple[Term, ...]:
        """Every leaf of the cell."""
        if key not in self._below:
            if self.is_grain(key):
                leaves = ((unit, key[1]) for unit in self.units.get(key[0], ()))
                found = [self.all.index[leaf] for leaf in leaves if leaf in self.all.index]
                self._below[key] = tuple((leaf, self.first, self.last) for leaf in found)
            else:
                self._below[key] = tuple(term for cell in self.cells_of(key) for term in self.below(cell))
        return self._below[key]

    def unknown(self, key: Key) -> tuple[tuple[Term, ...], Numbers]:
        """The runs whose sum with the numbers is the cell; none where the cell itself is known."""
        if key not in self._unknown:
            seen = self.seen(key)
            self._unknown[key] = ((), seen.numbers) if seen.is_known else self.parts_unknown(key)
        return self._unknown[key]

    def parts_unknown(self, key: Key) -> tuple[tuple[Term, ...], Numbers]:
        if self.is_grain(key):
            return self.below(key), self.all.zero
        parts = [self.unknown(cell) for cell in self.cells_of(key)]
        terms = tuple(term for found, _ in parts for term in found)
        return terms, _sum([numbers for _, numbers in parts], self.all.zero)

    def moved(self, terms: Sequence[Term], numbers: Numbers) -> tuple[int, int]:
        """The least that were added and removed since the edition was closed."""
        up_to, first, last = self.all.up_to, self.first, self.last
        if len(terms) == 1:
            counted = up_to[terms[0][0]]
            before, after = counted[first], counted[last]
        else:
            before = _sum([up_to[leaf][first] for leaf, _, _ in terms], self.all.zero)
            after = _sum([up_to[leaf][last] for leaf, _, _ in terms], self.all.zero)
        changes = [b - a - old for a, b, old in zip(before, after, numbers, strict=True)]
        if not any(changes):
            return 0, 0
        return sum(c for c in changes if c > 0), -sum(c for c in changes if c < 0)

    def known(
        self, key: Key, seen: Seen, terms: tuple[Term, ...], apart: Numbers
    ) -> Iterator[tuple[tuple[int, ...], float, float]]:
        rest = tuple(whole - part for whole, part in zip(seen.numbers, apart, strict=True))
        added, removed = self.moved(terms, rest)
        everything = tuple(range(self.all.classes))
        if seen.hidden and (seen.n or seen.may_be_empty):
            low, high = self.limits(key, seen)
            n = sum(apart)
            yield everything, (0 if removed else low - n), (math.inf if added else high - n)
            return
        if seen.is_known:
            groups: list[tuple[int, ...]] = [(number,) for number in everything]
        else:
            middle = SATISFIED[self.all.classes]
            groups = [everything[:middle], everything[middle:]]
        for group in groups:
            value = sum(rest[number] for number in group)
            yield group, (0 if removed else value), (math.inf if added else value)

    def limits(self, key: Key, seen: Seen) -> tuple[int, float]:
        """What is known of the n of a hidden cell before any subtraction.

        Where the whole of a place is hidden nothing is printed of its parts, not even which it has.
        """
        if key[1] != self.family.total and self.seen((key[0], self.family.total)).hidden:
            return 0, math.inf
        least = self.all.minimum
        if seen.n >= least:
            return least, self.all.ceiling
        return (0 if seen.may_be_empty else 1), least - 1


def _add(one: Numbers, other: Numbers) -> Numbers:
    return tuple(map(add, one, other))


def _sum(parts: Sequence[Numbers], zero: Numbers) -> Numbers:
    return tuple(map(sum, zip(*parts, strict=True))) if parts else zero


def list_remainders(
    narrow: Sequence[tuple[int, int]], sums: Sequence[int], minimum: int
) -> Iterator[tuple[int, int, int, int]]:
    """What is left of a known run when a known one inside of it is taken away, where so few are left."""
    for outer, inner in combinations(sorted(narrow, key=lambda run: run[0] - run[1]), 2):
        if outer[0] < inner[0] and inner[1] < outer[1]:
            n = sum(sums[outer[0] : outer[1]]) - sum(sums[inner[0] : inner[1]])
            if 0 < n < minimum:
                yield *outer, *inner
