"""A review of quarantined answers: proposed by one, decided by another, and counted by the same machine.

No answer is touched. A decision is a row; the tallies move by the difference that counting the group once
more makes, in the transaction of the decision, so that a recount says the same before and after.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update

from app.accounts.roles import Permission
from app.approvals.actions import propose
from app.approvals.kinds import Approved, Kind, register
from app.audit.actions import record
from app.catalogue.queries import get_questionnaire
from app.extensions import db
from app.results.folding import RESPONSES, TWO_AGENCIES, as_table, seen_under_two_agencies
from app.results.models import QuarantineReview
from app.results.recounting import count_agency
from app.results.review_queries import count_group
from app.results.review_rules import AlreadySo, GroupTooSmall, QuarterClosed, QuarterRuns, UnknownGroup
from app.results.review_words import describe
from app.results.reviews import Group, ReviewAct, latest_act, list_reviews
from app.results.tally_tables import add_counts, lock_tallies
from app.results.tallying import Counts, Tallier
from app.thresholds.queries import thresholds_of
from app.walls import widened
from surveys.periods import Quarter, local_day


def propose_review(group: Group, act: ReviewAct, *, scope: str, reason: str, by: str, now: datetime) -> UUID:
    """Raises what `check` and `propose` raise."""
    check(group, act, now)
    return propose(
        Kind.REMOVE_QUARANTINED,
        subject=group.subject,
        scope=scope,
        payload={**group._asdict(), "act": act.value},
        reason=reason,
        by=by,
        now=now,
    )


def check(group: Group, act: ReviewAct, now: datetime) -> None:
    """Raises UnknownGroup, QuarterRuns, QuarterClosed, AlreadySo or GroupTooSmall."""
    counted = count_group(group)
    if not counted:
        raise UnknownGroup(group.subject)
    check_window(Quarter.parse(group.quarter), now)
    if latest_act(list_reviews(group)) is act:
        raise AlreadySo
    if act is ReviewAct.RELEASE and counted < thresholds_of(group.quarter).disclosure:
        raise GroupTooSmall


def check_window(quarter: Quarter, now: datetime) -> None:
    """Between the last day of the quarter and the day from which it may be closed."""
    if local_day(now) <= quarter.last_day:
        raise QuarterRuns
    if quarter.is_closable(now):
        raise QuarterClosed


def review(act: Approved) -> None:
    """The handler: the decision is kept, and the tallies follow it. Raises what `check` raises."""
    group, what = group_of(act.payload), ReviewAct(act.payload["act"])
    connection = db.session.connection()
    lock_tallies(connection)
    check(group, what, act.now)
    change = _without_doubles(connection, group)
    before = _counts_of(connection, group)
    db.session.add(
        QuarantineReview(
            **group._asdict(),
            number=len(list_reviews(group)) + 1,
            act=what.value,
            why=act.reason,
            approval=act.id,
            proposed_by=act.proposed_by,
            decided_by=act.decided_by,
            decided_at=act.now,
        )
    )
    db.session.flush()
    change += _counts_of(connection, group) - before
    if change:
        add_counts(connection, change)
    details = {**group._asdict(), "act": what.value}
    record(
        "quarantine-reviewed", by=act.decided_by, subject=group.agency, scope=act.scope, details=details,
        now=act.now,
    )  # fmt: skip


def group_of(payload: Mapping[str, Any]) -> Group:
    return Group(payload["quarter"], payload["agency"], payload["reason"])


def _counts_of(connection: Connection, group: Group) -> Counts:
    tallier = Tallier(get_questionnaire)
    count_agency(connection, tallier, group.agency, *_within(group))
    return tallier.take()


def _without_doubles(connection: Connection, group: Group) -> Counts:
    """Answers of the group whose id another agency has too get the reason that nobody can lift.

    Returns how the tallies change by it.
    """
    own = (RESPONSES.c.agency == group.agency, RESPONSES.c.tallied, *_within(group))
    ids = connection.scalars(select(RESPONSES.c.id).where(*own)).all()
    # The other agency may be anybody's.
    with widened():
        doubled = seen_under_two_agencies(connection, ids)
    if not doubled:
        return Counts()
    before = _counts_of(connection, group)
    chosen = RESPONSES.c.id.in_(as_table(connection, doubled))
    connection.execute(update(RESPONSES).where(chosen, *own).values(quarantine=TWO_AGENCIES))
    tallier = Tallier(get_questionnaire)
    count_agency(
        connection, tallier, group.agency, chosen, RESPONSES.c.quarter == group.quarter,
        RESPONSES.c.quarantine == TWO_AGENCIES,
    )  # fmt: skip
    return tallier.take() + _counts_of(connection, group) - before


def _within(group: Group) -> tuple[Any, ...]:
    return RESPONSES.c.quarter == group.quarter, RESPONSES.c.quarantine == group.reason


register(Kind.REMOVE_QUARANTINED, review, describe=describe, needs=Permission.QUARANTINE_REVIEW)
