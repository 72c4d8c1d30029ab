"""The usual day of release, another one announced in time, and one announced too late."""

from __future__ import annotations

from datetime import date

import pytest

from app.working_days import work_calendar
from surveys.periods import Month, Quarter, Week, parse_period
from surveys.releases import Announcement, expected, list_periods, usual_day
from surveys.working_days import UnknownYear

Q3 = Quarter(2026, 3)


@pytest.mark.parametrize(("period", "day"), (
    # Closable on Sunday 11 October: ten working days later it is Friday.
    (Q3, date(2026, 10, 23)),
    # Closable on 6 November, a Friday.
    (Month(2026, 10), date(2026, 11, 13)),
    # Closable on Wednesday 11 November.
    (Week(2026, 45), date(2026, 11, 13)),
    # Closable on Saturday 6 February; Tết: 8, 9 and 10 February are off.
    (Month(2027, 1), date(2027, 2, 17)),
))  # fmt: skip
def test_the_usual_day_counts_working_days_from_the_first_closable_one(
    period: Quarter | Month | Week, day: date
) -> None:
    assert usual_day(period, work_calendar()) == day


def test_a_year_without_holidays_has_no_day() -> None:
    with pytest.raises(UnknownYear):
        usual_day(Quarter(2031, 1), work_calendar())


def test_without_an_announcement_the_usual_day_holds() -> None:
    found = expected(Q3, [], work_calendar())
    assert (found.day, found.due, found.is_moved, found.reason) == (found.usual, found.usual, False, "")
    assert (found.days_late(date(2026, 10, 23)), found.days_late(date(2026, 10, 25))) == (0, 2)


def test_a_day_announced_in_time_is_the_one_that_lateness_counts_from() -> None:
    told = [Announcement(date(2026, 10, 28), "Bão", date(2026, 10, 23))]
    found = expected(Q3, told, work_calendar())
    assert (found.day, found.due, found.reason) == (date(2026, 10, 28), date(2026, 10, 28), "Bão")
    assert found.days_late(date(2026, 10, 30)) == 2


def test_whoever_announces_after_the_day_has_passed_is_late_all_the_same() -> None:
    told = [Announcement(date(2026, 11, 5), "Kiểm tra lại", date(2026, 10, 24))]
    found = expected(Q3, told, work_calendar())
    assert (found.day, found.due) == (date(2026, 11, 5), date(2026, 10, 23))
    assert found.days_late(date(2026, 11, 5)) == 13


def test_a_chain_of_announcements_each_in_time_holds_to_the_last() -> None:
    told = [
        Announcement(date(2026, 10, 28), "Một", date(2026, 10, 20)),
        Announcement(date(2026, 11, 3), "Hai", date(2026, 10, 27)),
        Announcement(date(2026, 11, 9), "Ba", date(2026, 11, 4)),
    ]
    found = expected(Q3, told, work_calendar())
    assert (found.day, found.due, found.reason) == (date(2026, 11, 9), date(2026, 11, 3), "Ba")


def test_periods_that_end_between_two_days() -> None:
    found = [item.code for item in list_periods(date(2026, 9, 30), date(2026, 12, 30), ("quarter", "month"))]
    assert found == ["2026-Q3", "2026-09", "2026-10", "2026-11"]
    weeks = [item.code for item in list_periods(date(2026, 11, 2), date(2026, 11, 15), ("week",))]
    assert weeks == ["2026-W45", "2026-W46"]
    assert all(parse_period(code).code == code for code in found + weeks)
