"""How many readers the public pages bear on the day of release, and how long the slowest twentieth waits.

    .venv/bin/python -m bench.public_pages [--agencies ALL] [--seconds 20] [--workers 2] [--connections 32]

Two quarters of the whole country are counted, closed and published; then the server that `flask serve`
starts answers wrk: the way in, the nation, provinces, agencies, a comparison, the calendar of releases. It is
asked twice: as often as it can answer, and 500 times a second at even distances. The goal is that 95 of 100
of those 500 are answered within 30 ms on two processors that do nothing else; wrk itself takes its share.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import create_app
from app.config import Config
from app.extensions import db
from app.serving import server_command
from bench.results import ANSWERS, LAST, NOW, prepare
from surveys.periods import last_quarters
from tests.browser.conftest import wait_until_ready
from tests.conftest import TEST_KEY
from tests.support.editions import close_and_publish
from tests.support.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
PROVINCES = ("01", "14", "31", "48", "51", "79")
OTHERS = ("/", "/lich-cong-bo", "/dinh-chinh", "/so-sanh?ky=2026-Q3&noi=14&noi=31&noi=51")
RATE, P95 = 500, 30


def publish(folder: Path, most: int) -> dict[str, float]:
    """A database and two editions in a folder; returns the seconds that both took."""
    config = Config(
        database_url=f"sqlite:///{folder}/hailong.db",
        secret_key=TEST_KEY,
        data_dir=folder,
        environment="test",
    )
    app = create_app(config)
    app.extensions["clock"] = lambda: NOW
    start = time.perf_counter()
    agencies, _rows = prepare(app, 2, ANSWERS // 4, most)
    prepared = time.perf_counter() - start
    with app.app_context():
        for quarter in last_quarters(LAST, 2):
            close_and_publish(quarter.code, NOW)
        db.engine.dispose()
    closed = time.perf_counter() - start - prepared
    return {"agencies": agencies, "prepare_seconds": round(prepared, 1), "close_seconds": round(closed, 1)}


def list_addresses(folder: Path) -> list[str]:
    """Readers look at the nation most, then at their province, then at one of very many agencies."""
    index = json.loads((folder / "editions/2026-Q3/figures.index.json").read_text(encoding="utf-8"))
    draw = random.Random(11)
    agencies = draw.sample(
        [code for code, (_at, _length, parent) in index.items() if parent not in ("", "VN")], 60
    )
    pages = ["/ket-qua/2026-Q3"] * 40
    pages += [f"/ket-qua/2026-Q3/{code}" for code in PROVINCES if code in index] * 5
    pages += [f"/ket-qua/2026-Q3/{code}" for code in agencies]
    pages += OTHERS * 5
    draw.shuffle(pages)
    return pages


@contextmanager
def served(folder: Path, workers: int) -> Iterator[str]:
    environment = {**os.environ, "HAILONG_ENV": "test", "SECRET_KEY": TEST_KEY, "DATA_DIR": str(folder),
                   "DATABASE_URL": f"sqlite:///{folder}/hailong.db"}  # fmt: skip
    port = free_port()
    process = subprocess.Popen(server_command("127.0.0.1", port, workers, 32), cwd=ROOT, env=environment,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def weigh(url: str, pages: list[str]) -> dict[str, float]:
    """Kilobytes of each kind of page as a browser gets them."""
    found = {}
    for page in dict.fromkeys(pages):
        request = urllib.request.Request(url + page, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as answer:
            code = page.removeprefix("/ket-qua/2026-Q3").removeprefix("/")
            kind = "nation" if not code else "province" if code in PROVINCES else "agency"
            kind = kind if page.startswith("/ket-qua") else page.partition("?")[0]
            found[kind] = max(found.get(kind, 0), round(len(answer.read()) / 1000, 1))
    return found


def load(
    url: str, pages: list[str], folder: Path, seconds: int, connections: int, rate: int | None = None
) -> dict[str, float]:
    """As many pages as the server gives, or `rate` a second."""
    addresses = folder / "addresses"
    addresses.write_text("\n".join(pages) + "\n")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-H", "Accept-Encoding: gzip",
               "-s", str(ROOT / "bench/public_pages.lua"), url, "--", str(addresses)]  # fmt: skip
    command += [str(rate)] if rate else []
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"public-pages (\d+) (\d+) (\d+) (\d+)", text)
    assert found, text
    requests, duration, p95, failed = map(int, found.groups())
    return {
        "requests": requests,
        "pages_a_second": round(requests / duration * 1e6, 1),
        "p95_ms": round(p95 / 1000, 1),
        "failed": failed,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agencies", type=int, default=10**6)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--connections", type=int, default=32)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hailong-bench-") as name:
        folder = Path(name)
        result: dict[str, object] = {**publish(folder, given.agencies)}
        pages = list_addresses(folder)
        with served(folder, given.workers) as url:
            result["kilobytes"] = weigh(url, pages)
            load(url, pages, folder, 2, given.connections)
            result["most"] = load(url, pages, folder, given.seconds, given.connections)
            result["even"] = load(url, pages, folder, given.seconds, given.connections, RATE)
        result["goal"] = {"pages_a_second": RATE, "p95_ms": P95}
    json.dump(result, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
