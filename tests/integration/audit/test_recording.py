"""Events are part of the act: written with it, undone with it, never changed, and in one line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import ROOT
from app.audit.actions import record
from app.audit.chain import START, Break, Head
from app.audit.queries import Filter, get_head, list_actions, list_events, verify
from app.extensions import db
from app.transactions import transaction
from tests.conftest import TEST_KEY
from tests.support.audit import NOW, chain_of, forge, recorded, store_chain


def act(number: int = 0, **changes: object) -> None:
    given = {"by": "person-1", "subject": f"batch-{number}", "scope": "14-SKHCN", "now": NOW} | changes
    record(str(given.pop("action", "links-issued")), **given)


def test_events_are_numbered_from_one_and_name_the_hash_before(session: Session) -> None:
    with transaction():
        act(1, details={"count": 20, "channel": "link"})
        act(2)
    one, two = recorded()
    assert (one.position, one.at, one.by, one.subject) == (1, NOW, "person-1", "batch-1")
    assert one.details == {"count": 20, "channel": "link"}
    assert two.details == {}
    rows = session.execute(text("SELECT previous_hash, hash FROM audit_events ORDER BY position")).all()
    assert rows[0].previous_hash == START
    assert rows[1].previous_hash == rows[0].hash
    assert verify().head == get_head() == Head(2, rows[1].hash)


def test_an_act_that_fails_leaves_no_event(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(RuntimeError), transaction():
            act()
            raise RuntimeError
        assert get_head() == Head()
        with transaction():
            act()
        assert [event.position for event in recorded()] == [1]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_events SET details = '{}' WHERE position = 1",
        "UPDATE audit_events SET \"by\" = 'person-2'",
        "DELETE FROM audit_events WHERE position = 2",
        "DELETE FROM audit_events",
    ],
)
def test_the_database_refuses_to_change_or_delete(session: Session, change: str) -> None:
    """By a trigger; on PostgreSQL the role has no right to try, so the trigger is met by who has it again."""
    store_chain(chain_of(3))
    if db.engine.dialect.name == "postgresql":
        with pytest.raises(DBAPIError, match="permission denied"):
            session.execute(text(change))
        session.rollback()
        session.execute(text("GRANT UPDATE, DELETE ON audit_events TO CURRENT_USER"))
    with pytest.raises(DBAPIError, match="audit events are never"):
        session.execute(text(change))
    session.rollback()
    assert verify().head.position == 3


def test_the_ways_around_a_trigger_are_closed(session: Session, request: pytest.FixtureRequest) -> None:
    store_chain(chain_of(3))
    if db.engine.dialect.name == "sqlite":
        around = (
            "INSERT OR REPLACE INTO audit_events SELECT 2, at, \"by\", action, subject, scope, "
            "details, previous_hash, hash FROM audit_events WHERE position = 1",
            "UPDATE OR IGNORE audit_events SET scope = ''",
        )  # fmt: skip
        for statement in around:
            with pytest.raises(DBAPIError, match="audit events are never"):
                session.execute(text(statement))
            session.rollback()
    else:
        # Not even a superuser, whom neither rights nor policies hold, gets by without taking it away.
        server = request.getfixturevalue("postgres_server")
        for way in (
            "TRUNCATE audit_events",
            "SET session_replication_role = replica; DELETE FROM audit_events",
        ):
            with (
                psycopg.connect(f"{server}{db.engine.url.database}", autocommit=True) as superuser,
                pytest.raises(psycopg.Error, match="audit events are never"),
            ):
                superuser.execute(way)
    assert verify().head.position == 3


def test_many_people_at_once_make_one_chain_without_gaps(app: Flask) -> None:
    def one(number: int) -> None:
        with app.app_context(), transaction():
            act(number)

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(one, range(200)))
    with app.app_context():
        events = recorded()
        assert [event.position for event in events] == list(range(1, 201))
        assert len({event.subject for event in events}) == 200
        assert verify().reason is None
        assert verify().head.position == 200


SEVERAL = """
from datetime import UTC, datetime
from app import create_app
from app.audit.actions import record
from app.transactions import transaction

app = create_app()
for number in range(50):
    with app.app_context(), transaction():
        record("test", by="command:test", subject=str(number), now=datetime(2026, 11, 20, tzinfo=UTC))
"""


def test_several_processes_make_one_chain_without_gaps(app: Flask) -> None:
    config = app.extensions["hailong"]
    environment = {
        "HAILONG_ENV": "test",
        "SECRET_KEY": TEST_KEY,
        "DATA_DIR": str(config.data_dir),
        "DATABASE_URL": config.database_url,
    }
    running = [
        subprocess.Popen([sys.executable, "-c", SEVERAL], cwd=ROOT, env=environment, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    for process in running:
        _, complaint = process.communicate(timeout=120)
        assert process.returncode == 0, complaint.decode()
    with app.app_context():
        assert verify().head.position == 200
        assert verify().reason is None


def test_an_act_that_read_first_still_joins_the_chain(app: Flask) -> None:
    """On SQLite a transaction that began by reading could not write any more after another writer."""
    with app.app_context(), transaction():
        assert get_head() == Head()
        _in_another_thread(app, lambda: act(1))
        act(2)
    with app.app_context():
        assert [event.subject for event in recorded()] == ["batch-1", "batch-2"]


def _in_another_thread(app: Flask, work: Callable[[], None]) -> None:
    def run() -> None:
        with app.app_context(), transaction():
            work()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()


def test_a_few_altered_events_of_many_are_each_found(session: Session) -> None:
    store_chain(chain_of(500))
    for place in (1, 250, 500):
        forge(f"UPDATE audit_events SET scope = '31' WHERE position = {place}")
        assert (verify().broken_at, verify().reason) == (place, Break.ALTERED)
        forge(f"UPDATE audit_events SET scope = '14-SKHCN' WHERE position = {place}")
    assert verify().reason is None


def test_what_sqlite_lets_into_a_text_column_is_told_and_not_stumbled_over(session: Session) -> None:
    if db.engine.dialect.name != "sqlite":
        return
    store_chain(chain_of(3))
    for forged in ("CAST(x'ff' AS TEXT)", "x'6162'", 'CAST("by" AS BLOB)'):
        forge(f'UPDATE audit_events SET "by" = {forged} WHERE position = 2')
        assert (verify().broken_at, verify().reason) == (2, Break.ALTERED)


def test_a_page_of_events_is_filtered_and_read_by_key(session: Session) -> None:
    late = datetime(2026, 9, 30, 17, 0, tzinfo=UTC)
    with transaction():
        act(1, action="links-issued", now=late - timedelta(microseconds=1))
        act(2, action="links-revoked", now=late, by="person-2", scope="31")
        act(3, action="links-issued", now=late + timedelta(days=1), scope="nation")

    def found(**wanted: object) -> list[int]:
        return [event.position for event in recorded(**wanted)]

    assert found() == [1, 2, 3]
    assert found(by="person-2") == [2]
    assert found(action="links-issued") == [1, 3]
    assert found(subject="batch-3") == [3]
    assert found(scopes={"31", "nation"}) == [2, 3]
    assert found(scopes=set()) == []
    assert found(first_day=date(2026, 10, 1)) == [2, 3]
    assert found(last_day=date(2026, 9, 30)) == [1]
    assert found(first_day=date(2026, 10, 1), last_day=date(2026, 10, 1)) == [2]
    assert [event.position for event in list_events(Filter(), limit=2)] == [3, 2]
    assert [event.position for event in list_events(Filter(), before=2, limit=2)] == [1]
    assert list_actions() == ["links-issued", "links-revoked"]
