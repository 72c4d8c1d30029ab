"""Who works in the console: people with grants, whose session has begun already."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import UUID

import html5lib
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.accounts.form_tokens import form_token
from app.accounts.identity import Actor, Grant
from app.accounts.models import Person
from app.accounts.roles import Role
from app.extensions import db
from app.transactions import transaction
from tests.support.accounts import COOKIE, signed_in, write_grants

# Events of the trail name people by their id.
PERSON = UUID(int=7)


def person(role: Role | str = Role.PROVINCE, scope: str = "14", *more: tuple[str, str]) -> Actor:
    grants = (Grant(Role(role), scope), *(Grant(Role(name), where) for name, where in more))
    return Actor(id=str(PERSON), name="Lò Thị Mai", grants=grants)


class Console:
    """Somebody at the keyboard: pages are opened, forms are sent with the token of their page."""

    def __init__(self, app: Flask, actor: Actor) -> None:
        self.app = app
        self.actor = actor
        self._sit_down()

    def _sit_down(self) -> None:
        """Begins a session with these grants.

        The clock of a test may have left the last one behind, and somebody else, who is the same person to
        the trail, may have sat here meanwhile.
        """
        with self.app.app_context(), transaction():
            now, name = clock.now(), self.actor.name
            db.session.merge(Person(id=PERSON, email="mai@bo.vn", name=name, folded="", created_at=now))
            write_grants(PERSON, self.actor.grants)
        self.client: FlaskClient = signed_in(self.app, PERSON, now=now)

    def get(self, path: str, status: int = 200) -> str:
        self._sit_down()
        response = self.client.get(path)
        assert response.status_code == status, (path, response.status_code)
        if response.mimetype == "text/html":
            html5lib.HTMLParser(strict=True).parse(response.get_data())
        return response.get_data(as_text=True)

    def post(self, path: str, status: int = 303, **fields: Any) -> TestResponse:
        self._sit_down()
        token = {"csrf_token": self.token()}
        response = self.client.post(path, data={**token, **fields})
        assert response.status_code == status, (path, response.status_code, words(response.text))
        return response

    def token(self) -> str:
        """As the page with the form would carry it, without asking for that page."""
        cookie = self.client.get_cookie(COOKIE)
        assert cookie is not None
        with self.app.test_request_context(headers={"Cookie": f"{COOKIE}={cookie.value}"}):
            g.visit = self.actor
            return form_token()


def words(page: str) -> str:
    """What a person reads of a page: no tags, single spaces."""
    main = page[page.find("<main") :] if "<main" in page else page
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())
