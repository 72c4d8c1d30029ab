"""The days that an assessment counts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.assessments.queries import Window, own_plans


def test_by_default_a_year_is_counted_from_january_to_the_end_of_october() -> None:
    window = Window.of(2026)
    assert (window.first_day, window.last_day) == (date(2026, 1, 1), date(2026, 10, 31))
    assert window.whole_quarters == ["2026-Q1", "2026-Q2", "2026-Q3"]


def test_the_last_day_is_over_at_midnight_in_vietnam() -> None:
    window = Window.of(2026)
    assert not window.is_over(datetime(2026, 10, 31, 16, 59, 59, tzinfo=UTC))
    assert window.is_over(datetime(2026, 10, 31, 17, tzinfo=UTC))


@pytest.mark.parametrize(
    ("until", "quarters"), [(date(2025, 9, 29), 2), (date(2025, 9, 30), 3), (date(2025, 12, 31), 4)]
)
def test_only_whole_quarters_stand_in_the_table_of_quarters(until: date, quarters: int) -> None:
    assert len(Window.of(2025, until).whole_quarters) == quarters


def test_a_day_of_another_year_is_refused() -> None:
    with pytest.raises(ValueError, match="không thuộc năm 2026"):
        Window.of(2026, date(2025, 10, 31))


def test_only_a_campaign_with_targets_of_another_kind_stands_apart() -> None:
    assert [plan.id for plan in own_plans("19", 2025)] == ["thai-nguyen-45"]
    assert own_plans("19", 2026) == ()
    assert own_plans("14", 2025) == ()
    assert own_plans(None, 2025) == ()
