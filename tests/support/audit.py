"""What tests of the audit trail share: events, and a hand that changes them behind the triggers' back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from app.audit.chain import Head, Link, canonical_details, instant_text, linked
from app.audit.models import AuditEvent
from app.audit.queries import Event, Filter, list_events
from app.extensions import db

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
COMMAND = "command:test"
TRIGGERS = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS audit_events_no_update",
        "DROP TRIGGER IF EXISTS audit_events_no_delete",
        "DROP TRIGGER IF EXISTS audit_events_no_replace",
    ),
    "postgresql": (
        "DROP TRIGGER IF EXISTS audit_events_no_change ON audit_events",
        "GRANT UPDATE, DELETE ON audit_events TO CURRENT_USER",
        "ALTER TABLE audit_events DISABLE ROW LEVEL SECURITY",
    ),
}


def chain_of(count: int) -> list[Link]:
    """A true chain, made without a database."""
    links: list[Link] = []
    head = Head()
    for number in range(count):
        links.append(
            linked(
                head,
                at=instant_text(NOW + timedelta(seconds=number)),
                by=f"person-{number % 7}",
                action="links-issued",
                subject=f"batch-{number}",
                scope="14-SKHCN",
                details=canonical_details({"count": number}),
            )
        )
        head = Head(links[-1].position, links[-1].hash)
    return links


def store_chain(links: list[Link]) -> None:
    """Writes many events at once, as `record` would have done one by one. Commits."""
    db.session.execute(insert(AuditEvent), [link._asdict() for link in links])
    db.session.commit()


def recorded(**wanted: object) -> list[Event]:
    """Every event that answers the filter, oldest first."""
    db.session.rollback()
    return list_events(Filter(**wanted), limit=10_000)[::-1]


def forge(*statements: str) -> None:
    """What somebody does who owns the database and takes the triggers away first. Commits."""
    db.session.rollback()
    with db.engine.begin() as connection:
        for statement in (*TRIGGERS[connection.dialect.name], *statements):
            connection.exec_driver_sql(statement)
