"""Reads of what two persons decided about quarantined answers."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

from sqlalchemy import Connection, Select, select
from sqlalchemy.orm import aliased

from app.extensions import db
from app.results.models import QuarantineReview
from app.walls import widened

REVIEWABLE: Final = ("budget", "honeypot", "no-time", "too-fast")
"""Signs that a program may have answered. An id under two agencies is a contradiction, not a suspicion:
whoever looks at it cannot know either which of the two was meant."""


class ReviewAct(StrEnum):
    RELEASE = "release"
    LEAVE_OUT = "leave-out"


class Group(NamedTuple):
    """The answers of one agency that one reason set aside in one quarter."""

    quarter: str
    agency: str
    reason: str

    @property
    def subject(self) -> str:
        return "/".join(self)


Released: TypeAlias = frozenset[tuple[str, str, str]]
"""Groups as counting looks for them: agency, reason, quarter."""


def list_released(connection: Connection, agency: str | None = None) -> Released:
    """The groups whose latest decision lets them count."""
    statement = _decided(ReviewAct.RELEASE)
    if agency is not None:
        statement = statement.where(QuarantineReview.agency == agency)
    return frozenset((row.agency, row.reason, row.quarter) for row in connection.execute(statement))


def list_left_out(quarter: str) -> frozenset[tuple[str, str]]:
    """Agencies and reasons of a quarter whose latest decision leaves them out."""
    statement = _decided(ReviewAct.LEAVE_OUT).where(QuarantineReview.quarter == quarter)
    # A page of citizens may be the first to need the digest, which tells numbers of provinces only.
    with widened():
        return frozenset((row.agency, row.reason) for row in db.session.execute(statement))


def _decided(act: ReviewAct) -> Select[str, str, str]:
    later = aliased(QuarantineReview)
    is_overruled = (
        select(later.number)
        .where(
            later.agency == QuarantineReview.agency,
            later.quarter == QuarantineReview.quarter,
            later.reason == QuarantineReview.reason,
            later.number > QuarantineReview.number,
        )
        .exists()
    )
    columns = (QuarantineReview.agency, QuarantineReview.reason, QuarantineReview.quarter)
    return select(*columns).where(QuarantineReview.act == act.value, ~is_overruled)


def list_reviews(group: Group) -> Sequence[QuarantineReview]:
    """What was decided about a group, the latest last."""
    statement = select(QuarantineReview).where(
        QuarantineReview.quarter == group.quarter,
        QuarantineReview.agency == group.agency,
        QuarantineReview.reason == group.reason,
    )
    return db.session.scalars(statement.order_by(QuarantineReview.number)).all()


def latest_act(reviews: Sequence[QuarantineReview]) -> ReviewAct | None:
    return ReviewAct(reviews[-1].act) if reviews else None
