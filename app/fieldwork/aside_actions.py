"""What a supervisor does with a record that lies aside. Nothing is deleted, and nothing here commits."""

from __future__ import annotations

from datetime import datetime

from app.audit.actions import record
from app.extensions import db
from app.fieldwork.inbox import reconsider
from app.fieldwork.interpreting import State
from app.fieldwork.models import InboxRecord


def take_record_in(row: InboxRecord, scope: str, *, by: str, now: datetime) -> State:
    """Judges it once more, not minding what a person may decide not to mind. What became of it.

    The trail names the round and the reason: the id of a record is that of an answer, which nothing may
    point at for ever.
    """
    subject, details = row.round or "field", {"problem": row.problem}
    state = reconsider(row.id, row.sha256)
    if state is not State.ASIDE:
        record("field-record-taken-in", by=by, subject=subject, scope=scope, details=details, now=now)
    return state


def leave_record_aside(row: InboxRecord, scope: str, *, why: str, by: str, now: datetime) -> None:
    """It stays, with the reason, and can still be taken in later."""
    row.left_by, row.left_at, row.left_why = by, now, why
    db.session.flush()
    subject, details = row.round or "field", {"problem": row.problem}
    record("field-record-left", by=by, subject=subject, scope=scope, details=details, now=now)
