"""Every command that changes something leaves one event by its name; one that changed nothing leaves none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import text

from app import ROOT
from app.audit.queries import Event, verify
from app.extensions import db
from app.transactions import transaction
from tests.support import citizens, importing
from tests.support.audit import recorded
from tests.support.citizens import AGENCY, PROCEDURE
from tests.support.importing import Importer

CORE = ROOT / "surveys" / "catalogue" / "cot_loi.yaml"


@pytest.fixture
def run(
    app: Flask, runner: FlaskCliRunner, set_now: Callable[[datetime], None]
) -> Callable[..., list[Event]]:
    """Runs a command and gives what it recorded, in order."""
    set_now(citizens.NOW)

    def run(*arguments: str, code: int = 0) -> list[Event]:
        with app.app_context():
            before = len(recorded())
        result = runner.invoke(args=list(arguments))
        assert result.exit_code == code, result.output
        with app.app_context():
            assert verify().reason is None
            return recorded()[before:]

    return run


def test_links(app: Flask, run: Callable[..., list[Event]], tmp_path: Path) -> None:
    citizens.prepare(app)
    issue = ("links", "issue", "--agency", AGENCY, "--procedure", PROCEDURE, "--count", "12")
    (event,) = run(*issue, "--out", str(tmp_path / "links.csv"))
    assert (event.action, event.by, event.scope) == ("links-issued", "command:links issue", AGENCY)
    assert event.at == citizens.NOW
    assert event.details["count"] == 12
    assert event.details["procedure"] == PROCEDURE
    # The file is there already, so nothing is issued.
    assert run(*issue, "--out", str(tmp_path / "links.csv"), code=1) == []
    (revoked,) = run("links", "revoke", event.subject)
    assert (revoked.action, revoked.subject, revoked.scope) == ("links-revoked", event.subject, AGENCY)
    assert revoked.by == "command:links revoke"
    assert run("links", "revoke", event.subject) == []
    with app.app_context():
        token = (tmp_path / "links.csv").read_text("utf-8").splitlines()[1].rsplit("/", 1)[1]
        assert token not in str(recorded())


def test_the_directory(run: Callable[..., list[Event]], tmp_path: Path) -> None:
    files = {
        "units": "code,parent_code,name,level,valid_from\n99,,Thử,province,2025-07-01\n",
        "agencies": "code,name,kind,province\n99-A,Sở Thử,department,99\n99-B,Sở Hai,department,98\n",
        "procedures": "code,name,agency\n1.000001,Thử,Sở Thử\n",
    }
    for what, content in files.items():
        (tmp_path / f"{what}.csv").write_text(content, encoding="utf-8")
    found = {}
    for what, options in (("units", ()), ("agencies", ()), ("procedures", ("--province", "99"))):
        (event,) = run("import", what, str(tmp_path / f"{what}.csv"), *options)
        found[what] = event
        assert (event.action, event.by, event.subject) == (
            "directory-imported",
            f"command:import {what}",
            what,
        )
        assert run("import", what, str(tmp_path / f"{what}.csv"), *options) == []
    assert found["agencies"].details == {"new": 1, "changed": 0, "failed": 1}
    assert [found[what].scope for what in files] == ["nation", "nation", "99"]


def test_the_reference_data(run: Callable[..., list[Event]]) -> None:
    events = run("import", "reference")
    assert {event.by for event in events} == {"command:import reference"}
    assert [event.action for event in events] == ["directory-imported"] * 3 + ["questionnaire-published"] * 2
    assert run("import", "reference") == []


def test_a_questionnaire(run: Callable[..., list[Event]]) -> None:
    (event,) = run("survey", "publish", str(CORE))
    assert (event.action, event.by, event.subject) == (
        "questionnaire-published",
        "command:survey publish",
        "COT_LOI 1.0",
    )
    assert len(str(event.details["fingerprint"])) == 64
    assert run("survey", "publish", str(CORE)) == []


def test_a_file_of_answers_is_counted_and_says_nothing_of_any_answer(
    app: Flask, runner: FlaskCliRunner, run: Callable[..., list[Event]], tmp_path: Path
) -> None:
    with app.app_context():
        importing.prepare()
    importer = Importer(runner, tmp_path)
    rows = [importing.row(comment="Rất tốt") for _ in range(3)]
    path = tmp_path / "phiếu.csv"
    path.write_text(importing.whole_file(rows), encoding="utf-8")
    (event,) = run("import", "responses", str(path), "--rejects", str(importer.rejects))
    assert (event.action, event.by) == ("responses-imported", "command:import responses")
    assert event.details == {"new": 3, "aside": 0, "known": 0}
    assert run("import", "responses", str(path), "--rejects", str(importer.rejects)) == []


def test_a_repair_of_the_tallies(
    app: Flask, runner: FlaskCliRunner, run: Callable[..., list[Event]], tmp_path: Path
) -> None:
    with app.app_context():
        importing.prepare()
    assert Importer(runner, tmp_path).csv([importing.row()]).exit_code == 0
    assert run("tally", "rebuild", "--processes", "1") == []
    with app.app_context(), transaction():
        db.session.execute(text("UPDATE tallies SET n = n + 1"))
    (event,) = run("tally", "rebuild", "--processes", "1")
    assert (event.action, event.by) == ("tallies-repaired", "command:tally rebuild")
