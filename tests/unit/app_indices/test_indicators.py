"""Values and periods of numbers that others made."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.indices.indicators import INDICATORS, POINTS, last_day_of, period_label, read_value


@pytest.mark.parametrize(
    ("text", "value"), [("92,5", "92.5"), ("92.5", "92.5"), ("0", "0"), ("100", "100"), ("16,80", "16.80")]
)
def test_a_value_is_read_with_a_comma_or_a_point(text: str, value: str) -> None:
    assert str(read_value(text)) == value and read_value(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1e2", "NaN", "92,5 %", "1.234.5", "٩٢", ",5", "92,", "0,12345", "1000", " 5"]
)
def test_what_is_no_such_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_value(text)


@pytest.mark.parametrize(
    ("period", "last", "label"),
    [
        ("2026-Q3", date(2026, 9, 30), "quý III năm 2026"),
        ("2026-10", date(2026, 10, 31), "tháng 10 năm 2026"),
        ("2026", date(2026, 12, 31), "năm 2026"),
    ],
)
def test_quarters_months_and_years_end_on_a_day(period: str, last: date, label: str) -> None:
    assert last_day_of(period) == last and period_label(period) == label


@pytest.mark.parametrize("period", ["", "2026-W10", "2026-13", "26", "0000", "9999", "2026-Q5", "٢٠٢٦"])
def test_other_periods_are_refused(period: str) -> None:
    with pytest.raises(ValueError):
        last_day_of(period)


def test_the_groups_of_the_index_make_up_a_hundred_points() -> None:
    groups = [one for one in INDICATORS if one.unit == POINTS and one.code != "766"]
    assert len(groups) == 5 and sum(group.most for group in groups) == 100
    assert len({one.code for one in INDICATORS}) == len({one.name for one in INDICATORS}) == len(INDICATORS)
