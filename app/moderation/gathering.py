"""Comments reach staff in groups, never one by one: a new line would tell who came last.

The comments of an agency in a quarter are handed over once it has ten countable answers, and further ones
once ten more have joined. What is left is handed over when the quarter may be closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import uuid4

from sqlalchemy import func, insert, select

from app.directory.search import searchable
from app.extensions import db
from app.moderation.models import CommentCell, CommentLayer
from app.moderation.rules import State
from app.responding.models import Response
from app.results.models import QuarterState
from app.results.reviews import list_released
from app.results.tally_tables import TALLIES
from app.results.tallying import SHEETS
from app.thresholds.queries import thresholds_of
from app.transactions import transaction
from surveys.covering import fingerprint
from surveys.periods import Quarter
from surveys.redaction import redact

BATCH: Final = 1_000


class Due(NamedTuple):
    """A group whose comments may be handed over, with how many countable answers it has by now."""

    quarter: str
    agency: str
    answers: int
    closed: bool


def gather(*, now: datetime) -> int:
    """Hands over every group that is large enough; returns how many comments that were.

    Commits group by group, so that nobody who answers meanwhile has to wait for all of them.
    """
    taken = 0
    for due in list_due(now):
        with transaction():
            taken += hand_over(due)
    return taken


def list_due(now: datetime) -> list[Due]:
    quarters = [Quarter.parse(code) for code in db.session.scalars(select(QuarterState.quarter))]
    return [due for quarter in sorted(quarters) for due in _due_in(quarter, quarter.is_closable(now))]


def hand_over(due: Due) -> int:
    """Does not commit."""
    rows = list(_new_rows(due.quarter, due.agency))
    for start in range(0, len(rows), BATCH):
        db.session.execute(insert(CommentLayer), rows[start : start + BATCH])
    db.session.merge(CommentCell(**due._asdict()))
    db.session.flush()
    return len(rows)


def _due_in(quarter: Quarter, closed: bool) -> Iterator[Due]:
    known = select(CommentCell).where(CommentCell.quarter == quarter.code)
    cells = {cell.agency: cell for cell in db.session.scalars(known)}
    minimum = thresholds_of(quarter.code).disclosure
    for agency, answers in _counted(quarter.code).items():
        if _is_due(cells.get(agency), answers, closed, minimum):
            yield Due(quarter.code, agency, answers, closed)


def _counted(quarter: str) -> dict[str, int]:
    """Countable answers by agency."""
    statement = (
        select(TALLIES.c.agency, func.sum(TALLIES.c.n))
        .where(TALLIES.c.quarter == quarter, TALLIES.c.question == SHEETS)
        .group_by(TALLIES.c.agency)
        .order_by(TALLIES.c.agency)
    )
    return {agency: int(n) for agency, n in db.session.execute(statement)}


def _is_due(cell: CommentCell | None, answers: int, closed: bool, minimum: int) -> bool:
    if answers < minimum:
        return False
    if cell is None or answers - cell.answers >= minimum:
        return True
    return closed and not cell.closed


def _new_rows(quarter: str, agency: str) -> Iterator[dict[str, Any]]:
    known = select(CommentLayer.id).where(
        CommentLayer.agency == Response.agency, CommentLayer.response == Response.id
    )
    statement = select(Response.id, Response.comment, Response.quarantine).where(
        Response.quarter == quarter,
        Response.agency == agency,
        Response.comment.is_not(None),
        Response.tallied.is_(True),
        Response.test.is_(False),
        ~known.exists(),
    )
    released = list_released(db.session.connection(), agency)
    for response, comment, quarantine in db.session.execute(statement):
        if quarantine and (agency, quarantine, quarter) not in released:
            continue
        shown = redact(comment or "").text
        yield {
            "agency": agency,
            "response": response,
            "id": uuid4(),
            "quarter": quarter,
            "state": State.WAITING.value,
            "covers": "[]",
            "fingerprint": fingerprint(shown),
            "folded": searchable(shown),
        }
