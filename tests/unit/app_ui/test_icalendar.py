"""The calendar file obeys RFC 5545, read back by a parser that shares nothing with the writer."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.icalendar import DayEvent, calendar_file, escaped, folded
from tests.support.icalendar_reader import read_calendar, unescaped, unfolded

STAMP = datetime(2026, 11, 1, 17, 30, tzinfo=UTC)


def one(**changes: object) -> DayEvent:
    values = {"uid": "a.b@hai-long", "day": date(2025, 11, 9), "summary": "Báo cáo", "description": "Hạn"}
    return DayEvent(**(values | changes))


def test_an_event_lasts_its_one_day_and_ends_before_the_next() -> None:
    event = read_calendar(calendar_file([one()], name="Lịch", stamp=STAMP)).events[0]
    assert event["DTSTART;VALUE=DATE"] == "20251109"
    assert event["DTEND;VALUE=DATE"] == "20251110"
    assert event["DTSTAMP"] == "20261101T173000Z"
    assert event["UID"] == "a.b@hai-long"


def test_alarms_ring_as_many_days_before_as_asked() -> None:
    event = read_calendar(calendar_file([one()], name="Lịch", stamp=STAMP, alarm_days=(30, 1))).events[0]
    assert [alarm["TRIGGER"] for alarm in event.alarms] == ["-P30D", "-P1D"]
    assert all(alarm["ACTION"] == "DISPLAY" and alarm["DESCRIPTION"] == "Báo cáo" for alarm in event.alarms)


def test_separators_and_line_breaks_survive() -> None:
    words = "Sở; ban, ngành\\xã\nqua Sở KH&CN"
    event = read_calendar(calendar_file([one(description=words)], name="Lịch", stamp=STAMP)).events[0]
    assert unescaped(event["DESCRIPTION"]) == words


def test_a_leap_day_ends_on_the_first_of_march() -> None:
    event = read_calendar(calendar_file([one(day=date(2028, 2, 29))], name="L", stamp=STAMP)).events[0]
    assert event["DTEND;VALUE=DATE"] == "20280301"


def test_a_file_without_events_is_still_a_calendar() -> None:
    calendar = read_calendar(calendar_file([], name="Trống", stamp=STAMP))
    assert calendar.events == []
    assert (calendar["VERSION"], calendar["CALSCALE"]) == ("2.0", "GREGORIAN")


@pytest.mark.parametrize("length", [74, 75, 76, 149, 150])
def test_lines_are_folded_only_where_they_must(length: int) -> None:
    parts = list(folded("a" * length))
    assert len(parts) == (1 if length <= 75 else 2 if length <= 149 else 3)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=300))
def test_folding_never_exceeds_the_limit_cuts_no_letter_and_is_undone(line: str) -> None:
    parts = list(folded(line))
    assert all(len(part) <= 75 and part.decode("utf-8") is not None for part in parts)
    assert unfolded(b"\r\n".join(parts)) == line


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=100))
def test_escaping_leaves_no_bare_separator_and_is_undone(words: str) -> None:
    assert unescaped(escaped(words)) == words
    assert "\n" not in escaped(words)
