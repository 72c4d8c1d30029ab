"""Whether the interviews of one collector count: proposed by one person, decided by another, and reversible.

No answer is deleted or changed. A removed one carries the reason `field-removed`, which the public table of
integrity counts by channel; the tallies move by the difference, in the transaction of the decision. Both are
possible only while a visit and its answer are joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import Connection, func, select, update

from app.accounts.roles import Permission
from app.approvals.actions import propose
from app.approvals.kinds import Approved, Kind, register
from app.audit.actions import record
from app.catalogue.queries import get_questionnaire
from app.extensions import db
from app.fieldwork.models import Collector, Round, Visit
from app.results.field_removal_rules import BeyondReach, MovedMeanwhile, NothingToMove, VisitsParted
from app.results.field_removal_words import describe
from app.results.folding import RESPONSES, TWO_AGENCIES, as_table, seen_under_two_agencies
from app.results.recounting import count_agency
from app.results.review_rules import QuarterClosed
from app.results.tally_tables import add_counts, lock_tallies
from app.results.tallying import Counts, Tallier
from app.walls import widened
from surveys.periods import Quarter
from surveys.scoring import is_countable

REMOVED: Final = "field-removed"
SATISFIED: Final = (4, 5)


class Act(StrEnum):
    REMOVE = "remove"
    RESTORE = "restore"


class Standing(NamedTuple):
    """Ratings that count: how many, and how many of them are 4 or 5."""

    n: int
    satisfied: int

    def __add__(self, other: object) -> Standing:
        assert isinstance(other, Standing)
        return Standing(self.n + other.n, self.satisfied + other.satisfied)


class Case(NamedTuple):
    """The answer of one interview, with what counting asks of it."""

    agency: str
    id: str
    collector: UUID
    quarter: str
    quarantine: str
    rating: Any
    test: bool


class Change(NamedTuple):
    """What an act would do: to how many answers, and the ratings of the round before and after."""

    number: int
    before: Standing
    after: Standing


def cases_of(row: Round) -> list[Case]:
    """Every answer of a round that a visit is still joined to, by agency and id."""
    statement = (
        select(
            RESPONSES.c.agency, RESPONSES.c.id, Visit.collector, RESPONSES.c.quarter,
            RESPONSES.c.quarantine, RESPONSES.c.questionnaire, RESPONSES.c.version, RESPONSES.c.answers,
            RESPONSES.c.test,
        )
        .join(Visit, (Visit.answer_agency == RESPONSES.c.agency) & (Visit.answer_id == RESPONSES.c.id))
        .where(Visit.round == row.code)
        .order_by(RESPONSES.c.agency, RESPONSES.c.id)
    )  # fmt: skip
    found = []
    for agency, key, collector, quarter, quarantine, code, version, answers, test in db.session.execute(
        statement
    ):
        rating = orjson.loads(answers).get(get_questionnaire(code, version).indicator.id)
        found.append(Case(agency, key, collector, quarter, quarantine, rating, bool(test)))
    return found


def has_visited(row: Round, collector: UUID) -> bool:
    """Whether somebody interviewed anybody in a round, whatever became of it."""
    statement = select(Visit.id).where(Visit.round == row.code, Visit.collector == collector).limit(1)
    return db.session.scalar(statement) is not None


def moved_by(cases: Sequence[Case], collector: UUID, act: Act) -> list[Case]:
    """Those of a collector that the act is about; what another reason keeps aside stays there."""
    reason = "" if act is Act.REMOVE else REMOVED
    return [case for case in cases if case.collector == collector and case.quarantine == reason]


def change_of(cases: Sequence[Case], collector: UUID, act: Act) -> Change:
    moved = moved_by(cases, collector, act)
    keys = {(case.agency, case.id) for case in moved}
    others = _standing(case for case in cases if (case.agency, case.id) not in keys)
    with_them = others + _standing(case._replace(quarantine="") for case in moved)
    before, after = (with_them, others) if act is Act.REMOVE else (others, with_them)
    return Change(len(moved), before, after)


def possible_acts(row: Round, cases: Sequence[Case], collector: UUID, now: datetime) -> list[Act]:
    """The acts that the rules allow now."""
    if not _is_whole(row, cases, collector):
        return []
    found = []
    for act in Act:
        try:
            _check(row, moved_by(cases, collector, act), now)
        except (NothingToMove, VisitsParted, QuarterClosed):
            continue
        found.append(act)
    return found


def propose_removal(
    row: Round, collector: Collector, act: Act, *, scope: str, reason: str, by: str, now: datetime
) -> UUID:
    """Puts it before a second person, with the figures as they are. Raises what the rules raise."""
    cases = cases_of(row)
    if not _is_whole(row, cases, collector.id):
        raise BeyondReach
    _check(row, moved_by(cases, collector.id, act), now)
    change = change_of(cases, collector.id, act)
    return propose(
        Kind.REMOVE_FIELD_CASES,
        subject=subject_of(row, collector),
        scope=scope,
        payload={
            "round": row.code,
            "title": row.title,
            "collector": str(collector.id),
            "code": collector.code,
            "act": act.value,
            "number": change.number,
            "before": list(change.before),
            "after": list(change.after),
        },
        reason=reason,
        by=by,
        now=now,
    )


def subject_of(row: Round, collector: Collector) -> str:
    return f"{row.code}/{collector.code}/{collector.id.hex[:8]}"


def remove(act: Approved) -> None:
    """The handler. What is done is what the second person saw: where more has come in, it is proposed anew.

    Raises MovedMeanwhile, and what the rules of the act raise.
    """
    what, collector = Act(act.payload["act"]), UUID(act.payload["collector"])
    row = db.session.get(Round, act.payload["round"])
    if row is None:
        raise MovedMeanwhile
    connection = db.session.connection()
    lock_tallies(connection)
    cases = cases_of(row)
    if not _is_whole(row, cases, collector):
        raise BeyondReach
    moved = moved_by(cases, collector, what)
    _check(row, moved, act.now)
    change = change_of(cases, collector, what)
    if change.number != act.payload["number"]:
        raise MovedMeanwhile
    doubled = _doubled(connection, moved) if what is Act.RESTORE else set()
    difference = Counts()
    for agency, ids in _by_agency(moved).items():
        chosen = RESPONSES.c.id.in_(as_table(connection, ids))
        before = _counts(connection, agency, chosen)
        _mark(connection, agency, ids - doubled, REMOVED if what is Act.REMOVE else "")
        _mark(connection, agency, ids & doubled, TWO_AGENCIES)
        difference += _counts(connection, agency, chosen) - before
    if difference:
        add_counts(connection, difference)
    details = {"of": act.payload["code"], "count": len(moved)}
    action = "field-cases-removed" if what is Act.REMOVE else "field-cases-restored"
    record(action, by=act.decided_by, subject=row.code, scope=act.scope, details=details, now=act.now)


def _is_whole(row: Round, cases: Sequence[Case], collector: UUID) -> bool:
    """Whether this person may see every answer of the collector: nobody decides about a part of them."""
    statement = select(func.count()).where(
        Visit.round == row.code, Visit.collector == collector, Visit.answer_id.is_not(None)
    )
    return db.session.scalar(statement) == sum(case.collector == collector for case in cases)


def _check(row: Round, moved: Sequence[Case], now: datetime) -> None:
    """Raises VisitsParted, NothingToMove or QuarterClosed."""
    if row.parted_at is not None:
        raise VisitsParted
    if not moved:
        raise NothingToMove
    if any(Quarter.parse(quarter).is_closable(now) for quarter in {case.quarter for case in moved}):
        raise QuarterClosed


def _standing(cases: Any) -> Standing:
    ratings = [
        case.rating
        for case in cases
        if is_countable(case.rating, quarantined=bool(case.quarantine), test=case.test)
    ]
    return Standing(len(ratings), sum(rating in SATISFIED for rating in ratings))


def _by_agency(moved: Sequence[Case]) -> Mapping[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for case in moved:
        found[case.agency].add(case.id)
    return found


def _mark(connection: Connection, agency: str, ids: Collection[str], reason: str) -> None:
    """Raises MovedMeanwhile where an answer may be seen but not judged: nothing is done by halves."""
    if ids:
        chosen = RESPONSES.c.id.in_(as_table(connection, ids))
        statement = update(RESPONSES).where(RESPONSES.c.agency == agency, chosen)
        if connection.execute(statement.values(quarantine=reason)).rowcount != len(ids):
            raise MovedMeanwhile


def _doubled(connection: Connection, moved: Sequence[Case]) -> set[str]:
    """Ids that another agency, which may be anybody's, has had an answer under meanwhile."""
    with widened():
        return seen_under_two_agencies(connection, [case.id for case in moved])


def _counts(connection: Connection, agency: str, chosen: Any) -> Counts:
    tallier = Tallier(get_questionnaire)
    count_agency(connection, tallier, agency, chosen)
    return tallier.take()


register(Kind.REMOVE_FIELD_CASES, remove, describe=describe, needs=Permission.QUARANTINE_REVIEW)
