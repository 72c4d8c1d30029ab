from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.scoring import (
    LEVEL_LABELS,
    LEVELS,
    Channel,
    Distribution,
    Phase,
    is_countable,
    level_label,
    official,
    round_half_away,
    rounded,
)

COUNTS = st.tuples(*[st.integers(0, 5000)] * 5)


def test_levels_are_shown_from_the_best_to_the_worst() -> None:
    assert tuple(LEVEL_LABELS) == LEVELS == (5, 4, 3, 2, 1)
    assert level_label(1) == "Rất không hài lòng"
    assert level_label(5, "en") == "Very satisfied"


@pytest.mark.parametrize(
    ("channel", "verified", "is_open"),
    [
        ("link", True, False),
        ("field", True, False),
        ("import", True, False),
        ("field-unnamed", False, True),
        ("link-open", False, True),
        ("import-open", False, True),
        ("qr", False, True),
        ("web", False, True),
        ("phone", False, True),
        ("survey", False, False),
    ],
)
def test_only_links_field_and_verified_imports_are_official(
    channel: str, verified: bool, is_open: bool
) -> None:
    found = Channel(channel)
    assert (found.verified, found.open) == (verified, is_open)
    assert official(found, Phase.AFTER_RESULT) is verified
    assert not official(found, Phase.JUST_SUBMITTED)


def test_the_table_above_names_every_channel() -> None:
    assert len(Channel) == 10


@pytest.mark.parametrize("value", [1, 2, 3, 4, 5])
def test_an_answered_indicator_counts_unless_quarantined_or_a_test(value: int) -> None:
    assert is_countable(value, quarantined=False, test=False)
    assert not is_countable(value, quarantined=True, test=False)
    assert not is_countable(value, quarantined=False, test=True)
    assert is_countable(value, quarantined=True, test=False, released=True)
    assert not is_countable(value, quarantined=True, test=True, released=True)


@pytest.mark.parametrize("value", [None, 0, 6, 9, -1])
def test_a_missing_or_foreign_value_never_counts(value: int | None) -> None:
    assert not is_countable(value, quarantined=False, test=False)
    assert not is_countable(value, quarantined=True, test=False, released=True)


def test_an_empty_distribution_has_no_rate_and_no_mean() -> None:
    nothing = Distribution()
    assert (nothing.n, nothing.rate, nothing.mean, nothing.score, nothing.share(5)) == (
        0,
        None,
        None,
        None,
        None,
    )


def test_missing_values_are_in_no_denominator() -> None:
    found = Distribution.from_values({5: 40, 4: 30, 3: 20, 2: 6, 1: 4, 0: 25, 9: 7})
    assert found == Distribution.from_values({"5": 40, "4": 30, "3": 20, "2": 6, "1": 4, "missing": 25})
    assert found.n == 100
    assert found.rate == Fraction(7, 10)
    assert found.score == 74
    assert found.share(3) == Fraction(1, 5)


def test_a_distribution_refuses_negative_counts() -> None:
    with pytest.raises(ValueError, match="at least 0"):
        Distribution((1, 2, 3, 4, -5))


@given(COUNTS, COUNTS)
def test_pooling_adds_counts_and_shares_sum_to_one(
    one: tuple[int, int, int, int, int], two: tuple[int, int, int, int, int]
) -> None:
    both = Distribution(one) + Distribution(two)
    assert both == Distribution.total([Distribution(one), Distribution(two)])
    assert both.n == sum(one) + sum(two)
    if both.n:
        assert sum(both.share(level) for level in LEVELS) == 1
        assert both.rate == both.share(5) + both.share(4)
        assert 0 <= both.score <= 100


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (Fraction(23, 80) * 100, "28.8"),
        (Fraction(1, 20), "0.1"),
        (Fraction(-1, 20), "-0.1"),
        (Fraction(-4, 100), "0.0"),
        (Fraction(9995, 100), "100.0"),
        (Fraction(10**40 + 1, 4), "2500000000000000000000000000000000000000.3"),
    ],
)
def test_halves_go_away_from_zero_and_zero_has_no_sign(value: Fraction, printed: str) -> None:
    assert str(round_half_away(value, 1)) == printed


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(0, 4))
def test_rounding_agrees_with_exact_decimals(part: int, whole: int, decimals: int) -> None:
    value = Fraction(part, whole)
    # A quotient of small integers either ends within 40 places or is far from a tie.
    oracle = (Decimal(part) / Decimal(whole)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert round_half_away(value, decimals) == oracle
    down, up = rounded(value, decimals, "down"), rounded(value, decimals, "up")
    assert down <= value <= up
    assert up - down in (0, Decimal(1).scaleb(-decimals))
