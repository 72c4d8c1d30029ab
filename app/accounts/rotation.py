"""Rotating SECRET_KEY: what is stored under an earlier key is stored under the current one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts.identity import NATION_SCOPE
from app.accounts.models import Person
from app.accounts.secrecy import LostKey, encrypted_anew
from app.audit.actions import record
from app.extensions import db


@dataclass(frozen=True, slots=True)
class Rotation:
    """How many seeds were encrypted anew or were current already, and whose key is gone."""

    moved: int
    current: int
    lost: tuple[str, ...]


def rotate_seeds(*, by: str, now: datetime) -> Rotation:
    """The seeds of authenticators are the only thing that is kept under a key."""
    moved, current, lost = 0, 0, []
    statement = select(Person).where(Person.totp_secret.is_not(None)).order_by(Person.email)
    for person in db.session.scalars(statement.with_for_update()):
        assert person.totp_secret is not None
        try:
            anew = encrypted_anew(person.totp_secret, person.id)
        except LostKey:
            lost.append(person.email)
            continue
        if anew is None:
            current += 1
        else:
            person.totp_secret = anew
            moved += 1
    if moved:
        record("key.rotated", by=by, subject="people", scope=NATION_SCOPE, details={"count": moved}, now=now)
    return Rotation(moved, current, tuple(lost))
