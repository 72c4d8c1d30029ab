from __future__ import annotations

from itertools import combinations, permutations
from statistics import fmean, pvariance

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.likeness import Coder, Weights, added, clique, in_order, matrix, path, rare_agreement, within
from surveys.peers import Score

sheets = st.lists(st.tuples(*[st.sampled_from("abc")] * 3), min_size=4, max_size=6)


def coded(given_sheets: list[tuple[str, ...]]) -> list[int]:
    coder = Coder()
    return [coder.code(sheet) for sheet in given_sheets]


@given(sheets)
def test_codes_count_equal_answers(given_sheets: list[tuple[str, ...]]) -> None:
    codes = coded(given_sheets)
    for first, second in combinations(range(len(codes)), 2):
        equal = sum(a == b for a, b in zip(given_sheets[first], given_sheets[second], strict=True))
        assert matrix(codes)[first][second] == equal
        assert matrix(codes, at_least=2)[first][second] == (equal >= 2)


@settings(max_examples=30, derandomize=True)
@given(sheets, st.data())
def test_moments_are_those_of_all_deals(given_sheets: list[tuple[str, ...]], data: st.DataObject) -> None:
    rows = matrix(coded(given_sheets))
    weights = Weights.of(rows)
    size = data.draw(st.integers(2, len(rows)))
    every = [
        sum(rows[a][b] for a, b in combinations(deal, 2)) for deal in combinations(range(len(rows)), size)
    ]
    score = within(rows, weights, range(size))
    assert score.value == every[0]
    assert score.mean == pytest.approx(fmean(every))
    assert score.variance == pytest.approx(pvariance(every), abs=1e-9)


@settings(max_examples=20, derandomize=True)
@given(sheets, st.integers(1, 3))
def test_moments_are_those_of_all_orders(given_sheets: list[tuple[str, ...]], lag: int) -> None:
    rows = matrix(coded(given_sheets))
    every = [
        sum(rows[order[at]][order[at + lag]] for at in range(len(rows) - lag))
        for order in permutations(range(len(rows)))
    ]
    score = in_order(rows, Weights.of(rows), lag)
    assert score.value == every[0]
    assert score.mean == pytest.approx(fmean(every))
    assert score.variance == pytest.approx(pvariance(every), abs=1e-9)


@given(st.integers(0, 12), st.integers(1, 5))
def test_figures_are_counted_by_hand(size: int, lag: int) -> None:
    for edges, expected in (
        (list(combinations(range(size), 2)), clique(size)),
        ([(at, at + lag) for at in range(max(0, size - lag))], path(size, lag)),
    ):
        touching = sum(len({*one} & {*other}) == 1 for one in edges for other in edges if one != other)
        assert (len(edges), touching) == expected


def test_independent_parts_add_up() -> None:
    assert added([Score(3, 1, 2, 10), Score(4, 2, 1, 5)]) == Score(7, 3, 3, 15)
    assert added([]) == Score(0, 0, 0, 0)


def test_a_pair_is_near_where_hardly_any_two_collectors_share_as_much() -> None:
    """Everybody content and few questions: even full agreement is ordinary, and no limit of 85 % sees it."""
    owners = [f"TV-{at % 5}" for at in range(100)]
    content = coded([("5", "yes", "none") for _ in range(100)])
    assert rare_agreement(content, owners, 3) == 3
    varied = coded([(str(at % 5), str(at % 7), str(at % 11), str(at % 13)) for at in range(100)])
    assert rare_agreement(varied, owners, 4) == 2
