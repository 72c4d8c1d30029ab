"""Tallies against answers: is every number that pages read the number of answers there are?

What lacks is written as differences, so pages never see empty tables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from app.audit.actions import record
from app.extensions import db
from app.responding.store import write_turn
from app.results.comparing import compare
from app.results.folding import RESPONSES, fold_waiting
from app.results.tally_tables import add_counts, lock_tallies
from app.results.tallying import Counts
from app.transactions import transaction

# A repair is written in pieces, so that answers that arrive meanwhile wait for a moment only.
REPAIR: Final = 50_000


@dataclass(frozen=True)
class Rebuilt:
    """How many answers were counted again and how many stored numbers were put right."""

    sheets: int
    repaired: int


def list_unnoticed_doubles() -> list[str]:
    """Ids that count under two agencies although the fold should have set them aside."""
    doubled = select(RESPONSES.c.id).group_by(RESPONSES.c.id).having(func.count() > 1)
    unnoticed = (
        select(RESPONSES.c.id)
        .where(RESPONSES.c.id.in_(doubled), RESPONSES.c.tallied, RESPONSES.c.quarantine == "")
        .order_by(RESPONSES.c.id)
        .distinct()
    )
    return list(db.session.scalars(unnoticed))


def rebuild(
    progress: Callable[[int], None] = lambda _sheets: None, *, by: str, now: datetime, processes: int = 1
) -> Rebuilt:
    """Folds what waits and puts right every stored number that the answers do not bear out.

    Only differences are written, so pages never see empty tables. Broken off, it can be begun again.
    """
    fold_waiting()
    sheets = repaired = 0
    waiting = Counts()
    for comparison in compare(processes):
        sheets += comparison.sheets
        repaired += len(comparison.missing)
        waiting += comparison.missing
        if len(waiting) >= REPAIR:
            _repair(waiting, by, now)
            waiting = Counts()
        progress(sheets)
    _repair(waiting, by, now)
    return Rebuilt(sheets, repaired)


def _repair(counts: Counts, by: str, now: datetime) -> None:
    if counts:
        with write_turn(), transaction():
            connection = db.session.connection()
            lock_tallies(connection)
            add_counts(connection, counts)
            details = {"numbers": len(counts)}
            record("tallies-repaired", by=by, subject="tallies", scope="nation", details=details, now=now)
