"""Pages of the console over ten million answers: how long each takes for a ministry, a province, an agency.

    .venv/bin/python -m bench.console [--answers 10000000] [--requests 30] [--database postgresql]

Every kind of page that links lead to from the home page is asked for, so that a new page is measured
without being named here. The answers are invented and lie in the table of answers as well as in the
tallies; most of them are copies under new ids.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import random
import re
import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from app import create_app
from app.accounts.roles import Role
from app.audit.actions import record
from app.comments.models import Contact
from app.config import Config
from app.directory.queries import list_agencies
from app.dossiers.actions import issue_links
from app.extensions import db
from app.moderation.gathering import gather
from app.results.folding import RESPONSES
from app.transactions import transaction
from bench.counting import ROWS_AT_ONCE, ROWS_MADE, multiply, sheets_made
from bench.results import LAST, NOW, digest_all, prepare
from surveys.periods import last_quarters
from tests.support import postgres
from tests.support.accounts import enrolled, signed_in

HOME = "/quan-tri"
QUARTERS = 8
BATCHES = 400
LINKS_A_BATCH = 50
EVENTS = 20_000
CONTACTS = 2_000
PEOPLE = 300
# One answer in fifty says something in words, one in two hundred was set aside.
WORDS_EVERY, ASIDE_EVERY = 50, 200
SEE_OTHER = 303
NO_PAGES = re.compile(r"\.(csv|svg|pdf)(\?|$)|/khung(\?|$)")
WHO = {
    "ministry": (Role.MINISTRY, "nation"),
    "province": (Role.PROVINCE, "14"),
    "agency": (Role.AGENCY, "14-SKHCN"),
}


def answer_rows(agencies: list[str]) -> Iterator[dict[str, Any]]:
    draw = random.Random(3)
    sheets = sheets_made(draw)
    quarters = last_quarters(LAST, QUARTERS)
    for number in range(ROWS_MADE):
        quarter = draw.choice(quarters)
        yield {
            "agency": draw.choice(agencies),
            "id": str(uuid.UUID(int=draw.getrandbits(128), version=4)),
            "questionnaire": "COT_LOI",
            "version": "1.0",
            "procedure": None,
            "phase": "after-result",
            "channel": draw.choice(("link", "link", "link-open", "qr")),
            "source_channel": None,
            "quarter": quarter.code,
            "day": quarter.first_day + timedelta(days=draw.randrange(90)),
            "language": "vi",
            "cluster": None,
            "answers": draw.choice(sheets),
            "comment": "Mong được báo tin khi hồ sơ chậm." if number % WORDS_EVERY == 0 else None,
            "fill_seconds": draw.randrange(20, 200, 5),
            "quarantine": "too-fast" if number % ASIDE_EVERY == 0 else "",
            "test": False,
            "tallied": True,
        }


def fill(folder: str, url: str, answers: int) -> None:
    """In a process of its own, so that what is measured afterwards is measured in a fresh one."""
    app = application(folder, url)
    prepare(app, QUARTERS, answers, 10**6)
    digest_all(app, QUARTERS)
    with app.app_context():
        agencies = [view.code for view in list_agencies(None, date(2026, 10, 11))]
        rows = answer_rows(agencies)
        for _part in range(0, ROWS_MADE, ROWS_AT_ONCE):
            with transaction():
                part = [next(rows) for _ in range(ROWS_AT_ONCE)]
                db.session.connection().execute(insert(RESPONSES), part)
        with transaction():
            multiply(db.session.connection(), max(2, answers // ROWS_MADE))
        work_of_staff(app, agencies)
        gather(now=NOW)
        if not app.extensions["hailong"].is_sqlite:
            # The server's own housekeeping, which a cluster made for tests leaves out.
            with db.engine.connect() as connection:
                connection.exec_driver_sql("ANALYZE")
                connection.commit()
        db.engine.dispose()


def work_of_staff(app: Flask, agencies: list[str]) -> None:
    """What staff and people leave behind in some years: batches, events, contacts, accounts."""
    draw = random.Random(5)
    near = [code for code in agencies if code.startswith("14-")]
    for _ in range(BATCHES):
        with transaction():
            issue_links(draw.choice(near), None, questionnaire="COT_LOI", version="1.0", phase="after-result",
                        count=LINKS_A_BATCH, by="command:bench", now=NOW)  # fmt: skip
    with transaction():
        for number in range(EVENTS):
            code = draw.choice(near)
            record("agency-renamed", by="command:bench", subject=code, scope=code,
                   details={"name": str(number)}, now=NOW)  # fmt: skip
    with transaction():
        for _ in range(CONTACTS):
            day = NOW.date() - timedelta(days=draw.randrange(60))
            db.session.add(Contact(code_hash=draw.randbytes(32), agency=draw.choice(near), day=day,
                                   address="0912345678", message="Mong được gọi lại.", consent_text="x",
                                   due_on=day + timedelta(days=3)))  # fmt: skip
    for number in range(PEOPLE):
        enrolled(app, f"nguoi{number}@bo.vn", (Role.AGENCY, draw.choice(near)), now=NOW)


def application(folder: str, url: str) -> Flask:
    return create_app(
        Config(database_url=url, secret_key="b" * 40, data_dir=Path(folder), environment="test")
    )


@contextmanager
def database(name: str, folder: str) -> Iterator[str]:
    """An empty database of one of the two kinds, and its address."""
    if name == "sqlite":
        yield f"sqlite:///{folder}/bench.db"
        return
    binaries = postgres.binaries()
    assert binaries is not None, "apt-get install postgresql"
    with postgres.cluster(binaries) as server:
        yield postgres.owned_database(server, "bench")


def kinds_of_pages(app: Flask, client: FlaskClient) -> dict[str, str]:
    """One address of every kind of page, found by following links from the home page."""
    routes = app.url_map.bind("localhost")
    found: dict[str, str] = {}
    waiting = [HOME]
    while waiting:
        path = waiting.pop(0)
        kind = str(routes.match(path.partition("?")[0])[0])
        if kind in found:
            continue
        answer = client.get(path)
        if answer.status_code == SEE_OTHER:
            # Who has a single place is led to it at once.
            waiting.append(answer.location)
            continue
        found[kind] = path
        links = re.findall(r'href="([^"#]+)', answer.text)
        waiting += [unescape(link) for link in links if link.startswith(HOME) and not NO_PAGES.search(link)]
    return found


def time_pages(app: Flask, client: FlaskClient, requests: int) -> dict[str, dict[str, float]]:
    figures = {}
    for kind, path in kinds_of_pages(app, client).items():
        walls, cpus, size = [], [], 0
        for _ in range(requests):
            wall, cpu = time.perf_counter(), time.process_time()
            response = client.get(path)
            walls.append(1000 * (time.perf_counter() - wall))
            cpus.append(1000 * (time.process_time() - cpu))
            assert response.status_code == 200, (path, response.status_code)
            size = len(response.data)
        figures[kind] = {
            "median_ms": round(statistics.median(walls), 1),
            "p95_ms": round(p95(walls), 1),
            "cpu_p95_ms": round(p95(cpus), 1),
            "kilobytes": round(size / 1000, 1),
        }
    return dict(sorted(figures.items(), key=lambda item: -item[1]["p95_ms"]))


def p95(values: list[float]) -> float:
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def run(answers: int, requests: int, kind: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder, database(kind, folder) as url:
        start = time.perf_counter()
        process = multiprocessing.get_context("spawn").Process(target=fill, args=(folder, url, answers))
        process.start()
        process.join()
        assert process.exitcode == 0
        filled = round(time.perf_counter() - start)
        result: dict[str, object] = {"database": kind, "answers": answers, "seconds_to_fill": filled}
        app = application(folder, url)
        app.extensions["clock"] = lambda: NOW
        for name, grant in WHO.items():
            client = signed_in(app, enrolled(app, f"{name}@bo.vn", grant, now=NOW).id, now=NOW)
            pages = time_pages(app, client, requests)
            worst = max(page["p95_ms"] for page in pages.values())
            result[name] = {"kinds_of_pages": len(pages), "worst_p95_ms": worst, "pages": pages}
        with app.app_context():
            db.engine.dispose()
        return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=10_000_000)
    parser.add_argument("--requests", type=int, default=30)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = parser.parse_args()
    print(json.dumps(run(given.answers, given.requests, given.database), indent=2))


if __name__ == "__main__":
    main()
