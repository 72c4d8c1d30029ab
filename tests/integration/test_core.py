"""The house stands: it starts, answers, and its migrations describe its tables on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.approvals.models import ApprovalRow
from app.audit.queries import verify
from app.comments.actions import ContactWish, keep_contact
from app.comments.models import Contact
from app.extensions import db
from app.installation import is_demonstration, mark_as_demonstration
from app.security import CONTENT_SECURITY_POLICY
from app.transactions import transaction
from tests.support.audit import NOW, chain_of, store_chain


def test_an_empty_migrated_service_is_ready(client: FlaskClient) -> None:
    assert client.get("/readyz").status_code == 200
    assert client.get("/healthz").text == "ok\n"


def test_an_unknown_address_is_a_vietnamese_page_with_every_header(client: FlaskClient) -> None:
    response = client.get("/khong-co")
    assert response.status_code == 404
    assert "Không tìm thấy trang" in response.text
    assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("query", ["q=\xb1", "lang=\xff%00"])
def test_an_address_that_is_no_utf8_is_refused_in_words(app: Flask, query: str) -> None:
    """A server hands the bytes on as they came; browsers never send them so."""
    client = app.test_client()
    for path in ("/tim", "/khong-co", "/quan-tri"):
        answer = client.open(environ_overrides={"PATH_INFO": path, "QUERY_STRING": query})
        assert answer.status_code == 400
        assert "Yêu cầu chưa đúng" in answer.text


@pytest.mark.parametrize("address", ["/tim?q=%00", "/phieu?q=a%00b", "/k/a%00b"])
def test_an_address_with_a_nul_leads_nowhere(client: FlaskClient, address: str) -> None:
    """PostgreSQL cannot even be asked about one; on SQLite it would be looked for."""
    assert client.get(address).status_code == 404


def test_migrations_run_up_and_down_and_leave_nothing_behind(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        downgrade(revision="base", directory=app.extensions["migrate"].directory)
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        upgrade(directory=app.extensions["migrate"].directory)
        assert set(db.metadata.tables) <= set(inspect(db.engine).get_table_names())


def test_sqlite_keeps_what_it_has_acknowledged(session: Session) -> None:
    if db.engine.dialect.name == "sqlite":
        assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert session.execute(text("PRAGMA synchronous")).scalar() == 2
    else:
        assert session.execute(text("SHOW server_encoding")).scalar() == "UTF8"


def test_the_trail_of_events_comes_and_goes_with_its_migration(app: Flask) -> None:
    """Up, down and up again with data: what stood beside it is untouched, and its triggers stand again."""
    migrations = app.extensions["migrate"].directory
    with app.app_context():
        with transaction():
            mark_as_demonstration(marked_on="2026-11-22")
            store_chain(chain_of(3))
        db.session.remove()
        downgrade(revision="0001", directory=migrations)
        assert "audit_events" not in inspect(db.engine).get_table_names()
        assert is_demonstration()
        db.session.remove()
        upgrade(directory=migrations)
        assert verify().head.position == 0
        store_chain(chain_of(2))
        with pytest.raises(DBAPIError, match=r"audit events are never|permission denied"):
            db.session.execute(text("DELETE FROM audit_events"))
        db.session.rollback()


def test_proposals_come_and_go_with_their_migration(app: Flask) -> None:
    """Up, down and up again with data: what staff did stays in the trail."""
    migrations = app.extensions["migrate"].directory
    with app.app_context():
        store_chain(chain_of(2))
        with transaction():
            db.session.add(_waiting())
        db.session.remove()
        downgrade(revision="0002", directory=migrations)
        assert "approvals" not in inspect(db.engine).get_table_names()
        assert verify().head.position == 2
        db.session.remove()
        upgrade(directory=migrations)
        with transaction():
            db.session.add(_waiting())
        # The second proposal for the same thing is refused by the database itself.
        with pytest.raises(DBAPIError), transaction():
            db.session.add(_waiting())


def test_contacts_keep_what_people_wrote_when_their_table_grows(app: Flask) -> None:
    """Down and up again with data: what became of a contact is lost on the way down, the contact is not."""
    migrations = app.extensions["migrate"].directory
    with app.app_context():
        with transaction():
            for code, day in (("A", date(2026, 11, 20)), ("B", date(2026, 11, 24))):
                keep_contact(ContactWish("14-SKHCN", "0912345678", "Xin gọi", "Đồng ý"), code=code, day=day)
        db.session.remove()
        downgrade(revision="0006", directory=migrations)
        assert "due_on" not in {column["name"] for column in inspect(db.engine).get_columns("contacts")}
        upgrade(directory=migrations)
        kept = db.session.scalars(select(Contact).order_by(Contact.day)).all()
        assert [contact.due_on for contact in kept] == [date(2026, 11, 24), date(2026, 11, 26)]
        assert {(contact.address, contact.answer, contact.replied_on) for contact in kept} == {
            ("0912345678", "", None)
        }
        assert len({contact.id for contact in kept}) == 2


def _waiting() -> ApprovalRow:
    return ApprovalRow(
        kind="hide-comment",
        subject="comment-1",
        scope="14",
        payload="{}",
        reason="Có tên người",
        proposed_by="person-1",
        proposed_at=NOW,
    )
