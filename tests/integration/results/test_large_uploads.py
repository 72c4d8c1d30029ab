"""One endpoint takes large bodies, from known staff only, and holds nothing of them in memory."""

from __future__ import annotations

import io
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.roles import Role
from tests.browser.conftest import wait_until_ready
from tests.conftest import TEST_KEY
from tests.support import citizens
from tests.support.accounts import COOKIE, NOW, enrolled, member_client, signed_in, token_on
from tests.support.postgres import free_port
from tests.support.staff import words
from tests.support.uploads import FORM_PAGE, HOME, kept, sheet, table, upload

ROOT = Path(__file__).resolve().parents[3]
MEGABYTE = 1024 * 1024


@pytest.fixture
def desk(app: Flask, set_now: Callable[[datetime], None]) -> FlaskClient:
    set_now(NOW)
    citizens.prepare(app)
    return member_client(app, (Role.PROVINCE, "14"))


def padded(size: int) -> bytes:
    head = table([sheet()])
    rows = size // len(head) + 1
    return table([sheet(comment="x" * 400) for _ in range(rows)])[:size].rpartition(b"\n")[0] + b"\n"


def test_a_file_larger_than_any_form_is_taken(app: Flask, desk: FlaskClient) -> None:
    assert upload(desk, padded(3 * MEGABYTE)).status_code == 303


def test_a_file_over_the_limit_is_refused_in_words(app: Flask, desk: FlaskClient) -> None:
    app.extensions["hailong"] = replace(app.extensions["hailong"], upload_megabytes=1)
    page = upload(desk, padded(2 * MEGABYTE))
    assert page.status_code == 413
    assert "Tệp quá lớn" in page.text
    assert "Mỗi lần nhận tối đa 1 MB" in words(page.text)
    assert kept(app) == []


def test_without_a_token_or_a_right_nothing_is_kept(app: Flask, desk: FlaskClient) -> None:
    stranger = member_client(app, (Role.AGENCY, "14-SKHCN"), email="so@sonla.gov.vn")
    assert upload(stranger, padded(MEGABYTE)).status_code == 404
    assert desk.post(HOME, data={"file": (io.BytesIO(b"a"), "a.csv")}).status_code == 403
    assert kept(app) == []


@pytest.mark.parametrize("path", [FORM_PAGE, f"{HOME}/00000000-0000-0000-0000-000000000001/chay"])
def test_everywhere_else_the_limit_is_that_of_a_form(desk: FlaskClient, path: str) -> None:
    page = desk.post(path, data={"code": "x" * 100_000})
    assert page.status_code == 413
    assert "Tệp quá lớn" not in page.text


@pytest.fixture
def server(app: Flask, tmp_path: Path) -> Iterator[tuple[int, int]]:
    """A real server on the database of the test: its port and the process of its worker."""
    port = free_port()
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    environment = {
        **os.environ, "HAILONG_ENV": "test", "SECRET_KEY": TEST_KEY, "DATA_DIR": str(tmp_path),
        "DATABASE_URL": url, "UPLOAD_MEGABYTES": "50",
    }  # fmt: skip
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "1",
        "--blocking-threads", "4", "--no-ws", "wsgi:app",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", process, seconds=90)
        yield port, _worker_of(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _worker_of(parent: int) -> int:
    """The process with most memory in the group: it has loaded the application."""
    running = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return max((one for one in running if _is_in_session(one, parent)), key=_resident)


def _is_in_session(process: int, session: int) -> bool:
    try:
        return os.getsid(process) == session
    except ProcessLookupError:
        return False


def _resident(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


class Watch(threading.Thread):
    """The most memory that a process holds while something happens."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process, self.most, self.over = process, 0, threading.Event()

    def run(self) -> None:
        while not self.over.is_set():
            self.most = max(self.most, _resident(self.process))
            time.sleep(0.02)


def sent(port: int, cookie: str, token: str, size: int, announced: int) -> bytes:
    """Sends a file of `size` bytes in a body of which the length was announced; the head of the answer."""
    edge = "----edge"
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    ).encode()
    tail = f"\r\n--{edge}--\r\n".encode()
    request = (
        f"POST {HOME} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {COOKIE}={cookie}\r\n"
        f"Content-Type: multipart/form-data; boundary={edge}\r\n"
        f"Content-Length: {announced or len(head) + size + len(tail)}\r\nConnection: close\r\n\r\n"
    ).encode()
    line = table([sheet(comment="x" * 900)]).splitlines(keepends=True)
    with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
        connection.sendall(request + head + line[0])
        left, block = size - len(line[0]), line[1] * 64
        try:
            while left > 0:
                connection.sendall(block[:left])
                left -= len(block)
            connection.sendall(tail)
        except OSError:
            pass
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


@pytest.mark.slow
def test_a_large_upload_is_never_in_the_memory_of_the_server(app: Flask, server: tuple[int, int]) -> None:
    port, worker = server
    citizens.prepare(app)
    now = datetime.now(UTC)
    member = enrolled(app, "lan@sonla.gov.vn", (Role.PROVINCE, "14"), now=now)
    client = signed_in(app, member.id, now=now)
    cookie, token = client.get_cookie(COOKIE), token_on(client.get(FORM_PAGE).text)
    assert cookie is not None
    size = 40 * MEGABYTE
    sent(port, cookie.value, token, MEGABYTE, 0)
    before = _resident(worker)
    watch = Watch(worker)
    watch.start()
    answer = sent(port, cookie.value, token, size, 0)
    watch.over.set()
    watch.join()
    assert answer.startswith(b"HTTP/1.1 303"), answer[:500]
    assert watch.most - before < size // 2
    too_large = sent(port, cookie.value, token, 60 * MEGABYTE, 0)
    assert too_large.startswith(b"HTTP/1.1 413"), too_large[:300]
    assert "Tệp quá lớn" in too_large.decode()
