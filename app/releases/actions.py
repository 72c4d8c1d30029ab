"""Announcing another day of release. Nothing here commits."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from app.accounts.identity import NATION_SCOPE
from app.audit.actions import record
from app.audit.chain import Detail
from app.editions.listing import find_newest
from app.extensions import db
from app.releases.models import ReleaseDate
from app.releases.queries import AHEAD, get_coming, next_number
from app.releases.rules import AlreadyReleased, AnnouncedMeanwhile, DayNotPossible, SameDay
from surveys.periods import Period, local_day


def announce_day(period: Period, day: date, *, reason: str, by: str, now: datetime) -> None:
    """Raises AlreadyReleased, UnknownPeriod, DayNotPossible, SameDay, AnnouncedMeanwhile."""
    if find_newest(period.code) is not None:
        raise AlreadyReleased
    today = local_day(now)
    if not max(today, local_day(period.closable_from)) <= day <= today + AHEAD:
        raise DayNotPossible
    before = get_coming(period.code, now).expected.day
    if before == day:
        raise SameDay
    number = next_number(period.code)
    row = ReleaseDate(
        period=period.code, number=number, day=day, reason=reason.strip(), announced_by=by, announced_at=now
    )
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise AnnouncedMeanwhile from error
    details: dict[str, Detail] = {"number": number, "before": before.isoformat(), "day": day.isoformat()}
    record("release-day-announced", by=by, subject=period.code, scope=NATION_SCOPE, details=details, now=now)
