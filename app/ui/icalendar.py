"""A calendar of whole days as an iCalendar object (RFC 5545), for the calendars that people already use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

LONGEST_LINE: Final = 75
"""Octets of a line without its line break; a longer one is folded (section 3.1)."""

PRODUCT: Final = "-//Hai Long//Lich han//VI"
MEDIA_TYPE: Final = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class DayEvent:
    """One whole day. `uid` stays the same for ever, so that a calendar updates rather than doubles it."""

    uid: str
    day: date
    summary: str
    description: str
    url: str = ""
    category: str = ""


def calendar_file(
    events: Iterable[DayEvent], *, name: str, stamp: datetime, alarm_days: Iterable[int] = ()
) -> bytes:
    """The calendar in UTF-8 with CRLF. `stamp` is an aware instant: when this information was made."""
    alarms = tuple(alarm_days)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    # NAME is RFC 7986; the older property is the one that most calendars still read.
    lines += [f"NAME:{escaped(name)}", f"X-WR-CALNAME:{escaped(name)}"]
    for event in events:
        lines += _event_lines(event, stamp, alarms)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in folded(line))


def _event_lines(event: DayEvent, stamp: datetime, alarms: Iterable[int]) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    # The end is the first day that no longer belongs to the event.
    yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(event.summary)}"
    yield f"DESCRIPTION:{escaped(event.description)}"
    if event.category:
        yield f"CATEGORIES:{escaped(event.category)}"
    if event.url:
        yield f"URL:{event.url}"
    # A deadline does not make anybody busy.
    yield "TRANSP:TRANSPARENT"
    for days in alarms:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{escaped(event.summary)}")
        yield from (f"TRIGGER:-P{days}D", "END:VALARM")
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """A TEXT value (section 3.3.11)."""
    for character in ("\\", ";", ","):
        text = text.replace(character, "\\" + character)
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def folded(line: str) -> Iterator[bytes]:
    """The line in parts of at most 75 octets, later ones after a space; no letter is cut in two."""
    part = b""
    for character in line:
        octets = character.encode("utf-8")
        if len(part) + len(octets) > LONGEST_LINE:
            yield part
            part = b" "
        part += octets
    yield part
