"""`flask serve` starts the server and the job worker together, and one Ctrl-C ends both."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.browser.conftest import wait_until_ready
from tests.conftest import TEST_KEY
from tests.support.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_one_interrupt_ends_the_server_and_the_worker(sqlite_template: Path, tmp_path: Path) -> None:
    (tmp_path / "hailong.db").write_bytes(sqlite_template.read_bytes())
    port = free_port()
    environment = {**os.environ, "HAILONG_ENV": "test", "SECRET_KEY": TEST_KEY, "DATA_DIR": str(tmp_path)}
    environment.pop("DATABASE_URL", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(port)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", process, seconds=90)
        # A terminal sends Ctrl-C to every process of the group.
        os.killpg(process.pid, signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, output.decode()
    assert "Đang dừng" in output.decode()
    assert _is_gone(process.pid)
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=2)


def _is_gone(group: int) -> bool:
    """Whether no process of the group is left; the last ones may need a moment on a busy machine."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.2)
    return False
