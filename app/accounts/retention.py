"""What nobody can use any more is deleted: sessions, invitations, counters of tries."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement

from app.accounts.models import Invitation, StaffSession, Throttle
from app.config import Config
from app.retention import Rule


def _start_of(day: date) -> datetime:
    """The first moment of a day in Vietnam is within the day before it in UTC; that much longer is kept."""
    return datetime.combine(day, time(), UTC) - timedelta(days=1)


def _ended_session(config: Config, today: date) -> ColumnElement[bool]:
    longest = max(absolute for _idle, absolute in config.staff_session_minutes.values())
    return StaffSession.created_at < _start_of(today) - timedelta(minutes=longest)


def _old_invitation(_config: Config, today: date) -> ColumnElement[bool]:
    return Invitation.expires_at < _start_of(today)


def _old_counter(_config: Config, today: date) -> ColumnElement[bool]:
    return Throttle.window_start < int(_start_of(today).timestamp())


_TABLES = StaffSession.metadata.tables
rules = [
    Rule(_TABLES["staff_sessions"], "STAFF_SESSION_MINUTES", _ended_session),
    Rule(_TABLES["invitations"], "ONE_DAY", _old_invitation),
    Rule(_TABLES["throttles"], "ONE_DAY", _old_counter),
]
