"""When late answers oblige a revision: both conditions, each on its boundary."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.lateness import is_obliging
from surveys.thresholds import DEFAULTS


@pytest.mark.parametrize(
    ("late", "published", "expected"),
    [
        (9, 0, False), (10, 0, True), (9, 10, False), (10, 500, True), (10, 501, False), (11, 550, True),
        (11, 551, False), (100, 5_000, True), (99, 5_000, False), (0, 0, False), (-3, 20, False),
    ],
)  # fmt: skip
def test_ten_and_two_percent(late: int, published: int, expected: bool) -> None:
    assert is_obliging(late, published) is expected


def test_a_set_of_thresholds_decides() -> None:
    strict = replace(DEFAULTS, late_count=5, late_share=Fraction(1, 10))
    assert is_obliging(5, 50, strict)
    assert not is_obliging(5, 51, strict)


@given(st.integers(0, 10_000), st.integers(0, 100_000), st.integers(0, 1000))
def test_more_late_answers_never_oblige_to_less(late: int, published: int, more: int) -> None:
    assert is_obliging(late + more, published) or not is_obliging(late, published)
