"""A database of illustration is one for ever, and everybody is told."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from app import ROOT, create_app
from app.catalogue.reference import load_reference
from app.demo import actions
from app.dossiers.actions import issue_links
from app.extensions import db
from app.installation import (
    DemonstrationOnly,
    HoldsRealData,
    is_demonstration,
    mark_as_demonstration,
    refuse_demonstration_in_production,
)
from app.responding.models import Response
from app.transactions import transaction
from tests.conftest import test_config
from tests.support.acts import ACT
from tests.support.kept_worlds import KeptWorlds

# Early in the first quarter only departments exist, so the illustration is small.
NOW = datetime(2025, 2, 20, 3, tzinfo=UTC)
AT = ACT | {"now": NOW}


@pytest.fixture
def small_demo(app: Flask, monkeypatch: pytest.MonkeyPatch, kept_world: KeptWorlds) -> Flask:
    """Illustration of one province, which is enough to see how it is marked."""
    monkeypatch.setattr(actions, "PROVINCES", ("14",))
    kept_world("small demo", fill_one_province)
    return app


def fill_one_province() -> None:
    with transaction():
        load_reference(**AT)
        filled = actions.fill(**AT)
    assert filled is not None
    assert filled.responses > 100


def test_illustration_is_labelled_on_every_page(small_demo: Flask) -> None:
    client = small_demo.test_client()
    for address in ("/ket-qua", "/lich", "/phuong-phap", "/phieu", "/khong-co"):
        assert "Dữ liệu minh họa" in client.get(address).text, address


def test_illustration_is_made_once(small_demo: Flask) -> None:
    with small_demo.app_context(), transaction():
        assert actions.fill(**AT) is None


def test_illustration_is_the_same_for_the_same_seed(small_demo: Flask) -> None:
    from app.demo.profiles import FIRST_QUARTER
    from app.demo.sheets import Source, invent_quarter
    from surveys.periods import Quarter

    with small_demo.app_context():
        form = actions.get_questionnaire(*actions.QUESTIONNAIRE)
        source = Source("14-SKHCN", "department", ())
        one, two = (
            list(invent_quarter(source, Quarter(2025, 1), FIRST_QUARTER, form, NOW.date())) for _ in range(2)
        )
    assert one == two
    assert one


def test_production_refuses_a_database_of_illustration(app: Flask) -> None:
    with app.app_context(), transaction():
        mark_as_demonstration(marked_on="2026-11-22")
    app.extensions["hailong"] = replace(app.extensions["hailong"], environment="production")
    with pytest.raises(DemonstrationOnly):
        refuse_demonstration_in_production(app)


def test_real_answers_are_never_mixed_with_illustration(app: Flask) -> None:
    with app.app_context(), transaction():
        load_reference(**AT)
        db.session.add(
            Response(
                agency="14-SKHCN",
                id="0b0d7e4c-6a3e-4d0a-9b57-0d6a3f3b8f11",
                questionnaire="COT_LOI",
                version="1.0",
                phase="after-result",
                channel="link",
                quarter="2025-Q1",
                day=NOW.date(),
                language="vi",
                answers='{"satisfaction":5}',
            )
        )
    with app.app_context():
        with pytest.raises(HoldsRealData), transaction():
            actions.fill(**AT)
        assert not is_demonstration()


def test_links_for_real_people_are_never_mixed_with_illustration(app: Flask) -> None:
    with app.app_context():
        with transaction():
            load_reference(**AT)
            issue_links(
                "14-SKHCN",
                None,
                questionnaire="COT_LOI",
                version="1.0",
                phase="after-result",
                count=1,
                **AT,
            )
        with pytest.raises(HoldsRealData), transaction():
            actions.fill(**AT)
        assert not is_demonstration()


def test_a_start_that_is_refused_says_why_in_one_line(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "HAILONG_ENV": "production"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "tally", "fold"]
    ended = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("Lỗi: SECRET_KEY chưa có")
    assert "Traceback" not in ended.stderr


def test_a_database_that_was_not_migrated_is_told_in_words(tmp_path: Path) -> None:
    app = create_app(test_config(tmp_path))
    result = app.test_cli_runner().invoke(args=["import", "reference"])
    assert result.exit_code == 1
    assert "flask db upgrade" in result.output


def test_a_file_of_real_answers_is_refused_by_a_database_of_illustration(
    small_demo: Flask, runner: FlaskCliRunner, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("file") / "phieu.csv"
    file.write_text("response_id,questionnaire,version,agency\n", encoding="utf-8")
    result = runner.invoke(args=["import", "responses", str(file)])
    assert result.exit_code != 0
    assert "minh họa" in result.output


def test_a_service_without_illustration_has_no_label(client: FlaskClient) -> None:
    assert "Dữ liệu minh họa" not in client.get("/khong-co").text
