"""The release calendar: what was released when, and what comes on which day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from app.editions.listing import list_published
from app.editions.models import Edition
from app.extensions import db
from app.releases.models import ReleaseDate
from app.releases.rules import UnknownPeriod
from app.working_days import work_calendar
from surveys.periods import Period, local_day, parse_period
from surveys.releases import Announcement, Expected, expected, list_periods
from surveys.working_days import UnknownYear

AHEAD: Final = timedelta(days=366)
BEHIND: Final = timedelta(days=366)


@dataclass(frozen=True)
class Coming:
    """A release that was not yet. `late` counts the days since it was due, 0 where it is not overdue."""

    expected: Expected
    late: int

    @property
    def period(self) -> Period:
        return self.expected.period


@dataclass(frozen=True)
class Released:
    """An edition as it was first published. `late` is None for what was due before the calendar began."""

    edition: Edition
    day: date
    late: int | None


def list_coming(now: datetime) -> list[Coming]:
    """Overdue ones and those of the twelve months ahead, by their day.

    The calendar begins with the first publication: what would have been due before it is not late.
    """
    today, published = local_day(now), list_published()
    begun, told = _begun(published) or today, announcements()
    known = {edition.period for edition in published}
    found = [
        Coming(item, item.days_late(today))
        for item in _expected(today, _kinds(published, told), told)
        if item.period.code not in known
        and (item.due >= begun or item.period.code in told)
        and item.day <= today + AHEAD
    ]
    return sorted(found, key=lambda item: (item.expected.day, item.period.last_day, item.period.code))


def find_next(now: datetime) -> Coming | None:
    """The next one that is not overdue."""
    today = local_day(now)
    return next((item for item in list_coming(now) if item.expected.day >= today), None)


def find_coming(period: Period, now: datetime) -> Coming | None:
    """The promise of a period: None where it was kept, or where none was made."""
    return next((item for item in list_coming(now) if item.period == period), None)


def list_released(limit: int) -> list[Released]:
    """The last ones first. Revisions are in the log of corrections."""
    published, told = list_published(), announcements()
    begun = _begun(published)
    first = sorted((e for e in published if not e.revision), key=_published_at, reverse=True)
    return [_released(edition, begun, told) for edition in first[:limit]]


def get_coming(code: str, now: datetime) -> Coming:
    """Raises UnknownPeriod, also for what has been released."""
    found = next((item for item in list_coming(now) if item.period.code == code), None)
    if found is None:
        raise UnknownPeriod(code)
    return found


def list_announcements() -> Sequence[ReleaseDate]:
    """The last ones first."""
    return db.session.scalars(select(ReleaseDate).order_by(ReleaseDate.announced_at.desc())).all()


def announcements() -> dict[str, list[Announcement]]:
    """By period, in the order in which they were made."""
    found: dict[str, list[Announcement]] = {}
    for row in db.session.scalars(select(ReleaseDate).order_by(ReleaseDate.period, ReleaseDate.number)):
        item = Announcement(row.day, row.reason, local_day(row.announced_at))
        found.setdefault(row.period, []).append(item)
    return found


def next_number(period: str) -> int:
    statement = select(func.max(ReleaseDate.number)).where(ReleaseDate.period == period)
    return (db.session.scalar(statement) or 0) + 1


def _begun(published: Sequence[Edition]) -> date | None:
    return min((local_day(_published_at(edition)) for edition in published), default=None)


def _published_at(edition: Edition) -> datetime:
    assert edition.published_at is not None, "only published editions are asked for it"
    return edition.published_at


def _kinds(published: Sequence[Edition], told: dict[str, list[Announcement]]) -> tuple[str, ...]:
    """Weeks stand in the calendar only where editions of weeks are made."""
    weekly = any(edition.kind == "week" for edition in published) or any("W" in code for code in told)
    return ("quarter", "month", "week") if weekly else ("quarter", "month")


def _expected(today: date, kinds: tuple[str, ...], told: dict[str, list[Announcement]]) -> Iterator[Expected]:
    """A year whose holidays nobody has written down yet has no days of release."""
    for period in list_periods(today - BEHIND, today + AHEAD, kinds):
        try:
            yield expected(period, told.get(period.code, []), work_calendar())
        except UnknownYear:
            continue


def _released(edition: Edition, begun: date | None, told: dict[str, list[Announcement]]) -> Released:
    day, period = local_day(_published_at(edition)), parse_period(edition.period)
    try:
        item = expected(period, told.get(period.code, []), work_calendar())
    except UnknownYear:
        return Released(edition, day, None)
    counted = begun is not None and item.due >= begun
    return Released(edition, day, item.days_late(day) if counted else None)
