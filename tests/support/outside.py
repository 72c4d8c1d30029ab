"""Somebody who has nothing but an address: a browser made of sockets, and an authenticator of its own.

Nothing of the application is imported here, so that what is found cannot agree with it by construction.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Self
from urllib.parse import urlencode

FORM = "application/x-www-form-urlencoded"
STEP = 30


@dataclass(frozen=True)
class Heard:
    """One answer, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def location(self) -> str:
        return self.headers.get("location", "")


@dataclass
class Browser:
    """One line to the server, which is opened anew where it was closed, and the cookies it has given."""

    port: int
    timeout: float = 30
    keeps_line: bool = True
    cookies: dict[str, str] = field(default_factory=dict)
    _line: HTTPConnection | None = None

    def ask(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> Heard:
        """Raises OSError or HTTPException where no answer came."""
        body = urlencode(fields).encode() if fields is not None else None
        sent = {"Content-Type": FORM} if body is not None else {}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        line = self._line or HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        self._line = line
        ended = True
        try:
            line.request(method, path, body, sent)
            answer = line.getresponse()
            content = answer.read()
            ended = not self.keeps_line
        finally:
            if ended:
                self.hang_up()
        self._keep(answer.headers.get_all("Set-Cookie") or [])
        heard = {name.lower(): value for name, value in answer.headers.items()}
        return Heard(answer.status, heard, content)

    def get(self, path: str) -> Heard:
        return self.ask("GET", path)

    def send(self, path: str, fields: Mapping[str, str], *, page: str = "") -> Heard:
        """Opens the page and sends its form with the token that stands there."""
        token = hidden(self.get(page or path).text).get("csrf_token", "")
        return self.ask("POST", path, {"csrf_token": token, **fields})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.hang_up()

    def hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None

    def _keep(self, given: list[str]) -> None:
        for text in given:
            for name, morsel in SimpleCookie(text).items():
                if morsel.value and morsel["max-age"] != "0":
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)


class _Hidden(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input" and given.get("type") == "hidden":
            self.found.setdefault(given.get("name", ""), given.get("value", ""))


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the forms of a page; of one name, the first."""
    reader = _Hidden()
    reader.feed(page)
    return reader.found


def code_of(secret: bytes, when: float) -> str:
    """What an authenticator shows (RFC 6238)."""
    digest = hmac.new(secret, struct.pack(">Q", int(when) // STEP), hashlib.sha1).digest()
    (word,) = struct.unpack_from(">I", digest, digest[-1] & 15)
    return f"{(word & 0x7FFFFFFF) % 10**6:06d}"


def sign_in(port: int, *, email: str, password: str, secret: bytes) -> Browser:
    """Both steps, through the pages."""
    browser = Browser(port)
    first = browser.send("/quan-tri/dang-nhap", {"email": email, "password": password})
    assert first.status == 303, (email, first.status)
    second = browser.send("/quan-tri/dang-nhap/ma", {"code": code_of(secret, time.time())})
    assert second.status == 303, (email, second.status)
    assert browser.get("/quan-tri").status == 200
    return browser
