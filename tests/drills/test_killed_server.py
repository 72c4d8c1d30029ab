"""A server that is killed in the middle of its work has kept every answer that it acknowledged."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from uuid import uuid4

import pytest

from tests.browser.conftest import ROOT, wait_until_ready
from tests.conftest import TEST_KEY
from tests.support.postgres import free_port

KILLS = 5
SENDERS = 8


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: object) -> None:  # type: ignore[override]
        return None


def send_until_dead(url: str, acknowledged: list[str]) -> None:
    opener = urllib.request.build_opener(NoRedirect)
    while True:
        response_id = str(uuid4())
        body = urllib.parse.urlencode({"id": response_id, "satisfaction": "5"}).encode()
        try:
            opener.open(f"{url}/phieu/14-SKHCN", body, timeout=10)
        except urllib.error.HTTPError as answer:
            if answer.code == 303:
                acknowledged.append(response_id)
        except OSError:
            return


@pytest.mark.slow
def test_no_acknowledged_answer_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    environment = {**os.environ, "HAILONG_ENV": "test", "SECRET_KEY": TEST_KEY, "DATA_DIR": str(tmp_path)}
    environment.pop("DATABASE_URL", None)
    for command in (["db", "upgrade"], ["import", "reference"]):
        subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", *command], check=True, cwd=ROOT,
                       env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    acknowledged: list[str] = []
    for _ in range(KILLS):
        port = free_port()
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
            "--port", str(port), "--no-ws", "--workers", "1", "--blocking-threads", "8", "wsgi:app",
        ]  # fmt: skip
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_until_ready(f"http://127.0.0.1:{port}", process)
        senders = [
            threading.Thread(target=send_until_dead, args=(f"http://127.0.0.1:{port}", acknowledged))
            for _ in range(SENDERS)
        ]
        for sender in senders:
            sender.start()
        before = len(acknowledged)
        while len(acknowledged) < before + 100:
            time.sleep(0.02)
        # The server and its worker processes form a session of their own.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for sender in senders:
            sender.join()
    with sqlite3.connect(f"file:{tmp_path / 'hailong.db'}?mode=ro", uri=True) as connection:
        kept = {row[0] for row in connection.execute("SELECT id FROM responses")}
    connection.close()
    assert len(acknowledged) >= 100 * KILLS
    assert set(acknowledged) <= kept
