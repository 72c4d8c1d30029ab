"""What the tests of the console share: members of staff, signed in, and forms sent as a browser would."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from werkzeug.test import TestResponse

from app.accounts import credentials, passwords, sessions, totp
from app.accounts.actions import create_person
from app.accounts.identity import Grant
from app.accounts.models import GrantRow
from app.accounts.roles import Role
from app.extensions import db

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
PASSWORD = "bò xanh đọc báo sáng"
SECRET = b"only for tests 12345"
COOKIE = "hailong"
SIGN_IN = "/quan-tri/dang-nhap"
SECOND = "/quan-tri/dang-nhap/ma"


@dataclass(frozen=True)
class Member:
    """Somebody who has enrolled, with everything that is needed to sign in."""

    id: UUID
    email: str
    recovery_codes: tuple[str, ...]


@cache
def _password_hash() -> str:
    return passwords.hash_password(PASSWORD)


def enrolled(
    app: Flask,
    email: str = "lan@bo.vn",
    *grants: tuple[Role, str],
    name: str = "Nguyễn Thị Lan",
    now: datetime = NOW,
) -> Member:
    """A person who has accepted the invitation; of the ministry where nothing else is said."""
    held = [Grant(role, scope) for role, scope in grants or ((Role.MINISTRY, "nation"),)]
    with app.app_context():
        person, _code = create_person(email, name, held, by="command:test", now=now)
        credentials.set_password(person, _password_hash(), now=now)
        credentials.set_authenticator(person, SECRET, step=0)
        codes = credentials.renew_recovery_codes(person.id)
        member = Member(person.id, person.email, tuple(codes))
        db.session.commit()
    return member


def write_grants(person: UUID, grants: Iterable[Grant]) -> None:
    """Exactly these, without an event."""
    db.session.execute(delete(GrantRow).where(GrantRow.person == person))
    for grant in grants:
        db.session.add(GrantRow(person=person, role=grant.role.value, scope=grant.scope))


def signed_in(app: Flask, person: UUID, *, second_factor: bool = True, now: datetime = NOW) -> FlaskClient:
    """A browser with a living session, without going through the pages of signing in."""
    with app.test_request_context(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0"}):
        token = sessions.begin(person, second_factor=second_factor, now=now)
        db.session.commit()
    client = app.test_client()
    client.set_cookie(COOKIE, token)
    return client


def member_client(app: Flask, *grants: tuple[Role, str], email: str = "lan@bo.vn") -> FlaskClient:
    """Somebody with these grants, signed in."""
    return signed_in(app, enrolled(app, email, *grants).id)


def token_on(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([0-9a-f]{64})"', page)
    assert found, "the page has no form with a token"
    return found[1]


def send(
    client: FlaskClient,
    path: str,
    fields: Mapping[str, str] | None = None,
    *,
    page: str = "",
    **kwargs: object,
) -> TestResponse:
    """Opens a page (the one that is posted to, unless another is named) and sends its form."""
    opened = client.get(page or path)
    assert opened.status_code == 200, opened.status
    data = {"csrf_token": token_on(opened.text), **(fields or {})}
    return client.post(path, data=data, **kwargs)


def code(now: datetime = NOW, secret: bytes = SECRET) -> str:
    """What the authenticator shows."""
    return totp.code_at(secret, totp.step_of(now))


def wrong_code(now: datetime = NOW) -> str:
    """A code that no step near now has."""
    near = {totp.code_at(SECRET, totp.step_of(now) + step) for step in range(-3, 4)}
    return next(text for text in ("000000", "111111", "222222", "333333") if text not in near)


def sign_in(
    client: FlaskClient, email: str = "lan@bo.vn", *, password: str = PASSWORD, second: str = ""
) -> TestResponse:
    """Both steps; the answer of the step that refused, or of the last one."""
    first = send(client, SIGN_IN, {"email": email, "password": password})
    if first.status_code != 303:
        return first
    return send(client, SECOND, {"code": second or code()})
