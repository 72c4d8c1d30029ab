"""The real server with several processes, on the database of a test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from app import ROOT
from app.extensions import db
from tests.browser.conftest import wait_until_ready
from tests.conftest import TEST_KEY
from tests.support.postgres import free_port


@contextmanager
def served(app: Flask, folder: Path, workers: int) -> Iterator[int]:
    """Yields the port."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    port = free_port()
    environment = {
        **os.environ,
        "HAILONG_ENV": "test",
        "SECRET_KEY": TEST_KEY,
        "DATA_DIR": str(folder),
        "DATABASE_URL": app.extensions["hailong"].database_url,
    }
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--no-ws", "--workers", str(workers), "--blocking-threads", "4", "wsgi:app",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", process)
        yield port
    finally:
        # The server and its worker processes form a session of their own.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
