"""Every night what nobody can use any more is deleted, and nothing that somebody still can."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from app.accounts import throttling
from app.accounts.actions import reset
from app.accounts.models import Invitation, RecoveryCode, StaffSession, Throttle
from app.accounts.queries import get_person
from app.accounts.throttling import Bucket
from app.extensions import db
from app.retention import count_expired, purge
from app.transactions import transaction
from tests.support.accounts import NOW, enrolled, signed_in

TABLES = (StaffSession, Invitation, Throttle, RecoveryCode)


def counts() -> list[int]:
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


def test_sessions_invitations_and_counters_are_forgotten(app: Flask) -> None:
    member = enrolled(app)
    with app.app_context(), transaction():
        reset(get_person(member.id), lost_authenticator=False, by="command:test", now=NOW)
        throttling.take(Bucket(b"k" * 32), now=NOW)
    signed_in(app, member.id)
    with app.app_context(), transaction():
        purge(by="command:test", now=NOW + timedelta(hours=12))
        assert counts() == [1, 1, 1, 10]
        late = NOW + timedelta(days=3)
        assert sum(count_expired(now=late).values()) == 3
        purge(by="command:test", now=late)
        assert counts() == [0, 0, 0, 10]
        assert sum(count_expired(now=late).values()) == 0
