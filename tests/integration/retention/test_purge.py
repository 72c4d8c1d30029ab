"""What has expired is deleted, and nothing of it remains: in no table, no file and no trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select, update

from app.comments.actions import ContactWish, keep_contact, withdraw_contact
from app.comments.models import Contact
from app.config import Config
from app.extensions import db
from app.responding.rewriting import rewrite_tables
from app.retention import count_expired, purge
from app.transactions import transaction
from tests.support.audit import recorded

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
OLD, LAST_KEPT = TODAY - timedelta(days=181), TODAY - timedelta(days=180)
CANARY = "0912345678-canary"


def leave(*days: date) -> None:
    with transaction():
        for number, day in enumerate(days):
            wish = ContactWish(
                agency="14-SKHCN", address=CANARY, message=f"Xin gọi {CANARY}", consent_text="Đồng ý"
            )
            keep_contact(wish, code=f"{day:%Y%m%d}{number}", day=day)


def days_kept() -> list[date]:
    return sorted(db.session.scalars(select(Contact.day)))


def test_a_contact_is_kept_to_its_last_day_and_then_deleted(app: Flask) -> None:
    with app.app_context():
        leave(OLD, LAST_KEPT, TODAY)
        assert count_expired(now=NOW)["contacts"] == 1
        with transaction():
            assert purge(by="command:test", now=NOW)["contacts"] == 1
        assert days_kept() == [LAST_KEPT, TODAY]
        assert count_expired(now=NOW)["contacts"] == 0


def test_the_day_turns_at_midnight_in_vietnam(app: Flask) -> None:
    with app.app_context():
        leave(LAST_KEPT)
        midnight = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
        assert count_expired(now=midnight - timedelta(microseconds=1))["contacts"] == 0
        assert count_expired(now=midnight)["contacts"] == 1


def finish(done_on: date) -> None:
    """Staff have finished with every contact that is left."""
    with transaction():
        db.session.execute(update(Contact).values(replied_on=done_on, done_on=done_on, due_on=done_on))


def test_a_contact_that_is_done_ends_long_before_its_time(app: Flask) -> None:
    with app.app_context():
        leave(TODAY - timedelta(days=40))
        finish(TODAY - timedelta(days=30))
        assert count_expired(now=NOW)["contacts"] == 0
        finish(TODAY - timedelta(days=31))
        assert count_expired(now=NOW)["contacts"] == 1
        with transaction():
            assert purge(by="command:test", now=NOW)["contacts"] == 1
        assert days_kept() == []


def test_finishing_never_lengthens_the_time_of_a_contact(app: Flask) -> None:
    with app.app_context():
        leave(OLD)
        finish(TODAY)
        assert count_expired(now=NOW)["contacts"] == 1


def test_a_contact_that_both_rules_end_is_counted_once(app: Flask) -> None:
    with app.app_context():
        leave(OLD)
        finish(OLD)
        assert count_expired(now=NOW)["contacts"] == 1
        with transaction():
            assert purge(by="command:test", now=NOW)["contacts"] == 1


def test_that_a_contact_was_withdrawn_is_forgotten_too(app: Flask) -> None:
    with app.app_context():
        leave(TODAY)
        with transaction():
            assert withdraw_contact(f"{TODAY:%Y%m%d}0", day=TODAY - timedelta(days=31))
        assert count_expired(now=NOW)["withdrawn_contacts"] == 1
        with transaction():
            assert purge(by="command:test", now=NOW)["withdrawn_contacts"] == 1
        assert count_expired(now=NOW)["withdrawn_contacts"] == 0


def test_the_time_is_a_setting(app: Flask) -> None:
    app.extensions["hailong"] = replace(app.extensions["hailong"], contact_days=30)
    with app.app_context():
        leave(TODAY - timedelta(days=31), TODAY - timedelta(days=30))
        assert count_expired(now=NOW)["contacts"] == 1
    assert (
        Config.from_environ({"HAILONG_ENV": "test", "SECRET_KEY": "x", "CONTACT_DAYS": "7"}).contact_days == 7
    )


def test_the_command_says_what_it_did_and_a_second_run_does_nothing(
    app: Flask, runner: FlaskCliRunner, set_now: Callable[[datetime], None]
) -> None:
    set_now(NOW)
    with app.app_context():
        leave(OLD, OLD, TODAY)
    result = runner.invoke(args=["purge"])
    assert result.exit_code == 0
    assert "contacts: đã xóa 2 dòng hết thời hạn lưu giữ.\n" in result.output
    with app.app_context():
        (event,) = recorded()
        assert (event.action, event.by, event.subject) == ("expired-purged", "command:purge", "retention")
        assert event.details["contacts"] == 2
        assert CANARY not in str(event)
    assert "đã xóa 0 dòng" in runner.invoke(args=["purge"]).output
    with app.app_context():
        assert len(recorded()) == 1


def test_after_the_nightly_rewrite_nothing_of_it_is_in_any_file(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        leave(OLD)
        sqlite = db.engine.dialect.name == "sqlite"
        assert not sqlite or _in_files(tmp_path)
        with transaction():
            purge(by="command:test", now=NOW)
        rewrite_tables()
        assert days_kept() == []
        assert not _in_files(tmp_path)


def test_the_nightly_job_deletes_before_it_rewrites(
    app: Flask, set_now: Callable[[datetime], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("HAILONG_ENV", "test")
    from app import jobs

    monkeypatch.setattr(jobs, "application", lambda: app)
    set_now(NOW)
    with app.app_context():
        leave(OLD, TODAY)
    jobs.rewrite_rows.call_local()
    jobs.huey.storage.close()
    with app.app_context():
        assert days_kept() == [TODAY]
        assert [event.by for event in recorded()] == ["command:nightly"]


def _in_files(folder: Path) -> list[str]:
    return [
        path.name for path in folder.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()
    ]
