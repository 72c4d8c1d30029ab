"""How fast answers become tallies: a fold, a rebuild from nothing and a verification.

    N=1000000 .venv/bin/python bench/counting.py      (N=10000000 for the full size,
                                                       PARTS=rebuild for a part of the work)

The answers are invented: 3,700 agencies, three channels, as many days as it takes at ten million a year.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import Connection, delete, insert

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app import create_app
from app.catalogue.actions import publish_shipped
from app.config import Config
from app.extensions import db
from app.results.comparing import compare
from app.results.folding import RESPONSES, fold_waiting
from app.results.tally_tables import BY_CLUSTER, BY_PROCEDURE, TALLIES
from app.results.verification import rebuild
from app.transactions import transaction
from surveys.canonical import canonical_json
from surveys.periods import quarter_of_day
from tests.support.acts import ACT

AGENCIES = 3_700
FIRST_DAY = date(2025, 10, 1)
RESPONSES_A_DAY = 27_400
SHEETS_MADE = 20_000
ROWS_AT_ONCE = 50_000
ROWS_MADE = 250_000
RANDOM_UUID = (
    "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' "
    "|| substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))"
)
FACTORS = ("access", "paperwork", "officer", "result", "feedback")
MEMORY_LIMIT = 1024
LIMITS = {"fold": 30_000, "rebuild": 10_000_000 / 360}


def sheets_made(draw: random.Random) -> list[str]:
    """Answers as people give them, made once: the counting reads each copy anew."""
    sheets = []
    for _ in range(SHEETS_MADE):
        answers: dict[str, object] = {"satisfaction": draw.choices((5, 4, 3, 2, 1), (45, 40, 8, 4, 3))[0]}
        answers["submit_time"] = draw.choice(("under_5", "5_to_8", "8_to_15", "15_plus", "forgot"))
        answers["prefilled"] = draw.choice(("mostly", "partly", "nothing", "unnoticed"))
        answers["result_time"] = draw.choice(("early", "on_time", "late"))
        answers |= {row: draw.choice((5, 5, 4, 4, 3, 2)) for row in draw.sample(FACTORS, 3)}
        if answers["satisfaction"] in (1, 2):
            answers["reasons"] = ["attitude", "slow_or_faulty"]
        sheets.append(canonical_json(answers))
    return sheets


def _rows(count: int) -> Iterator[dict[str, Any]]:
    draw = random.Random(20260101)
    sheets = sheets_made(draw)
    days = [FIRST_DAY + timedelta(days=step) for step in range(max(1, count // RESPONSES_A_DAY))]
    quarters = [quarter_of_day(day).code for day in days]
    for _ in range(count):
        step = draw.randrange(len(days))
        channel = draw.choice(("link", "link", "field", "qr"))
        yield {
            "agency": f"{draw.randrange(AGENCIES):05d}",
            "id": str(uuid.UUID(int=draw.getrandbits(128), version=4)),
            "questionnaire": "COT_LOI",
            "version": "1.0",
            "procedure": f"1.{draw.randrange(60):06d}",
            "phase": "after-result",
            "channel": channel,
            "source_channel": None,
            "quarter": quarters[step],
            "day": days[step],
            "language": "vi",
            "cluster": str(draw.randrange(8)) if channel == "field" else None,
            "answers": sheets[draw.randrange(SHEETS_MADE)],
            "comment": None,
            "fill_seconds": draw.randrange(20, 200, 5),
            "quarantine": "",
            "test": False,
            "tallied": False,
        }


def _fill(count: int, *, tallied: bool) -> None:
    """In the order of their agencies, as a grown database holds them; most rows are copies under new ids."""
    made = min(count, ROWS_MADE)
    rows = _rows(made)
    for _part in range(0, made, ROWS_AT_ONCE):
        part = [next(rows) | {"tallied": tallied} for _ in range(min(ROWS_AT_ONCE, made))]
        with transaction():
            db.session.connection().execute(insert(RESPONSES), part)
    if count > made:
        with transaction():
            multiply(db.session.connection(), count // made)


def filled(config: Config, count: int, tallied: bool) -> None:
    """Fills in a process of its own: what making the answers leaves in memory is not what counting needs."""
    process = multiprocessing.get_context("spawn").Process(target=_prepare, args=(config, count, tallied))
    process.start()
    process.join()
    expect(process.exitcode == 0)


def _prepare(config: Config, count: int, tallied: bool) -> None:
    with create_app(config).app_context():
        upgrade(directory=str(Path(__file__).resolve().parents[1] / "migrations"))
        with transaction():
            publish_shipped(**ACT)
        _fill(count, tallied=tallied)
        db.engine.dispose()


def multiply(connection: Connection, times: int) -> None:
    """Each row `times` over. The copies differ in their ids only, and so in the rows drawn for them."""
    columns = ", ".join(name for name in RESPONSES.c.keys() if name != "id")  # noqa: SIM118  # columns are no dict
    sqlite = connection.dialect.name == "sqlite"
    new_id = RANDOM_UUID if sqlite else "gen_random_uuid()::text"
    copies = (
        f"WITH RECURSIVE copy(k) AS (SELECT 2 UNION ALL SELECT k + 1 FROM copy WHERE k < {times}) "
        if sqlite
        else f"WITH copy AS (SELECT generate_series(2, {times})) "
    )
    connection.exec_driver_sql("CREATE TEMPORARY TABLE made AS SELECT * FROM responses")
    connection.exec_driver_sql(
        f"INSERT INTO responses ({columns}, id) "
        f"{copies} SELECT {columns}, {new_id} FROM made, copy ORDER BY made.agency"
    )
    connection.exec_driver_sql("DROP TABLE made")


def _empty_tallies() -> None:
    with transaction():
        for table in (TALLIES, BY_PROCEDURE, BY_CLUSTER):
            db.session.connection().execute(delete(table))


def _timed(name: str, count: int, work: Callable[[], object]) -> bool:
    """Prints wall and processor time; other work on the machine shows as a difference between them."""
    start, cpu = time.perf_counter(), time.process_time()
    work()
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    rate = count / seconds
    limit = LIMITS.get(name)
    verdict = "" if limit is None else f"  limit {limit:,.0f}/s  {'ok' if rate >= limit else 'TOO SLOW'}"
    times = f"{seconds:8.1f} s (processor {cpu:7.1f} s)"
    print(f"{name:<8} {count:>12,} responses {times} {rate:>10,.0f}/s{verdict}", flush=True)
    return limit is None or rate >= limit


class Memory:
    """Looks four times a second at what this process and its children hold together, in megabytes."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._done.wait(0.25):
            self.peak = max(self.peak, sum(map(_resident, _family())))

    def stop(self) -> float:
        self._done.set()
        self._thread.join()
        return self.peak


def _family() -> list[int]:
    own = os.getpid()
    children = Path(f"/proc/{own}/task/{own}/children").read_text(encoding="ascii").split()
    return [own, *map(int, children)]


def _resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except FileNotFoundError:
        return 0.0
    return pages * resource.getpagesize() / 2**20


def expect(right: bool) -> None:
    if not right:
        raise SystemExit("The counts are wrong, so their speed does not matter.")


def main() -> int:
    count = int(os.environ.get("N", "1000000"))
    parts = os.environ.get("PARTS", "fold,rebuild,verify").split(",")
    processes = os.cpu_count() or 1
    results = []
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        url = os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{folder}/bench.db"
        config = Config(url, "for-measuring-only-" + "0" * 40, Path(folder), environment="test")
        _timed("fill", count, lambda: filled(config, count, "fold" not in parts))
        app = create_app(config)
        with app.app_context():
            memory = Memory()
            if "fold" in parts:
                results.append(_timed("fold", count, lambda: expect(fold_waiting() == count)))
            if "rebuild" in parts:
                _empty_tallies()
                work = lambda: expect(rebuild(**ACT, processes=processes).sheets == count)  # noqa: E731  # one expression, used below
                results.append(_timed("rebuild", count, work))
            if "verify" in parts:
                agree = lambda: expect(not any(c.missing for c in compare(processes)))  # noqa: E731  # one expression, used below
                results.append(_timed("verify", count, agree))
            peak = memory.stop()
            print(f"memory of all processes: {peak:,.0f} MB at the peak of counting (limit {MEMORY_LIMIT:,})")
            db.session.remove()
            db.engine.dispose()
    return 0 if all(results) and peak < MEMORY_LIMIT else 1


if __name__ == "__main__":
    raise SystemExit(main())
