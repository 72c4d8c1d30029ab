"""The documents of published editions as strangers get them, and how much work a stranger may cause.

What the batch has made is a file. What it has not made yet is made here where that takes a moment, one
document at a time in the whole installation and some in a minute, and is kept like the others: so whatever
strangers ask for, together they never cause more than the batch would have done anyway. The report of the
nation, which is made of every place below it, is only ever made by the batch.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import current_app

from app.budgets import MinuteBudget
from app.editions.document_workers import make_document
from app.editions.documents import document_path
from app.editions.fileset import file_hash
from app.editions.listing import frozen
from app.editions.models import Edition
from app.editions.queries import report_files
from app.editions.reporting import NothingCounted, ReportFiles, has_answers
from app.editions.rules import UnknownEdition
from app.editions.work import DOCUMENTS, State, Work, find_work
from app.keys import configuration
from app.results.source import UnknownPlace

MOST_PLACES: Final = 250
"""Of so many places a report may be made while somebody waits: an agency, a province, a small country."""
EACH_MINUTE: Final = 12
_BUDGET: Final = "document_budget"
_PATHS: Final = "document_paths"
_HASHES: Final = "document_hashes"
_MOST_HASHES: Final = 4096


@dataclass(frozen=True)
class Document:
    path: Path
    bytes: int
    sha256: str


class NotMadeYet(Exception):
    """The batch makes this document; `work` says how far it is where somebody has asked for it."""

    def __init__(self, work: Work | None) -> None:
        super().__init__()
        self.work = work


class Busy(Exception):
    """Another document is being made at this moment, or enough of them were in this minute."""


def get_document(edition: Edition, place: str, *, second: int) -> Document:
    """The document of a place in a published edition; made and kept where it is not there and small.

    `second` is the time in seconds. Raises UnknownEdition for a month or a week, UnknownPlace,
    NothingCounted, NotMadeYet, Busy.
    """
    if edition.published_at is None or edition.kind != "quarter":
        raise UnknownEdition(edition.code)
    files = report_files(edition)
    # First of all: a code of four hundred letters is no place, and no name of a file either.
    _require_answers(files, place)
    path = document_path(files, place)
    if not path.is_file():
        if not is_small(edition, place):
            raise NotMadeYet(find_running(edition))
        with _one_at_a_time(second):
            # Whoever held the lock before may have made this one.
            if not path.is_file():
                make_document(files, path.parent, place)
    return _described(path)


def is_there(edition: Edition, place: str) -> bool:
    """Whether a link leads to a document: one that is made, or will be made when it is asked for."""
    if edition.published_at is None or edition.kind != "quarter":
        return False
    return is_small(edition, place) or _kept_path(edition, place).is_file()


def is_small(edition: Edition, place: str) -> bool:
    return frozen(edition).count_below(place) <= MOST_PLACES


def _kept_path(edition: Edition, place: str) -> Path:
    """Asked for with every view of a page, so the database is asked once: what is published stays."""
    paths: dict[tuple[str, str, str], Path] = current_app.extensions.setdefault(_PATHS, {})
    key = (edition.code, edition.sha256, place)
    if key not in paths:
        paths[key] = document_path(report_files(edition), place)
    return paths[key]


def find_running(edition: Edition) -> Work | None:
    work = find_work(DOCUMENTS, edition.code)
    return work if work is not None and work.state in (State.WAITING, State.RUNNING) else None


def _require_answers(files: ReportFiles, place: str) -> None:
    figures = files.own.find(place)
    if figures is None:
        raise UnknownPlace(f"{files.info.code} {place}")
    if not has_answers(figures):
        raise NothingCounted(figures.place)


@contextmanager
def _one_at_a_time(second: int) -> Iterator[None]:
    """In all processes, and on all hosts that share the folder. Nobody waits: who waits answers nobody."""
    folder = configuration().data_dir / "editions-work"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "one-document.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Busy from error
        budget: MinuteBudget = current_app.extensions.setdefault(_BUDGET, MinuteBudget(EACH_MINUTE))
        if not budget.take(second):
            raise Busy
        yield


def _described(path: Path) -> Document:
    """Its hash is worked out once for each state of the file."""
    found = path.stat()
    hashes: dict[tuple[str, int, int], str] = current_app.extensions.setdefault(_HASHES, {})
    key = (str(path), found.st_mtime_ns, found.st_size)
    sha256 = hashes.get(key)
    if sha256 is None:
        if len(hashes) >= _MOST_HASHES:
            hashes.clear()
        sha256 = hashes[key] = file_hash(path)
    return Document(path, found.st_size, sha256)
