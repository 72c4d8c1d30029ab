"""Reads of the chain: its head, a page of it, and whether it is whole."""

from __future__ import annotations

import json
from collections.abc import Collection, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, LargeBinary, Table, case, cast, func, select

from app.audit.chain import (
    Detail,
    Head,
    Link,
    Verdict,
    day_end_text,
    day_start_text,
    instant_text,
    verify_chain,
)
from app.audit.models import AuditEvent
from app.extensions import db
from app.walls import widened

EVENTS: Final[Table] = AuditEvent.metadata.tables["audit_events"]
PAGE: Final = 50
ROWS_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Event:
    """One act as pages show it. `at` is aware, UTC."""

    position: int
    at: datetime
    by: str
    action: str
    subject: str
    scope: str
    details: Mapping[str, Detail]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events are wanted; what is None does not restrict. Days are those of Vietnam, both included.

    `scopes` None means every scope; an empty collection means none at all.
    """

    by: str | None = None
    action: str | None = None
    subject: str | None = None
    scopes: Collection[str] | None = None
    first_day: date | None = None
    last_day: date | None = None


def list_events(wanted: Filter, *, before: int | None = None, limit: int = PAGE) -> list[Event]:
    """The newest events first; `before` is the position of the last one of the page before."""
    statement = (
        select(AuditEvent).where(*_conditions(wanted)).order_by(AuditEvent.position.desc()).limit(limit)
    )
    if before is not None:
        statement = statement.where(AuditEvent.position < before)
    return [_event(row) for row in db.session.scalars(statement)]


def list_about(subjects: Collection[str], actions: Collection[str], *, since: datetime) -> list[Event]:
    """These acts upon these subjects from an instant on, the oldest first, whoever may read of them."""
    statement = (
        select(AuditEvent)
        .where(
            AuditEvent.subject.in_(sorted(subjects)),
            AuditEvent.action.in_(sorted(actions)),
            AuditEvent.at >= instant_text(since),
        )
        .order_by(AuditEvent.position)
    )
    # A rule that asks the trail must see all of it, also where its person may read only a part.
    with widened():
        return [_event(row) for row in db.session.scalars(statement)]


def has_event(action: str, *, by: str, subject: str) -> bool:
    """Whether somebody has been noted for this before."""
    statement = select(AuditEvent.position).where(
        AuditEvent.action == action, AuditEvent.by == by, AuditEvent.subject == subject
    )
    with widened():
        return db.session.scalar(statement.limit(1)) is not None


def list_actions() -> list[str]:
    """Every kind of act that occurs, for the choice of a filter; found by leaping through the index."""
    found: list[str] = []
    statement = select(func.min(AuditEvent.action))
    action = db.session.scalar(statement)
    while action is not None:
        found.append(action)
        action = db.session.scalar(statement.where(AuditEvent.action > action))
    return found


def get_head() -> Head:
    """The last event; position 0 where there is none."""
    newest = select(AuditEvent.position, AuditEvent.hash).order_by(AuditEvent.position.desc()).limit(1)
    # The chain is one for everybody, whoever's acts its events tell of.
    with widened():
        row = db.session.execute(newest).one_or_none()
    return Head(row.position, row.hash) if row else Head()


def verify(kept: Head | None = None) -> Verdict:
    """Follows the whole chain; see `chain.verify_chain`."""
    with closing(_links()) as links:
        return verify_chain(links, kept)


def _conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    for column, value in (
        (AuditEvent.by, wanted.by),
        (AuditEvent.action, wanted.action),
        (AuditEvent.subject, wanted.subject),
    ):
        if value is not None:
            yield column == value
    if wanted.scopes is not None:
        yield AuditEvent.scope.in_(sorted(wanted.scopes))
    if wanted.first_day is not None:
        yield AuditEvent.at >= day_start_text(wanted.first_day)
    if wanted.last_day is not None:
        yield AuditEvent.at < day_end_text(wanted.last_day)


def _event(row: AuditEvent) -> Event:
    return Event(
        row.position,
        datetime.fromisoformat(row.at),
        row.by,
        row.action,
        row.subject,
        row.scope,
        json.loads(row.details),
    )


def _links() -> Generator[Link, None, None]:
    """Closing it before its end frees the cursor of the database."""
    connection = db.session.connection()
    names = Link._fields[1:]
    if connection.dialect.name == "sqlite":
        statement = select(EVENTS.c.position, *(_stored_bytes(EVENTS.c[name]) for name in names))
    else:
        statement = select(EVENTS.c.position, *(EVENTS.c[name] for name in names))
    ordered = statement.order_by(EVENTS.c.position)
    with connection.execute(ordered, execution_options={"yield_per": ROWS_AT_ONCE}) as rows:
        for position, *fields in rows:
            yield Link(position, *map(_text, fields))


def _stored_bytes(column: ColumnElement[str]) -> ColumnElement[Any]:
    """SQLite keeps whatever somebody writes into a text column, broken letters and other types too."""
    return case((func.typeof(column) == "text", cast(column, LargeBinary)))


def _text(field: Any) -> Any:
    """Broken letters become others, so that the hash tells; anything but text stays what it is."""
    return field.decode(errors="replace") if isinstance(field, bytes) else field
