"""A process that closes or publishes is killed at any moment: it leaves the old state or the new one."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from flask import Flask

from app.editions.document_acts import ask_for_forgotten
from app.editions.fileset import check_files, folder_of
from app.editions.lateness import late_for
from app.editions.listing import PublishedFigures, frozen, get_edition
from app.editions.verification import verify
from app.editions.work import DOCUMENTS, find_work
from app.responding.store import response_store
from app.results.folding import fold_waiting
from tests.support import citizens
from tests.support.killed_close import (
    ANSWERS,
    CODE,
    NOW,
    close_quarter,
    forget,
    is_closed,
    killed_at,
    prepare,
    publish_quarter,
)
from tests.support.killing import AFTER_COMMIT, BEFORE_COMMIT, worked
from tests.support.records import record

FEW = 3
"""Of the moments at which files are touched; a drill takes every one of them."""


@pytest.fixture
def world(app: Flask) -> Flask:
    prepare(app)
    return app


def test_a_close_that_is_killed_leaves_nothing_or_everything(world: Flask) -> None:
    touched = worked(world, close_quarter)
    assert touched > 20 and is_closed(world)
    forget(world)
    every = range(1, touched + 1)
    # The last moments are those in which the folder gets its name and the row is stored.
    closed = killed_at(world, [*every[1 :: touched // FEW], *every[-2:], BEFORE_COMMIT])
    # After the commit there is little left to do.
    assert all(moment > touched - 10 for moment in closed)

    assert worked(world, close_quarter, kill_at=AFTER_COMMIT) == 0
    assert is_closed(world)


def test_a_publication_that_is_killed_happened_or_did_not(world: Flask) -> None:
    with world.app_context():
        close_quarter()
    for moment, happened in ((BEFORE_COMMIT, False), (AFTER_COMMIT, True)):
        assert worked(world, publish_quarter, kill_at=moment) == 0
        with world.app_context():
            assert (get_edition(CODE).published_at is not None) is happened
            assert (PublishedFigures().find(citizens.AGENCY, CODE) is not None) is happened
            assert check_files(folder_of(CODE), get_edition(CODE).sha256) == []
    with world.app_context():
        # Nobody was left to ask for its documents; whoever looks for them does.
        assert find_work(DOCUMENTS, CODE) is None
        ask_for_forgotten(now=NOW)
        assert find_work(DOCUMENTS, CODE) is not None


def test_what_was_acknowledged_before_the_close_is_in_it_and_the_rest_is_late(world: Flask) -> None:
    """Answers of the quarter go on arriving from files and the field while it is being closed."""
    receipts: list[str] = []
    enough, over = threading.Event(), threading.Event()

    def answer_until_over() -> None:
        with world.app_context():
            while not over.is_set():
                sheet = record(channel="link", quarter=CODE, day=date(2026, 9, 30))
                response_store().store(sheet)
                receipts.append(sheet.id)
                if len(receipts) == 20:
                    enough.set()

    sender = threading.Thread(target=answer_until_over)
    sender.start()
    try:
        assert enough.wait(30)
        with world.app_context():
            before = len(receipts)
            close_quarter()
            after = len(receipts)
    finally:
        over.set()
        sender.join()
    with world.app_context():
        fold_waiting()
        row = get_edition(CODE)
        figures = frozen(row).find(citizens.AGENCY)
        assert figures is not None
        counted = figures.official.n - ANSWERS
        # One more may be stored whose receipt is still on its way.
        assert before <= counted <= after + 1
        assert verify(row).problems == ()
        late = len(receipts) - counted
        assert late_for(row).counts.get(citizens.AGENCY, 0) == (late // 10 * 10 if late >= 10 else 0)
