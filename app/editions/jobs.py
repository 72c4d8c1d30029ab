"""Work on editions as jobs."""

from __future__ import annotations

from typing import Final

from app.editions.desk import run_closing
from app.editions.document_acts import run_documents
from app.editions.work import Taken
from app.job_queue import application, huey

LATER_SECONDS: Final = 15


@huey.task()  # type: ignore[untyped-decorator]  # Huey has no types
def close_edition(code: str) -> None:
    """While another process looks at the same work, this one comes again a little later."""
    with application().app_context():
        try:
            run_closing(code)
        except Taken:
            close_edition.schedule((code,), delay=LATER_SECONDS)


@huey.task()  # type: ignore[untyped-decorator]  # Huey has no types
def make_edition_documents(code: str) -> None:
    with application().app_context():
        try:
            run_documents(code)
        except Taken:
            make_edition_documents.schedule((code,), delay=LATER_SECONDS)
