from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from surveys.intervals import t_upper_tail
from surveys.tails import beta_binomial_tail, chi_square_tail, normal_tail


@settings(derandomize=True)
@given(st.floats(-8, 8))
def test_the_normal_tail_is_that_of_scipy(z: float) -> None:
    assert normal_tail(z) == pytest.approx(stats.norm.sf(z), rel=1e-10)


@settings(derandomize=True)
@given(st.floats(1e-3, 300), st.floats(0.1, 120))
def test_the_chi_square_tail_is_that_of_scipy(value: float, freedom: float) -> None:
    assert chi_square_tail(value, freedom) == pytest.approx(
        stats.chi2.sf(value, freedom), rel=1e-8, abs=1e-12
    )


def test_nothing_lies_below_zero() -> None:
    assert chi_square_tail(0, 4) == 1 == chi_square_tail(-1, 4)


@settings(derandomize=True)
@given(st.data(), st.integers(1, 120), st.floats(0.001, 0.999), st.floats(1e-4, 0.9))
def test_the_beta_binomial_tail_is_that_of_scipy(
    data: st.DataObject, n: int, rate: float, likeness: float
) -> None:
    k = data.draw(st.integers(0, n))
    strength = 1 / likeness - 1
    law = stats.betabinom(n, rate * strength, (1 - rate) * strength)
    tail, mid = beta_binomial_tail(k, n, rate, likeness)
    assert tail == pytest.approx(law.sf(k - 1), rel=1e-6, abs=1e-9)
    assert mid == pytest.approx(law.sf(k) + law.pmf(k) / 2, rel=1e-6, abs=1e-9)


@settings(derandomize=True)
@given(st.data(), st.integers(1, 120), st.floats(0.001, 0.999))
def test_interviews_that_do_not_resemble_each_other_are_binomial(
    data: st.DataObject, n: int, rate: float
) -> None:
    k = data.draw(st.integers(0, n))
    assert beta_binomial_tail(k, n, rate, 0.0)[0] == pytest.approx(
        stats.binom.sf(k - 1, n, rate), rel=1e-8, abs=1e-12
    )


@settings(derandomize=True)
@given(st.integers(1, 60), st.floats(0.01, 0.99), st.floats(0, 0.8))
def test_the_mean_of_the_mid_p_value_is_one_half(n: int, rate: float, likeness: float) -> None:
    tails = [beta_binomial_tail(k, n, rate, likeness) for k in range(n + 1)]
    chances = [tail - tails[k + 1][0] if k < n else tail for k, (tail, _) in enumerate(tails)]
    assert sum(c * mid for c, (_, mid) in zip(chances, tails, strict=True)) == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize(("rate", "likeness"), [(0, 0.1), (1, 0.1), (0.5, 1), (0.5, -0.1)])
def test_what_is_no_law_is_refused(rate: float, likeness: float) -> None:
    with pytest.raises(ValueError, match="beta-binomial"):
        beta_binomial_tail(1, 2, rate, likeness)


def test_more_cases_than_there_were_are_impossible() -> None:
    assert beta_binomial_tail(3, 2, 0.5, 0.1) == (0.0, 0.0)


@settings(derandomize=True)
@given(st.floats(-6, 12), st.integers(1, 200))
def test_the_tail_of_student_is_that_of_scipy(t: float, freedom: int) -> None:
    assert t_upper_tail(t, freedom) == pytest.approx(stats.t.sf(t, freedom), rel=1e-6, abs=1e-12)
