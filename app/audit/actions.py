"""Recording what staff did. Nothing here commits: an act that is undone leaves no event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select

from app.audit.chain import Detail, canonical_details, instant_text, linked
from app.audit.models import AuditEvent
from app.audit.queries import get_head
from app.extensions import db

# Any number, as long as nothing else in this database locks by it.
_LOCK: Final = 7_462_302


def record(
    action: str,
    *,
    by: str,
    subject: str,
    scope: str = "",
    details: Mapping[str, Detail] | None = None,
    now: datetime,
) -> None:
    """Adds one event to the chain inside the transaction of the act.

    `action` is a noun and what was done to it, with hyphens: "agency-renamed". What people do to accounts and
    sessions was written with a dot from the first day ("person.invited"); rows of the chain never change, so
    those acts keep their spelling and no other gets it.

    `by` is the id of a person or `command:<name>`; `scope` is `nation`, a province, an agency, or empty
    for what concerns the system only. Everything given is an id, a code or a number: never a name, an
    answer or a contact. Respondents' own acts are never recorded.

    The next event waits for the end of this transaction: record last, after the writes of the act.
    """
    take_turn()
    link = linked(
        get_head(),
        at=instant_text(now),
        by=by,
        action=action,
        subject=subject,
        scope=scope,
        details=canonical_details(details or {}),
    )
    db.session.add(AuditEvent(**link._asdict()))
    db.session.flush()


def take_turn() -> None:
    """From here until the end of the transaction nobody else records: the trail stays as it is now.

    Comes after the writes of an act, as recording itself does.
    """
    # What the act has written goes first, so that on SQLite its transaction is a writing one already.
    db.session.flush()
    _take_turn(db.session.connection())


def _take_turn(connection: Connection) -> None:
    """One writer of the chain at a time, until the end of the transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    elif not connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]  # an open connection has one of the driver
        connection.exec_driver_sql("BEGIN IMMEDIATE")
