"""Whether the stable facts of two visits to one household agree.

Whoever makes the second visit brings the code of the slip and a few facts; the comparison happens here, and
nobody is shown what was answered at the first visit, not even whether this one agrees.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from app.audit.actions import record
from app.catalogue.queries import get_questionnaire
from app.extensions import db
from app.fieldwork.interpreting import insert_or_nothing
from app.fieldwork.judging import slip_hashes
from app.fieldwork.models import Collector, Round, Team, Visit
from app.fieldwork.reviews.drawing import SHOWN, as_row
from app.fieldwork.reviews.models import BackCheck
from app.fieldwork.reviews.rules import AlreadyChecked, NoFacts, SameCollector, UnknownSlip
from app.fieldwork.rules import RoundIsOver
from app.responding.models import Response
from app.walls import widened
from surveys.answers import as_raw, read_answers
from surveys.questionnaire import Questionnaire
from surveys.questions import Answer, Question

# Facts that a household remembers alike a week later. The rating is none: it may change, and it is private.
FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "TAI_NHA": ("filed_online", "operator", "extra_trips", "vneid_user")
}


def facts_of(questionnaire: Questionnaire) -> tuple[Question, ...]:
    """The questions that a second visit asks: those listed, else every choice that measures nothing."""
    listed = FACTS.get(questionnaire.code)
    return tuple(
        question
        for question in questionnaire.questions
        if (question.id in listed if listed else question.type == "choice" and question.criterion is None)
    )


def list_checkers(commune: str) -> dict[str, str]:
    """Who may have made a second visit: the members of the teams of a commune, by id."""
    rows = db.session.execute(
        select(Collector.id, Collector.code, Team.name)
        .join(Team, Team.id == Collector.team)
        .where(Team.agency == commune, Collector.ended_at.is_(None))
        .order_by(Collector.code, Team.name)
    )
    return {str(key): f"{code}, {team}" for key, code, team in rows}


def record_second_visit(
    row: Round,
    slip: str,
    facts: Mapping[str, str],
    checker: UUID,
    *,
    within: Collection[str],
    by: str,
    now: datetime,
) -> None:
    """Compares the facts of a second visit with the answer whose household holds this slip.

    `within` are the villages of whoever enters it; elsewhere the slip is not found. Raises RoundIsOver,
    UnknownSlip, SameCollector, AlreadyChecked or NoFacts; none of them says what was answered. Does not
    commit.
    """
    if row.parted_at is not None:
        raise RoundIsOver
    visit, questionnaire, first = _first_visit(row, slip, within)
    if visit.collector == checker:
        raise SameCollector
    agreed, disagreed = _compared(questionnaire, first, facts)
    if not agreed + disagreed:
        raise NoFacts
    check = _claimed(row, visit, now)
    if check.done_at is not None:
        raise AlreadyChecked
    check.agreed, check.disagreed = agreed, disagreed
    check.done_at, check.checked_by, check.entered_by = now, checker, by
    db.session.flush()
    # How it compared is not told: the trail is read by more people than the review.
    record("field-second-visit", by=by, subject=row.code, scope=row.agency, details={}, now=now)


def _first_visit(
    row: Round, slip: str, within: Collection[str]
) -> tuple[Visit, Questionnaire, Mapping[str, Answer]]:
    # The household decides by its slip which visit this is, and no answer leaves this module.
    with widened():
        held = (Visit.round == row.code, Visit.village.in_(within), Visit.slip_hash.in_(slip_hashes(slip)))
        found = db.session.scalars(select(Visit).where(*held).limit(2)).all()
        # A code that two households hold says nothing about either.
        if len(found) != 1:
            raise UnknownSlip
        visit = found[0]
        response = db.session.get(Response, (visit.answer_agency, visit.answer_id))
    if response is None:
        raise UnknownSlip
    return visit, get_questionnaire(response.questionnaire, response.version), json.loads(response.answers)


def _claimed(row: Round, visit: Visit, now: datetime) -> BackCheck:
    """The second visit of a household, held until the end of the transaction; made where none was drawn.

    Of two who enter the same household at once the second waits, and sees what the first has entered.
    """
    values = as_row(row.code, visit.village, visit.collector, visit.id, SHOWN, now)
    db.session.execute(insert_or_nothing(BackCheck).values(values).on_conflict_do_nothing())
    own = select(BackCheck).where(BackCheck.visit == visit.id).with_for_update()
    return db.session.scalars(own, execution_options={"populate_existing": True}).one()


def _compared(
    questionnaire: Questionnaire, first: Mapping[str, Answer], facts: Mapping[str, str]
) -> tuple[int, int]:
    """How many of the facts that both visits know agree, and how many do not."""
    asked = {question.id: question for question in facts_of(questionnaire)}
    given = {name: value for name, value in facts.items() if name in asked and value}
    # Read as an answer sheet, so that what was skipped at the second visit compares with nothing.
    second = read_answers(questionnaire, as_raw(given), phase=None, assigned=()).answers
    both = [
        name
        for name, question in asked.items()
        if not question.is_missing(first.get(name)) and not question.is_missing(second.get(name))
    ]
    agreed = sum(second[name] == first[name] for name in both)
    return agreed, len(both) - agreed
