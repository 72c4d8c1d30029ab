"""One-time links: issued once, kept as hashes, counted by quarter, withdrawn by batch."""

from __future__ import annotations

import csv
import hashlib
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from app.catalogue.actions import publish_shipped
from app.catalogue.queries import UnknownQuestionnaire
from app.directory.actions import add_agency
from app.directory.models import Procedure, Unit
from app.directory.queries import UnknownAgency, UnknownProcedure
from app.dossiers.actions import CannotIssue, IssuedBatch, issue_links, revoke_batch
from app.dossiers.models import Link, LinkBatch
from app.dossiers.queries import LinkCount, UnknownBatch, count_links, find_link
from app.extensions import db
from app.keys import token_hash
from surveys.scoring import Phase
from tests.support.acts import ACT

START = date(2025, 7, 1)
LAST_INSTANT_OF_Q3 = datetime(2026, 9, 30, 16, 59, 59, tzinfo=UTC)
FIRST_INSTANT_OF_Q4 = datetime(2026, 9, 30, 17, 0, tzinfo=UTC)


@pytest.fixture
def ready(session: Session) -> Session:
    """Two agencies, a procedure and the core questionnaire."""
    session.add(Unit(code="14", name="Tỉnh Sơn La", level="province", valid_from=START))
    session.add(Procedure(code="1.004616", name="Cấp chứng chỉ"))
    session.flush()
    add_agency(code="14-SYT", name="Sở Y tế", kind="department", province="14", on=START)
    add_agency(code="14-STP", name="Sở Tư pháp", kind="department", province="14", on=START)
    publish_shipped(**ACT)
    session.commit()
    return session


def issued(count: int = 3, agency: str = "14-SYT", **changes: object) -> IssuedBatch:
    arguments = {
        "questionnaire": "COT_LOI",
        "version": "1.0",
        "phase": Phase.AFTER_RESULT.value,
        "count": count,
        "by": "person-1",
        "now": LAST_INSTANT_OF_Q3,
    }
    procedure = changes.pop("procedure", "1.004616")
    return issue_links(agency, procedure, **(arguments | changes))


def spend(*tokens: str) -> None:
    hashes = [token_hash(token) for token in tokens]
    db.session.execute(update(Link).where(Link.token_hash.in_(hashes)).values(spent=True))


def test_a_link_leads_to_what_its_batch_stands_for(ready: Session) -> None:
    batch = issued(phase=Phase.JUST_SUBMITTED.value, channel="link-open")
    link = find_link(token_hash(batch.tokens[1]))
    assert link is not None
    assert (link.batch, link.agency, link.procedure) == (batch.id, "14-SYT", "1.004616")
    assert (link.questionnaire, link.version, link.phase) == ("COT_LOI", "1.0", "just-submitted")
    assert (link.channel, link.revoked, link.spent) == ("link-open", False, False)
    assert find_link(token_hash("forged")) is None


def test_only_the_hash_of_a_token_with_128_random_bits_is_kept(ready: Session) -> None:
    batch = issued(count=200)
    assert len(set(batch.tokens)) == 200
    assert all(len(token) == 22 for token in batch.tokens)
    stored = set(ready.scalars(select(Link.token_hash)))
    assert stored == {hashlib.sha256(token.encode()).digest() for token in batch.tokens}
    assert batch.tokens[0] not in repr(batch)


def test_a_link_is_found_in_one_query(ready: Session) -> None:
    batch = issued()
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    find_link(token_hash(batch.tokens[0]))
    event.remove(db.engine, "before_cursor_execute", count)
    assert len(statements) == 1


def test_links_last_thirty_days_after_today_and_the_last_day_counts(ready: Session) -> None:
    batch = issued()
    today = date(2026, 9, 30)
    assert batch.expires_on == today + timedelta(days=30)
    link = find_link(token_hash(batch.tokens[0]))
    assert link is not None
    assert link.is_usable(batch.expires_on)
    assert not link.is_usable(batch.expires_on + timedelta(days=1))


def test_the_quarter_of_a_batch_is_that_of_its_issue_in_vietnam(ready: Session) -> None:
    before, after = issued(), issued(now=FIRST_INSTANT_OF_Q4)
    quarters = {batch.id: batch.quarter for batch in ready.scalars(select(LinkBatch))}
    assert quarters == {before.id: "2026-Q3", after.id: "2026-Q4"}


def test_issued_and_spent_links_are_counted_by_agency_quarter_and_channel(ready: Session) -> None:
    first, second = issued(3), issued(5)
    issued(4, now=FIRST_INSTANT_OF_Q4)
    other = issued(2, channel="link-open")
    issued(7, agency="14-STP")
    spend(*first.tokens[:2], second.tokens[0], *other.tokens)
    both = ["14-SYT", "14-STP"]
    assert count_links("2026-Q3", both) == {"14-SYT": LinkCount(8, 3), "14-STP": LinkCount(7, 0)}
    assert count_links("2026-Q3", ["14-STP"]) == {"14-STP": LinkCount(7, 0)}
    assert count_links("2026-Q4", both) == {"14-SYT": LinkCount(4, 0)}
    assert count_links("2026-Q3", both, "link-open") == {"14-SYT": LinkCount(2, 2)}
    assert count_links("2026-Q3", []) == {}
    assert count_links("2026-Q3", [*both, *(f"{n:05}" for n in range(4000))])["14-SYT"].issued == 8


def test_links_of_one_moment_are_counted_apart_where_asked(ready: Session) -> None:
    after, before = issued(3), issued(5, phase=Phase.JUST_SUBMITTED.value)
    spend(after.tokens[0], *before.tokens[:4])
    wanted = ("2026-Q3", ["14-SYT"], "link")
    assert count_links(*wanted, Phase.AFTER_RESULT) == {"14-SYT": LinkCount(3, 1)}
    assert count_links(*wanted, Phase.JUST_SUBMITTED) == {"14-SYT": LinkCount(5, 4)}
    assert count_links(*wanted) == {"14-SYT": LinkCount(8, 5)}


def test_a_revoked_batch_leads_nowhere_and_stays_counted(ready: Session) -> None:
    batch = issued()
    revoke_batch(batch.id, **ACT)
    link = find_link(token_hash(batch.tokens[0]))
    assert link is not None
    assert link.revoked
    assert not link.is_usable(date(2026, 9, 30))
    assert count_links("2026-Q3", ["14-SYT"]) == {"14-SYT": LinkCount(3, 0)}
    with pytest.raises(UnknownBatch):
        revoke_batch("none", **ACT)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"agency": "14-X"}, UnknownAgency),
        ({"procedure": "1.999999"}, UnknownProcedure),
        ({"version": "9.9"}, UnknownQuestionnaire),
        ({"now": datetime(2025, 6, 1, tzinfo=UTC)}, UnknownAgency),
        ({"phase": "soon"}, CannotIssue),
        ({"channel": "field"}, CannotIssue),
        ({"count": 0}, CannotIssue),
        ({"count": 10**9}, CannotIssue),
        ({"expires_on": date(2026, 9, 29)}, CannotIssue),
    ],
)
def test_links_of_no_use_are_refused_and_nothing_is_stored(
    ready: Session, changes: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        issued(**changes)
    assert ready.scalars(select(LinkBatch)).all() == []


def test_a_link_may_stand_for_an_agency_without_a_procedure(ready: Session) -> None:
    link = find_link(token_hash(issued(procedure=None).tokens[0]))
    assert link is not None
    assert link.procedure is None


def command(out: Path, *options: str) -> list[str]:
    return [
        "links",
        "issue",
        "--agency",
        "14-SYT",
        "--procedure",
        "1.004616",
        "--count",
        "5",
        "--out",
        str(out),
        *options,
    ]


def test_the_command_writes_addresses_once_to_a_file_of_the_owner(
    ready: Session, app: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    out = tmp_path / "links.csv"
    result = runner.invoke(args=command(out))
    assert result.exit_code == 0, result.output
    assert len(result.output.splitlines()) == 1
    assert result.output.startswith("Đã phát hành 5 đường dẫn")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with out.open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    assert header == ["url"]
    assert len(rows) == 5
    assert all(url.startswith("http://127.0.0.1:8000/k/") for (url,) in rows)
    assert find_link(token_hash(rows[0][0].rpartition("/")[2])) is not None
    again = runner.invoke(args=command(out))
    assert again.exit_code == 1
    assert "đã có" in again.output
    ready.rollback()
    assert len(ready.scalars(select(Link.token_hash)).all()) == 5
    batch = ready.scalars(select(LinkBatch.id)).one()
    ready.rollback()
    assert "Đã thu hồi" in runner.invoke(args=["links", "revoke", batch]).output
    assert runner.invoke(args=["links", "revoke", "none"]).exit_code == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--agency", "14-X"], "không có cơ quan mang mã 14-X"),
        (["--procedure", "1.999999"], "Không có thủ tục mang mã 1.999999"),
        (["--questionnaire", "KHAC"], "Chưa công bố phiếu khảo sát KHAC"),
        (["--count", "0"], "từ 1 đến"),
        (["--expires", "2020-01-01"], "đã qua"),
    ],
)
def test_the_command_refuses_in_words_and_leaves_no_file(
    ready: Session, runner: FlaskCliRunner, tmp_path: Path, options: list[str], words: str
) -> None:
    out = tmp_path / "links.csv"
    result = runner.invoke(args=command(out, *options))
    assert result.exit_code == 1
    assert words in result.output
    assert not out.exists()


def test_the_command_says_when_the_file_cannot_be_written(
    ready: Session, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    result = runner.invoke(args=command(tmp_path / "none" / "links.csv"))
    assert "Không ghi được tệp" in result.output
    assert ready.scalars(select(LinkBatch)).all() == []
