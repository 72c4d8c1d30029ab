"""Quarters, months and weeks in Vietnamese local time.

Every period is half open, `[start, end)`: 2026-09-30T17:00:00Z is the first instant of 2026-Q4 and one
microsecond before it is still 2026-Q3. Nothing here asks the clock; `now` is always handed in.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar, Final, Literal
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
ROMAN: Final = ("I", "II", "III", "IV")
MONTHS_EN: Final = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 9998
# Whole days that are left for answers under way, after the last day of a period. The method fixes those of
# a quarter; months and weeks, which are wanted sooner, have fewer.
DAYS_BEFORE_CLOSE: Final = 10
DAYS_BEFORE_CLOSE_OF_MONTH: Final = 5
DAYS_BEFORE_CLOSE_OF_WEEK: Final = 2

Locale = Literal["vi", "en"]


def local_day(instant: datetime) -> date:
    """The day in Vietnam on which an instant falls; a naive instant is refused with ValueError."""
    if instant.tzinfo is None:
        raise ValueError("Thời điểm phải có múi giờ.")
    return instant.astimezone(ZONE).date()


def start_of_day(day: date) -> datetime:
    """00:00 in Vietnam of a day."""
    return datetime.combine(day, time.min, tzinfo=ZONE)


def _checked_year(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"Năm {year} nằm ngoài khoảng {FIRST_YEAR}–{LAST_YEAR}.")
    return year


def _matched(pattern: str, code: str, example: str, name: str) -> tuple[int, int]:
    found = re.fullmatch(pattern, code, flags=re.ASCII)
    if found is None:
        raise ValueError(f"“{code[:40]}” không phải mã {name}; mã đúng viết như {example}.")
    return int(found[1]), int(found[2])


class _Period(ABC):
    """What every period shares once it knows its code, its name and its first and last day."""

    marks_empty: ClassVar[bool] = False
    """Whether a place without an answer carries the mark of those with few.

    Weeks do. A dozen of marks that each say "at least one" would add up to what the quarter must hide.
    """

    @property
    @abstractmethod
    def code(self) -> str: ...

    @abstractmethod
    def label_in(self, locale: Locale) -> str: ...

    @property
    def label(self) -> str:
        return self.label_in("vi")

    def __str__(self) -> str:
        return self.code

    @property
    @abstractmethod
    def first_day(self) -> date: ...

    @property
    @abstractmethod
    def last_day(self) -> date: ...

    @property
    def start(self) -> datetime:
        return start_of_day(self.first_day)

    @property
    def end(self) -> datetime:
        """The first instant after the period."""
        return start_of_day(self.last_day + timedelta(days=1))

    def __contains__(self, instant: object) -> bool:
        return isinstance(instant, datetime) and self.start <= instant < self.end

    @property
    @abstractmethod
    def days_before_close(self) -> int: ...

    @property
    def closable_from(self) -> datetime:
        """00:00 of the first day on which no answer is under way any more: of a quarter the eleventh."""
        return start_of_day(self.last_day + timedelta(days=1 + self.days_before_close))

    def is_closable(self, now: datetime) -> bool:
        return now >= self.closable_from


@dataclass(frozen=True, order=True)
class Quarter(_Period):
    """A calendar quarter, ordered by time."""

    year: int
    number: int

    def __post_init__(self) -> None:
        _checked_year(self.year)
        if not 1 <= self.number <= 4:
            raise ValueError(f"Quý {self.number} không có; quý là số từ 1 đến 4.")

    @classmethod
    def parse(cls, code: str) -> Quarter:
        return cls(*_matched(r"(\d{4})-Q([1-4])", code, "2026-Q3", "quý"))

    @property
    def code(self) -> str:
        return f"{self.year:04d}-Q{self.number}"

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        return self.next.first_day - timedelta(days=1) if self.number < 4 else date(self.year, 12, 31)

    @property
    def next(self) -> Quarter:
        return self._moved(1)

    @property
    def previous(self) -> Quarter:
        return self._moved(-1)

    def _moved(self, quarters: int) -> Quarter:
        year, index = divmod(self.year * 4 + self.number - 1 + quarters, 4)
        return Quarter(year, index + 1)

    def label_in(self, locale: Locale) -> str:
        if locale == "en":
            return f"Q{self.number} {self.year}"
        return f"quý {ROMAN[self.number - 1]} năm {self.year}"

    @property
    def days_before_close(self) -> int:
        return DAYS_BEFORE_CLOSE


@dataclass(frozen=True, order=True)
class Month(_Period):
    """A calendar month."""

    year: int
    number: int

    def __post_init__(self) -> None:
        _checked_year(self.year)
        if not 1 <= self.number <= 12:
            raise ValueError(f"Tháng {self.number} không có; tháng là số từ 1 đến 12.")

    @classmethod
    def parse(cls, code: str) -> Month:
        return cls(*_matched(r"(\d{4})-(\d{2})", code, "2026-10", "tháng"))

    @property
    def code(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        following = date(self.year + self.number // 12, self.number % 12 + 1, 1)
        return following - timedelta(days=1)

    @property
    def days_before_close(self) -> int:
        return DAYS_BEFORE_CLOSE_OF_MONTH

    def label_in(self, locale: Locale) -> str:
        if locale == "en":
            return f"{MONTHS_EN[self.number - 1]} {self.year}"
        return f"tháng {self.number} năm {self.year}"


@dataclass(frozen=True, order=True)
class Week(_Period):
    """An ISO 8601 week, Monday to Sunday; its year may differ from that of its first or last day."""

    marks_empty: ClassVar[bool] = True

    year: int
    number: int

    def __post_init__(self) -> None:
        _checked_year(self.year)
        try:
            date.fromisocalendar(self.year, self.number, 1)
        except ValueError as error:
            raise ValueError(f"Năm {self.year} không có tuần {self.number}.") from error

    @classmethod
    def parse(cls, code: str) -> Week:
        return cls(*_matched(r"(\d{4})-W(\d{2})", code, "2026-W45", "tuần"))

    @property
    def code(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"

    @property
    def first_day(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return date.fromisocalendar(self.year, self.number, 7)

    @property
    def days_before_close(self) -> int:
        return DAYS_BEFORE_CLOSE_OF_WEEK

    def label_in(self, locale: Locale) -> str:
        if locale == "en":
            return f"week {self.number} of {self.year}"
        return f"tuần {self.number} năm {self.year}"


Period = Quarter | Month | Week


def parse_period(code: str) -> Period:
    """A quarter, month or week by its code. Raises ValueError, in words, for anything else."""
    kind = Quarter if "Q" in code else Week if "W" in code else Month
    try:
        return kind.parse(code)
    except ValueError as error:
        if kind is not Month:
            raise
        raise ValueError(
            f"“{code[:40]}” không phải mã kỳ; mã đúng viết như 2026-Q3, 2026-10, 2026-W45."
        ) from error


def quarter_of_day(day: date) -> Quarter:
    """The quarter of a local day."""
    return Quarter(day.year, (day.month + 2) // 3)


def quarter_of(instant: datetime) -> Quarter:
    """The quarter of an aware instant, decided in Vietnam."""
    return quarter_of_day(local_day(instant))


def month_of_day(day: date) -> Month:
    return Month(day.year, day.month)


def week_of_day(day: date) -> Week:
    year, number, _ = day.isocalendar()
    return Week(year, number)


def last_quarters(until: Quarter, count: int) -> list[Quarter]:
    """`count` consecutive quarters that end with `until`, oldest first."""
    quarters = [until]
    while len(quarters) < count:
        quarters.append(quarters[-1].previous)
    return quarters[:count][::-1] if count > 0 else []


def clamp_interview_day(
    declared: date, round_start: date, round_end: date, receipt: date | datetime
) -> tuple[date, bool]:
    """The day a field interview belongs to, and whether the device's own claim had to be moved.

    The claim is moved into [start of the round, min(receipt, end of the round)]. The upper end wins
    over the lower: no interview can lie after its own arrival, whatever the round says.
    """
    received = local_day(receipt) if isinstance(receipt, datetime) else receipt
    day = min(max(declared, round_start), round_end, received)
    return day, day != declared


DeadlineKind = Literal["before_day", "through_day", "in_month", "in_quarter", "in_year"]


@dataclass(frozen=True)
class Deadline:
    """A due time as an administrative document words it.

    `before_day` ("trước ngày X", value "2025-11-10") ends when that day begins; `through_day`,
    `in_month` ("2026-11"), `in_quarter` ("2026-Q4") and `in_year` ("2026") include their last day.
    """

    kind: DeadlineKind
    value: str | date | int

    def __post_init__(self) -> None:
        # YAML reads 2025-11-10 as a date and 2025 as a number; one spelling is kept for both.
        object.__setattr__(self, "value", str(self.value))
        if self.kind not in ("before_day", "through_day", "in_month", "in_quarter", "in_year"):
            raise ValueError(f"Không có loại hạn “{self.kind}”.")
        _ = self.last_day

    @property
    def last_day(self) -> date:
        """The last day on which sending is still in time."""
        value = str(self.value)
        if self.kind == "in_month":
            return Month.parse(value).last_day
        if self.kind == "in_quarter":
            return Quarter.parse(value).last_day
        if self.kind == "in_year":
            return Quarter.parse(f"{value}-Q4").last_day
        return self._day - timedelta(days=1 if self.kind == "before_day" else 0)

    @property
    def _day(self) -> date:
        try:
            return date.fromisoformat(str(self.value))
        except ValueError as error:
            raise ValueError(f"“{self.value}” không phải ngày; ngày đúng viết như 2025-11-10.") from error

    @property
    def ends(self) -> datetime:
        """The first instant that is late."""
        return start_of_day(self.last_day + timedelta(days=1))

    def is_late(self, now: datetime) -> bool:
        return now >= self.ends

    @property
    def label(self) -> str:
        value = str(self.value)
        if self.kind == "in_month":
            month = Month.parse(value)
            return f"trong tháng {month.number}/{month.year}"
        if self.kind == "in_quarter":
            return f"trong {Quarter.parse(value).label}"
        if self.kind == "in_year":
            return f"trong năm {value}"
        day = f"{self._day:%d/%m/%Y}"
        return f"trước ngày {day}" if self.kind == "before_day" else f"chậm nhất ngày {day}"
