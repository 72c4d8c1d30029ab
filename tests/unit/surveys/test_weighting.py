from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.weighting import Stratum, merge_small, weighted_rate

STRATA = st.lists(
    st.tuples(st.integers(0, 900), st.integers(0, 60)).flatmap(
        lambda pair: st.builds(
            Stratum, st.text("abcdef", min_size=1, max_size=3), st.just(pair[0]), st.just(pair[1]),
            st.integers(0, pair[1]),
        )
    ),
    max_size=8,
    unique_by=lambda stratum: stratum.code,
)  # fmt: skip


def codes(strata: list[Stratum]) -> list[str]:
    return [stratum.code for stratum in strata]


def test_strata_large_enough_stay_as_they_are() -> None:
    strata = [Stratum("a", 10, 5, 5), Stratum("b", 1, 5, 0)]
    assert merge_small(strata) == strata


def test_a_small_rest_takes_the_smallest_neighbour_and_ties_go_by_code() -> None:
    strata = [Stratum("c", 10, 8, 8), Stratum("b", 10, 8, 4), Stratum("a", 10, 9, 9), Stratum("d", 7, 4, 0)]
    merged = merge_small(strata)
    assert codes(merged) == ["c", "a", "khac"]
    assert merged[-1] == Stratum("khac", 17, 12, 4)


def test_a_rest_without_dossiers_takes_a_neighbour_however_many_answered() -> None:
    merged = merge_small([Stratum("a", 700, 40, 38), Stratum("b", 300, 30, 24), Stratum("c", 0, 80, 4)])
    assert codes(merged) == ["a", "khac"]
    assert merged[-1] == Stratum("khac", 300, 110, 28)


@given(STRATA)
def test_merging_loses_nobody(strata: list[Stratum]) -> None:
    merged = merge_small(strata)
    for count in ("n", "satisfied", "dossiers"):
        assert sum(getattr(part, count) for part in merged) == sum(getattr(part, count) for part in strata)
    if len(merged) > 1:
        assert all(part.n >= 5 and part.dossiers for part in merged)


@given(STRATA)
def test_a_weighted_rate_lies_between_those_of_its_strata_and_inside_its_interval(
    strata: list[Stratum],
) -> None:
    weighted = weighted_rate(strata)
    if weighted is None:
        assert len(merge_small(strata)) < 2
        return
    rates = [Fraction(part.satisfied, part.n) for part in weighted.strata]
    assert min(rates) <= weighted.rate <= max(rates)
    assert weighted.interval.low <= float(weighted.rate) <= weighted.interval.high
    assert weighted.n_eff <= sum(part.n for part in weighted.strata) + 1e-9


def test_weights_in_proportion_to_the_answers_change_nothing() -> None:
    weighted = weighted_rate([Stratum("a", 100, 10, 9), Stratum("b", 300, 30, 15)])
    assert weighted is not None
    assert weighted.rate == Fraction(24, 40)
    assert weighted.n_eff == pytest.approx(40)


@pytest.mark.parametrize(
    "strata",
    [
        [],
        [Stratum("a", 100, 50, 45)],
        [Stratum("a", 100, 50, 45), Stratum("b", None, 50, 45)],
        [Stratum("a", 100, 50, 45), Stratum("b", 100, 4, 4)],
        [Stratum("a", 0, 50, 45), Stratum("b", 0, 50, 45)],
        [Stratum("a", 10, 2, 2), Stratum("b", 10, 2, 1)],
    ],
)
def test_there_is_no_weighted_rate_of_fewer_than_two_strata_or_an_unknown_count(
    strata: list[Stratum],
) -> None:
    assert weighted_rate(strata) is None
