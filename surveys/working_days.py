"""Working days of the state in Viet Nam: Monday to Friday without holidays, with the days that were swapped.

Which days those are is data (`public_holidays.yaml`), read above and handed in. A year without data is an
error of its own: a deadline counted without its holidays would be wrong and nobody would see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

_SATURDAY: Final = 5
_ONE_DAY: Final = timedelta(days=1)


class UnknownYear(LookupError):
    """The holidays of this year are in no file yet, so nothing can be counted in it."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"Chưa có lịch nghỉ lễ năm {year}: hãy thêm năm này vào surveys/public_holidays.yaml."
        )
        self.year = year


@dataclass(frozen=True)
class RestYear:
    """`off` are weekdays without work, `worked` days of a weekend with work; `announced` by a document."""

    off: frozenset[date]
    worked: frozenset[date]
    source: str
    announced: bool


@dataclass(frozen=True)
class WorkCalendar:
    """Counts working days of the years that it knows. Days are local; a day ends at its midnight."""

    years: Mapping[int, RestYear]

    def is_working(self, day: date) -> bool:
        """Raises UnknownYear."""
        year = self._year(day)
        if day.weekday() < _SATURDAY:
            return day not in year.off
        return day in year.worked

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after a day, which itself does not count. Raises UnknownYear."""
        found = day
        while count > 0:
            found += _ONE_DAY
            count -= self.is_working(found)
        return found

    def between(self, first: date, last: date) -> int:
        """How many working days come after `first` until and with `last`; 0 where last is not later."""
        return sum(self.is_working(first + timedelta(days=ahead + 1)) for ahead in range((last - first).days))

    def is_announced(self, first: date, last: date) -> bool:
        """Whether every year from one day to another rests on a document and not on the calendar alone."""
        return all(self._year(date(year, 1, 1)).announced for year in range(first.year, last.year + 1))

    def _year(self, day: date) -> RestYear:
        found = self.years.get(day.year)
        if found is None:
            raise UnknownYear(day.year)
        return found


def load_calendar(data: Mapping[Any, Any]) -> WorkCalendar:
    """The calendar of a parsed file: years with days as ISO text.

    Raises ValueError for a day that stands where it changes nothing.
    """
    return WorkCalendar({int(year): _rest_year(int(year), entry) for year, entry in data.items()})


def _rest_year(year: int, entry: Mapping[str, Any]) -> RestYear:
    off, worked = (frozenset(map(date.fromisoformat, entry[name])) for name in ("days_off", "days_worked"))
    for day in sorted(off | worked):
        weekend = day.weekday() >= _SATURDAY
        if day.year != year or weekend is (day in off):
            raise ValueError(f"Ngày {day:%d/%m/%Y} không đúng chỗ trong lịch nghỉ năm {year}.")
    return RestYear(off, worked, str(entry["source"]), bool(entry["announced"]))
