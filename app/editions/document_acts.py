"""Making the documents of an edition: work that a publication or staff ask for and a worker does."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from app import clock
from app.accounts.identity import NATION_SCOPE
from app.accounts.roles import Permission
from app.audit.actions import record
from app.editions import rules
from app.editions.desk import hand_on, is_allowed
from app.editions.document_workers import WorkerFailed
from app.editions.documents import Made, count_made, documents_folder, is_ended, make_documents
from app.editions.listing import find_last_published, get_edition
from app.editions.models import Edition
from app.editions.queries import report_files
from app.editions.reporting import NothingCounted, ReportFiles
from app.editions.work import DOCUMENTS, Progress, State, Taken, Work, ask, doing, find_work, one_batch
from app.transactions import after_commit, transaction

QUEUE: Final = "document_queue"
BY_PUBLICATION: Final = "command:publication"
"""Whoever published has said that everybody may read it; no right of a person is asked for again."""
PROCESSES: Final = 1
"""The worker shares its machine with those who answer citizens."""
TELL_SECONDS: Final = 2.0
_NOT_ALLOWED: Final = "Người yêu cầu không còn quyền công bố số liệu."
_NOT_PUBLIC: Final = "Kỳ này không phải quý đã công bố."
_FULL: Final = "Không ghi được tệp; người vận hành xem chỗ trống trên đĩa. Văn bản đã lập vẫn còn."
_BROKEN: Final = "Có lỗi khi lập văn bản; văn bản đã lập vẫn còn. Người vận hành xem nhật ký của máy chủ."

log = structlog.get_logger()


@dataclass(frozen=True)
class DocumentsState:
    """How many documents of an edition there are, and the work on them, if anybody asked for it here."""

    count: int
    work: Work | None

    @property
    def under_way(self) -> bool:
        return self.work is not None and self.work.state in (State.WAITING, State.RUNNING)

    @property
    def is_lost(self) -> bool:
        return self.work is not None and self.work.state is State.LOST


def find_documents(edition: Edition) -> DocumentsState | None:
    """None for what has no official documents."""
    if not has_documents(edition):
        return None
    return DocumentsState(count_made(report_files(edition)), find_work(DOCUMENTS, edition.code))


def has_documents(edition: Edition) -> bool:
    return edition.published_at is not None and edition.kind == "quarter"


def ask_for_documents(edition: Edition, *, by: str, now: datetime) -> None:
    """Hands it to the workers. Raises NoDocuments, UnderWay."""
    if not has_documents(edition):
        raise rules.NoDocuments
    try:
        ask(DOCUMENTS, edition.code, by=by, now=now)
    except Taken as error:
        raise rules.UnderWay from error
    hand_on(QUEUE, _through_huey, edition.code)


def ask_after_publication(edition: Edition, *, now: datetime) -> None:
    """Once the publication is stored its documents are asked for, those of a revision too.

    Nothing is told to the queue: the workers find it within a minute, so nobody publishes less because a
    queue cannot be reached.
    """
    if edition.kind == "quarter":
        code = edition.code
        after_commit(lambda: _ask_by_itself(code, now))


def ask_for_forgotten(*, now: datetime) -> None:
    """Of what was published last, where the process was killed before it could ask for anything."""
    edition = find_last_published("quarter")
    if edition is None or find_work(DOCUMENTS, edition.code) is not None:
        return
    if not is_ended(report_files(edition)):
        _ask_by_itself(edition.code, now)


def _ask_by_itself(code: str, now: datetime) -> None:
    # Somebody may have asked in the same moment.
    with suppress(Taken):
        ask(DOCUMENTS, code, by=BY_PUBLICATION, now=now)


def _through_huey(code: str) -> None:
    from app.editions.jobs import make_edition_documents

    make_edition_documents(code)


def run_documents(code: str) -> None:
    """Raises Taken while a batch is being made; nothing is done where nobody asked or it has ended."""
    try:
        with one_batch(), doing(DOCUMENTS, code) as progress:
            _run(code, progress)
    except LookupError:
        log.info("no-documents-asked-for", edition=code)


def _run(code: str, progress: Progress) -> None:
    try:
        files = _files(code, progress)
        if files is not None:
            _make(files, progress)
    except Taken:
        # A command makes them at this moment.
        progress.leave()
        raise
    except rules.Damaged as error:
        progress.end(error.in_vietnamese())
    except NothingCounted:
        progress.end("Kỳ này chưa có phiếu nào để lập văn bản.")
    except OSError:
        progress.end(_FULL, passing=True)
        log.exception("documents-not-written", edition=code)
    except WorkerFailed as error:
        progress.end(_BROKEN, passing=True)
        log.error("document-failed", edition=code, place=error.place, problem=error.problem)
    except Exception:
        progress.end(_BROKEN)
        raise


def _files(code: str, progress: Progress) -> ReportFiles | None:
    """What they are made from; None where they must not be made, which is then said.

    The transaction ends here: the batch may take an hour, and nothing is held open in the database meanwhile.
    """
    with transaction():
        edition, by = get_edition(code), progress.work.by
        if not has_documents(edition):
            progress.end(_NOT_PUBLIC)
        elif by != BY_PUBLICATION and not is_allowed(by, Permission.EDITIONS_PUBLISH):
            progress.end(_NOT_ALLOWED)
        else:
            return report_files(edition)
    return None


def _make(files: ReportFiles, progress: Progress) -> None:
    tell = _now_and_then(progress.tell)
    made = make_documents(files, documents_folder(), processes=PROCESSES, tell=tell)
    if made.made:
        with transaction():
            note_documents(files.info.edition.code, made, by=progress.work.by, now=clock.now())
    progress.end()


def note_documents(code: str, made: Made, *, by: str, now: datetime) -> None:
    """The hash in the trail is that of SHA256SUMS: it stands for every document that is handed out."""
    details: dict[str, str | int] = {"count": made.made, "sha256": made.sha256}
    record("documents-made", by=by, subject=code, scope=NATION_SCOPE, details=details, now=now)


def _now_and_then(tell: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Each time is a file written to the disk."""
    said = [-TELL_SECONDS]

    def told(done: int, total: int) -> None:
        instant = time.monotonic()
        if done == total or instant - said[0] >= TELL_SECONDS:
            said[0] = instant
            tell(done, total)

    return told
