from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from surveys.intervals import (
    Interval,
    Z,
    cluster_deff,
    effective_n,
    mean_interval,
    score_interval,
    t_quantile,
    wilson,
)
from surveys.scoring import Distribution

PAIRS = st.integers(1, 20_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_z_is_the_normal_quantile() -> None:
    assert pytest.approx(stats.norm.ppf(0.975), rel=1e-15) == Z


@given(PAIRS)
def test_wilson_equals_statsmodels_and_holds_its_estimate(pair: tuple[int, int]) -> None:
    satisfied, n = pair
    interval = wilson(Fraction(satisfied, n), n)
    low, high = proportion_confint(satisfied, n, method="wilson")
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-12)
    assert 0 <= interval.low <= Fraction(satisfied, n) <= interval.high <= 1


@given(PAIRS, st.floats(0.5, 1e12))
def test_wilson_holds_its_estimate_for_any_effective_n(pair: tuple[int, int], n_eff: float) -> None:
    rate = Fraction(*pair)
    interval = wilson(rate, n_eff)
    assert 0 <= interval.low <= float(rate) <= interval.high <= 1
    low, high = proportion_confint(float(rate) * n_eff, n_eff, method="wilson")
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-9)


@given(st.integers(1, 10**9))
def test_the_bounds_of_none_and_of_all_are_exact(n: int) -> None:
    assert wilson(Fraction(0), n).low == 0.0
    assert wilson(Fraction(1), n).high == 1.0


def test_a_rate_of_nothing_has_no_interval() -> None:
    with pytest.raises(ValueError, match="at least one answer"):
        wilson(Fraction(1, 2), 0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson(Fraction(90), 100)


@pytest.mark.parametrize("freedom", [*range(1, 40), 99, 100, 499, 500, 501, 502, 1000, 12345, 10**6, 10**9])
def test_the_t_quantile_is_accurate_to_nine_places(freedom: int) -> None:
    assert t_quantile(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), abs=1e-10)


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=60))
def test_the_interval_of_a_mean_equals_statsmodels(values: list[int]) -> None:
    interval = mean_interval(values)
    mean = Fraction(sum(values), len(values))
    assert interval.low <= float(mean) <= interval.high
    if len(set(values)) > 1:
        low, high = DescrStatsW(np.array(values, dtype=float)).tconfint_mean()
        assert (interval.low, interval.high) == pytest.approx((low, high), rel=1e-9, abs=1e-9)
    else:
        assert interval == Interval(float(mean), float(mean))


def test_one_value_has_no_interval() -> None:
    with pytest.raises(ValueError, match="two values"):
        mean_interval([3])
    assert score_interval(Distribution((1, 0, 0, 0, 0))) is None


def test_the_interval_of_a_score_is_that_of_the_mean_stretched_to_a_hundred() -> None:
    values = [5] * 40 + [4] * 30 + [3] * 20 + [2] * 6 + [1] * 4
    interval = score_interval(Distribution((40, 30, 20, 6, 4)))
    low, high = DescrStatsW(np.array(values, dtype=float)).tconfint_mean()
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx(((low - 1) * 25, (high - 1) * 25), rel=1e-12)
    assert score_interval(Distribution((30, 0, 0, 0, 0))) == Interval(100.0, 100.0)


VILLAGES = st.lists(
    st.integers(1, 20).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=10, max_size=25
)


@settings(max_examples=40, deadline=None)
@given(VILLAGES)
def test_the_design_effect_equals_cluster_robust_regression(villages: list[tuple[int, int]]) -> None:
    answers = [int(place < met) for met, n in villages for place in range(n)]
    village = np.repeat(range(len(villages)), [n for _, n in villages])
    n, rate = len(answers), sum(answers) / len(answers)
    if rate in (0, 1):
        return
    fit = sm.OLS(np.array(answers, dtype=float), np.ones(n)).fit(
        cov_type="cluster", cov_kwds={"groups": village, "use_correction": False}
    )
    groups = len(villages)
    robust = float(fit.cov_params()[0][0]) * groups / (groups - 1)
    expected = max(1.0, robust / (rate * (1 - rate) / n))
    assert cluster_deff(villages) == pytest.approx(expected, rel=1e-9)


def test_few_villages_take_the_assumed_likeness_of_neighbours() -> None:
    nine_of_ten = [(9, 10)] * 9
    assert cluster_deff(nine_of_ten) == pytest.approx(1 + 9 * 0.05)
    assert cluster_deff([(10, 10)] * 12) == pytest.approx(1 + 9 * 0.05)
    assert cluster_deff([(0, 10)] * 12) == pytest.approx(1 + 9 * 0.05)


def test_a_village_without_answers_is_no_village() -> None:
    assert cluster_deff([(9, 10)] * 9 + [(0, 0)]) == cluster_deff([(9, 10)] * 9)
    assert cluster_deff([]) == 1.0


def test_villages_that_agree_too_well_never_add_precision() -> None:
    assert cluster_deff([(8, 10)] * 12) == 1.0


def test_effective_n_pools_channels_by_their_design_effects() -> None:
    assert effective_n([(200, 1.0), (100, 2.5)]) == 200.0
    assert effective_n([(123, 1.0)]) == 123.0
    assert effective_n([]) == 0.0
    assert effective_n([(0, 1.0)]) == 0.0
