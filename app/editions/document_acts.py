"""Making the documents of an edition: work that staff ask for and a worker does, and what the trail keeps."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from flask import current_app

from app import clock
from app.accounts.identity import NATION_SCOPE
from app.accounts.roles import Permission
from app.audit.actions import record
from app.editions import rules
from app.editions.desk import is_allowed
from app.editions.document_workers import WorkerFailed
from app.editions.documents import Made, count_made, documents_folder, make_documents
from app.editions.listing import get_edition
from app.editions.models import Edition
from app.editions.queries import report_files
from app.editions.reporting import NothingCounted
from app.editions.work import DOCUMENTS, Progress, State, Taken, Work, ask, doing, find_work
from app.transactions import transaction

QUEUE: Final = "document_queue"
PROCESSES: Final = 1
"""The worker shares its machine with those who answer citizens."""
TELL_SECONDS: Final = 2.0
_NOT_ALLOWED: Final = "Người yêu cầu không còn quyền công bố số liệu."
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
    if DocumentsState(0, find_work(DOCUMENTS, edition.code)).under_way:
        raise rules.UnderWay
    ask(DOCUMENTS, edition.code, by=by, now=now)
    queue: Callable[[str], None] = current_app.extensions.get(QUEUE, _through_huey)
    queue(edition.code)


def _through_huey(code: str) -> None:
    from app.editions.jobs import make_edition_documents

    make_edition_documents(code)


def run_documents(code: str) -> None:
    """Raises Taken while another process is at it; nothing is done where nobody asked or it has ended."""
    try:
        with doing(DOCUMENTS, code) as progress:
            _make(get_edition(code), progress)
    except LookupError:
        log.info("no-documents-asked-for", edition=code)


def _make(edition: Edition, progress: Progress) -> None:
    by = progress.work.by
    if not is_allowed(by, Permission.EDITIONS_PUBLISH):
        progress.end(_NOT_ALLOWED)
        return
    try:
        tell = _now_and_then(progress.tell)
        made = make_documents(report_files(edition), documents_folder(), processes=PROCESSES, tell=tell)
    except Taken:
        raise
    except rules.Damaged as error:
        progress.end(error.in_vietnamese())
    except NothingCounted:
        progress.end("Kỳ này chưa có phiếu nào để lập văn bản.")
    except OSError:
        progress.end(_FULL)
        log.exception("documents-not-written", edition=edition.code)
    except WorkerFailed as error:
        progress.end(_BROKEN)
        log.error("document-failed", edition=edition.code, place=error.place, problem=error.problem)
    except Exception:
        progress.end(_BROKEN)
        raise
    else:
        if made.made:
            with transaction():
                note_documents(edition.code, made, by=by, now=clock.now())
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
