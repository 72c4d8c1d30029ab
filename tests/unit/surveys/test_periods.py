from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.periods import (
    ZONE,
    Deadline,
    Month,
    Quarter,
    Week,
    clamp_interview_day,
    last_quarters,
    local_day,
    month_of_day,
    quarter_of,
    quarter_of_day,
    week_of_day,
)

INSTANTS = st.datetimes(datetime(1980, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
DAYS = st.dates(date(1980, 1, 1), date(2200, 12, 31))
QUARTERS = st.builds(Quarter, st.integers(1980, 2200), st.integers(1, 4))
MICROSECOND = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("instant", "code"),
    [
        ("2026-09-30T16:59:59.999999+00:00", "2026-Q3"),
        ("2026-09-30T17:00:00+00:00", "2026-Q4"),
        ("2026-10-01T00:00:00+07:00", "2026-Q4"),
        ("2026-12-31T16:59:59.999999+00:00", "2026-Q4"),
        ("2026-12-31T17:00:00+00:00", "2027-Q1"),
        ("2028-02-29T12:00:00+00:00", "2028-Q1"),
        ("2026-03-31T23:30:00-05:00", "2026-Q2"),
    ],
)
def test_a_quarter_begins_at_midnight_in_vietnam(instant: str, code: str) -> None:
    assert quarter_of(datetime.fromisoformat(instant)).code == code


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="múi giờ"):
        quarter_of(datetime(2026, 9, 30, 17))


@given(INSTANTS)
def test_quarters_partition_time(instant: datetime) -> None:
    quarter = quarter_of(instant)
    assert quarter.start <= instant < quarter.end
    assert instant in quarter
    assert instant not in quarter.previous
    assert instant not in quarter.next


@given(QUARTERS)
def test_a_quarter_ends_where_the_next_begins(quarter: Quarter) -> None:
    assert quarter.end == quarter.next.start
    assert quarter.next.previous == quarter < quarter.next
    assert quarter.first_day == local_day(quarter.start)
    assert quarter.last_day == local_day(quarter.end - MICROSECOND)
    assert quarter_of(quarter.end - MICROSECOND) == quarter
    assert quarter_of(quarter.end) == quarter.next
    assert Quarter.parse(quarter.code) == quarter


@given(DAYS)
def test_a_day_lies_in_its_quarter_its_month_and_its_week(day: date) -> None:
    for period in (quarter_of_day(day), month_of_day(day), week_of_day(day)):
        assert period.first_day <= day <= period.last_day
    assert Month.parse(month_of_day(day).code) == month_of_day(day)
    assert Week.parse(week_of_day(day).code) == week_of_day(day)
    assert quarter_of(datetime(day.year, day.month, day.day, tzinfo=ZONE)) == quarter_of_day(day)


@pytest.mark.parametrize(
    "code", ["", "2026-Q0", "2026-Q5", "2026-q3", "26-Q3", "2026-Q3 ", "2026-Q3\n", "٢٠٢٦-Q3", "0000-Q1"]
)
def test_a_code_that_is_no_quarter_is_refused_in_clear_words(code: str) -> None:
    with pytest.raises(ValueError, match=r"2026-Q3|Năm 0"):
        Quarter.parse(code)


@pytest.mark.parametrize(("kind", "code"), [(Month, "2026-13"), (Month, "2026-1"), (Month, "2026-00")])
def test_a_month_that_does_not_exist_is_refused(kind: type[Month], code: str) -> None:
    with pytest.raises(ValueError, match=r"tháng|Tháng"):
        kind.parse(code)


@pytest.mark.parametrize("code", ["2026-W00", "2025-W53", "2026-W54", "2026W45"])
def test_a_week_that_does_not_exist_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="tuần"):
        Week.parse(code)


def test_the_53rd_week_exists_in_a_long_year() -> None:
    assert Week.parse("2026-W53").last_day == date(2027, 1, 3)
    assert week_of_day(date(2027, 1, 3)).code == "2026-W53"


def test_labels_are_those_of_official_papers() -> None:
    assert Quarter(2026, 3).label == "quý III năm 2026"
    assert Quarter(2025, 4).label == "quý IV năm 2025"
    assert Quarter(2026, 3).label_in("en") == "Q3 2026"
    assert Month(2026, 10).label == "tháng 10 năm 2026"
    assert Month(2026, 10).label_in("en") == "October 2026"
    assert Week(2026, 45).label == "tuần 45 năm 2026"
    assert f"{Quarter(2026, 3)} {Month(2026, 2)} {Week(2026, 5)}" == "2026-Q3 2026-02 2026-W05"


def test_a_quarter_may_be_closed_from_the_eleventh_day_after_it() -> None:
    quarter = Quarter(2026, 3)
    assert quarter.closable_from.isoformat() == "2026-10-11T00:00:00+07:00"
    assert not quarter.is_closable(datetime(2026, 10, 10, 16, 59, 59, 999999, tzinfo=UTC))
    assert quarter.is_closable(datetime(2026, 10, 10, 17, tzinfo=UTC))
    assert Quarter(2025, 4).closable_from.isoformat() == "2026-01-11T00:00:00+07:00"


def test_the_last_eight_quarters_end_with_the_one_asked_for() -> None:
    codes = [quarter.code for quarter in last_quarters(Quarter(2026, 2), 8)]
    assert codes[0] == "2024-Q3"
    assert codes[-1] == "2026-Q2"
    assert codes == sorted(codes)
    assert len(codes) == 8
    assert last_quarters(Quarter(2026, 2), 0) == []


@pytest.mark.parametrize(
    ("kind", "value", "label", "last_day", "ends"),
    [
        ("before_day", "2025-11-10", "trước ngày 10/11/2025", date(2025, 11, 9), "2025-11-10"),
        ("before_day", date(2025, 8, 5), "trước ngày 05/08/2025", date(2025, 8, 4), "2025-08-05"),
        ("through_day", "2025-11-10", "chậm nhất ngày 10/11/2025", date(2025, 11, 10), "2025-11-11"),
        ("in_month", "2026-11", "trong tháng 11/2026", date(2026, 11, 30), "2026-12-01"),
        ("in_month", "2025-12", "trong tháng 12/2025", date(2025, 12, 31), "2026-01-01"),
        ("in_quarter", "2025-Q4", "trong quý IV năm 2025", date(2025, 12, 31), "2026-01-01"),
        ("in_year", 2025, "trong năm 2025", date(2025, 12, 31), "2026-01-01"),
    ],
)
def test_a_deadline_before_a_day_excludes_it_and_one_within_a_month_includes_its_last_day(
    kind: str, value: str | date | int, label: str, last_day: date, ends: str
) -> None:
    deadline = Deadline(kind, value)
    assert deadline.label == label
    assert deadline.last_day == last_day
    assert deadline.ends.isoformat() == f"{ends}T00:00:00+07:00"
    assert deadline.is_late(deadline.ends)
    assert not deadline.is_late(deadline.ends - MICROSECOND)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("before_day", "10/11/2025", "không phải ngày"),
        ("before_day", "2025-02-30", "không phải ngày"),
        ("in_month", "11/2026", "không phải mã tháng"),
        ("in_year", "26", "không phải mã quý"),
        ("soon", "2026-11", "Không có loại hạn"),
    ],
)
def test_a_deadline_that_cannot_be_read_is_refused(kind: str, value: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Deadline(kind, value)


ROUND = (date(2026, 7, 1), date(2026, 9, 30))


@pytest.mark.parametrize(
    ("declared", "receipt", "day", "clamped"),
    [
        (date(2026, 8, 15), date(2026, 10, 3), date(2026, 8, 15), False),
        (date(2026, 6, 30), date(2026, 10, 3), date(2026, 7, 1), True),
        (date(2026, 10, 1), date(2026, 10, 3), date(2026, 9, 30), True),
        (date(2026, 8, 16), date(2026, 8, 15), date(2026, 8, 15), True),
        (date(2030, 1, 1), datetime(2026, 8, 15, 17, tzinfo=UTC), date(2026, 8, 16), True),
        (date(2026, 5, 1), date(2026, 6, 1), date(2026, 6, 1), True),
    ],
)
def test_an_interview_day_is_moved_into_the_round_and_never_past_its_receipt(
    declared: date, receipt: date, day: date, clamped: bool
) -> None:
    assert clamp_interview_day(declared, *ROUND, receipt) == (day, clamped)
