"""A change of thresholds: one person of the ministry proposes, another decides. Nothing here commits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from app.accounts.identity import NATION_SCOPE
from app.accounts.roles import Permission
from app.approvals.actions import propose
from app.approvals.kinds import Approved, Kind, register
from app.audit.actions import record
from app.extensions import db
from app.thresholds.models import ThresholdSet
from app.thresholds.queries import thresholds_of
from app.thresholds.rules import QuarterBegun, SameSet, UnlawfulSet
from app.thresholds.words import describe
from surveys.periods import Quarter, local_day
from surveys.thresholds import Thresholds, from_mapping, is_lawful, to_mapping

SUBJECT: Final = "thresholds"


def propose_change(quarter: Quarter, thresholds: Thresholds, *, reason: str, by: str, now: datetime) -> UUID:
    """Raises QuarterBegun, UnlawfulSet, SameSet and what `propose` raises."""
    check(quarter, thresholds, now)
    payload: Mapping[str, Any] = {
        "first_quarter": quarter.code,
        "thresholds": to_mapping(thresholds),
        "before": to_mapping(thresholds_of(quarter.code)),
    }
    return propose(
        Kind.CHANGE_THRESHOLDS,
        # One subject for all: two changes that are decided apart could contradict each other.
        subject=SUBJECT,
        scope=NATION_SCOPE,
        payload=payload,
        reason=reason,
        by=by,
        now=now,
    )


def check(quarter: Quarter, thresholds: Thresholds, now: datetime) -> None:
    if quarter.first_day <= local_day(now):
        raise QuarterBegun
    if not is_lawful(thresholds):
        raise UnlawfulSet
    if thresholds_of(quarter.code) == thresholds:
        raise SameSet


def change(act: Approved) -> None:
    """The handler. Raises what `check` raises: while a proposal waits, its quarter may begin."""
    quarter = Quarter.parse(act.payload["first_quarter"])
    thresholds = from_mapping(act.payload["thresholds"])
    check(quarter, thresholds, act.now)
    number = (db.session.scalar(select(func.max(ThresholdSet.number))) or 0) + 1
    db.session.add(
        ThresholdSet(
            number=number,
            first_quarter=quarter.code,
            thresholds=json.dumps(to_mapping(thresholds)),
            why=act.reason,
            approval=act.id,
            proposed_by=act.proposed_by,
            decided_by=act.decided_by,
            decided_at=act.now,
        )
    )
    db.session.flush()
    details = {"from": quarter.code, "number": number}
    record(
        "thresholds-changed",
        by=act.decided_by,
        subject=SUBJECT,
        scope=act.scope,
        details=details,
        now=act.now,
    )


register(Kind.CHANGE_THRESHOLDS, change, describe=describe, needs=Permission.THRESHOLDS_CHANGE)
