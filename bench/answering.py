"""How fast the survey page is served and an answer is stored, as ratios within one run.

`python -m bench.answering [sqlite|postgresql] [--seconds N] [--workers N] [--threads N]`. The server under
wrk serves an empty view, the survey page, a durable submission and the plain way of storing one, in turns.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.conftest import wait_until_ready
from tests.support import postgres

ROOT = Path(__file__).resolve().parent.parent
AGENCY = "14-SKHCN"
ROUNDS = 3
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}
# How much faster than the plain way, and what share of its p99, is asked for.
GOALS = {"sqlite": (3.0, 0.3), "postgresql": (2.5, 0.5)}


@dataclass(frozen=True)
class Slice:
    """What wrk saw: requests a second, the 99th percentile in milliseconds, answers that were no success."""

    rate: float
    p99: float
    failed: int


def wrk(url: str, seconds: float, *arguments: str) -> Slice:
    load = ["wrk", "-t1", "-c32", f"-d{seconds:g}s", "--latency", "-H", "Accept-Encoding: gzip"]
    command = [*load, *arguments[:2], url]
    text = subprocess.run([*command, *arguments[2:]], check=True, capture_output=True, text=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s|m)", text)
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    assert rate and p99, text
    lost = sum(map(int, errors.groups())) if errors else 0
    return Slice(float(rate[1]), float(p99[1]) * UNITS[p99[2]], (int(failed[1]) if failed else 0) + lost)


@contextmanager
def served(environment: dict[str, str], workers: int, threads: int) -> Iterator[str]:
    port = postgres.free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(threads), "--no-ws", "bench.answering_app:app",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def prepared(database: str) -> Iterator[dict[str, str]]:
    """The environment of a migrated database with the reference data."""
    with tempfile.TemporaryDirectory(prefix="hailong-bench-") as folder:
        environment = {**os.environ, "HAILONG_ENV": "test", "DATA_DIR": folder, "SECRET_KEY": "bench" * 10}
        environment.pop("DATABASE_URL", None)
        if database == "sqlite":
            _flask(environment, "db", "upgrade")
            _flask(environment, "import", "reference")
            yield environment
            return
        binaries = postgres.binaries()
        assert binaries is not None, "PostgreSQL is not installed"
        with postgres.cluster(binaries, durable=True) as server:
            environment["DATABASE_URL"] = postgres.owned_database(server, "hailong")
            _flask(environment, "db", "upgrade")
            _flask(environment, "import", "reference")
            yield environment


def _flask(environment: dict[str, str], *command: str) -> None:
    subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", *command], check=True, cwd=ROOT,
                   env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip


def measure(database: str, seconds: float, workers: int, threads: int) -> dict[str, list[Slice]]:
    """Every kind of request in turn, `ROUNDS` times, so that a noisy minute hits them all."""
    found: dict[str, list[Slice]] = {}
    with prepared(database) as environment, served(environment, workers, threads) as url:
        page = urllib.request.urlopen(f"{url}/phieu/{AGENCY}").read().decode()
        stamp = re.search(r'name="t" value="([^"]+)"', page)
        assert stamp
        script = str(ROOT / "bench" / "submit.lua")
        kinds: dict[str, tuple[str, ...]] = {
            "empty": ("/bench/empty",),
            "page": (f"/phieu/{AGENCY}",),
            "submit": ("/", "-s", script, f"/phieu/{AGENCY}", stamp[1]),
            "plain": ("/", "-s", script, f"/bench/plain/{AGENCY}", stamp[1]),
        }
        for warm_up in (True, *[False] * ROUNDS):
            for kind, (path, *arguments) in kinds.items():
                result = wrk(url + path, 1 if warm_up else seconds, *arguments)
                if not warm_up:
                    found.setdefault(kind, []).append(result)
    return found


def report(database: str, found: dict[str, list[Slice]]) -> bool:
    """One line for each goal; True where all are reached."""
    rate = {kind: statistics.median(item.rate for item in slices) for kind, slices in found.items()}
    p99 = {kind: statistics.median(item.p99 for item in slices) for kind, slices in found.items()}
    failed = {kind: sum(item.failed for item in slices) for kind, slices in found.items()}
    for kind in found:
        print(f"{database:10} {kind:7} {rate[kind]:8.0f}/s  p99 {p99[kind]:7.1f} ms, {failed[kind]} failed")
    faster, share = GOALS[database]
    lines = (
        ("survey page / empty view", rate["page"] / rate["empty"], 0.60, True),
        ("durable submission / empty view", rate["submit"] / rate["empty"], 0.25, True),
        ("durable submission / plain way", rate["submit"] / rate["plain"], faster, True),
        ("p99 of submission / p99 of plain way", p99["submit"] / p99["plain"], share, False),
        ("pages and submissions that failed", failed["page"] + failed["submit"], 0, False),
    )
    reached = True
    for name, value, goal, at_least in lines:
        ok = value >= goal if at_least else value <= goal
        reached &= ok
        asked = f"{'≥' if at_least else '≤'} {goal:g}"
        print(f"{database:10} {'ok ' if ok else 'NOT'} {name}: {value:.2f} ({asked})")
    return reached


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("databases", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=32)
    given = parser.parse_args()
    results = [
        report(database, measure(database, given.seconds, given.workers, given.threads))
        for database in given.databases
    ]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
