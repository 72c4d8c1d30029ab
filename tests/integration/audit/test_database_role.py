"""On PostgreSQL the application runs under a role that may add events and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from app.audit.actions import record
from app.audit.queries import verify
from app.transactions import transaction
from tests.support.audit import NOW, chain_of, store_chain

OPERATIONS = Path(__file__).resolve().parents[3] / "docs" / "operations.md"


def documented_statements() -> str:
    """The SQL that docs/operations.md tells an operator to run, so that the test proves the words."""
    matched = re.search(r"```sql\n(-- the role.*?)```", OPERATIONS.read_text(encoding="utf-8"), re.DOTALL)
    assert matched is not None
    return matched[1]


def test_the_role_of_the_application_can_only_add(app: Flask) -> None:
    url = app.extensions["hailong"].database_url.replace("+psycopg", "")
    if not url.startswith("postgresql"):
        return
    with app.app_context():
        store_chain(chain_of(3))
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(documented_statements())
        # Even without the triggers the rights alone hold.
        owner.execute("DROP TRIGGER audit_events_no_change ON audit_events")
    try:
        with psycopg.connect(url.replace("hailong@", "hailong_app@"), autocommit=True) as own:
            for statement in (
                "UPDATE audit_events SET scope = ''",
                "DELETE FROM audit_events",
                "TRUNCATE audit_events",
                "DROP TABLE audit_events",
                "ALTER TABLE audit_events DISABLE TRIGGER ALL",
                "CREATE TABLE elsewhere (a integer)",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    own.execute(statement)
            assert own.execute("SELECT count(*) FROM audit_events").fetchone() == (3,)
            own.execute("INSERT INTO installation VALUES ('a', 'b')")
            own.execute("UPDATE installation SET value = 'c'")
            own.execute("DELETE FROM installation")
            own.execute("SET ROLE hailong_app")
        with app.app_context(), transaction():
            record("links-issued", by="person-1", subject="batch-4", now=NOW)
        with app.app_context():
            assert verify().head.position == 4
    finally:
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("DROP OWNED BY hailong_app")
            owner.execute("DROP ROLE hailong_app")
