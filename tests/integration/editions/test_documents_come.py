"""Documents come by themselves after a publication, and no lost queue or dead worker keeps them away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from app.demo.editions import publish_everything
from app.editions import document_acts, documents, work
from app.editions.closing import close
from app.editions.document_acts import (
    BY_PUBLICATION,
    ask_for_documents,
    ask_for_forgotten,
    find_documents,
    run_documents,
)
from app.editions.document_workers import WorkerFailed, document_name
from app.editions.documents import documents_folder, folder_name
from app.editions.files import write_whole
from app.editions.listing import get_edition
from app.editions.publishing import publish
from app.editions.queries import report_files
from app.editions.reporting import ReportFiles
from app.editions.rules import UnderWay
from app.editions.work import CLOSE, DOCUMENTS, MOST_TRIES, PAUSE, SILENCE, State, Taken, Work
from app.extensions import db
from app.installation import mark_as_demonstration
from app.transactions import transaction
from surveys.editions import EditionCode
from tests.support.published import DOCUMENTS as ALL
from tests.support.published import DRAFT, NOW, OTHER, OWN, PUBLISHED
from tests.support.tallies import TallyWriter

MINUTE = timedelta(minutes=1)


def small_ones(files: ReportFiles, folder: Path, places: list[str], _processes: int) -> Iterator[str]:
    """Something in the place of each document: what they hold is for other tests."""
    for place in places:
        write_whole(folder, document_name(files.info.code, place), place.encode())
        yield place


@pytest.fixture
def office(published: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """Inside its context."""
    monkeypatch.setattr(documents, "make_in_processes", small_ones)
    # The queue of the jobs belongs to whoever reads them first.
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    from app import jobs

    monkeypatch.setattr(jobs, "application", lambda: published.application)
    with published.application.app_context():
        yield published.application
    jobs.huey.storage.close()


def at(app: Flask, instant: datetime) -> datetime:
    app.extensions["clock"] = lambda: instant
    return instant


def found(code: str = PUBLISHED) -> Work:
    known = work.find_work(DOCUMENTS, code)
    assert known is not None
    return known


def forget(code: str = PUBLISHED) -> None:
    (work._folder() / f"{DOCUMENTS}_{code}.json").unlink()


def begun_and_killed(code: str = PUBLISHED, done: int = 0) -> None:
    with work.doing(DOCUMENTS, code) as progress:
        progress.tell(done, ALL)


def worker_looks(app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a worker begins in this minute, which is done at once."""
    from app import jobs as every_job
    from app.editions import jobs

    begun: list[str] = []

    def run(code: str) -> None:
        begun.append(code)
        run_documents(code)

    monkeypatch.setattr(jobs, "make_edition_documents", run)
    at(app, now)
    every_job.take_up_editions.call_local()
    return begun


def test_a_publication_asks_and_a_worker_that_looks_makes_them(
    office: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        publish(DRAFT, by="command:test", now=NOW)
    assert (found(DRAFT).state, found(DRAFT).by) == (State.WAITING, BY_PUBLICATION)
    # One edition after the other, the newest first: the second worker counts.
    assert worker_looks(office, NOW, monkeypatch) == [DRAFT]
    assert worker_looks(office, NOW + MINUTE, monkeypatch) == [PUBLISHED]
    assert worker_looks(office, NOW + 2 * MINUTE, monkeypatch) == []
    for code in (PUBLISHED, DRAFT):
        state = find_documents(get_edition(code))
        assert state is not None and state.work is not None
        assert (state.count, state.work.state) == (ALL, State.DONE)


def test_what_is_not_published_after_all_asks_for_nothing(office: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        publish(DRAFT, by="command:test", now=NOW)
        raise ZeroDivisionError
    with transaction():
        """Another act of the same session."""
    assert work.find_work(DOCUMENTS, DRAFT) is None


def test_it_is_published_where_nothing_can_be_asked_and_asked_for_by_the_next_look(
    office: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(document_acts, "ask", full)
        with transaction():
            publish(DRAFT, by="command:test", now=NOW + MINUTE)
    assert get_edition(DRAFT).published_at is not None
    ask_for_forgotten(now=NOW)
    assert found(DRAFT).state is State.WAITING


def test_a_publication_by_command_and_a_revision_have_documents_of_their_own(
    office: Flask, runner: FlaskCliRunner
) -> None:
    mark_as_demonstration(marked_on="2026-11-20")
    db.session.commit()
    told = runner.invoke(args=["edition", "publish", DRAFT])
    assert "Đã công bố" in told.output
    assert found(DRAFT).state is State.WAITING
    with transaction():
        writer = TallyWriter(DRAFT)
        writer.rated(OWN, (0, 0, 0, 0, 40), channel="field")
        writer.write()
    revised = EditionCode.parse(DRAFT).next_revision.code
    close(EditionCode.parse(revised), by="command:test", now=NOW, reason="Phiếu đến muộn")
    with transaction():
        publish(revised, by="command:test", now=NOW)
    for code in (DRAFT, revised):
        run_documents(code)
    folders = {folder_name(report_files(get_edition(code))) for code in (DRAFT, revised)}
    assert {path.name for path in documents_folder().iterdir()} == folders


def test_what_the_queue_has_lost_is_asked_for_again(office: Flask) -> None:
    """The file of the queue was deleted, and no worker runs that would look."""
    edition = get_edition(PUBLISHED)
    with pytest.raises(UnderWay):
        ask_for_documents(edition, by=BY_PUBLICATION, now=at(office, NOW + SILENCE))
    assert found().state is State.WAITING
    later = at(office, NOW + SILENCE + MINUTE)
    assert found().state is State.LOST

    def unreachable(_code: str) -> None:
        raise ConnectionError

    office.extensions[document_acts.QUEUE] = unreachable
    ask_for_documents(edition, by=BY_PUBLICATION, now=later)
    assert found().state is State.WAITING
    # A worker that has something else in hand shows itself.
    work.take_up(now=at(office, later + SILENCE))
    at(office, later + 2 * SILENCE)
    assert found().state is State.WAITING


def test_what_died_is_continued_and_left_alone_where_it_comes_no_further(office: Flask) -> None:
    for tries in range(MOST_TRIES):
        begun_and_killed(done=2)
        assert (found().state, found().tries) == (State.STUCK, tries + 1)
        assert len(work.take_up(now=NOW)) == (tries + 1 < MOST_TRIES)
    assert found().state is State.STUCK
    # Staff may ask at once.
    ask_for_documents(get_edition(PUBLISHED), by=BY_PUBLICATION, now=NOW)
    for done in range(1, MOST_TRIES + 3):
        begun_and_killed(done=done)
        assert work.take_up(now=NOW), "each time one more was made"


def test_a_full_disk_is_tried_again_after_a_while(office: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as full:

        def fail(*_values: object) -> None:
            raise OSError(28, "No space left on device")

        full.setattr(documents, "make_in_processes", fail)
        run_documents(PUBLISHED)
    assert found().state is State.REFUSED
    assert worker_looks(office, NOW + PAUSE - MINUTE, monkeypatch) == []
    assert worker_looks(office, NOW + PAUSE, monkeypatch) == [PUBLISHED]
    assert found().state is State.DONE


def test_one_document_that_fails_keeps_up_no_other(office: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def make(files: ReportFiles, folder: Path, places: list[str], processes: int) -> Iterator[str]:
        for place in places:
            if place in ("VN", OTHER):
                raise WorkerFailed(place, "lỗi")
            yield from small_ones(files, folder, [place], processes)

    monkeypatch.setattr(documents, "make_in_processes", make)
    run_documents(PUBLISHED)
    state = find_documents(get_edition(PUBLISHED))
    assert state is not None and state.work is not None
    assert (state.count, state.work.state, state.work.passing) == (ALL - 2, State.REFUSED, True)


def test_never_two_batches_at_once(office: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction():
        publish(DRAFT, by="command:test", now=NOW)
    inside, over = threading.Event(), threading.Event()

    def slow(*values: Any) -> Iterator[str]:
        inside.set()
        assert over.wait(30)
        yield from small_ones(*values)

    monkeypatch.setattr(documents, "make_in_processes", slow)

    def work_on() -> None:
        with office.app_context():
            run_documents(PUBLISHED)

    worker = threading.Thread(target=work_on)
    worker.start()
    try:
        assert inside.wait(30)
        assert found().state is State.RUNNING
        for code in (PUBLISHED, DRAFT):
            with pytest.raises(Taken):
                run_documents(code)
        with pytest.raises(UnderWay):
            ask_for_documents(get_edition(PUBLISHED), by=BY_PUBLICATION, now=NOW + PAUSE)
        assert worker_looks(office, NOW, monkeypatch) == []
        assert found(DRAFT).state is State.WAITING
    finally:
        over.set()
        worker.join()
    assert found().state is State.DONE


def test_a_command_that_makes_them_meanwhile_is_waited_for(office: Flask) -> None:
    folder = documents_folder() / folder_name(report_files(get_edition(PUBLISHED)))
    folder.mkdir(parents=True)
    with documents.alone_in(folder), pytest.raises(Taken):
        run_documents(PUBLISHED)
    assert (found().state, found().tries) == (State.WAITING, 0)
    run_documents(PUBLISHED)
    assert found().state is State.DONE


def test_who_was_killed_before_asking_has_asked_and_what_was_made_is_not_made_again(office: Flask) -> None:
    forget()
    ask_for_forgotten(now=NOW)
    assert found().state is State.WAITING
    run_documents(PUBLISHED)
    # By a command, of which no file tells.
    forget()
    ask_for_forgotten(now=NOW)
    assert work.find_work(DOCUMENTS, PUBLISHED) is None


def test_a_close_that_a_queue_has_lost_is_taken_up_too(
    office: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.editions import jobs

    work.ask(CLOSE, "2026-10", by="x", now=NOW)
    begun: list[str] = []
    monkeypatch.setattr(jobs, "close_edition", begun.append)
    assert worker_looks(office, NOW, monkeypatch) == [PUBLISHED]
    assert begun == ["2026-10"]


def test_a_demonstration_asks_for_the_documents_of_its_newest_quarter(office: Flask) -> None:
    with transaction():
        writer = TallyWriter("2026-Q1")
        writer.rated(OWN, (60, 20, 5, 3, 2))
        writer.write()
    assert publish_everything(by="command:test", now=NOW) == ["2026-Q1", DRAFT]
    assert (work.find_work(DOCUMENTS, "2026-Q1"), found(DRAFT).state) == (None, State.WAITING)
