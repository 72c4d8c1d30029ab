"""A quarter that is published and one that is a draft, of two agencies in two provinces."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from app.editions.closing import close
from app.editions.document_workers import make_document
from app.editions.reporting import ReportFiles
from app.transactions import transaction
from surveys.editions import EditionCode
from tests.support import citizens
from tests.support.editions import close_and_publish
from tests.support.tallies import TallyWriter

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
OWN, OTHER = citizens.AGENCY, citizens.OTHER_AGENCY
PUBLISHED, DRAFT = "2026-Q2", "2026-Q3"
PAGE = f"/quan-tri/ky-cong-bo/{PUBLISHED}"
DOCUMENTS = 5
"""Of the nation, two provinces, two agencies."""


def build_quarters(app: Flask) -> None:
    citizens.prepare(app)
    with transaction():
        for quarter in (PUBLISHED, DRAFT):
            writer = TallyWriter(quarter)
            writer.rated(OWN, (60, 20, 5, 3, 2))
            writer.rated(OTHER, (30, 10, 5, 3, 1))
            writer.write()
    close_and_publish(PUBLISHED, NOW)
    close(EditionCode.parse(DRAFT), by="command:test", now=NOW)


def in_this_process(files: ReportFiles, folder: Path, places: list[str], _processes: int) -> Iterator[str]:
    """In the place of `make_in_processes`, which has tests of its own."""
    for place in places:
        make_document(files, folder, place)
        yield place
