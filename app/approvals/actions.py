"""Proposing, withdrawing and deciding. Nothing here commits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.approvals.kinds import Approved, Decision, Kind, handler_of
from app.approvals.models import ApprovalRow
from app.approvals.queries import Approval, get_approval
from app.approvals.rules import AlreadyDecided, AlreadyProposed, NoReason, NotTheProposer, TheSamePerson
from app.approvals.second_person import ensure_second
from app.audit.actions import record, take_turn
from app.audit.queries import has_event
from app.extensions import db

IN_ONE_HAND: Final = "approval-in-one-hand"


def propose(
    kind: Kind,
    *,
    subject: str,
    scope: str,
    payload: Mapping[str, Any],
    reason: str,
    by: str,
    now: datetime,
) -> UUID:
    """Puts an act before a second person; returns the id of the proposal.

    `payload` is what the handler of the kind needs, as JSON values. Raises NoReason or AlreadyProposed.
    """
    handler_of(kind)
    if not reason.strip():
        raise NoReason
    row = ApprovalRow(
        id=uuid4(),
        kind=kind.value,
        subject=subject,
        scope=scope,
        payload=json.dumps(dict(payload), ensure_ascii=False, separators=(",", ":"), sort_keys=True),
        reason=reason.strip(),
        proposed_by=by,
        proposed_at=now,
    )
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        # Of one thing, the index lets only one proposal of a kind wait, whoever comes first.
        raise AlreadyProposed from error
    _record("approval-proposed", get_approval(row.id), by, now)
    return row.id


def decide(approval: UUID, *, approve: bool, reason: str = "", by: str, now: datetime) -> None:
    """Approves, which does the act in this same transaction, or refuses, which needs a reason.

    Raises UnknownApproval, TheSamePerson, InOneHand, AlreadyDecided, NoReason, and what the handler raises.
    """
    proposal = get_approval(approval)
    if proposal.proposed_by == by:
        raise TheSamePerson
    ensure_second(proposal, by)
    if not approve and not reason.strip():
        raise NoReason
    _settle(proposal, Decision.APPROVED if approve else Decision.REFUSED, reason, by, now)
    if approve:
        handler_of(proposal.kind)(
            Approved(
                id=proposal.id,
                kind=proposal.kind,
                subject=proposal.subject,
                scope=proposal.scope,
                payload=proposal.payload,
                reason=proposal.reason,
                proposed_by=proposal.proposed_by,
                decided_by=by,
                now=now,
            )
        )
    # Somebody may have reset one of the two since the first look. Nobody does while the trail is ours, and
    # whatever was done before stands in it.
    take_turn()
    ensure_second(proposal, by)
    _record("approval-approved" if approve else "approval-refused", proposal, by, now)


def note_in_one_hand(approval: UUID, *, by: str, now: datetime) -> None:
    """Somebody tried to decide who cannot be the second person. Noted once for each proposal and person."""
    if not has_event(IN_ONE_HAND, by=by, subject=str(approval)):
        _record(IN_ONE_HAND, get_approval(approval), by, now)


def withdraw(approval: UUID, *, by: str, now: datetime) -> None:
    """Takes a proposal back. Raises UnknownApproval, NotTheProposer or AlreadyDecided."""
    proposal = get_approval(approval)
    if proposal.proposed_by != by:
        raise NotTheProposer
    _settle(proposal, Decision.WITHDRAWN, "", by, now)
    _record("approval-withdrawn", proposal, by, now)


def _settle(proposal: Approval, decision: Decision, reason: str, by: str, now: datetime) -> None:
    """One statement both asks and decides, so that of several at once exactly one wins."""
    settled = db.session.execute(
        update(ApprovalRow)
        .where(ApprovalRow.id == proposal.id, ApprovalRow.decision.is_(None))
        .values(decision=decision.value, decided_by=by, decided_at=now, decision_reason=reason.strip())
    )
    if settled.rowcount != 1:  # type: ignore[attr-defined]  # an update returns a cursor
        raise AlreadyDecided


def _record(action: str, proposal: Approval, by: str, now: datetime) -> None:
    """The reasons stay in the table: people write what they want there, and the trail holds ids only."""
    details = {"kind": proposal.kind.value, "of": proposal.subject}
    record(action, by=by, subject=str(proposal.id), scope=proposal.scope, details=details, now=now)
