"""Working days: weekends and holidays do not count, swapped days do, an unknown year is said."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.working_days import work_calendar
from surveys.periods import start_of_day
from surveys.working_days import UnknownYear, load_calendar

CALENDAR = work_calendar()
FIRST, LAST = date(min(CALENDAR.years), 1, 1), date(max(CALENDAR.years), 11, 30)
DAYS = st.dates(FIRST, LAST)


@pytest.mark.parametrize(
    ("left", "due"),
    [
        # Friday to Tuesday: the weekend between does not count.
        ("2026-11-20", "2026-11-24"),
        # Saturday, Sunday and the evening of Friday are all answered on Tuesday.
        ("2026-11-21", "2026-11-24"),
        ("2026-11-22", "2026-11-24"),
        ("2026-11-23", "2026-11-25"),
        # Over Tết: Friday 13 February, then nine days off.
        ("2026-02-13", "2026-02-24"),
        # Over the end of the year: 1 January and the swapped 2 January are off.
        ("2025-12-31", "2026-01-06"),
        # The Saturday that was worked in exchange counts.
        ("2026-01-08", "2026-01-10"),
        ("2026-08-20", "2026-08-22"),
        ("2026-08-28", "2026-09-04"),
        ("2025-04-25", "2025-04-28"),
        # 30 April and 1 May 2027, with a day in exchange for Saturday.
        ("2027-04-29", "2027-05-05"),
    ],
)
def test_two_working_days_after(left: str, due: str) -> None:
    assert CALENDAR.after(date.fromisoformat(left), 2) == date.fromisoformat(due)


def test_a_deadline_ends_at_midnight_in_viet_nam() -> None:
    due = CALENDAR.after(date(2026, 11, 20), 2)
    end = start_of_day(due + timedelta(days=1))
    assert end.astimezone(UTC).isoformat() == "2026-11-24T17:00:00+00:00"


@pytest.mark.parametrize("year", sorted(CALENDAR.years))
def test_each_year_has_the_eleven_holidays_of_the_labour_code(year: int) -> None:
    """Each lies on a weekday or is made good on one; a swap changes which day it is, not how many."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    weekdays = sum(day.weekday() < 5 for day in days)
    assert sum(map(CALENDAR.is_working, days)) == weekdays - 11


def test_a_year_that_rests_on_the_calendar_alone_says_so() -> None:
    assert CALENDAR.is_announced(date(2026, 1, 1), date(2026, 12, 31))
    assert not CALENDAR.is_announced(date(2026, 12, 31), date(2027, 1, 4))
    assert all("chưa có thông báo" in year.source for year in CALENDAR.years.values() if not year.announced)


@pytest.mark.parametrize("day", [date(2024, 12, 30), date(2030, 12, 31)])
def test_a_year_without_data_is_an_error_that_names_the_file(day: date) -> None:
    outside = day if day.year < FIRST.year else day + timedelta(days=1)
    for ask in (lambda: CALENDAR.is_working(outside), lambda: CALENDAR.after(day, 1)):
        with pytest.raises(UnknownYear, match=rf"năm {outside.year}.*public_holidays\.yaml"):
            ask()


@pytest.mark.parametrize(
    "entry",
    [
        {"days_off": ["2026-02-14"], "days_worked": []},
        {"days_off": [], "days_worked": ["2026-02-16"]},
        {"days_off": ["2025-02-13"], "days_worked": []},
    ],
)
def test_a_day_that_would_change_nothing_is_refused(entry: dict[str, list[str]]) -> None:
    with pytest.raises(ValueError, match="không đúng chỗ"):
        load_calendar({2026: {**entry, "source": "", "announced": True}})


@given(DAYS, st.integers(0, 15))
def test_the_day_that_is_found_is_as_many_working_days_away_as_was_asked(day: date, count: int) -> None:
    due = CALENDAR.after(day, count)
    assert CALENDAR.between(day, due) == count
    assert count == 0 or (CALENDAR.is_working(due) and due > day)


@given(DAYS, st.integers(1, 15))
def test_a_later_day_is_never_due_earlier(day: date, count: int) -> None:
    assert CALENDAR.after(day, count) <= CALENDAR.after(day + timedelta(days=1), count)


@given(DAYS, DAYS, DAYS)
def test_working_days_add_up(one: date, two: date, three: date) -> None:
    first, middle, last = sorted((one, two, three))
    assert CALENDAR.between(first, middle) + CALENDAR.between(middle, last) == CALENDAR.between(first, last)
    assert first == last or CALENDAR.between(last, first) == 0
