"""`flask serve`: the web server and the job worker of one machine, started and stopped together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType

import click

from app.commands import Verb

GRACE_SECONDS = 15
# There is no account that anybody knows the password of, on a machine of illustration neither.
FIRST_PERSON = (
    "Lập tài khoản ở cửa sổ lệnh khác: "
    "HAILONG_ENV=development .venv/bin/flask --app wsgi staff create EMAIL --name TÊN --role ministry"
)


def server_command(host: str, port: int, workers: int, threads: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(threads), "--no-ws", "--no-access-log",
        "--respawn-failed-workers", "wsgi:app",
    ]  # fmt: skip


def worker_command() -> list[str]:
    """Two workers: while one imports a long file, the other counts. Locks of the dead are lifted."""
    return [
        sys.executable, "-m", "huey.bin.huey_consumer", "app.jobs.huey", "-w", "2", "-q", "--flush-locks",
    ]  # fmt: skip


@click.command("serve", cls=Verb)
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ để nghe.")
@click.option("--port", default=8000, show_default=True, help="Cổng để nghe.")
@click.option("--workers", default=1, show_default=True, help="Số tiến trình máy chủ.")
@click.option("--threads", default=32, show_default=True, help="Số luồng của mỗi tiến trình.")
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Chạy máy chủ và bộ xử lý việc nền; Ctrl-C dừng cả hai."""
    children = [_start(server_command(host, port, workers, threads)), _start(worker_command())]

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, stop)
    click.echo(f"Hài Lòng đang chạy tại http://{host}:{port} (Ctrl-C để dừng).")
    click.echo(f"Trang quản trị: http://{host}:{port}/quan-tri. {FIRST_PERSON}")
    try:
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        click.echo("Một tiến trình đã dừng; dừng cả hai.", err=True)
        raise SystemExit(1)
    except KeyboardInterrupt:
        click.echo("Đang dừng…")
    finally:
        _stop(children)


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """In a process group of its own, so that Ctrl-C reaches it once, through us.

    A server process that is interrupted by the terminal and by its parent at the same time may hang.
    """
    return subprocess.Popen(command, process_group=0)  # noqa: S603  (our own words)


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
    for child in children:
        # Whatever is left of the group, also the processes that a child has started.
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
