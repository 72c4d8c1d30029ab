"""The review of a round: what its interviews show, gathered while visits and answers are still joined.

A flag says that somebody's interviews differ from those of the others by more than such differences usually
are. It opens a review and judges nobody; what people decide about it is audited.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

import structlog
from sqlalchemy import Row, and_, delete, func, select, update

from app.audit.actions import record
from app.catalogue.queries import get_questionnaire
from app.extensions import db
from app.fieldwork.models import Round, Visit, VisitCount
from app.fieldwork.rates import knows_doors
from app.fieldwork.reviews.drawing import draw_backchecks, second_visits
from app.fieldwork.reviews.flags import FlagState
from app.fieldwork.reviews.models import Flag
from app.responding.models import Response
from app.transactions import take_turn, transaction
from surveys.canonical import canonical_json
from surveys.doors import ANSWERED, REFUSED, UNOPENED
from surveys.interview_signs import review
from surveys.interviews import Doors, Finding, Interview, interview

log = structlog.get_logger()
BY: Final = "command:review"
CLEARER: Final = 1e-3
"""An explanation holds until chance explains the same sign a thousand times less often than it did then."""


class Reviewed(NamedTuple):
    """How many flags of a round are open, and how many second visits were drawn now."""

    open_flags: int
    drawn: int


def review_and_draw(row: Round, *, now: datetime) -> Reviewed:
    """Flags first, then whom to see again, since the flagged are seen more often. Does not commit."""
    return Reviewed(review_round(row, now=now), draw_backchecks(row, now=now))


def review_all(*, now: datetime) -> dict[str, Reviewed]:
    """Every round whose visits and answers are still joined, each in a transaction of its own.

    A round at which the review fails is logged and keeps no other from being looked at.
    """
    found = {}
    rows = select(Round.code).where(Round.parted_at.is_(None)).order_by(Round.code)
    for code in list(db.session.scalars(rows)):
        try:
            with transaction():
                found[code] = review_and_draw(db.session.get_one(Round, code), now=now)
        except Exception as error:
            log.error("round_not_reviewed", round=code, kind=type(error).__name__)
    return found


def review_round(row: Round, *, now: datetime) -> int:
    """Looks at everything of the round again; returns how many flags are open. Does not commit.

    What somebody has decided stays as it was decided, unless the same sign has become much clearer since:
    who once explained a little has not explained whatever comes later. An open flag that the numbers no
    longer bear out goes. Nothing happens once visits and answers are parted.
    """
    # Of two reviews at the same moment the second waits here, and sees what the first has written.
    take_turn(update(Round).where(Round.code == row.code).values(title=Round.title))
    db.session.refresh(row)
    if row.parted_at is not None:
        return 0
    found = {(finding.collector, finding.indicator.value): finding for finding in _findings(row.code)}
    held = {
        (str(flag.collector), flag.indicator): flag
        for flag in db.session.scalars(select(Flag).where(Flag.round == row.code))
    }
    for key, finding in found.items():
        if key in held:
            _look_again(row, held[key], finding, now)
        else:
            db.session.add(_new(row.code, finding, now))
    gone = [flag.id for key, flag in held.items() if key not in found and _is_untouched(flag)]
    if gone:
        db.session.execute(delete(Flag).where(Flag.id.in_(gone)))
    db.session.flush()
    still_open = select(func.count()).where(Flag.round == row.code, Flag.state == FlagState.OPEN.value)
    return db.session.scalar(still_open) or 0


def _is_untouched(flag: Flag) -> bool:
    """Open, and nobody has written anything about it."""
    return flag.state == FlagState.OPEN and flag.decided_at is None


def _look_again(row: Round, flag: Flag, finding: Finding, now: datetime) -> None:
    if flag.state == FlagState.EXPLAINED and finding.p < flag.p * CLEARER:
        flag.state = FlagState.OPEN.value
        details = {"indicator": flag.indicator}
        record("field-flag-reopened", by=BY, subject=row.code, scope=row.agency, details=details, now=now)
    if flag.state == FlagState.OPEN:
        flag.p, flag.q, flag.numbers = finding.p, finding.q, _numbers(finding)


def _findings(code: str) -> Sequence[Finding]:
    return review(list(_interviews(code)), _doors(code), second_visits(code))


def _new(code: str, finding: Finding, now: datetime) -> Flag:
    return Flag(
        id=uuid4(), round=code, collector=UUID(finding.collector), indicator=finding.indicator.value,
        p=finding.p, q=finding.q, numbers=_numbers(finding), found_at=now, state=FlagState.OPEN.value,
        note="",
    )  # fmt: skip


def _numbers(finding: Finding) -> str:
    return canonical_json({name: round(value, 4) for name, value in finding.numbers.items()})


def _interviews(code: str) -> Iterator[Interview]:
    """Each visit with its answer, in the order in which the collector made them."""
    rows = db.session.execute(
        select(Visit, Response.questionnaire, Response.version, Response.answers)
        .join(Response, and_(Response.agency == Visit.answer_agency, Response.id == Visit.answer_id))
        .where(Visit.round == code, Response.test.is_(False))
    ).all()
    places: Counter[UUID] = Counter()
    for visit, questionnaire, version, answers in sorted(rows, key=_order):
        at = places[visit.collector]
        places[visit.collector] += 1
        # On paper people write round minutes, which would look like haste beside a telephone's seconds.
        trusted = visit.device is not None and visit.started_at is not None and not visit.clock
        yield interview(
            get_questionnaire(questionnaire, version),
            json.loads(answers),
            collector=str(visit.collector),
            village=visit.village,
            day=visit.day,
            at=at,
            started=visit.started_at if trusted else None,
            seconds=visit.seconds if trusted else None,
        )


def _order(row: Row[Visit, str, str, str]) -> tuple[Any, ...]:
    visit = row[0]
    began = visit.started_at.timestamp() if visit.started_at else 0.0
    return str(visit.collector), visit.day, began, str(visit.id)


def _doors(code: str) -> list[Doors]:
    """What each collector met with in each village. Doors that are nobody's to answer do not count.

    Interviews on paper only of days whose doors are counted: nobody is to look as if every door had opened.
    """
    counts: dict[tuple[UUID, str], Counter[str]] = defaultdict(Counter)
    for collector, village in db.session.execute(
        select(Visit.collector, Visit.village).where(Visit.round == code, knows_doors())
    ):
        counts[collector, village][ANSWERED] += 1
    rows = select(VisitCount.collector, VisitCount.village, VisitCount.outcome, VisitCount.n)
    for collector, village, outcome, n in db.session.execute(rows.where(VisitCount.round == code)):
        counts[collector, village][outcome] += n
    return [
        Doors(str(collector), village, met[ANSWERED], met[REFUSED], sum(met[name] for name in UNOPENED))
        for (collector, village), met in sorted(counts.items(), key=str)
    ]
