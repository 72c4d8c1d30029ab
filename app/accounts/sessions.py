"""Sessions of staff: a random token in a cookie, its hash in the database. Ending one is deleting a row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from flask import request
from sqlalchemy import CursorResult, delete, select, update
from werkzeug.wrappers import Response as BaseResponse

from app import keys
from app.accounts.identity import Grant
from app.accounts.models import GrantRow, Person, StaffSession
from app.accounts.roles import Role
from app.accounts.secrecy import new_token
from app.errors import SessionEnded
from app.extensions import db

# Half way, after the password and before the code.
HALF_WAY: Final = timedelta(minutes=10)
# A click is noted at most so often, so that reading the console writes little.
NOTED_EVERY: Final = timedelta(seconds=60)

_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("coc_coc", "Cốc Cốc"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Limits:
    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True)
class Visit:
    """Who this request comes from, before it is known whether that is enough."""

    session: UUID
    person: UUID
    name: str
    grants: tuple[Grant, ...]
    seen_at: datetime
    has_second_factor: bool
    password_is_old: bool


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as its owner sees it."""

    id: UUID
    device: str
    created_at: datetime
    seen_at: datetime


def hold(person: UUID) -> None:
    """Whoever begins or ends sessions of a person takes this turn first, until the end of the transaction.

    A session that begins while others are ended would otherwise be seen by neither.
    """
    own = update(Person).where(Person.id == person).values(email=Person.email)
    db.session.execute(own.execution_options(synchronize_session=False))


def held(person: UUID) -> Person:
    """The person as the row is now, held. What was looked at before may have changed since.

    The caller knows that there is such a person: nobody is ever deleted.
    """
    hold(person)
    return db.session.get_one(Person, person, populate_existing=True)


def hold_own(visit: Visit) -> Person:
    """Whoever is signed in, held. Raises SessionEnded where the session is over since the guard let it in."""
    person = held(visit.person)
    own = select(StaffSession.id).where(StaffSession.id == visit.session)
    if db.session.scalar(own) is None or person.disabled_at is not None:
        raise SessionEnded
    return person


def begin(person: UUID, *, second_factor: bool, now: datetime) -> str:
    """Opens a session and returns its token, which is kept nowhere."""
    token = new_token()
    db.session.add(
        StaffSession(
            token_hash=keys.token_hash(token),
            person=person,
            created_at=now,
            seen_at=now,
            second_factor_at=now if second_factor else None,
            device=device_name(request.headers.get("User-Agent", "")),
        )
    )
    db.session.flush()
    return token


def find_visit(token: str, *, now: datetime) -> Visit | None:
    """The living session of a token with its person and grants; None once it is over in any way."""
    row = db.session.execute(
        select(StaffSession, Person)
        .join(Person, Person.id == StaffSession.person)
        .where(StaffSession.token_hash == keys.token_hash(token), Person.disabled_at.is_(None))
    ).first()
    if row is None:
        return None
    session, person = row
    grants = grants_of(person.id)
    if not _is_living(session, limits(grant.role for grant in grants), now):
        return None
    return Visit(
        session=session.id,
        person=person.id,
        name=person.name,
        grants=grants,
        seen_at=session.seen_at,
        has_second_factor=session.second_factor_at is not None,
        password_is_old=_is_old(person.password_changed_at, now),
    )


def _is_old(changed_at: datetime | None, now: datetime) -> bool:
    """Whether a password has served its time, where it has any."""
    days = keys.configuration().staff_password_days
    return bool(days) and changed_at is not None and now - changed_at >= timedelta(days=days)


def grants_of(person: UUID) -> tuple[Grant, ...]:
    rows = db.session.execute(
        select(GrantRow.role, GrantRow.scope)
        .where(GrantRow.person == person)
        .order_by(GrantRow.role, GrantRow.scope)
    )
    return tuple(Grant(Role(role), scope) for role, scope in rows)


def limits(roles: Iterable[str]) -> Limits:
    """The strictest limits among the roles of a person."""
    minutes = keys.configuration().staff_session_minutes
    held = [minutes.get(role, minutes["default"]) for role in roles] or [minutes["default"]]
    return Limits(
        timedelta(minutes=min(idle for idle, _absolute in held)),
        timedelta(minutes=min(absolute for _idle, absolute in held)),
    )


def _is_living(session: StaffSession, limit: Limits, now: datetime) -> bool:
    if session.second_factor_at is None:
        return now - session.created_at < HALF_WAY
    return now - session.created_at < limit.absolute and now - session.seen_at < limit.idle


def note_click(visit: Visit, *, now: datetime) -> bool:
    """Notes that the session is in use; says whether there was anything to write.

    An update and never an insert: a session that was ended meanwhile stays ended.
    """
    if now - visit.seen_at < NOTED_EVERY:
        return False
    db.session.execute(
        update(StaffSession)
        .where(StaffSession.id == visit.session, StaffSession.seen_at < now)
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )
    return True


def list_sessions(person: UUID, *, now: datetime) -> list[SessionView]:
    """The living sessions of a person, the latest first."""
    limit = limits(grant.role for grant in grants_of(person))
    rows = db.session.scalars(
        select(StaffSession)
        .where(StaffSession.person == person, StaffSession.second_factor_at.is_not(None))
        .order_by(StaffSession.seen_at.desc(), StaffSession.id)
    )
    return [
        SessionView(row.id, row.device, row.created_at, row.seen_at)
        for row in rows
        if _is_living(row, limit, now)
    ]


def end(session: UUID, *, person: UUID) -> bool:
    """Ends one session of a person; False where the person has no such session."""
    result = db.session.execute(
        delete(StaffSession).where(StaffSession.id == session, StaffSession.person == person)
    )
    assert isinstance(result, CursorResult)
    return bool(result.rowcount)


def end_all(person: UUID, *, but: UUID | None = None) -> None:
    """Ends every session of a person, or every other one; they are over at their next request."""
    statement = delete(StaffSession).where(StaffSession.person == person)
    if but is not None:
        statement = statement.where(StaffSession.id != but)
    db.session.execute(statement)


def device_name(agent: str) -> str:
    """A browser and a system, so that a person knows the own devices; no version, no model."""
    browser = next((name for mark, name in _BROWSERS if re.search(rf"{mark}\b|{mark}/", agent)), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return ", ".join(part for part in (browser, system) if part)


def _is_secure() -> bool:
    """Production never sends a cookie over an open line, whatever its address is said to be."""
    config = keys.configuration()
    return config.production or config.base_url.startswith("https://")


def cookie_name(suffix: str = "") -> str:
    """`__Host-` binds a cookie to this host alone; browsers take it only over TLS, so not in development."""
    return ("__Host-hailong" if _is_secure() else "hailong") + suffix


def token_of_request() -> str:
    return request.cookies.get(cookie_name(), "")


def put_cookie(
    response: BaseResponse,
    value: str,
    suffix: str = "",
    *,
    samesite: str = "Strict",
    max_age: timedelta | None = None,
) -> None:
    """A cookie that ends with the browser; how long it counts is decided by the database."""
    response.set_cookie(
        cookie_name(suffix),
        value,
        max_age=max_age,
        secure=_is_secure(),
        httponly=True,
        samesite=samesite,
        path="/",
    )


def drop_cookie(response: BaseResponse, suffix: str = "") -> None:
    response.delete_cookie(
        cookie_name(suffix), secure=_is_secure(), httponly=True, samesite="Strict", path="/"
    )
