"""On which day the figures of a period are released: the usual day, or another one announced beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from surveys.editions import KINDS, kind_of
from surveys.periods import Period, local_day, month_of_day, quarter_of_day, week_of_day
from surveys.working_days import WorkCalendar

WORKING_DAYS: Final = {"quarter": 10, "month": 5, "week": 2}
"""Working days after the first one on which a period may be closed: time to check, to object, to answer."""


def usual_day(period: Period, calendar: WorkCalendar) -> date:
    """Raises UnknownYear where the holidays of its year are in no file yet."""
    return calendar.after(local_day(period.closable_from), WORKING_DAYS[kind_of(period)])


@dataclass(frozen=True)
class Announcement:
    """On `announced` it was said that a period is released on `day`, and why."""

    day: date
    reason: str
    announced: date


@dataclass(frozen=True)
class Expected:
    """`day` is the one that holds; `due` the one that lateness is counted from.

    Who announces another day after the day has passed does not make it one that was kept.
    """

    period: Period
    usual: date
    day: date
    due: date
    reason: str = ""

    @property
    def is_moved(self) -> bool:
        return self.day != self.usual

    def days_late(self, on: date) -> int:
        """How many days after the due one a day lies; 0 for one that is in time."""
        return max((on - self.due).days, 0)


def expected(period: Period, announcements: Sequence[Announcement], calendar: WorkCalendar) -> Expected:
    """`announcements` in the order in which they were made. Raises UnknownYear."""
    usual = usual_day(period, calendar)
    day, due, reason = usual, usual, ""
    for item in announcements:
        if item.announced <= due:
            due = item.day
        day, reason = item.day, item.reason
    return Expected(period, usual, day, due, reason)


def list_periods(first: date, last: date, kinds: Iterable[str] = KINDS) -> Iterator[Period]:
    """Periods of these kinds that end between two days."""
    for kind in kinds:
        period = _period_at(kind, first)
        while period.last_day <= last:
            if period.last_day >= first:
                yield period
            period = _period_at(kind, period.last_day + timedelta(days=1))


def _period_at(kind: str, day: date) -> Period:
    if kind == "quarter":
        return quarter_of_day(day)
    return month_of_day(day) if kind == "month" else week_of_day(day)
