"""What anybody may keep for minutes is kept here for seconds, finished, in front of the whole application.

On the day of release hundreds of readers a second ask for the same few pages. Each of those pages says itself
that others may keep it for five minutes (`Cache-Control: public, max-age=300`); this process does so, for two
seconds. Nothing that depends on who asks is ever kept: see `_is_plain` and `_may_be_kept`.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final

from flask import Flask

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

LARGEST: Final = 128 * 1024
"""Bytes of one answer; whatever is larger is a file, and each reader wants another."""
MOST_BYTES: Final = 16 * 1024 * 1024
_ABOUT_EACH: Final = 2 * 1024
"""What headers and address of one answer take, reckoned high."""
_LONGEST_KEY: Final = 1000
_KEY: Final = ("wsgi.url_scheme", "HTTP_HOST", "PATH_INFO", "QUERY_STRING", "HTTP_ACCEPT_ENCODING")
# Who asks with one of these asks for himself, or for less than the whole page.
_PERSONAL: Final = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_RANGE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH",
                    "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE")  # fmt: skip
_MAX_AGE: Final = re.compile(r"\bmax-age=(\d+)")
_AGAINST: Final = frozenset({"private", "no-store", "no-cache"})
_CHANGES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class _Answer:
    status: str
    headers: list[tuple[str, str]]
    body: bytes
    until: float

    @property
    def weight(self) -> int:
        return len(self.body) + _ABOUT_EACH


class MicroCache:
    """WSGI middleware. `seconds` is how long an answer is kept; `clock` is monotonic, in seconds."""

    def __init__(
        self,
        application: WSGIApplication,
        *,
        seconds: float,
        changes_under: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._application = application
        self._seconds = seconds
        self._changes_under = changes_under
        self._clock = clock
        self._answers: OrderedDict[tuple[str, ...], _Answer] = OrderedDict()
        self._bytes = 0
        self._generation = 0
        self._lock = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        key = tuple(str(environ.get(name, "")) for name in _KEY)
        if not _is_plain(environ) or sum(map(len, key)) > _LONGEST_KEY:
            answer = self._application(environ, start_response)
            if environ["REQUEST_METHOD"] in _CHANGES and environ["PATH_INFO"].startswith(self._changes_under):
                # Whoever has just published looks at once whether it is there.
                self._forget()
            return answer
        kept = self._find(key)
        if kept is None:
            return self._ask(key, environ, start_response)
        start_response(kept.status, list(kept.headers))
        return [kept.body]

    def _ask(
        self, key: tuple[str, ...], environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Hands the question on, and keeps the answer from the moment at which it was asked."""
        asked, generation = self._clock(), self._generation
        told: list[tuple[str, list[tuple[str, str]]]] = []

        def listen(status: str, headers: list[tuple[str, str]], *more: object) -> object:
            told.append((status, list(headers)))
            return start_response(status, headers, *more)  # type: ignore[arg-type]  # what it was given

        body = self._application(environ, listen)  # type: ignore[arg-type]  # StartResponse names one overload
        if len(told) != 1 or not _may_be_kept(*told[0]):
            return body
        try:
            content = b"".join(body)
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()
        status, headers = told[0]
        self._keep(key, _Answer(status, headers, content, asked + self._seconds), generation)
        return [content]

    def _find(self, key: tuple[str, ...]) -> _Answer | None:
        with self._lock:
            kept = self._answers.get(key)
            if kept is None or kept.until <= self._clock():
                return None
            self._answers.move_to_end(key)
            return kept

    def _keep(self, key: tuple[str, ...], answer: _Answer, generation: int) -> None:
        with self._lock:
            if generation != self._generation:
                return
            before = self._answers.pop(key, None)
            self._bytes += answer.weight - (before.weight if before else 0)
            self._answers[key] = answer
            while self._bytes > MOST_BYTES:
                _oldest, gone = self._answers.popitem(last=False)
                self._bytes -= gone.weight

    def _forget(self) -> None:
        """An answer that was asked for before this moment is not kept afterwards either."""
        with self._lock:
            self._answers.clear()
            self._bytes = 0
            self._generation += 1


def stand_before(app: Flask, seconds: float, *, changes_under: str) -> None:
    """Puts the cache in front of an application; changes below `changes_under` empty it. 0 for none."""
    if seconds:
        app.wsgi_app = MicroCache(app.wsgi_app, seconds=seconds, changes_under=changes_under)  # type: ignore[method-assign]  # Flask documents this assignment


def _is_plain(environ: WSGIEnvironment) -> bool:
    return environ["REQUEST_METHOD"] == "GET" and not any(environ.get(name) for name in _PERSONAL)


def _may_be_kept(status: str, headers: list[tuple[str, str]]) -> bool:
    """Only what says itself that it is for everybody, is whole, and is of a size that is told before."""
    told: dict[str, str] = {}
    for name, value in headers:
        # What is said in several lines is one list.
        told[name.lower()] = f"{told[name.lower()]}, {value}" if name.lower() in told else value
    control, varies = _words(told.get("cache-control", "")), _words(told.get("vary", ""))
    age = _MAX_AGE.search(told.get("cache-control", ""))
    length = told.get("content-length", "")
    return (
        status.startswith("200 ")
        and "set-cookie" not in told
        and "public" in control
        and not control & _AGAINST
        and age is not None
        and int(age[1]) > 0
        and varies <= {"accept-encoding"}
        and length.isdigit()
        and int(length) <= LARGEST
    )


def _words(told: str) -> set[str]:
    return {word.strip().lower() for word in told.split(",")} - {""}
