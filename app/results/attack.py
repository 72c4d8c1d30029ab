"""The attack by linear programming: what can be worked out from everything that is printed.

Only hidden cells are variables: every printed cell is a constant, and cells that share no relation
with a hidden one cannot matter. Each connected component is attacked alone.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Any

from surveys.bounds import Ranges
from surveys.disclosure import (
    N_WIDTH,
    SATISFIED_WIDTH,
    Hidden,
    Table,
    components,
    is_acyclic,
    propagate_bounds,
)

ROUNDING = 1e-6
"""The solver's answers are off by less than this; a whole number is read through it."""

PROBES = 12
"""Programs with a random objective over all cells at once before cells are tried one by one."""


def lp_ranges(table: Table, hidden: Hidden) -> dict[Hashable, Ranges]:
    """The full ranges of all hidden cells: four programs for each cell, nothing taken for granted."""
    result: dict[Hashable, Ranges] = {}
    for keys, indexes in components(table, hidden):
        program = _Program(table, hidden, keys, indexes)
        for position, key in enumerate(keys):
            n_low, n_high = program.extremes(2 * position)
            s_low, s_high = program.extremes(2 * position + 1)
            result[key] = _whole(n_low, n_high, s_low, s_high)
    return result


def lp_attack(
    table: Table, hidden: Hidden, *, n_enough: int = N_WIDTH, s_enough: int = SATISFIED_WIDTH
) -> dict[Hashable, Ranges]:
    """As `lp_ranges`, but it stops looking at a cell as soon as the verdict about it is proven.

    - Hidden cells that form a tree need no program: propagation is exact on them.
    - A range that propagation, an outer bound, finds too narrow is too narrow; it is returned as is.
    - Every solution of any program is a possible table. Two of them that differ by enough in a cell
      prove it wide; such a range is returned as far as it was seen and may be wider still.

    So a range is narrower than `n_enough` or `s_enough` exactly when that of `lp_ranges` is.
    """
    result: dict[Hashable, Ranges] = {}
    for keys, indexes in components(table, hidden):
        outer = propagate_bounds(table, {key: hidden[key] for key in keys})
        if not is_acyclic(table, keys, indexes):
            wide = [key for key in keys if outer[key].is_wide(n_enough, s_enough)]
            if wide:
                outer.update(_attained(_Program(table, hidden, keys, indexes), wide, n_enough, s_enough))
        result.update(outer)
    return result


def _attained(
    program: _Program, wanted: Sequence[Hashable], n_enough: int, s_enough: int
) -> dict[Hashable, Ranges]:
    """Ranges seen in possible tables, until each is wide enough or known in full."""
    import numpy as np

    variables = {
        index: enough
        for key in wanted
        for index, enough in (
            (2 * program.position[key], n_enough),
            (2 * program.position[key] + 1, s_enough),
        )
    }
    # A fixed seed: the objectives only decide how soon a verdict is proven, never which.
    draw = np.random.default_rng(0)
    for probe in range(PROBES):
        unproven = [index for index, enough in variables.items() if program.seen_width(index) < enough]
        if not unproven:
            break
        if probe % 2 == 0:
            objective = np.zeros(program.size)
            objective[unproven] = draw.uniform(0.5, 1.5, len(unproven)) * draw.choice(
                (-1.0, 1.0), len(unproven)
            )
        else:
            objective = -objective
        program.solve(objective)
    for index, enough in variables.items():
        if program.seen_width(index) < enough:
            program.extremes(index)
    return {key: program.seen(key) for key in wanted}


class _Program:
    """The polytope of all tables that agree with what is printed, over one component.

    Variables 2i and 2i + 1 are n and satisfied of the i-th key.
    """

    def __init__(
        self, table: Table, hidden: Hidden, keys: Sequence[Hashable], indexes: Sequence[int]
    ) -> None:
        import numpy as np
        from scipy.sparse import coo_array

        self.position = {key: i for i, key in enumerate(keys)}
        self.size = 2 * len(keys)
        domains = [table.domain(key, hidden) for key in keys]
        self.bounds = [pair for d in domains for pair in ((d.n_low, d.n_high), (d.s_low, d.s_high))]
        rows: list[int] = []
        columns: list[int] = []
        signs: list[int] = []
        right: list[int] = []
        for row, index in enumerate(indexes):
            relation = table.relations[index]
            n = satisfied = 0
            for key, sign in ((relation.total_key, 1), *((part, -1) for part in relation.part_keys)):
                where = self.position.get(key)
                if where is None:
                    n -= sign * table.cells[key].n
                    satisfied -= sign * table.cells[key].satisfied
                else:
                    rows += [2 * row, 2 * row + 1]
                    columns += [2 * where, 2 * where + 1]
                    signs += [sign, sign]
            right += [n, satisfied]
        shape = (2 * len(indexes), self.size)
        self.sums: Any = coo_array((signs, (rows, columns)), shape=shape, dtype=float).tocsr()
        self.right = np.array(right, dtype=float)
        # s - n <= 0 for every cell.
        count = len(keys)
        self.within: Any = coo_array(
            (
                np.tile((1.0, -1.0), count),
                (np.repeat(np.arange(count), 2), np.arange(self.size) ^ 1),
            ),
            shape=(count, self.size),
        ).tocsr()
        truth = [v for key in keys for v in (table.cells[key].n, table.cells[key].satisfied)]
        self.low = np.array(truth, dtype=float)
        self.high = self.low.copy()

    def solve(self, objective: Any) -> Any:
        """The table with the least objective; every table found widens what was seen."""
        import numpy as np
        from scipy.optimize import linprog

        answer = linprog(
            objective,
            A_ub=self.within,
            b_ub=np.zeros(self.within.shape[0]),
            A_eq=self.sums,
            b_eq=self.right,
            bounds=self.bounds,
            method="highs",
        )
        if answer.x is None:
            # The true table is always possible and every range is finite: a failure is the solver's.
            raise ArithmeticError(f"the linear program was not solved: {answer.message}")
        self.low = np.minimum(self.low, answer.x)
        self.high = np.maximum(self.high, answer.x)
        return answer.x

    def extremes(self, index: int) -> tuple[float, float]:
        import numpy as np

        objective = np.zeros(self.size)
        objective[index] = 1.0
        return float(self.solve(objective)[index]), float(self.solve(-objective)[index])

    def seen_width(self, index: int) -> int:
        """In whole numbers, rounded inwards: nobody is counted in halves."""
        return _floor(self.high[index]) - _ceil(self.low[index])

    def seen(self, key: Hashable) -> Ranges:
        n, s = 2 * self.position[key], 2 * self.position[key] + 1
        return _whole(self.low[n], self.high[n], self.low[s], self.high[s])


def _whole(n_low: float, n_high: float, s_low: float, s_high: float) -> Ranges:
    return Ranges(_ceil(n_low), _floor(n_high), _ceil(s_low), _floor(s_high))


def _ceil(value: float) -> int:
    return math.ceil(value - ROUNDING)


def _floor(value: float) -> int:
    return math.floor(value + ROUNDING)
