"""All official documents of an edition: from its files alone, continued where a run was killed."""

from __future__ import annotations

import hashlib
import multiprocessing
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from pypdf import PdfReader
from sqlalchemy import select, update

from app import create_app
from app.audit.models import AuditEvent
from app.directory.models import AgencyName, Unit
from app.editions import document_workers, documents
from app.editions.document_workers import WorkerFailed, make_document, make_in_processes
from app.editions.documents import SUMS, documents_folder, folder_name, list_places, make_documents
from app.editions.files import TEMPORARY
from app.editions.fileset import folder_of
from app.editions.listing import get_edition
from app.editions.queries import get_quarterly_report, report_files
from app.editions.reporting import ReportFiles, report_of
from app.editions.work import Taken
from app.extensions import db
from app.letterheads.actions import change_letterhead
from app.letterheads.queries import Letterhead
from app.results import queries
from app.transactions import transaction
from exports.quarterly import render_quarterly
from tests.conftest import test_config
from tests.support import citizens
from tests.support.editions import close_and_publish
from tests.support.tallies import TallyWriter

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
OWN, OTHER = citizens.AGENCY, citizens.OTHER_AGENCY
PLACES = ["VN", "31", "14", OWN, OTHER]


def publish_two_quarters(app: Flask) -> None:
    """Of two agencies in two provinces."""
    app.extensions["clock"] = lambda: NOW
    citizens.prepare(app)
    with app.app_context():
        with transaction():
            for quarter, good in (("2026-Q2", 60), ("2026-Q3", 85)):
                writer = TallyWriter(quarter)
                writer.rated(OWN, (good, 20, 5, 3, 2))
                writer.rated(OTHER, (30, 10, 5, 3, 1))
                writer.write()
        close_and_publish("2026-Q2", NOW)
        close_and_publish("2026-Q3", NOW)


@pytest.fixture
def world(app: Flask) -> Flask:
    publish_two_quarters(app)
    return app


@pytest.fixture(scope="module")
def files(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> ReportFiles:
    """The frozen files alone, which any database leaves alike; whoever gets them has no application."""
    folder = tmp_path_factory.mktemp("frozen")
    shutil.copy(sqlite_template, folder / "test.db")
    app = create_app(test_config(folder))
    publish_two_quarters(app)
    found = files_of(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return found


def files_of(app: Flask, code: str = "2026-Q3") -> ReportFiles:
    with app.app_context():
        return report_files(get_edition(code))


def in_this_process(files: ReportFiles, folder: Path, places: list[str], _processes: int) -> Iterator[str]:
    for place in places:
        make_document(files, folder, place)
        yield place


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*.pdf")}


def test_the_command_makes_everything_once(
    world: Flask, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "make_in_processes", in_this_process)
    first = runner.invoke(args=["edition", "documents", "2026-Q3", "--processes", "2"])
    assert first.exit_code == 0, first.output
    assert re.search(r"Đã lập 5 văn bản quý III năm 2026 trong \d+ giây; cả thảy 0,\d MB", first.output)
    with world.app_context():
        folder = documents_folder() / folder_name(report_files(get_edition("2026-Q3")))
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "documents-made")).one()
    assert names_in(folder) == {f"2026-Q3-{place}.pdf" for place in PLACES}
    sums = (folder / SUMS).read_bytes()
    assert hashlib.sha256(sums).hexdigest() in event.details
    for line in sums.decode().splitlines():
        sha256, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256
    kept = {path.name: path.stat().st_mtime_ns for path in folder.iterdir() if path.suffix == ".pdf"}

    again = runner.invoke(args=["edition", "documents", "2026-Q3"])

    assert "Đủ 5 văn bản quý III năm 2026 (0," in again.output and "từ trước" in again.output
    assert {path.name: path.stat().st_mtime_ns for path in folder.glob("*.pdf")} == kept
    with world.app_context():
        assert db.session.scalars(select(AuditEvent.action)).all().count("documents-made") == 1


def test_the_same_bytes_whatever_became_of_the_database(world: Flask, tmp_path: Path) -> None:
    """Names, letterheads and tallies change; what was frozen does not."""
    files, some = files_of(world), ("VN", "14", OWN)
    before = [make_document(files, tmp_path / "a", place).read_bytes() for place in some]
    with world.app_context(), transaction():
        db.session.execute(update(AgencyName).values(name="Tên khác"))
        db.session.execute(update(Unit).values(name="Tỉnh Khác"))
        change_letterhead(OWN, Letterhead(signer_name="Người ký"), seen=0, by="command:test", now=NOW)
        writer = TallyWriter("2026-Q3")
        writer.rated(OWN, (0, 0, 0, 0, 40), channel="field")
        writer.write()

    fresh = files_of(world)

    assert [make_document(fresh, tmp_path / "b", place).read_bytes() for place in some] == before
    assert folder_name(fresh) == folder_name(files)
    # The report of an office that signs it has the office's head, and otherwise the same text.
    with world.app_context():
        signed = render_quarterly(get_quarterly_report(OWN, get_edition("2026-Q3"), now=NOW))
    assert signed != before[-1]
    texts = []
    for name, content in (("signed", signed), ("public", before[-1])):
        (tmp_path / name).write_bytes(content)
        texts.append("".join(page.extract_text() for page in PdfReader(tmp_path / name).pages))
    assert texts[0].replace("Người ký", "").split() == texts[1].split()


def test_a_later_revision_of_an_earlier_quarter_changes_no_document(world: Flask, tmp_path: Path) -> None:
    kept = make_document(files_of(world), tmp_path, OWN).read_bytes()
    with world.app_context():
        with transaction():
            writer = TallyWriter("2026-Q2")
            writer.rated(OWN, (0, 0, 0, 0, 40), channel="field")
            writer.write()
        queries.prepare(NOW)
        close_and_publish("2026-Q2.r1", datetime(2026, 11, 21, 3, tzinfo=UTC), reason="Phiếu đến muộn")

    assert make_document(files_of(world), tmp_path, OWN).read_bytes() == kept


def test_a_run_that_was_killed_is_continued_and_leaves_no_process(
    files: ReportFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / folder_name(files)
    running = make_in_processes(files, folder, PLACES, 1)
    done = [next(running), next(running)]
    # Nobody is left who tells the process to end: it sees that nobody asks any more.
    child = multiprocessing.active_children()[0]
    assert running.gi_frame is not None
    next(iter(running.gi_frame.f_locals["workers"])).close()
    child.join(30)
    assert child.exitcode == 0
    running.close()
    assert names_in(folder) == {f"2026-Q3-{place}.pdf" for place in done}
    kept = {name: (folder / name).stat().st_mtime_ns for name in names_in(folder)}
    (folder / f"{TEMPORARY}abc.pdf").write_bytes(b"half")
    told: list[tuple[int, int]] = []

    monkeypatch.setattr(documents, "make_in_processes", in_this_process)
    made = make_documents(files, tmp_path, tell=lambda done, total: told.append((done, total)))

    assert (made.total, made.made) == (5, 3)
    assert told == [(2, 5), (3, 5), (4, 5), (5, 5)]
    assert {name: (folder / name).stat().st_mtime_ns for name in kept} == kept
    assert len((folder / SUMS).read_text().splitlines()) == 5


def test_a_document_that_was_changed_is_made_again(
    files: ReportFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "make_in_processes", in_this_process)
    made = make_documents(files, tmp_path, kind="agency")
    path = made.folder / f"2026-Q3-{OWN}.pdf"
    whole = path.read_bytes()
    path.write_bytes(whole + b" ")

    again = make_documents(files, tmp_path, kind="agency")

    assert (made.made, again.made, path.read_bytes()) == (2, 1, whole)
    assert again.sha256 == made.sha256


def test_each_edition_draft_and_address_has_a_folder_of_its_own(world: Flask) -> None:
    first = files_of(world)
    with world.app_context():
        close_and_publish("2026-Q3.r1", NOW, reason="Phiếu đến muộn")
    draft = ReportFiles(replace(first.info, published_at=None), first.editions)
    elsewhere = ReportFiles(replace(first.info, url="https://x.vn"), first.editions)
    others = [files_of(world, "2026-Q3.r1"), files_of(world, "2026-Q2"), draft, elsewhere]
    assert len({folder_name(files) for files in (first, *others)}) == 5
    assert folder_name(others[0]).startswith("2026-Q3.r1-")
    assert report_of(draft, OWN).is_draft


def test_kinds_are_chosen_and_only_places_with_answers_have_documents(files: ReportFiles) -> None:
    assert sorted(list_places(files)) == sorted(PLACES)
    assert list_places(files, "nation") == ["VN"]
    assert sorted(list_places(files, "province")) == ["14", "31"]
    assert sorted(list_places(files, "agency")) == [OWN, OTHER]


def test_two_at_once_do_not_write_into_each_other(files: ReportFiles, tmp_path: Path) -> None:
    folder = tmp_path / folder_name(files)
    folder.mkdir()
    with documents.alone_in(folder), pytest.raises(Taken):
        make_documents(files, tmp_path)
    assert names_in(folder) == set()


def test_processes_are_replaced_and_what_fails_in_one_is_told(
    files: ReportFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as impatient, pytest.raises(WorkerFailed, match=f"{OWN}.*không trả lời"):
        impatient.setattr(document_workers, "PATIENCE_SECONDS", 0.0)
        next(make_in_processes(files, tmp_path, [OWN], 1))
    running = make_in_processes(files, tmp_path, [OWN, "nowhere", OTHER], 1, recycled_after=1)
    assert next(running) == OWN
    first = multiprocessing.active_children()
    with pytest.raises(WorkerFailed, match="nowhere"):
        next(running)
    assert not any(child.is_alive() for child in first)
    assert multiprocessing.active_children() == []
    assert names_in(tmp_path) == {f"2026-Q3-{OWN}.pdf"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["2026-Q4"], "2026-Q4 chưa được chốt"),
        (["2026-10"], "không phải quý"),
        (["x"], "không phải mã kỳ"),
        (["2026-Q3", "--kind", "x"], "--kind không đúng"),
    ],
)
def test_what_cannot_be_made_is_said(
    world: Flask, runner: FlaskCliRunner, words: list[str], expected: str
) -> None:
    result = runner.invoke(args=["edition", "documents", *words])
    assert result.exit_code
    assert expected in result.output


def test_nothing_is_made_from_files_that_were_touched(world: Flask, runner: FlaskCliRunner) -> None:
    with world.app_context():
        path = folder_of("2026-Q3") / "texts.json"
    path.chmod(0o600)
    path.write_text("{} ")
    result = runner.invoke(args=["edition", "documents", "2026-Q3"])
    assert "không còn đúng với mã băm" in result.output
