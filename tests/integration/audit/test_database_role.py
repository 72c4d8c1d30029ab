"""On PostgreSQL the application runs under a role that may add events and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask_migrate import upgrade

from app import create_app
from app.audit.actions import record
from app.audit.queries import verify
from app.extensions import db
from app.transactions import transaction
from tests.conftest import copy_of_template, test_config
from tests.support import two_roles
from tests.support.audit import NOW, chain_of, store_chain

REFUSED = (
    "UPDATE audit_events SET scope = ''",
    "DELETE FROM audit_events",
    "TRUNCATE audit_events",
    "DELETE FROM responses",
    "TRUNCATE responses",
)
ONLY_AN_OWNER = (
    "DROP TABLE audit_events",
    "ALTER TABLE audit_events DISABLE TRIGGER ALL",
    "ALTER TABLE contacts DISABLE ROW LEVEL SECURITY",
    "DROP POLICY reach_select ON contacts",
    "CREATE OR REPLACE FUNCTION reach_is(kind text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "CREATE TABLE elsewhere (a integer)",
    "SET ROLE hailong_owner",
)


@pytest.fixture
def roles(postgres_server: str) -> Iterator[two_roles.Roles]:
    with two_roles.database(postgres_server) as found:
        yield found


def refused(url: str, statement: str) -> bool:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as own:
        own.execute("SELECT set_config('hailong.reach', 'service', false)")
        try:
            own.execute(statement)
        except psycopg.errors.InsufficientPrivilege:
            return True
    return False


def without_triggers(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("DROP TRIGGER audit_events_no_change ON audit_events")


def test_the_role_of_the_application_can_only_add(roles: two_roles.Roles, tmp_path: Path) -> None:
    app = create_app(test_config(tmp_path, roles.application))
    with app.app_context():
        store_chain(chain_of(3))
        # Even without the triggers the rights alone hold.
        without_triggers(roles.owner)
        for statement in (*REFUSED, *ONLY_AN_OWNER):
            assert refused(roles.application, statement), statement
        with transaction():
            record("links-issued", by="person-1", subject="batch-4", now=NOW)
        assert verify().head.position == 4
        db.session.remove()
        db.engine.dispose()


def test_a_single_role_has_no_right_to_change_an_event_either(postgres_server: str, tmp_path: Path) -> None:
    url = copy_of_template(postgres_server, "single_role")
    app = create_app(test_config(tmp_path, url))
    with app.app_context():
        store_chain(chain_of(3))
        without_triggers(url.replace("+psycopg", ""))
        for statement in REFUSED:
            assert refused(url, statement), statement
        assert verify().head.position == 3
        db.session.remove()
        db.engine.dispose()
    with psycopg.connect(postgres_server + "postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE single_role WITH (FORCE)")


def test_rights_given_before_the_first_migration_are_taken_back_by_it(
    postgres_server: str, tmp_path: Path
) -> None:
    """The documented statements may come first: what they give away by default ends with the migration."""
    from tests.support.postgres import address, owned_database

    with two_roles.database(postgres_server):
        owner = owned_database(postgres_server, "roles_first")
    with psycopg.connect(owner.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(two_roles.documented("what it may do"))
    app = create_app(test_config(tmp_path, owner))
    with app.app_context():
        upgrade(directory=app.extensions["migrate"].directory)
        db.session.remove()
        db.engine.dispose()
    own = address(postgres_server, "roles_first", two_roles.APPLICATION)
    for statement in REFUSED:
        assert refused(own, statement), statement
    with psycopg.connect(own.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("INSERT INTO installation VALUES ('a', 'b')")
    with psycopg.connect(postgres_server + "postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE roles_first WITH (FORCE)")
