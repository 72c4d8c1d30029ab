"""How a telephone becomes one of ours, and how it proves later that it is."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from app import keys
from app.errors import NotFound
from app.extensions import db
from app.fieldwork.models import Collector, Device, Team

CODE_BYTES: Final = 16
CODE_LIFE: Final = timedelta(hours=24)
TOKEN_BYTES: Final = 32
MOST_LABEL: Final = 60
ACTIVE, PAUSED, REVOKED = "active", "paused", "revoked"


class CodeUsedUp(NotFound):
    """The code of enrolment was never made, was used, has run out, or belongs to a revoked telephone."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a telephone is told once; the token is kept nowhere else."""

    device: UUID
    token: str
    collector: UUID
    collector_code: str
    team: str


@dataclass(frozen=True, slots=True)
class Known:
    """The telephone behind a token."""

    id: UUID
    state: str
    collector: UUID


def new_code() -> tuple[str, bytes]:
    """A code of one use for a QR code, and what is kept of it; it is good for CODE_LIFE."""
    code = secrets.token_urlsafe(CODE_BYTES)
    return code, keys.token_hash(code)


def enrol(code: str, label: str, *, now: datetime) -> Enrolled:
    """Takes the code for good, whoever comes second with it. Raises CodeUsedUp. Does not commit.

    A new code for a telephone that is known already ends the token that it had.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    taken = db.session.execute(
        update(Device)
        .where(
            Device.code_hash == keys.token_hash(code),
            Device.code_until > now,
            Device.state != REVOKED,
        )
        .values(
            state=ACTIVE,
            token_hash=keys.token_hash(token),
            code_hash=None,
            code_until=None,
            enrolled_at=now,
            **({"label": label[:MOST_LABEL]} if label else {}),
        )
        .returning(Device.id)
        .execution_options(synchronize_session=False)
    ).scalars()
    device = next(iter(taken), None)
    if device is None:
        raise CodeUsedUp
    collector = db.session.execute(
        select(Collector.id, Collector.code, Team.name)
        .join(Device, Device.collector == Collector.id)
        .join(Team, Team.id == Collector.team)
        .where(Device.id == device)
    ).one()
    return Enrolled(device, token, collector.id, collector.code, collector.name)


def find_device(token: str) -> Known | None:
    """The telephone that holds this token, whatever its state."""
    row = db.session.execute(
        select(Device.id, Device.state, Device.collector).where(Device.token_hash == keys.token_hash(token))
    ).one_or_none()
    return None if row is None else Known(row.id, row.state, row.collector)
