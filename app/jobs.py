"""Work that no request waits for: counting what has come in, digesting closed quarters, the nightly rewrite.

The consumer is started by `flask serve` or, in production, as a service of its own:
`huey_consumer app.jobs.huey`. It knows the jobs that are named here.
"""

from __future__ import annotations

import structlog
from huey import crontab

from app.clock import now
from app.editions.jobs import close_edition, hand_out, make_edition_documents
from app.job_queue import application, huey
from app.results.imports.jobs import import_answers

__all__ = [
    "close_edition", "count_answers", "gather_comments", "huey", "import_answers", "interpret_records",
    "make_edition_documents", "review_rounds", "rewrite_rows", "take_up_editions",
]  # fmt: skip

log = structlog.get_logger()
# 03:00 in Viet Nam, when the fewest people answer.
NIGHT_HOUR_UTC = "20"
# From 02:00 on: what is kept is looked at and handed on before it is written anew.
GATHER_HOUR_UTC = "19"


@huey.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]  # Huey has no types
@huey.lock_task("count")  # type: ignore[untyped-decorator]  # Huey has no types
def count_answers() -> None:
    """Every minute: the tallies learn what came in, and quarters whose tallies moved are digested again."""
    from app.results.queries import prepare

    with application().app_context():
        quarters = prepare(now())
        if quarters:
            log.info("digested", quarters=quarters)


@huey.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]  # Huey has no types
@huey.lock_task("field")  # type: ignore[untyped-decorator]  # Huey has no types
def interpret_records() -> None:
    """Every minute: records of field work that a crash left between its two transactions."""
    from app.fieldwork.inbox import take_up

    with application().app_context():
        settled = take_up(now=now())
        if settled:
            log.info("records_taken_up", records=settled)


@huey.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]  # Huey has no types
@huey.lock_task("editions")  # type: ignore[untyped-decorator]  # Huey has no types
def take_up_editions() -> None:
    """Every minute: documents of what was published, and work that a queue has lost or a crash has ended."""
    from app.editions.document_acts import ask_for_forgotten
    from app.editions.work import take_up

    with application().app_context():
        ask_for_forgotten(now=now())
        found = take_up(now=now())
        hand_out(found)


@huey.periodic_task(crontab(minute="30", hour=GATHER_HOUR_UTC))  # type: ignore[untyped-decorator]  # Huey has no types
@huey.lock_task("gather")  # type: ignore[untyped-decorator]  # Huey has no types
def gather_comments() -> None:
    """Every night: comments of groups that are large enough reach reviewers."""
    from app.moderation.gathering import gather

    with application().app_context():
        log.info("gathered", comments=gather(now=now()))


@huey.periodic_task(crontab(minute="0", hour=GATHER_HOUR_UTC))  # type: ignore[untyped-decorator]  # Huey has no types
@huey.lock_task("review")  # type: ignore[untyped-decorator]  # Huey has no types
def review_rounds() -> None:
    """Every night, before anything is parted: how collectors' interviews compare, and whom to see again."""
    from app.fieldwork.reviews.reviewing import review_all

    with application().app_context():
        log.info("rounds_reviewed", rounds=review_all(now=now()))


# A long export may still read an old state of the file; within the night it ends.
@huey.periodic_task(  # type: ignore[untyped-decorator]  # Huey has no types
    crontab(minute="0", hour=NIGHT_HOUR_UTC), retries=6, retry_delay=600
)
@huey.lock_task("rewrite")  # type: ignore[untyped-decorator]  # Huey has no types
def rewrite_rows() -> None:
    """Every night: what has expired is deleted, and rows are written anew.

    Their order on disk then no longer tells which came together, and what was deleted is in no file.
    """
    from app.responding.rewriting import rewrite_tables
    from app.retention import part, purge, sweep
    from app.transactions import transaction

    with application().app_context():
        with transaction():
            log.info("purged", **purge(by="command:nightly", now=now()))
        with transaction():
            log.info("parted", **part(by="command:nightly", now=now()))
        with transaction():
            log.info("swept", **sweep(by="command:nightly", now=now()))
        rewrite_tables()
        log.info("rewritten")
