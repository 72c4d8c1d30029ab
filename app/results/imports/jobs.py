"""The import of an upload as a job."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from app.job_queue import application, huey
from app.results.imports.running import Turn, run

LATER_SECONDS: Final = 15


@huey.task()  # type: ignore[untyped-decorator]  # Huey has no types
def import_answers(upload: str) -> None:
    """While another import runs, this one comes again a little later."""
    with application().app_context():
        if run(UUID(upload)) is Turn.LATER:
            import_answers.schedule((upload,), delay=LATER_SECONDS)
