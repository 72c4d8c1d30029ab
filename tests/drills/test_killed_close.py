"""A close is killed at every moment at which it touches a file, the batch of documents again and again."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import pytest
from flask import Flask

from app import ROOT
from app.editions.documents import SUMS, documents_folder, folder_name
from app.editions.listing import get_edition
from app.editions.queries import report_files
from tests.support.killed_close import (
    CODE,
    close_quarter,
    forget,
    is_closed,
    killed_at,
    prepare,
    publish_quarter,
)
from tests.support.killing import AFTER_COMMIT, BEFORE_COMMIT, worked
from tests.support.serving import environment_of, flask_command, killed, started

DOCUMENTS = 5
"""The nation, two provinces and an agency of each."""


@pytest.mark.slow
def test_no_moment_of_a_close_leaves_half_an_edition(app: Flask) -> None:
    prepare(app)
    touched = worked(app, close_quarter)
    assert is_closed(app)
    forget(app)
    moments = [*range(1, touched + 1), BEFORE_COMMIT, AFTER_COMMIT]
    closed = killed_at(app, moments)
    assert worked(app, close_quarter) and is_closed(app)
    print(json.dumps({"drill": "killed close", "n": len(moments), "closed": len(closed), "broken": 0}))
    assert AFTER_COMMIT in closed and BEFORE_COMMIT not in closed


def made_in(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("[!.]*.pdf")}


@pytest.mark.slow
def test_documents_whose_batch_is_killed_are_made_once_each(app: Flask, tmp_path: Path) -> None:
    prepare(app)
    with app.app_context():
        close_quarter()
        publish_quarter()
        folder = documents_folder() / folder_name(report_files(get_edition(CODE)))
    environment, command = environment_of(app, tmp_path), flask_command("edition", "documents", CODE)
    kept: dict[str, int] = {}
    for wanted in range(1, DOCUMENTS):
        process = started(command, environment)
        while len(made_in(folder)) < wanted and process.poll() is None:
            time.sleep(0.01)
        killed(process)
        found = made_in(folder)
        assert kept.items() <= found.items(), "a document was made a second time"
        kept = found

    def run(*words: str, where: Path = ROOT) -> str:
        return subprocess.run(
            words, cwd=where, env=environment, check=True, capture_output=True, text=True
        ).stdout

    last = run(*command)
    checked = run("sha256sum", "-c", SUMS, where=folder)
    again = run(*command)
    print(json.dumps({"drill": "killed documents", "kills": DOCUMENTS - 1, "before_the_last": len(kept),
                      "n": len(checked.splitlines())}))  # fmt: skip
    assert "Đã lập" in last or f"Đủ {DOCUMENTS}" in last
    assert f"Đủ {DOCUMENTS} văn bản" in again
