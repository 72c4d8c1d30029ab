"""The two clocks of a contact: a reply within two working days, everything done within fifteen days.

Nghị định 356/2025/NĐ-CP. Both begin on the day after the one on which the contact was left, and their last
day ends at midnight in Viet Nam.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, TypeAlias

from app.working_days import work_calendar
from surveys.working_days import UnknownYear

REPLY_WORKING_DAYS: Final = 2
DONE_DAYS: Final = 15

_Between: TypeAlias = Callable[[date, date], int]


class State(StrEnum):
    """How far a contact has come; the days on it say so."""

    NEW = "new"
    REPLIED = "replied"
    DONE = "done"


class Course(StrEnum):
    """How a clock stands: it runs, ends today, has run out, or was stopped in time or late."""

    RUNNING = "running"
    TODAY = "today"
    OVERDUE = "overdue"
    IN_TIME = "in-time"
    LATE = "late"
    # The holidays of the year are not known: no deadline can be named.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Clock:
    """`days` are those left, or those by which it is or was late; of the reply they are working days."""

    course: Course
    due: date | None
    stopped: date | None
    days: int
    # Whether every holiday until then has been announced.
    certain: bool = True


def state_of(replied_on: date | None, done_on: date | None) -> State:
    if done_on is not None:
        return State.DONE
    return State.REPLIED if replied_on is not None else State.NEW


def due_on(day: date, replied_on: date | None, done_on: date | None) -> date:
    """By what a list is ordered: the last day of the clock that runs.

    Where the holidays are not known yet it is the day itself: such a contact comes first and none is lost.
    """
    if done_on is not None:
        return done_on
    if replied_on is not None:
        return done_due(day)
    return reply_due(day) or day


def reply_due(day: date) -> date | None:
    """The last day for a reply; None in a year whose holidays are not known."""
    try:
        return work_calendar().after(day, REPLY_WORKING_DAYS)
    except UnknownYear:
        return None


def done_due(day: date) -> date:
    return day + timedelta(days=DONE_DAYS)


def reply_clock(day: date, replied_on: date | None, today: date) -> Clock:
    due = reply_due(day)
    if due is None:
        return Clock(Course.UNKNOWN, None, replied_on, 0)
    certain = work_calendar().is_announced(day, due)
    return _clock(due, replied_on, today, _working_days, certain)


def done_clock(day: date, done_on: date | None, today: date) -> Clock:
    return _clock(done_due(day), done_on, today, lambda first, last: (last - first).days, True)


def _working_days(first: date, last: date) -> int:
    """0 where the holidays in between are not known: then only the day itself is said."""
    try:
        return work_calendar().between(first, last)
    except UnknownYear:
        return 0


def _clock(due: date, stopped: date | None, today: date, between: _Between, certain: bool) -> Clock:
    if stopped is not None:
        late = stopped > due
        return Clock(Course.LATE if late else Course.IN_TIME, due, stopped, between(due, stopped), certain)
    if today > due:
        return Clock(Course.OVERDUE, due, None, between(due, today), certain)
    course = Course.TODAY if today == due else Course.RUNNING
    return Clock(course, due, None, between(today, due), certain)
