"""A quarter that is closed by processes which are killed, and what they may leave: nothing, or everything."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from flask import Flask

from app.editions.closing import close
from app.editions.fileset import check_files, folder_of
from app.editions.listing import PublishedFigures, find_edition, get_edition
from app.editions.publishing import publish
from app.editions.verification import verify
from app.extensions import db
from app.transactions import transaction
from surveys.editions import EditionCode
from tests.support import citizens
from tests.support.killing import worked
from tests.support.tallies import TallyWriter

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
CODE = "2026-Q3"
ANSWERS = 90


def prepare(app: Flask) -> None:
    app.extensions["clock"] = lambda: NOW
    citizens.prepare(app)
    with app.app_context(), transaction():
        writer = TallyWriter(CODE)
        for agency in (citizens.AGENCY, citizens.OTHER_AGENCY):
            writer.rated(agency, (60, 20, 5, 3, 2))
        writer.write()


def close_quarter() -> None:
    close(EditionCode.parse(CODE), by="command:test", now=NOW)


def publish_quarter() -> None:
    with transaction():
        publish(CODE, by="command:test", now=NOW)


def is_closed(app: Flask) -> bool:
    """Nothing, or everything: the row with a folder that is whole."""
    with app.app_context():
        row = find_edition(CODE)
        if row is not None:
            assert check_files(folder_of(CODE), row.sha256) == []
            assert verify(row).problems == ()
        assert PublishedFigures().find(citizens.AGENCY, CODE) is None
        return row is not None


def forget(app: Flask) -> None:
    """The row only: the folder stays, as after a crash between the two."""
    with app.app_context(), transaction():
        db.session.delete(get_edition(CODE))


def killed_at(app: Flask, moments: Iterable[int]) -> list[int]:
    """Kills a close at each of these moments; returns those after which the quarter was closed."""
    closed = []
    for moment in moments:
        assert worked(app, close_quarter, kill_at=moment) == 0
        if is_closed(app):
            closed.append(moment)
            forget(app)
    return closed
