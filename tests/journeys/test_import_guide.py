"""The example of docs/importing.md, carried out word for word on an empty service."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from app import ROOT
from app.extensions import db
from app.responding.models import Response

GUIDE = (ROOT / "docs" / "importing.md").read_text("utf-8")
FILE = re.compile(r"`([a-z]+\.(?:csv|yaml))`:\n\n```[a-z]+\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"^flask --app wsgi (.+)$", re.MULTILINE)


def test_the_example_of_the_guide_works_as_it_is_written(
    app: Flask,
    runner: FlaskCliRunner,
    set_now: Callable[[datetime], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_now(datetime(2026, 7, 20, 3, tzinfo=UTC))
    monkeypatch.chdir(tmp_path)
    for name, content in FILE.findall(GUIDE):
        (tmp_path / name).write_text(content, encoding="utf-8")
    said = {}
    for command in COMMAND.findall(GUIDE):
        result = runner.invoke(args=command.split())
        assert result.exit_code == 0, (command, result.output)
        said[command] = result.output
    imported = said["import responses survey.csv --mapping mapping.yaml"]
    assert imported == "Đã đọc 5 dòng: 5 mới, 0 đã có, 0 lỗi\n"
    with app.app_context():
        rows = db.session.scalars(select(Response).order_by(Response.day, Response.answers)).all()
        assert [(row.quarter, row.agency, row.channel, row.source_channel, row.answers) for row in rows] == [
            ("2026-Q1", "98-BAC", "import", "Web", '{"satisfaction":5,"staff":5,"waiting":4}'),
            ("2026-Q2", "98-NAM", "import", "Mail", '{"satisfaction":2,"staff":1,"waiting":2}'),
            ("2026-Q2", "98-NAM", "import", "Phone", '{"satisfaction":4,"staff":4}'),
            ("2026-Q2", "98-BAC", "import", "Web", '{"satisfaction":4,"staff":3,"waiting":4}'),
            ("2026-Q2", "98-BAC", "import", "Web", '{"staff":4,"waiting":4}'),
        ]
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == [
        "2026-Q1-98-BAC.pdf",
        "2026-Q1-98.pdf",
    ]
