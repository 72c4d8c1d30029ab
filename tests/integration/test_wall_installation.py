"""The wall is built and taken down by its migration, with data and either kind of role; copies are whole."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from app import create_app
from app.audit.queries import verify
from app.extensions import db
from tests.conftest import copy_of_template, test_config
from tests.support import citizens, postgres, two_roles

NAME = "wall_installation"
DUMP = (postgres.binaries() or Path("/usr/bin")) / "pg_dump"


@pytest.fixture
def owner(postgres_server: str, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(test_config(tmp_path, copy_of_template(postgres_server, NAME)))
    citizens.prepare(app)
    citizens.links(app, 3)
    yield app
    _let_go(app)
    with psycopg.connect(postgres_server + "postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def _let_go(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def counts() -> list[int]:
    """Batches, links and events, as somebody sees them who has said nothing."""
    with psycopg.connect(db.engine.url.set(drivername="postgresql").render_as_string(False)) as own:
        found = [
            own.execute(f"SELECT count(*) FROM {table}").fetchone()
            for table in ("link_batches", "links", "audit_events")
        ]
    return [row[0] for row in found if row]


def test_the_wall_comes_and_goes_with_its_migration(owner: Flask) -> None:
    """Up, down and up again with data: nothing is lost, and what was free is free again."""
    migrations = owner.extensions["migrate"].directory
    with owner.app_context():
        batches, links, events = (
            db.session.scalar(text(f"SELECT count(*) FROM {table}"))
            for table in ("link_batches", "links", "audit_events")
        )
        assert (batches, links) == (1, 3)
        assert events
        assert counts() == [0, 0, 0]
        db.session.remove()
        downgrade(revision="0006b", directory=migrations)
        assert counts() == [batches, links, events]
        left = "SELECT count(*) FROM pg_proc WHERE proname LIKE 'reach%'"
        assert db.session.scalar(text(left)) == 0
        assert db.session.scalar(text("SELECT has_table_privilege('responses', 'DELETE')"))
        db.session.remove()
        upgrade(directory=migrations)
        assert counts() == [0, 0, 0]
        assert not db.session.scalar(text("SELECT has_table_privilege('responses', 'DELETE')"))
        assert verify().head.position == events


def test_a_copy_made_as_documented_is_whole_and_one_made_otherwise_stops(owner: Flask) -> None:
    url = owner.extensions["hailong"].database_url.replace("+psycopg", "")
    words = two_roles.OPERATIONS.read_text(encoding="utf-8")
    assert "PGOPTIONS='-c hailong.reach=service' pg_dump --enable-row-security" in words

    def dump(*options: str, **environ: str) -> subprocess.CompletedProcess[str]:
        command = [str(DUMP), "--data-only", "--table=links", *options, url]
        environment = {"PATH": os.environ["PATH"], **environ}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    whole = dump("--enable-row-security", PGOPTIONS="-c hailong.reach=service")
    assert whole.returncode == 0
    assert whole.stdout.count("\\\\x") == 3
    assert dump().returncode != 0


def test_upgrading_works_as_the_owner_and_not_as_the_role_of_the_application(
    postgres_server: str, tmp_path: Path
) -> None:
    with two_roles.database(postgres_server) as roles:
        app = create_app(test_config(tmp_path, roles.application))
        with app.app_context():
            migrations = app.extensions["migrate"].directory
            # There is nothing to do, which the role may find out.
            upgrade(directory=migrations)
            with pytest.raises(Exception, match="must be owner"):
                downgrade(revision="0006b", directory=migrations)
        _let_go(app)
