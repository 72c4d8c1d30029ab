"""Small groups are hidden, and nobody can find them by subtraction."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from app.results.attack import lp_attack, lp_ranges
from surveys.bounds import Ranges
from surveys.disclosure import (
    Attack,
    Cell,
    Kind,
    NotAdditive,
    Relation,
    Table,
    coarse_open_count,
    components,
    exposed,
    propagate_bounds,
    revision_released,
    suppress,
)
from tests.unit.surveys.disclosure_tables import nations, total

KNOWN = Path(__file__).parents[2] / "data" / "known_answers.csv"
ATTACKS = [propagate_bounds, lp_ranges, lp_attack]


def known_answers(rule: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    with KNOWN.open(encoding="utf-8", newline="") as file:
        return [
            (json.loads(row["inputs"]), json.loads(row["expected"]))
            for row in csv.DictReader(file)
            if row["rule"] == rule
        ]


def family(*parts: int, satisfied: Iterable[int] | None = None) -> Table:
    """A total, "sum", over parts "a", "b", "c" …"""
    shares = list(satisfied) if satisfied is not None else [n // 2 for n in parts]
    cells = [Cell(chr(97 + i), n, s) for i, (n, s) in enumerate(zip(parts, shares, strict=True))]
    cell, relation = total("sum", cells)
    return Table.of([cell, *cells], [relation])


def all_kinds(table: Table, keys: Iterable[str]) -> dict[Any, Kind]:
    return {key: Kind.PRIMARY if table.is_primary(key) else Kind.COMPLEMENT for key in keys}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize(("given", "expected"), known_answers("suppression_lp"))
def test_the_attack_finds_the_known_ranges(
    attack: Attack, given: dict[str, Any], expected: dict[str, Any]
) -> None:
    table = family(*given["children_all_hidden"])
    assert table.cells["sum"].n == given["total_printed"]
    ranges = attack(table, all_kinds(table, "ab"))
    assert [[r.n_low, r.n_high] for r in ranges.values()] == expected["lp_range_n"]
    assert [r.n_width for r in ranges.values()] == expected["width"]
    assert all(r.n_width >= 4 for r in ranges.values()) is expected["safe_width_ge_4"]


@pytest.mark.parametrize(("given", "expected"), known_answers("revision_increment"))
def test_a_revision_waits_as_the_known_answer_says(given: dict[str, Any], expected: dict[str, Any]) -> None:
    published, revised = (Cell("x", **given[name]) for name in ("published", "revised"))
    assert revised.n - published.n == expected["increment_n"]
    assert revision_released(published, revised) is expected["released"]


def test_the_smallest_sibling_from_ten_on_is_the_complement() -> None:
    assert suppress(family(5, 30, 65)) == {"a": Kind.PRIMARY, "b": Kind.COMPLEMENT}


def test_a_tie_between_siblings_goes_to_the_first_code() -> None:
    assert set(suppress(family(65, 30, 30, 7))) == {"d", "b"}


def test_without_a_sibling_the_total_is_hidden() -> None:
    assert suppress(family(5, 0, 6)) == {"a": Kind.PRIMARY, "c": Kind.PRIMARY, "sum": Kind.COMPLEMENT}


def test_zero_is_printed_and_protects_nothing() -> None:
    assert "b" not in suppress(family(5, 0, 30, 65))


def test_a_complement_that_leaves_too_narrow_a_range_gets_another() -> None:
    # 3 + 10 = 13 with the second at least 10 would leave only 1 to 3.
    assert set(suppress(family(3, 10, 500))) == {"a", "b", "c"}


def test_satisfied_counts_are_protected_like_n() -> None:
    # Nobody in the printed rest was satisfied but one: the hidden cells could only hold 0 or 1.
    assert set(suppress(family(5, 30, satisfied=(0, 1)))) == {"a", "b", "sum"}
    assert set(suppress(family(5, 30, satisfied=(2, 10)))) == {"a", "b"}


def test_a_hidden_total_takes_one_of_its_parts_with_it() -> None:
    cells = {"x": (4, 2), "y1": (20, 10), "y2": (50, 30), "z": (400, 300)}
    leaves = {key: Cell(key, *values) for key, values in cells.items()}
    y, y_relation = total("y", [leaves["y1"], leaves["y2"]])
    root, root_relation = total("root", [leaves["x"], y, leaves["z"]])
    table = Table.of([root, y, *leaves.values()], [root_relation, y_relation])
    # y, the complement of x, would be the sum of its printed parts.
    assert suppress(table) == {"x": Kind.PRIMARY, "y": Kind.COMPLEMENT, "y1": Kind.COMPLEMENT}


def test_cells_published_earlier_are_not_hidden_and_cells_hidden_earlier_stay_so() -> None:
    assert set(suppress(family(5, 30, 65), published={"b"})) == {"a", "c"}
    assert set(suppress(family(20, 30, 65), withheld={"b"})) == {"a", "b"}


def test_a_group_that_cannot_be_protected_is_hidden_with_all_around_it_and_named() -> None:
    table = family(1, 1, 1, 1, 1, 1, 1, satisfied=(1,) * 7)
    hidden = suppress(table, attack=lp_attack)
    assert set(hidden) == set(table.cells)
    assert exposed(table, hidden, attack=lp_attack) >= set("abcdefg")


def test_another_minimum_may_be_configured() -> None:
    assert suppress(family(15, 40, 65), minimum=20) == {"a": Kind.PRIMARY, "b": Kind.COMPLEMENT}
    assert suppress(family(15, 40, 65)) == {}


def test_a_total_that_is_not_the_sum_of_its_parts_is_refused() -> None:
    with pytest.raises(NotAdditive):
        Table.of([Cell("sum", 30, 20), Cell("a", 29, 20)], [Relation("sum", ("a",))])
    with pytest.raises(ValueError, match="satisfied 4"):
        Cell("a", 3, 4)
    with pytest.raises(ValueError, match="twice"):
        Table.of([Cell("a", 3, 1), Cell("a", 4, 1)])


@given(nations(columns=True))
@settings(max_examples=30, deadline=None)
def test_nothing_is_hidden_where_nothing_is_small(table: Table) -> None:
    hidden = suppress(table)
    small = {key for key, cell in table.cells.items() if 1 <= cell.n <= 9}
    assert small <= set(hidden)
    assert all(table.cells[key].n > 0 for key in hidden)
    if not small:
        assert hidden == {}


def test_one_small_agency_costs_few_others() -> None:
    """130 agencies with four channels; hiding must not spread through the province."""
    cells: list[Cell] = []
    agencies: list[Cell] = []
    relations: list[Relation] = []
    columns: list[list[Cell]] = [[], [], [], []]
    for a in range(130):
        leaves = [Cell(f"{a:03}-{c}", 40 + 7 * ((a * 31 + c) % 50), 30) for c in range(4)]
        if a == 64:
            leaves[1] = Cell("064-1", 6, 5)
        for column, leaf in zip(columns, leaves, strict=True):
            column.append(leaf)
        agency, relation = total(f"{a:03}", leaves)
        agencies.append(agency)
        cells += [*leaves, agency]
        relations.append(relation)
    province, top = total("p", agencies)
    sums = [total(f"p-{c}", column) for c, column in enumerate(columns)]
    table = Table.of(
        [province, *cells, *(cell for cell, _ in sums)],
        [top, *relations, *(relation for _, relation in sums), Relation("p", tuple(c.key for c, _ in sums))],
    )
    hidden = suppress(table, attack=lp_attack)
    # A small cell, its complements in row and column, and what closes the ring: 10 of 659 cells.
    assert len(hidden) <= 10
    assert not exposed(table, hidden, attack=lp_ranges)


def undo(table: Table, hidden: Mapping[Any, Kind]) -> dict[Any, tuple[float, float]]:
    """An attack written anew: unknown are only the leaves, as satisfied and dissatisfied.

    Every other cell is the sum of its leaves; printed ones are equations, hidden ones inequalities.
    The widths of n and of satisfied that remain, for each hidden cell.
    """
    parts = {relation.total_key: relation.part_keys for relation in reversed(table.relations)}
    leaves = [key for key in table.cells if key not in parts]

    def below(key: Any) -> np.ndarray:
        if key in parts:
            return np.sum([below(part) for part in parts[key]], axis=0)
        return np.array([float(key == leaf) for leaf in leaves])

    zeros = np.zeros(len(leaves))
    equal, equal_to, at_most, limits = [], [], [], []
    rows = {key: below(key) for key in table.cells}
    for key, cell in table.cells.items():
        everyone = np.concatenate([rows[key], rows[key]])
        if key not in hidden:
            equal += [everyone, np.concatenate([rows[key], zeros])]
            equal_to += [cell.n, cell.satisfied]
        elif cell.n <= 9:
            at_most += [everyone, -everyone]
            limits += [9, -1]
        elif key in table.in_tens:
            tens = cell.n - cell.n % 10
            at_most += [everyone, -everyone]
            limits += [tens + 9, -tens]
        else:
            at_most.append(-everyone)
            limits.append(-10)

    def width(objective: np.ndarray) -> float:
        ends = [
            linprog(
                sign * objective,
                A_ub=np.array(at_most) if at_most else None,
                b_ub=limits or None,
                A_eq=np.array(equal) if equal else None,
                b_eq=equal_to or None,
                bounds=(0, 1e5),
                method="highs-ds",
            )
            for sign in (1, -1)
        ]
        assert all(end.status == 0 for end in ends)
        return float(-ends[1].fun - ends[0].fun)

    return {
        key: (
            width(np.concatenate([rows[key], rows[key]])),
            width(np.concatenate([rows[key], zeros])),
        )
        for key in hidden
    }


def check_that_nothing_can_be_undone(table: Table) -> None:
    hidden = suppress(table, attack=lp_attack)
    assert not any(1 <= cell.n <= 9 for key, cell in table.cells.items() if key not in hidden)
    widths = undo(table, hidden)
    for keys, indexes in components(table, hidden):
        narrow = [key for key in keys if widths[key][0] < 4 - 1e-6 or widths[key][1] < 2 - 1e-6]
        around = {key for index in indexes for key in table.relations[index].keys}
        # Too narrow only where nothing is left to hide.
        assert not narrow or all(key in hidden or table.cells[key].n == 0 for key in around)


@given(nations())
@settings(max_examples=10, deadline=None)
def test_no_linear_program_undoes_the_hiding_in_a_tree(table: Table) -> None:
    check_that_nothing_can_be_undone(table)


@given(nations(columns=True, channels=2), st.integers(0, 2))
@settings(max_examples=10, deadline=None)
def test_counts_told_in_tens_while_a_quarter_was_open_undo_nothing(table: Table, depth: int) -> None:
    told = frozenset(key for key in table.cells if key.count("-") < depth or key == "nation")
    check_that_nothing_can_be_undone(replace(table, in_tens=told, _places={}))


def test_a_complement_in_its_tens_gets_another() -> None:
    """1 and 20 make 21: whoever saw “20” while the quarter was open knows the 1."""
    parts = [Cell("a", 1, 1), Cell("b", 20, 15), Cell("c", 47, 30), Cell("d", 90, 80)]
    whole, relation = total("p", parts)
    assert set(suppress(Table.of([whole, *parts], [relation]))) == {"a", "b"}
    table = Table.of([whole, *parts], [relation], in_tens=[whole.key, *"abcd"])
    assert set(suppress(table)) == {"a", "b", "c"}
    assert exposed(table, {"a": Kind.PRIMARY, "b": Kind.COMPLEMENT}) == {"a", "b"}


@given(nations(columns=True, channels=2))
@settings(max_examples=10, deadline=None)
def test_no_linear_program_undoes_the_hiding_in_rows_and_columns(table: Table) -> None:
    check_that_nothing_can_be_undone(table)


def some_hidden(table: Table, choice: st.DataObject) -> dict[Any, Kind]:
    """All small cells and any others: attacks are compared on more than what `suppress` makes."""
    others = [key for key, cell in table.cells.items() if cell.n >= 10]
    chosen = choice.draw(st.lists(st.sampled_from(others), unique=True)) if others else []
    return all_kinds(table, [k for k in table.cells if table.is_primary(k) or k in chosen])


@given(nations(channels=2), st.data())
@settings(max_examples=10, deadline=None)
def test_propagation_is_exact_on_trees(table: Table, choice: st.DataObject) -> None:
    hidden = some_hidden(table, choice)
    assert propagate_bounds(table, hidden) == lp_ranges(table, hidden)


@given(nations(columns=True, channels=2), st.data())
@settings(max_examples=10, deadline=None)
def test_the_quick_attack_gives_the_verdicts_of_the_full_one(table: Table, choice: st.DataObject) -> None:
    hidden = some_hidden(table, choice)
    full, quick, outer = (attack(table, hidden) for attack in (lp_ranges, lp_attack, propagate_bounds))
    assert {k for k, r in quick.items() if r.is_wide(4, 2)} == {k for k, r in full.items() if r.is_wide(4, 2)}
    assert all(_within(full[key], outer[key]) for key in hidden)
    for key, cell in ((key, table.cells[key]) for key in hidden):
        assert full[key].n_low <= cell.n <= full[key].n_high
        assert full[key].s_low <= cell.satisfied <= full[key].s_high


def _within(inner: Ranges, outer: Ranges) -> bool:
    return (
        outer.n_low <= inner.n_low
        and inner.n_high <= outer.n_high
        and outer.s_low <= inner.s_low
        and inner.s_high <= outer.s_high
    )


@pytest.mark.parametrize(
    ("revised", "added", "removed", "released"),
    [
        ((40, 36), None, None, True),
        ((49, 40), None, None, False),
        ((50, 40), None, None, True),
        ((31, 36 - 9), None, None, False),
        ((30, 26), None, None, True),
        ((40, 30), None, None, False),
        ((40, 26), None, None, True),
        ((40, 36), 10, 10, True),
        ((40, 36), 9, 9, False),
        ((50, 40), 15, 5, False),
    ],
)
def test_a_revision_is_printed_only_when_each_side_is_nobody_or_at_least_ten(
    revised: tuple[int, int], added: int | None, removed: int | None, released: bool
) -> None:
    assert revision_released(Cell("x", 40, 36), Cell("x", *revised), added=added, removed=removed) is released


def test_numbers_of_answers_that_do_not_explain_a_revision_are_refused() -> None:
    with pytest.raises(ValueError, match="do not explain"):
        revision_released(Cell("x", 40, 36), Cell("x", 50, 40), added=9, removed=0)


@pytest.mark.parametrize(("n", "shown"), [(0, 0), (9, 0), (10, 10), (19, 10), (1234, 1230)])
def test_the_count_of_an_open_quarter_is_rounded_down_to_tens(n: int, shown: int) -> None:
    assert coarse_open_count(n) == shown


@pytest.mark.parametrize(("n", "shown"), [(14, 0), (15, 10), (19, 10), (25, 20)])
def test_the_count_of_an_open_quarter_is_nought_below_the_minimum(n: int, shown: int) -> None:
    assert coarse_open_count(n, minimum=15) == shown


def test_a_count_that_was_told_as_nought_is_only_known_to_be_hidden() -> None:
    """Under a higher minimum nought stands for more than nine answers."""
    parts = [Cell("a", 13, 9), Cell("b", 40, 30), Cell("c", 41, 30)]
    table = Table.of([Cell("x", 94, 69), *parts], [Relation("x", ("a", "b", "c"))], minimum=15, in_tens="abc")
    box = table.domain("a", {"a": Kind.PRIMARY})
    assert (box.n_low, box.n_high) == (1, 14)
