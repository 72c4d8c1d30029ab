"""Every table of segments that agrees with what is printed, as a linear program."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.results.attack import PROBES, ROUNDING
from surveys.disclosure_table import N_WIDTH
from surveys.segments import SATISFIED, Problem, Term


@dataclass(frozen=True, slots=True)
class Goal:
    """A sum of runs, and how wide its n and its satisfied must be seen."""

    terms: Sequence[Term]
    n: float
    satisfied: float


class Program:
    """The variables are the classes of answers of each segment of each of some leaves, in this order."""

    def __init__(self, problem: Problem, leaves: Sequence[int]) -> None:
        self.problem, self.leaves = problem, leaves
        self.at = {leaf: place for place, leaf in enumerate(leaves)}
        self.shape = len(leaves), problem.segments, problem.classes
        self.size = math.prod(self.shape)
        self.satisfied = range(SATISFIED[problem.classes])
        equal: list[tuple[list[int], float, float]] = []
        bounded: list[tuple[list[int], float, float]] = []
        for row in problem.rows:
            if row.terms[0][0] in self.at:
                for group, low, high in row.known:
                    (equal if low == high else bounded).append((self.columns(row.terms, group), low, high))
        self.constraints = [self._constraint(rows) for rows in (equal, bounded) if rows]

    @property
    def truth(self) -> Any:
        return np.array([self.problem.truth[leaf] for leaf in self.leaves], dtype=float).reshape(-1)

    def columns(self, terms: Sequence[Term], group: Sequence[int]) -> list[int]:
        _, segments, classes = self.shape
        return [
            (self.at[leaf] * segments + segment) * classes + number
            for leaf, first, last in terms
            for segment in range(first, last)
            for number in group
        ]

    def matrix(self, rows: Sequence[Sequence[int]]) -> Any:
        from scipy.sparse import csr_array

        columns = np.array([column for row in rows for column in row], dtype=np.int64)
        ends = np.cumsum([0, *(len(row) for row in rows)])
        return csr_array((np.ones(len(columns)), columns, ends), shape=(len(rows), self.size))

    def _constraint(self, rows: Sequence[tuple[list[int], float, float]]) -> Any:
        from scipy.optimize import LinearConstraint

        low, high = [row[1] for row in rows], [row[2] for row in rows]
        return LinearConstraint(self.matrix([row[0] for row in rows]), low, high)

    def solve(self, objective: Any) -> Any:
        """The table with the least objective."""
        from scipy.optimize import Bounds, milp

        limits = Bounds(0, self.problem.ceiling)
        answer = milp(objective, constraints=self.constraints, bounds=limits)
        if answer.x is None:
            # The true table is always possible and every range is finite: a failure is the solver's.
            raise ArithmeticError(f"the linear program was not solved: {answer.message}")
        return answer.x


def widen(program: Program, lone: Any, need: Any, goals: Sequence[Goal]) -> tuple[Any, list[int]]:
    """Which of the lone runs of the leaves, and which of the goals, no two possible tables prove wide.

    Programs with a random objective over everything that is not proven yet come first: each table found
    says something about all of them. What is left is tried one by one.
    """
    seen = _Seen(program, lone, need, goals)
    # A fixed seed: the objectives only decide how soon a verdict is proven, never which.
    draw = np.random.default_rng(0)
    objective = np.zeros(program.size)
    for probe in range(PROBES):
        if not seen.is_open:
            break
        objective = seen.objective(draw) if probe % 2 == 0 else -objective
        seen.see(program.solve(objective))
    for objective, is_proven in seen.list_open():
        for sign in (1.0, -1.0):
            if not is_proven():
                seen.see(program.solve(sign * objective))
    return seen.open_runs.any(axis=0), np.flatnonzero(seen.open_goals.any(axis=0)).tolist()


class _Seen:
    """The least and the most of every run and goal in the tables seen so far."""

    def __init__(self, program: Program, lone: Any, need: Any, goals: Sequence[Goal]) -> None:
        self.program, self.lone = program, lone
        self.need = np.stack([np.full_like(need, N_WIDTH), need])
        everything = range(program.shape[2])
        self.functions = [
            program.matrix([program.columns(goal.terms, group) for goal in goals])
            for group in (everything, program.satisfied)
        ]
        goal_need = np.array([[goal.n, goal.satisfied] for goal in goals], dtype=float)
        self.goal_need = goal_need.reshape(-1, 2).T
        runs, sums = self._read(program.truth)
        self.low, self.high, self.least, self.most = runs, runs.copy(), sums, sums.copy()

    def _read(self, table: Any) -> tuple[Any, Any]:
        shaped = table.reshape(self.program.shape)
        per_segment = np.stack([shaped.sum(axis=2), shaped[..., list(self.program.satisfied)].sum(axis=2)])
        prefix = np.zeros((*per_segment.shape[:2], per_segment.shape[2] + 1))
        prefix[..., 1:] = per_segment.cumsum(axis=2)
        runs = prefix[..., None, :] - prefix[..., :, None]
        return runs, np.stack([function @ table for function in self.functions])

    def see(self, table: Any) -> None:
        runs, sums = self._read(table)
        np.minimum(self.low, runs, out=self.low)
        np.maximum(self.high, runs, out=self.high)
        np.minimum(self.least, sums, out=self.least)
        np.maximum(self.most, sums, out=self.most)

    @property
    def open_runs(self) -> Any:
        """For n and for satisfied, which of the lone runs are not proven wide."""
        return self.lone & (_whole_width(self.low, self.high) < self.need)

    @property
    def open_goals(self) -> Any:
        return _whole_width(self.least, self.most) < self.goal_need

    @property
    def is_open(self) -> bool:
        return bool(self.open_runs.any() or self.open_goals.any())

    def objective(self, draw: Any) -> Any:
        leaves, segments, classes = self.program.shape
        weights = np.zeros((leaves, segments + 1, classes))
        for measure, leaf, first, last in np.argwhere(self.open_runs):
            group = list(self.program.satisfied) if measure else slice(None)
            weight = draw.uniform(0.5, 1.5) * draw.choice((-1.0, 1.0))
            weights[leaf, first, group] += weight
            weights[leaf, last, group] -= weight
        total = weights.cumsum(axis=1)[:, :-1].reshape(-1)
        for function, still in zip(self.functions, self.open_goals, strict=True):
            signs = draw.uniform(0.5, 1.5, len(still)) * draw.choice((-1.0, 1.0), len(still))
            total = total + function.T @ (signs * still)
        return total

    def list_open(self) -> Iterator[tuple[Any, Any]]:
        """An objective for each that is open when its turn comes, and how to ask whether it still is."""
        for measure, leaf, first, last in np.argwhere(self.open_runs).tolist():
            where = (measure, leaf, first, last)
            if self.open_runs[where]:
                term = (self.program.leaves[leaf], first, last)
                group = self.program.satisfied if measure else range(self.program.shape[2])
                objective = np.zeros(self.program.size)
                objective[self.program.columns([term], group)] = 1.0
                yield objective, lambda where=where: not self.open_runs[where]
        for measure, at in np.argwhere(self.open_goals).tolist():
            if self.open_goals[measure, at]:
                objective = self.functions[measure][[at]].toarray()[0]
                yield objective, lambda measure=measure, at=at: not self.open_goals[measure, at]


def _whole_width(low: Any, high: Any) -> Any:
    """In whole numbers, rounded inwards: nobody is counted in halves."""
    return np.floor(high + ROUNDING) - np.ceil(low - ROUNDING)
