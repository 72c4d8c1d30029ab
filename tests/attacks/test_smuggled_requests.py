"""Bytes that two servers may read differently: ours reads them one way, or answers once and hangs up."""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import create_app
from tests.conftest import test_config
from tests.support.serving import served

HIDDEN = b"GET /khong-co HTTP/1.1\r\nHost: x\r\n\r\n"
PROBE = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
POST = b"POST /healthz HTTP/1.1\r\nHost: x\r\n"
LENGTH = str(len(HIDDEN)).encode()
LONGER = str(len(HIDDEN) + 5).encode()
END = b"\r\n\r\n0\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked"
# Whoever reads one of two lengths, or a length beside chunks, takes the hidden request for a body, or not.
AMBIGUOUS = {
    "length, then chunks": POST + b"Content-Length: " + LONGER + b"\r\n" + CHUNKED + END + HIDDEN,
    "chunks, then length": POST + CHUNKED + b"\r\nContent-Length: " + LONGER + END + HIDDEN,
    "short length beside a chunk": POST + CHUNKED + b"\r\nContent-Length: 4\r\n\r\n"
    + b"%x\r\n" % len(HIDDEN) + HIDDEN + b"\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: " + LENGTH + b"\r\n\r\n" + HIDDEN,
    "two lengths in one line": POST + b"Content-Length: 0, " + LENGTH + b"\r\n\r\n" + HIDDEN,
    "a length with a sign": POST + b"Content-Length: +" + LENGTH + b"\r\n\r\n" + HIDDEN,
    "a negative length": POST + b"Content-Length: -1\r\n\r\n" + HIDDEN,
    "a length in hexadecimal": POST + b"Content-Length: 0x23\r\n\r\n" + HIDDEN,
    "a length of no end": POST + b"Content-Length: 99999999999999999999999\r\n\r\n" + HIDDEN,
    "a length with a blank before the colon": POST + b"Content-Length : " + LENGTH + b"\r\n\r\n" + HIDDEN,
    "a length in a folded line": POST + b"X: a\r\n Content-Length: " + LENGTH + b"\r\n\r\n" + HIDDEN,
    "a folded length": POST + b"Content-Length:\r\n " + LENGTH + b"\r\n\r\n" + HIDDEN,
    "folded chunks": POST + b"Transfer-Encoding:\r\n chunked" + END + HIDDEN,
    "chunks with a blank before the colon": POST + b"Transfer-Encoding : chunked" + END + HIDDEN,
    "chunks of another name": POST + b"Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n" + HIDDEN,
    "no coding at all": POST + b"Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n" + HIDDEN,
    "chunks that are not the last coding": POST + CHUNKED + b"\r\nTransfer-Encoding: identity" + END + HIDDEN,
    "chunks in the protocol before": b"POST /healthz HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n"
    + CHUNKED + END + HIDDEN,
    "a bare line feed in the size of a chunk": POST + CHUNKED + b"\r\n\r\n0;a=\n\r\n\r\n" + HIDDEN,
    "no size of a chunk": POST + CHUNKED + b"\r\n\r\n\r\n\r\n" + HIDDEN,
    "a size of a chunk in another base": POST + CHUNKED + b"\r\n\r\n0x0\r\n\r\n" + HIDDEN,
    "a bare carriage return in a name": POST + b"X\rContent-Length: 0\r\n\r\n" + HIDDEN,
    "a NUL in a name": POST + b"Content-Length\0: 5\r\n\r\n" + HIDDEN,
    "a NUL in a value": POST + b"X: a\0\r\n\r\n" + HIDDEN,
    "a blank before a header": b"POST /healthz HTTP/1.1\r\n Content-Length: 5\r\nHost: x\r\n\r\n" + HIDDEN,
    "two hosts": b"POST /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 0, 0\r\n\r\n" + HIDDEN,
}  # fmt: skip
# Everybody reads these alike; the statuses that have to come, up to that of the probe.
PLAIN = {
    "one request after the other": (HIDDEN + HIDDEN, [404, 404, 200]),
    "a body that no view reads": (
        b"POST /khong-co HTTP/1.1\r\nHost: x\r\nContent-Length: " + LENGTH + b"\r\n\r\n" + HIDDEN, [404, 200]
    ),
    "a body of a look": (
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: " + LENGTH + b"\r\n\r\n" + HIDDEN, [200, 200]
    ),
    "the same length twice": (
        POST + b"Content-Length: " + LENGTH + b"\r\nContent-Length: " + LENGTH + b"\r\n\r\n" + HIDDEN,
        [405, 200],
    ),
    "chunks that hold a request": (
        POST + CHUNKED + b"\r\n\r\n%x\r\n" % len(HIDDEN) + HIDDEN + b"\r\n0\r\n\r\n", [405, 200]
    ),
    "a header that only looks like a length": (POST + b"Content_Length: 5\r\n\r\n" + HIDDEN, [405, 404, 200]),
    "a header that only looks like chunks": (
        POST + b"Transfer_Encoding: chunked\r\n\r\n" + HIDDEN, [405, 404, 200]
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def port(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The server as it is shipped. What it makes of bytes does not depend on the database."""
    folder = tmp_path_factory.mktemp("smuggled")
    shutil.copy(sqlite_template, folder / "test.db")
    with served(create_app(test_config(folder)), folder, 1) as port:
        yield port


def statuses(port: int, data: bytes) -> tuple[list[int], bool]:
    """What was answered on one line, and whether the server closed it."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(data)
        try:
            while piece := line.recv(65_536):
                answer += piece
        except TimeoutError:
            return _found(answer), False
        except ConnectionError:
            pass
    return _found(answer), True


def _found(answer: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"HTTP/1\.[01] (\d{3})", answer)]


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_what_can_be_read_in_two_ways_is_answered_once_and_the_line_is_closed(port: int, name: str) -> None:
    found, is_closed = statuses(port, AMBIGUOUS[name] + PROBE)
    assert is_closed
    assert found in ([400], [405], [413], []), found


@pytest.mark.parametrize("name", PLAIN)
def test_what_everybody_reads_alike_is_answered_in_its_order(port: int, name: str) -> None:
    sent, expected = PLAIN[name]
    assert statuses(port, sent + PROBE) == (expected, True)
