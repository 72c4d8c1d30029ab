"""What the audit and programs without a shortcut say about the same world, in words that can be compared."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from app.results.attack import _whole
from app.results.overlap_attack import OverlapAttack
from app.results.overlap_control import audit
from surveys.bounds import Ranges
from surveys.segment_problem import small_runs, state_problem
from surveys.segments import Key, Narrow, Seen, SeenEdition, What, derivable, hide, touch
from tests.unit.app_results.overlapping_worlds import NATION, PROVINCE, World, is_unlisted, oracle_ranges

Verdict = tuple[Hashable, ...]
LEVELS, CEILING = 5, 1_000


def by_oracle(world: World, *, published: Collection[str] = ()) -> set[Verdict]:
    """The cells, and the runs of single leaves, that the full program finds narrow.

    A printed group of one mind says so of everybody within it. That is granted of unprinted days, and of
    hidden cells where the group stands in an edition that is published and cannot be changed any more.
    """
    spans = {each.code: _span(world, each) for each in world.editions}
    found: set[Verdict] = set()
    for name, known in oracle_ranges(world).items():
        kind, key, *rest = name
        if kind == "cell":
            caps = _caps(world, key, spans[rest[0]], published)
        elif key in world.leaves:
            kind, caps = "days", _caps(world, key, (rest[0], rest[1]), spans)
        else:
            continue
        if not known.is_wide(4, min([2, *caps])):
            found.add((kind, key, *rest))
    return found


def _span(world: World, one: SeenEdition) -> tuple[int, int]:
    return world.days.index(one.first_day), world.days.index(one.last_day + timedelta(days=1))


def _caps(world: World, key: Key, span: tuple[int, int], printing: Collection[str]) -> Iterator[int]:
    for one in world.editions:
        first, last = _span(world, one)
        seen = one.cells.get(key)
        if one.code in printing and seen and not seen.hidden and first <= span[0] and span[1] <= last:
            yield seen.satisfied


def by_attack(world: World) -> set[Verdict]:
    attack = OverlapAttack(state_problem(world.editions, world.family, world.count))
    return set(_verdicts(world, (*attack.by_bounds, *attack.by_programs())))


def _verdicts(world: World, found: Iterable[Narrow]) -> Iterator[Verdict]:
    """Of what the oracle knows too: it has no sums over several agencies that nobody prints."""
    for narrow in found:
        if narrow.what is What.CELL:
            yield "cell", narrow.key, narrow.edition
        elif narrow.what is What.DAYS and narrow.key in world.leaves:
            yield "days", narrow.key, narrow.first, narrow.last


@dataclass(frozen=True)
class Compared:
    """The audit beside the oracle."""

    missed: set[Verdict]
    """Narrow after the audit, and not told by it."""
    invented: set[Verdict]
    """Told to follow from the published editions alone, or to be left, although it does not or is not."""
    is_stopped: bool
    hidden: int


def compare(world: World) -> Compared:
    candidate, *others = world.editions
    codes = {other.code for other in others}
    outcome = audit(candidate, others, world.family, world.count)
    after = by_oracle(replace(world, editions=(hide(candidate, outcome.withheld), *others)), published=codes)
    alone = by_oracle(replace(world, editions=tuple(others), silent=(candidate,)), published=codes)
    left, before = set(_verdicts(world, outcome.left)), set(_verdicts(world, outcome.known_before))
    if not any(touch(candidate, other) for other in others):
        # Nothing is asked then: whatever follows, follows from the others.
        before = alone
    # What others print of the same cell is no secret of the candidate's.
    known = derivable(candidate, others)
    open_ones = {("cell", key, candidate.code) for key in known if candidate.cells[key].n >= 10}
    return Compared(
        after - left - before - open_ones,
        (before - alone) | (left - after) | (left & alone),
        bool(outcome.left),
        len(outcome.withheld),
    )


class _LevelOracle:
    """A number for every leaf, segment and level, and a row for every cell of every edition."""

    def __init__(self, world: World) -> None:
        self.world, self.size = world, len(world.days) - 1
        self.at = {leaf: number for number, leaf in enumerate(world.leaves)}
        self.rows: list[tuple[Any, float, float]] = []
        self.hidden: list[tuple[Verdict, Key, tuple[int, int]]] = []
        for one in world.editions:
            for key in ((place, part) for place in one.parents for part in self.parts):
                self.read(one, key)
        matrix, low, high = zip(*self.rows, strict=True)
        self.constraint = LinearConstraint(np.array(matrix), low, high)

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.world.family.total, *self.world.family.parts)))

    def read(self, one: SeenEdition, key: Key) -> None:
        span, seen = _span(self.world, one), one.cells.get(key) or Seen((0,) * LEVELS)
        if seen.hidden and (seen.n or seen.may_be_empty):
            limits = (0 if seen.may_be_empty else 1, 9) if seen.n < 10 else (10, CEILING)
            if is_unlisted(one, key, self.world.family):
                limits = (0, CEILING)
            self.rows.append((self.sum(key, span, range(LEVELS)), *limits))
            if seen.n:
                self.hidden.append((("cell", key, one.code), key, span))
            return
        groups = (
            [range(2), range(2, 5)] if seen.n and not seen.tells_levels else [[at] for at in range(LEVELS)]
        )
        for group in groups:
            value = sum(seen.numbers[at] for at in group)
            self.rows.append((self.sum(key, span, group), value, value))

    def sum(self, key: Key, span: tuple[int, int], levels: Iterable[int]) -> Any:
        objective = np.zeros((len(self.at), self.size, LEVELS))
        for leaf, at in self.at.items():
            within = key[0] in (leaf[0], PROVINCE, NATION) and key[1] in (leaf[1], self.world.family.total)
            if within:
                objective[at, span[0] : span[1], list(levels)] = 1
        return objective.reshape(-1)

    def ranges(self, key: Key, span: tuple[int, int]) -> Ranges:
        sums = [self.sum(key, span, levels) for levels in (range(LEVELS), range(2))]
        ends = [sign * self.least(sign * each) for each in sums for sign in (1, -1)]
        return _whole(*ends)

    def least(self, objective: Any) -> float:
        answer = milp(objective, constraints=self.constraint, bounds=Bounds(0, CEILING))
        return float(answer.fun)


def by_levels(world: World) -> set[Verdict]:
    """As the other oracle, of worlds with five levels."""
    oracle = _LevelOracle(world)
    spans = {each.code: _span(world, each) for each in world.editions}
    found = {name for name, key, span in oracle.hidden if not oracle.ranges(key, span).is_wide(4, 2)}
    for leaf in world.leaves:
        sums = [sum(world.count(a, b - timedelta(days=1))[leaf]) for a, b in pairwise(world.days)]
        for first, last, _ in small_runs(sums, 10):
            caps = _caps(world, leaf, (first, last), spans)
            if not oracle.ranges(leaf, (first, last)).is_wide(4, min([2, *caps])):
                found.add(("days", leaf, first, last))
    return found
