"""Reads about proposals: what waits, and what became of the others."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select, tuple_

from app.approvals.kinds import Decision, Kind
from app.approvals.models import ApprovalRow
from app.approvals.rules import UnknownApproval
from app.extensions import db

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Approval:
    """A proposal as pages show it; `decision` is None while it waits."""

    id: UUID
    kind: Kind
    subject: str
    scope: str
    payload: Mapping[str, Any]
    reason: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision: Decision | None
    decision_reason: str | None


class Brief(NamedTuple):
    """As much of a proposal as says whose it is."""

    id: UUID
    proposed_by: str
    proposed_at: datetime


class Place(NamedTuple):
    """Where a page of a list ended: the instant that orders the list, and the id of its last row."""

    at: datetime
    id: UUID


def get_approval(approval: UUID) -> Approval:
    """Raises UnknownApproval."""
    row = db.session.get(ApprovalRow, approval)
    if row is None:
        raise UnknownApproval(str(approval))
    return _approval(row)


def list_waiting(
    scopes: Collection[str] | None, *, after: Place | None = None, limit: int = PAGE
) -> list[Approval]:
    """What waits in these scopes (None: in all), the longest waiting first; `after` is the last one shown."""
    key = tuple_(ApprovalRow.proposed_at, ApprovalRow.id)
    statement = (
        select(ApprovalRow)
        .where(ApprovalRow.decision.is_(None), *_within(scopes))
        .order_by(ApprovalRow.proposed_at, ApprovalRow.id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(key > _bound(after, ApprovalRow.proposed_at))
    return [_approval(row) for row in db.session.scalars(statement)]


def list_decided(
    scopes: Collection[str] | None, *, before: Place | None = None, limit: int = PAGE
) -> list[Approval]:
    """What was approved, refused or withdrawn in these scopes, the newest decision first."""
    key = tuple_(ApprovalRow.decided_at, ApprovalRow.id)
    statement = (
        select(ApprovalRow)
        .where(ApprovalRow.decision.is_not(None), *_within(scopes))
        .order_by(ApprovalRow.decided_at.desc(), ApprovalRow.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(key < _bound(before, ApprovalRow.decided_at))
    return [_approval(row) for row in db.session.scalars(statement)]


def count_waiting(scopes: Collection[str] | None) -> int:
    """How many proposals wait in these scopes."""
    statement = select(func.count()).select_from(ApprovalRow)
    return db.session.scalar(statement.where(ApprovalRow.decision.is_(None), *_within(scopes))) or 0


def list_waiting_of_others(scopes: Collection[str], kind: Kind, *, person: str) -> list[Brief]:
    """What waits in these scopes and was proposed by somebody else than this person."""
    statement = (
        select(ApprovalRow.id, ApprovalRow.proposed_by, ApprovalRow.proposed_at)
        .where(ApprovalRow.decision.is_(None), ApprovalRow.kind == kind.value, *_within(scopes))
        .where(ApprovalRow.proposed_by != person)
        .order_by(ApprovalRow.proposed_at, ApprovalRow.id)
    )
    return [Brief(*row) for row in db.session.execute(statement)]


def list_scopes() -> list[str]:
    """Every scope in which something was ever proposed."""
    return list(db.session.scalars(select(ApprovalRow.scope).distinct().order_by(ApprovalRow.scope)))


def find_waiting(kind: Kind, subject: str) -> Approval | None:
    """The proposal of this kind that waits for one thing."""
    row = db.session.scalar(
        select(ApprovalRow).where(
            ApprovalRow.kind == kind.value, ApprovalRow.subject == subject, ApprovalRow.decision.is_(None)
        )
    )
    return _approval(row) if row else None


def _within(scopes: Collection[str] | None) -> Iterator[ColumnElement[bool]]:
    if scopes is not None:
        yield ApprovalRow.scope.in_(sorted(scopes))


def _bound(place: Place, at: Any) -> Any:
    """The place as a row of the database, each value converted as its column is."""
    return tuple_(literal(place.at, at.type), literal(place.id, ApprovalRow.id.type))


def _approval(row: ApprovalRow) -> Approval:
    return Approval(
        id=row.id,
        kind=Kind(row.kind),
        subject=row.subject,
        scope=row.scope,
        payload=json.loads(row.payload),
        reason=row.reason,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision=Decision(row.decision) if row.decision else None,
        decision_reason=row.decision_reason,
    )
