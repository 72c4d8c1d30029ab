"""Work on editions as jobs.

One that finds its work in the hands of another process is dropped: what is left over is taken up again.
"""

from __future__ import annotations

from contextlib import suppress

from app.editions.desk import run_closing
from app.editions.document_acts import run_documents
from app.editions.work import CLOSE, Taken, Work, is_batch_running
from app.job_queue import application, huey


@huey.task()  # type: ignore[untyped-decorator]  # Huey has no types
def close_edition(code: str) -> None:
    with application().app_context(), suppress(Taken):
        run_closing(code)


@huey.task()  # type: ignore[untyped-decorator]  # Huey has no types
def make_edition_documents(code: str) -> None:
    with application().app_context(), suppress(Taken):
        run_documents(code)


def hand_out(works: list[Work]) -> None:
    """Begins every close, and the documents of the newest edition unless others are being made."""
    batches = [work for work in works if work.kind != CLOSE]
    for work in works:
        if work.kind == CLOSE:
            close_edition(work.edition)
    if batches and not is_batch_running():
        make_edition_documents(max(work.edition for work in batches))
