"""What staff were not let do, and tries that failed: a line of the log for each, and a number for the hour.

Neither says who it was: no person, no address, no path. A flood of refusals writes little, or it would fill
the disk: within a minute each process writes so many lines of a kind, and how many it left out with the next.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from threading import Lock
from typing import Final

import structlog
from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from app import clock, keys
from app.accounts.models import Throttle
from app.accounts.throttling import Bucket, take
from app.budgets import MinuteBudget
from app.extensions import db
from app.transactions import transaction

LINES_A_MINUTE: Final = 20
_HOUR: Final = 3600
HOURS: Final = 24
log = structlog.get_logger()


class Refused(StrEnum):
    # Wrong passwords, codes and answers of the provider.
    SIGN_IN = "sign-in"
    # A page or an act that is not the person's, or a form that was not made for the browser.
    ACCESS = "access"
    # Too many tries.
    TRIES = "tries"


class _Memory:
    """What one process has written in this minute, and what it has left out."""

    def __init__(self) -> None:
        self.budget = MinuteBudget(LINES_A_MINUTE)
        self.left_out: Counter[Refused] = Counter()
        self.lock = Lock()


def note(kind: Refused, event: str, /, **details: object) -> None:
    """Writes and counts within the budget of the minute. Whether it can be counted changes no answer."""
    now = clock.now()
    memory: _Memory = current_app.extensions.setdefault("refused", _Memory())
    with memory.lock:
        if not memory.budget.take(int(now.timestamp()), kind):
            memory.left_out[kind] += 1
            return
        left_out = memory.left_out.pop(kind, 0)
    if left_out:
        log.warning("refusals_left_out", kind=kind.value, count=left_out)
    log.warning(event, **details)
    with suppress(SQLAlchemyError):
        db.session.rollback()
        with transaction():
            take(_bucket(kind, now), now=now, times=1 + left_out)


def note_access(*, status: int, **details: object) -> None:
    note(Refused.TRIES if status == 429 else Refused.ACCESS, "access_refused", status=status, **details)


def count_refused(now: datetime) -> Mapping[Refused, int]:
    """How many there were of each kind in this hour and those before it, a day in all."""
    start = int(now.timestamp()) // _HOUR * _HOUR
    counts = {}
    for kind in Refused:
        buckets = [_key(kind, start - hour * _HOUR) for hour in range(HOURS)]
        statement = select(func.sum(Throttle.count)).where(Throttle.bucket.in_(buckets))
        counts[kind] = int(db.session.scalar(statement) or 0)
    return counts


def _bucket(kind: Refused, now: datetime) -> Bucket:
    return Bucket(_key(kind, int(now.timestamp()) // _HOUR * _HOUR), _HOUR)


def _key(kind: Refused, hour: int) -> bytes:
    return hmac.digest(keys.signing_key("throttle"), f"refused {kind} {hour}".encode(), "sha256")
