"""What is kept for seconds in front of the application, for whom, and what never is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from app.micro_cache import LARGEST, MOST_BYTES, MicroCache

PUBLIC = ("Cache-Control", "public, max-age=300")


class Server:
    """An application that counts how often it was asked, and a clock that stands still until it is moved."""

    def __init__(self, *headers: tuple[str, str], status: str = "200 OK", size: int = 0) -> None:
        self.asked, self.closed, self.second = 0, 0, 100.0
        self.headers, self.status, self.size = list(headers), status, size
        self.while_answering: Callable[[], None] = lambda: None

    def __call__(self, _environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        self.asked += 1
        body = f"answer {self.asked}".encode().ljust(self.size, b".")
        self.while_answering()
        start_response(self.status, [*self.headers, ("Content-Length", str(len(body)))])
        return _Closing(self, body)

    def clock(self) -> float:
        return self.second


class _Closing:
    def __init__(self, server: Server, body: bytes) -> None:
        self._server, self._parts = server, iter((body[:3], body[3:]))

    def __iter__(self) -> _Closing:
        return self

    def __next__(self) -> bytes:
        return next(self._parts)

    def close(self) -> None:
        self._server.closed += 1


def cached(server: Server) -> Callable[..., tuple[str, bytes]]:
    cache = MicroCache(server, seconds=2, changes_under="/quan-tri", clock=server.clock)

    def ask(path: str = "/", method: str = "GET", **environ: str) -> tuple[str, bytes]:
        told: list[tuple[str, list[tuple[str, str]]]] = []
        given = {"REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_HOST": "hailong.vn",
                 "wsgi.url_scheme": "https", **environ}  # fmt: skip
        body = cache(given, lambda status, headers, *_: told.append((status, headers)))
        content = b"".join(body)
        getattr(body, "close", lambda: None)()
        [(status, _headers)] = told
        return status, content

    return ask


def test_a_public_page_is_made_once_in_two_seconds_and_then_anew() -> None:
    server = Server(PUBLIC, ("Vary", "Accept-Encoding"))
    ask = cached(server)
    assert {ask() for _ in range(5)} == {("200 OK", b"answer 1")}
    server.second += 1.99
    assert ask() == ("200 OK", b"answer 1")
    server.second += 0.01
    assert ask() == ("200 OK", b"answer 2")
    assert server.closed == server.asked == 2


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/b"},
        {"QUERY_STRING": "lang=en"},
        {"HTTP_HOST": "quantri.hailong.vn"},
        {"HTTP_ACCEPT_ENCODING": "gzip"},
        {"wsgi.url_scheme": "http"},
    ],
)
def test_another_address_host_or_encoding_is_another_answer(other: dict[str, str]) -> None:
    ask = cached(Server(PUBLIC))
    assert ask()[1] == b"answer 1"
    assert ask(**other)[1] == b"answer 2"
    assert (ask()[1], ask(**other)[1]) == (b"answer 1", b"answer 2")


@pytest.mark.parametrize(
    "personal",
    [
        {"HTTP_COOKIE": "a=b"},
        {"HTTP_AUTHORIZATION": "Bearer x"},
        {"HTTP_RANGE": "bytes=0-1"},
        {"HTTP_IF_NONE_MATCH": '"x"'},
        {"HTTP_IF_MODIFIED_SINCE": "Mon, 30 Nov 2026 00:00:00 GMT"},
        {"method": "HEAD"},
        {"method": "POST"},
        {"QUERY_STRING": "q=" + "x" * 1000},
    ],
)
def test_who_asks_for_himself_or_for_less_gets_no_kept_answer_and_leaves_none(
    personal: dict[str, str],
) -> None:
    server = Server(PUBLIC)
    ask = cached(server)
    assert ask(**personal)[1] == b"answer 1"
    assert ask()[1] == b"answer 2"
    assert ask(**personal)[1] == b"answer 3"
    assert ask()[1] == b"answer 2"
    assert server.closed == 3


@pytest.mark.parametrize(
    "server",
    [
        Server(),
        Server(("Cache-Control", "no-store")),
        Server(("Cache-Control", "private, max-age=300")),
        Server(("Cache-Control", "private, not-public, max-age=300")),
        Server(("Cache-Control", "public")),
        Server(("Cache-Control", "public, max-age=0")),
        Server(PUBLIC, ("Set-Cookie", "a=b")),
        Server(PUBLIC, ("Vary", "Accept-Encoding, Cookie")),
        Server(PUBLIC, ("Vary", "*")),
        Server(PUBLIC, ("Vary", "Cookie"), ("Vary", "Accept-Encoding")),
        Server(("Cache-Control", "no-store"), PUBLIC),
        Server(PUBLIC, status="404 NOT FOUND"),
        Server(PUBLIC, status="304 NOT MODIFIED"),
        Server(PUBLIC, size=LARGEST + 1),
    ],
)
def test_what_does_not_say_that_it_is_for_everybody_is_never_kept(server: Server) -> None:
    ask = cached(server)
    assert ask()[1] != ask()[1]
    assert server.closed == server.asked == 2


def test_a_change_by_staff_is_seen_at_once_and_one_of_a_citizen_costs_nothing() -> None:
    server = Server(PUBLIC)
    ask = cached(server)
    ask()
    ask("/phieu/x", "POST")
    assert ask()[1] == b"answer 1"
    ask("/quan-tri/cong-bo", "POST")
    assert ask()[1] == b"answer 4"


def test_an_answer_on_its_way_while_staff_change_something_is_not_kept() -> None:
    server = Server(PUBLIC)
    ask = cached(server)

    def publish() -> None:
        server.while_answering = lambda: None
        ask("/quan-tri/x", "POST")

    server.while_answering = publish
    assert ask()[1] == b"answer 1"
    assert ask()[1] != b"answer 1"


def test_memory_has_a_limit_and_the_answers_asked_for_last_stay() -> None:
    server = Server(PUBLIC, size=LARGEST)
    ask = cached(server)
    many = MOST_BYTES // LARGEST + 5
    for n in range(many):
        ask(f"/{n}")
    ask(f"/{many - 1}")
    assert server.asked == many
    ask("/0")
    assert server.asked == many + 1
