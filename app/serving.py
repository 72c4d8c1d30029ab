"""`flask serve`: the web server and the job worker of one machine, started and stopped together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from types import FrameType

import click

GRACE_SECONDS = 15


def server_command(host: str, port: int, workers: int, threads: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(threads), "--no-ws", "--no-access-log",
        "--respawn-failed-workers", "wsgi:app",
    ]  # fmt: skip


def worker_command() -> list[str]:
    return [sys.executable, "-m", "huey.bin.huey_consumer", "app.jobs.huey", "-w", "1", "-q"]


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Số tiến trình máy chủ.")
@click.option("--threads", default=32, show_default=True, help="Số luồng của mỗi tiến trình.")
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Chạy máy chủ và bộ xử lý việc nền; Ctrl-C dừng cả hai."""
    children = [
        subprocess.Popen(server_command(host, port, workers, threads)),  # noqa: S603  (our own words)
        subprocess.Popen(worker_command()),  # noqa: S603
    ]

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, stop)
    click.echo(f"Hài Lòng đang chạy tại http://{host}:{port} (Ctrl-C để dừng).")
    try:
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        click.echo("Một tiến trình đã dừng; dừng cả hai.", err=True)
        raise SystemExit(1)
    except KeyboardInterrupt:
        click.echo("Đang dừng…")
    finally:
        _stop(children)


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
