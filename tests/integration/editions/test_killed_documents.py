"""A worker that makes documents is killed while it touches files, and others go on until all are there."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.editions import documents, work
from app.editions.document_acts import ask_for_forgotten, run_documents
from app.editions.documents import documents_folder, folder_name, make_documents
from app.editions.listing import get_edition
from app.editions.queries import report_files
from app.editions.work import DOCUMENTS
from tests.support.killed_documents import assert_whole, contents, times
from tests.support.killing import worked
from tests.support.published import NOW, PUBLISHED, in_this_process

MOMENTS = (66, 77, 73, 78, 70, 79)
"""Each in what the one before has left: a record, a lock, a file half written, one without its name, SUMS."""


def look_and_work() -> None:
    """As the worker does every minute."""
    ask_for_forgotten(now=NOW)
    if work.take_up(now=NOW):
        run_documents(PUBLISHED)


def test_a_batch_that_is_killed_is_continued_by_itself_until_everything_is_there(
    published: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "make_in_processes", in_this_process)
    app = published.application
    with app.app_context():
        files = report_files(get_edition(PUBLISHED))
        folder = documents_folder() / folder_name(files)
    undisturbed = contents(make_documents(files, tmp_path / "undisturbed").folder)
    kept: dict[str, int] = {}
    deaths = 0
    for moment in MOMENTS:
        deaths += worked(app, look_and_work, kill_at=moment) == 0
        assert contents(folder).items() <= undisturbed.items(), "a document that is not whole"
        assert kept.items() <= times(folder).items(), "a document was made a second time"
        kept = times(folder)
    assert deaths >= len(MOMENTS) - 2 and len(kept) > 1
    worked(app, look_and_work)
    assert_whole(folder, undisturbed)
    with app.app_context():
        found = work.find_work(DOCUMENTS, PUBLISHED)
    assert found is not None and found.ended and not found.problem
