"""Who works in the console: people with grants, put into requests without signing in."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import html5lib
from flask import Flask, g, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.identity import Actor, Grant
from app.accounts.roles import Role


def person(role: Role | str = Role.PROVINCE, scope: str = "14", *more: tuple[str, str]) -> Actor:
    grants = (Grant(Role(role), scope), *(Grant(Role(name), where) for name, where in more))
    return Actor(id="7", name="Lò Thị Mai", grants=grants)


class Console:
    """Somebody at the keyboard: pages are opened, forms are sent with the token of their page."""

    def __init__(self, app: Flask, actor: Actor) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.actor = actor
        self.client.environ_base["staff.actor"] = actor
        app.before_request_funcs.setdefault(None, []).insert(0, self._sit_down)

    def _sit_down(self) -> None:
        """Each client is one person, however many sit at consoles of one application."""
        if request.environ.get("staff.actor") is self.actor:
            g.actor = self.actor

    def get(self, path: str, status: int = 200) -> str:
        response = self.client.get(path)
        assert response.status_code == status, (path, response.status_code)
        if response.mimetype == "text/html":
            html5lib.HTMLParser(strict=True).parse(response.get_data())
        return response.get_data(as_text=True)

    def post(self, path: str, status: int = 303, **fields: Any) -> TestResponse:
        token = {"csrf_token": self.token()}
        response = self.client.post(path, data={**token, **fields})
        assert response.status_code == status, (path, response.status_code, words(response.text))
        return response

    def token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]*)"', self.client.get("/quan-tri").text)
        return unescape(found[1]) if found else ""


def words(page: str) -> str:
    """What a person reads of a page: no tags, single spaces."""
    main = page[page.find("<main") :] if "<main" in page else page
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())
