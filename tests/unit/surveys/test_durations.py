from __future__ import annotations

import statistics
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.weightstats import DescrStatsW

from surveys.durations import (
    Hours,
    ProcedureHours,
    SubmissionMinutes,
    banded_minutes,
    exact,
    processing_reduction,
)
from surveys.thresholds import Thresholds

SECONDS = st.lists(st.integers(-600, 12_000), max_size=80)


@given(SECONDS)
def test_the_mean_of_minutes_equals_independent_statistics(seconds: list[int]) -> None:
    found = SubmissionMinutes.from_minutes([Fraction(s, 60) for s in seconds], limit=5)
    kept = [min(s, 7200) / 60 for s in seconds if s > 0]
    assert found.n == len(kept)
    assert found.excluded == len(seconds) - len(kept)
    assert found.capped == sum(s > 7200 for s in seconds)
    if not kept:
        assert (found.mean, found.median, found.share_under, found.interval) == (None, None, None, None)
        return
    assert float(found.mean) == pytest.approx(statistics.fmean(kept))
    assert float(found.median) == pytest.approx(statistics.median(kept))
    assert found.share_under == Fraction(sum(0 < s < 300 for s in seconds), len(kept))
    if len(set(kept)) > 1:
        low, high = DescrStatsW(np.array(kept)).tconfint_mean()
        assert (found.interval.low, found.interval.high) == pytest.approx((low, high), rel=1e-9, abs=1e-9)
        assert found.interval.low <= float(found.mean) <= found.interval.high


def test_exactly_five_minutes_are_not_under_five_and_exactly_120_are_not_capped() -> None:
    found = SubmissionMinutes.from_minutes([5, Decimal("4.999"), 120, 121], limit=5)
    assert found.share_under == Fraction(1, 4)
    assert found.capped == 1
    assert found.mean == Fraction("249.999") / 4


def test_one_dossier_has_a_mean_and_no_interval() -> None:
    found = SubmissionMinutes.from_minutes([7], limit=5)
    assert (found.mean, found.median, found.interval) == (7, 7, None)


def test_the_cap_is_configuration() -> None:
    found = SubmissionMinutes.from_minutes([10, 70], limit=5, thresholds=Thresholds(tc2_cap=Fraction(60)))
    assert (found.mean, found.capped) == (35, 1)


def test_a_number_means_what_is_written() -> None:
    assert exact(4.96) == exact(Decimal("4.96")) == Fraction(496, 100)


def test_bands_give_an_estimate_and_two_shares() -> None:
    found = banded_minutes([50, 25, 15, 10])
    assert found.n == 100
    assert found.mean == (50 * Fraction("2.5") + 25 * Fraction("6.5") + 15 * Fraction("11.5") + 10 * 20) / 100
    assert (found.share_under_5, found.share_under_8) == (Fraction(1, 2), Fraction(3, 4))
    assert banded_minutes([0, 0, 0, 0]).mean is None
    with pytest.raises(ValueError, match="Four bands"):
        banded_minutes([1, 2, 3])


def test_negative_hours_are_left_out_and_counted() -> None:
    hours = Hours.from_hours([2, 4, 6, -1, 0])
    assert (hours.n, hours.mean, hours.negative) == (4, 3, 1)
    assert float(hours.variance) == pytest.approx(np.var([2, 4, 6, 0], ddof=1))


def test_only_procedures_with_five_dossiers_on_each_side_are_compared() -> None:
    slow, fast = Hours(5, Fraction(10), Fraction(4)), Hours(15, Fraction(4), Fraction(1))
    alone = Hours(20, Fraction(1), Fraction(1), negative=2)
    reduction = processing_reduction(
        [ProcedureHours("a", fast, slow), ProcedureHours("b", alone, Hours(4, Fraction(1), Fraction(1)))]
    )
    assert reduction.compared == ("a",)
    assert reduction.value == Fraction(6, 10)
    assert reduction.covered == Fraction(15, 35)
    assert (reduction.online, reduction.in_person, reduction.negative) == (15, 5, 2)


def test_the_error_of_the_reduction_agrees_with_draws() -> None:
    parts = [
        ProcedureHours("a", Hours(100, Fraction(10), Fraction(16)), Hours(40, Fraction(20), Fraction(64))),
        ProcedureHours("b", Hours(300, Fraction(20), Fraction(81)), Hours(60, Fraction(22), Fraction(100))),
    ]
    generator = np.random.default_rng(1565)
    online, direct = np.zeros(40_000), np.zeros(40_000)
    for part in parts:
        for total, side in ((online, part.online), (direct, part.in_person)):
            error = float(side.variance / side.n) ** 0.5
            total += part.online.n * generator.normal(float(side.mean), error, 40_000)
    reduction = processing_reduction(parts)
    assert reduction.se == pytest.approx(float(np.std(1 - online / direct)), rel=0.03)
    assert reduction.interval.low < float(reduction.value) < reduction.interval.high


def test_online_slower_than_in_person_is_a_negative_reduction() -> None:
    slower = ProcedureHours("a", Hours(9, Fraction(12), Fraction(1)), Hours(9, Fraction(10), Fraction(1)))
    assert processing_reduction([slower]).value == Fraction(-1, 5)
