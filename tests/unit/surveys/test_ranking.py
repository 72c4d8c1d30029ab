from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportions_ztest

from surveys.ranking import Entrant, Group, rank_family


def entrant(code: str, satisfied: int, n: int, name: str = "") -> Entrant:
    return Entrant(code, name or code, satisfied, n, n)


FAMILIES = st.lists(
    st.integers(50, 800).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=9
).map(lambda pairs: [entrant(f"A{place}", *pair) for place, pair in enumerate(pairs)])


@settings(max_examples=60, deadline=None)
@given(FAMILIES)
def test_rank_intervals_hold_the_place_by_rate_and_equal_an_independent_count(family: list[Entrant]) -> None:
    table = rank_family(family)
    size = len(family)
    pairs = list(combinations(family, 2))
    ps = [_p_value(one, two) for one, two in pairs]
    significant = multipletests(ps, method="fdr_bh")[1] <= 0.05
    wins = {member.code: 0 for member in family}
    losses = dict(wins)
    for (one, two), clear in zip(pairs, significant, strict=True):
        if clear:
            winner, loser = (one, two) if one.rate > two.rate else (two, one)
            wins[winner.code] += 1
            losses[loser.code] += 1
    for place, row in enumerate(table.rows, start=1):
        assert (row.best, row.worst) == (1 + losses[row.entrant.code], size - wins[row.entrant.code])
        assert 1 <= row.best <= row.worst <= size
        if [other.rate for other in table.rows].count(row.rate) == 1:
            assert row.best <= place <= row.worst
    assert [row.rate for row in table.rows] == sorted((member.rate for member in family), reverse=True)


def _p_value(one: Entrant, two: Entrant) -> float:
    if one.satisfied + two.satisfied in (0, one.n + two.n):
        return 1.0
    return float(proportions_ztest([one.satisfied, two.satisfied], [one.n, two.n])[1])


def test_a_rank_is_single_only_where_the_answers_leave_one_place() -> None:
    table = rank_family([entrant("A", 990, 1000), entrant("B", 900, 1000), entrant("C", 899, 1000)])
    assert [row.span for row in table.rows] == ["1", "2–3", "2–3"]


def test_agencies_all_alike_share_all_places() -> None:
    table = rank_family([entrant(code, 50, 50) for code in "ABC"])
    assert {row.span for row in table.rows} == {"1–3"}
    assert {row.group for row in table.rows} == {Group.SAME}


def test_equal_rates_follow_the_alphabet_and_then_the_code() -> None:
    family = [
        entrant("14-4", 54, 60, "Sở Y tế"),
        entrant("14-3", 90, 100, "Sở Tư pháp"),
        entrant("14-2", 90, 100, "Đoàn A"),
        entrant("14-1", 90, 100, "Đoàn A"),
        entrant("14-5", 45, 50, "Dân tộc"),
    ]
    codes = [row.entrant.code for row in rank_family(family).rows]
    assert codes == ["14-5", "14-1", "14-2", "14-3", "14-4"]


def test_the_order_is_by_the_unrounded_rate() -> None:
    table = rank_family([entrant("A", 89996, 100000), entrant("B", 90001, 100000)])
    assert [row.entrant.code for row in table.rows] == ["B", "A"]
    assert table.rows[1].rate == Fraction(89996, 100000)


def test_those_without_enough_answers_are_listed_apart_by_the_alphabet() -> None:
    clustered = Entrant("F", "Ân Thi", 90, 100, 49.9)
    few = [entrant("D", 49, 49, "Bắc Hà"), entrant("E", 0, 0, "An Lão"), clustered]
    table = rank_family([*few, entrant("A", 45, 50), entrant("B", 50, 50)])
    assert [row.entrant.code for row in table.rows] == ["B", "A"]
    assert [member.code for member in table.apart] == ["E", "F", "D"]


@pytest.mark.parametrize(
    "family", [[], [entrant("A", 90, 100)], [entrant("A", 90, 100), entrant("B", 9, 49)]]
)
def test_with_fewer_than_two_to_compare_nobody_is_ranked(family: list[Entrant]) -> None:
    table = rank_family(family)
    assert not table.exists
    assert [member.code for member in table.apart] == [member.code for member in family]


def test_clusters_weaken_the_comparison_with_the_others() -> None:
    others = [entrant("B", 800, 1000), entrant("C", 800, 1000)]
    plain = rank_family([entrant("A", 850, 1000), *others])
    clustered = rank_family([Entrant("A", "A", 850, 1000, 150.0), *others])
    assert plain.rows[0].group is Group.HIGHER
    assert clustered.rows[0].group is Group.SAME
