"""The real server with several processes, on the database of a test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from app import ROOT
from app.extensions import db
from app.responding.models import Response
from app.results.models import Tally
from tests.browser.conftest import wait_until_ready
from tests.conftest import TEST_KEY
from tests.support.postgres import free_port

# Everything counts, so that what is counted can be compared with what was acknowledged.
NO_LIMITS = {"MINIMUM_FILL_SECONDS": "0", "OPEN_ANSWERS_PER_MINUTE": str(10**9)}


def environment_of(app: Flask, folder: Path, **settings: str) -> dict[str, str]:
    """What a server or a command needs to work on the database of a test, which nobody else holds open."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return {
        **os.environ,
        "HAILONG_ENV": "test",
        "SECRET_KEY": TEST_KEY,
        "DATA_DIR": str(folder),
        "DATABASE_URL": app.extensions["hailong"].database_url,
        **settings,
    }


def flask_command(*words: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", *words]


def started(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """The server and its worker processes form a session of their own."""
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip


def killed(process: subprocess.Popen[bytes]) -> None:
    """As when the power goes."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def granian_command(port: int, workers: int, threads: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--no-ws", "--workers", str(workers), "--blocking-threads", str(threads), "wsgi:app",
    ]  # fmt: skip


@contextmanager
def served(app: Flask, folder: Path, workers: int) -> Iterator[int]:
    """Yields the port."""
    port = free_port()
    process = started(granian_command(port, workers, 4), environment_of(app, folder))
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", process)
        yield port
    finally:
        killed(process)


@dataclass
class Service:
    """`flask serve`, as docs/operations.md says it is run: the web server and the job worker."""

    environment: dict[str, str]
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = started(flask_command("serve", "--port", str(self.port)), self.environment)
        wait_until_ready(f"http://127.0.0.1:{self.port}", self.process)

    def ask_to_stop(self) -> None:
        """As systemd does it."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)

    def wait(self) -> float:
        """The seconds until everything of it has ended, and well."""
        assert self.process is not None
        begin = time.monotonic()
        assert self.process.wait(60) == 0
        return time.monotonic() - begin

    def end(self) -> None:
        """Whatever happened before."""
        if self.process is not None and self.process.poll() is None:
            self.ask_to_stop()
            self.process.wait(60)


def stored(app: Flask) -> set[str]:
    """The ids of all answers."""
    with app.app_context():
        return {str(found) for found in db.session.scalars(select(Response.id))}


def tallied(app: Flask, environment: dict[str, str]) -> int:
    """What the pages would count, after the count was made anew from the answers and found the same."""
    for verb in ("fold", "verify"):
        subprocess.run(
            flask_command("tally", verb), cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
        )
    with app.app_context():
        ratings = select(func.sum(Tally.n)).where(Tally.question == "satisfaction")
        return db.session.scalar(ratings) or 0
