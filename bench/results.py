"""Results pages over the tallies of ten million answers: how long a digest and a page take.

    .venv/bin/python -m bench.results [--quarters 8] [--requests 60] [--agencies ALL]

Tallies are written directly, for every agency of the country, so that the number of answers behind them is
a parameter and nothing else: a page must not become slower when it grows.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import resource
import statistics
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.catalogue.reference import load_reference
from app.config import Config
from app.directory.queries import list_agencies
from app.extensions import db
from app.results import digesting
from app.transactions import transaction
from surveys.periods import Quarter, last_quarters
from tests.support.acts import ACT
from tests.support.tallies import TallyWriter

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
LAST = Quarter(2026, 3)
ANSWERS = 10_000_000
FACTORS = ("access", "paperwork", "officer", "result", "feedback")
OPTIONS = {
    "submit_time": ("under_5", "5_to_8", "8_to_15", "15_plus", "forgot"),
    "prefilled": ("mostly", "partly", "nothing", "unnoticed"),
    "result_time": ("early", "on_time", "late", "not_yet"),
}
REASONS = ("vneid_login", "slow_or_faulty", "entered_again", "more_papers", "late_unannounced", "other")


def spread(draw: random.Random, n: int, weights: tuple[float, ...]) -> list[int]:
    """n answers over the weights, without drawing each."""
    parts, rest, mass = [], n, sum(weights)
    for weight in weights[:-1]:
        share = weight / mass if mass else 0
        mean = rest * share
        part = min(rest, max(0, round(draw.gauss(mean, math.sqrt(max(mean * (1 - share), 0.01))))))
        parts.append(part)
        rest, mass = rest - part, mass - weight
    return [*parts, rest]


def write_agency(writer: TallyWriter, draw: random.Random, agency: str, n: int) -> None:
    mood = draw.uniform(0.6, 1.5)
    weights = (0.5 * mood, 0.38, 0.07, 0.03, 0.02)
    for channel, share in (("link", 0.8), ("field", 0.2), ("qr", 0.1), ("web", 0.05)):
        part = round(n * share * draw.uniform(0.6, 1.4))
        if not part:
            continue
        levels = spread(draw, part, weights)
        if channel == "field":
            villages = [spread(draw, part // 12 + 1, weights) for _ in range(12)]
            writer.villages(agency, {str(index): village for index, village in enumerate(villages)})
            part = sum(map(sum, villages))
        else:
            writer.rated(agency, levels, channel=channel)
        for factor in FACTORS:
            for assigned, size in ((True, part * 6 // 10), (False, part // 20)):
                writer.rated(
                    agency, spread(draw, size, weights), question=factor, channel=channel, assigned=assigned
                )
        for question, values in OPTIONS.items():
            writer.values(
                agency,
                question,
                dict(zip(values, spread(draw, part, (1.0,) * len(values)), strict=True)),
                channel=channel,
            )
        unhappy = levels[3] + levels[4]
        writer.values(
            agency,
            "reasons",
            dict(zip(REASONS, spread(draw, unhappy, (1.0,) * 6), strict=True)),
            channel=channel,
        )
        fill = {str(30 + 5 * step): part // 10 for step in range(10)}
        writer.values(agency, "_fill", fill, channel=channel)
        writer.values(agency, "_sheets", {"": part}, channel=channel)
    writer.rated(agency, spread(draw, n // 15, weights), phase="just-submitted")
    writer.values(agency, "_set_aside", {"too-fast": n // 200})


def prepare(app: Flask, quarters: int, answers: int, most: int) -> tuple[int, int]:
    """The directory and the tallies; returns the numbers of agencies and of tally rows of a quarter."""
    with app.app_context():
        upgrade(directory=str(Path(__file__).resolve().parents[1] / "migrations"))
        with transaction():
            load_reference(**ACT)
        agencies = [view.code for view in list_agencies(None, date(2026, 10, 11))][:most]
        draw = random.Random(7)
        typical = answers / quarters / len(agencies) / 1.15
        rows = 0
        for quarter in last_quarters(LAST, quarters):
            writer = TallyWriter(quarter.code)
            for agency in agencies:
                # A tenth of the agencies are small, so that much must be hidden.
                n = draw.randint(1, 40) if draw.random() < 0.1 else round(draw.expovariate(1 / typical)) + 10
                write_agency(writer, draw, agency, n)
            with transaction():
                writer.write()
            rows = len(writer.rows)
        return len(agencies), rows


def digest_all(app: Flask, quarters: int) -> list[float]:
    seconds = []
    with app.app_context():
        for quarter in last_quarters(LAST, quarters):
            start = time.perf_counter()
            assert digesting.digest(quarter)
            seconds.append(time.perf_counter() - start)
    return seconds


def time_pages(app: Flask, requests: int) -> dict[str, dict[str, dict[str, float]]]:
    app.extensions["clock"] = lambda: NOW
    addresses = {
        "nation": ["/ket-qua/2026-Q3"],
        "province": [f"/ket-qua/2026-Q3/{code}" for code in ("51", "14", "31", "19", "01", "79")],
        "agency": [f"/ket-qua/2026-Q3/{code}" for code in ("14-SKHCN", "31-SNV", "51-SKHCN", "03646")],
    }
    return {
        name: {word: _timed(app, paths, requests, kept=word == "kept") for word in ("rendered", "kept")}
        for name, paths in addresses.items()
    }


def _timed(app: Flask, paths: list[str], requests: int, *, kept: bool) -> dict[str, float]:
    """Wall and processor time of a request; `kept=False` forgets finished pages before each one."""
    client = app.test_client()
    for path in paths:
        client.get(path)
    walls, cpus, size = [], [], 0
    for index in range(requests):
        if not kept:
            app.extensions.pop("result_pages", None)
        wall, cpu = time.perf_counter(), time.process_time()
        response = client.get(paths[index % len(paths)], headers={"Accept-Encoding": "gzip"})
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
        assert response.status_code == 200, (paths[index % len(paths)], response.status_code)
        size = max(size, len(response.data))
    return {
        "median_ms": round(statistics.median(walls), 1),
        "p95_ms": round(_p95(walls), 1),
        "cpu_median_ms": round(statistics.median(cpus), 1),
        "cpu_p95_ms": round(_p95(cpus), 1),
        "kilobytes_gzip": round(size / 1000, 1),
    }


def _p95(values: list[float]) -> float:
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def run(quarters: int, requests: int, answers: int, most: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            Config(
                database_url=f"sqlite:///{folder}/bench.db",
                secret_key="b" * 40,
                data_dir=Path(folder),
                environment="test",
            )
        )
        start = time.perf_counter()
        agencies, rows = prepare(app, quarters, answers, most)
        prepared = time.perf_counter() - start
        digests = digest_all(app, quarters)
        result = {
            "answers": answers,
            "agencies": agencies,
            "tally_rows_a_quarter": rows,
            "prepare_seconds": round(prepared, 1),
            "digest_seconds": [round(value, 1) for value in digests],
            "pages": time_pages(app, requests),
            "database_megabytes": round((Path(folder) / "bench.db").stat().st_size / 1e6),
            "peak_rss_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000),
        }
        with app.app_context():
            db.engine.dispose()
        return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quarters", type=int, default=8)
    parser.add_argument("--requests", type=int, default=60)
    parser.add_argument("--answers", type=int, default=ANSWERS)
    parser.add_argument("--agencies", type=int, default=10**6)
    given = parser.parse_args()
    print(json.dumps(run(given.quarters, given.requests, given.answers, given.agencies), indent=2))


if __name__ == "__main__":
    main()
