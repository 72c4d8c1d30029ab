"""A million answers as CSV for analysts, against DuckDB's export of the same rows in the same run.

    N=1000000 .venv/bin/python -m bench.export_responses

Ours reads SQLite, takes every answer apart, tells volunteered rows from drawn ones, leaves circumstances out
until ten rows share the rest, and lays the rows in a new order. DuckDB has the same rows in a table of its
own with a JSON column, filled before the clock starts; it takes out the same questions and writes, and does
nothing else. Both have one thread, in a process of its own; other work on the machine shows as a difference
between wall and processor time, so the ratio of the latter is judged.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from app.config import Config
    from surveys.periods import Quarter

MOST_TIMES = 2.0
MOST_MEMORY = 200
COUNT = int(os.environ.get("N", "1000000"))
QUESTIONS = (
    "satisfaction", "submit_time", "prefilled", "result_time", "access", "paperwork", "officer", "result",
    "feedback", "reasons",
)  # fmt: skip
COLUMNS = ("quarter", "agency", "procedure", "channel", "phase", "questionnaire", "version", "language")
ROWS_AT_ONCE = 100_000
TOOLS_ONLY: Final = frozenset({"pandas", "rich"})
"""Not of the product, but of its tests and tools; where they are, pyarrow and structlog load them: 90 MB."""


def config_of(folder: Path) -> Config:
    from app.config import Config

    return Config(
        database_url=f"sqlite:///{folder / 'bench.db'}",
        secret_key="b" * 40,
        data_dir=folder,
        environment="test",
    )


def quarters() -> list[Quarter]:
    """Those over which the answers are spread."""
    from bench.counting import FIRST_DAY, RESPONSES_A_DAY
    from surveys.periods import quarter_of_day

    days = max(1, COUNT // RESPONSES_A_DAY)
    first, last = (
        quarter_of_day(FIRST_DAY),
        quarter_of_day(FIRST_DAY.fromordinal(FIRST_DAY.toordinal() + days - 1)),
    )
    found = [first]
    while found[-1] < last:
        found.append(found[-1].next)
    return found


class AsInstalled:
    """Hides what a machine of an operator has not."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name in TOOLS_ONLY:
            raise ModuleNotFoundError(name)


def ours(folder: Path, kind: str) -> None:
    sys.meta_path.insert(0, AsInstalled())
    from app import create_app
    from app.results.exporting import appearing_whole, export_responses
    from app.transactions import transaction

    chosen = quarters()
    with create_app(config_of(folder)).app_context():
        start, cpu = time.perf_counter(), time.process_time()
        with appearing_whole(folder / f"ours.{kind}") as stream, transaction():
            report = export_responses(
                stream,
                kind,
                chosen,
                folder=folder,
                by="command:bench",
                now=datetime(2027, 1, 1, tzinfo=UTC),
            )
        _tell(start, cpu, report.rows, report.generalised, report.left_out)


def duckdb_fill(folder: Path, _kind: str) -> None:
    import duckdb
    import pyarrow as pa
    from pysqlite3 import dbapi2

    names = (*COLUMNS, "answers")
    target = duckdb.connect(str(folder / "duck.db"))
    rows = dbapi2.connect(folder / "bench.db").execute(f"SELECT {', '.join(names)} FROM responses")
    columns = ", ".join(f"{name} {'JSON' if name == 'answers' else 'VARCHAR'}" for name in names)
    target.execute(f"CREATE TABLE responses ({columns})")
    while part := rows.fetchmany(ROWS_AT_ONCE):
        found = pa.table([pa.array(values) for values in zip(*part, strict=True)], names=list(names))
        target.register("part", found)
        target.execute("INSERT INTO responses SELECT * FROM part")


def theirs(folder: Path, kind: str) -> None:
    import duckdb

    source = duckdb.connect(str(folder / "duck.db"), read_only=True)
    source.execute("SET threads = 1")
    answers = ", ".join(f"answers->>'$.{question}' AS {question}" for question in QUESTIONS)
    start, cpu = time.perf_counter(), time.process_time()
    source.execute(
        f"COPY (SELECT {', '.join(COLUMNS)}, {answers} FROM responses) TO '{folder}/theirs.{kind}'"
    )
    _tell(start, cpu, COUNT)


def peak_megabytes() -> float:
    """Of this program alone: what getrusage says goes back to the program that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def _tell(start: float, cpu: float, *numbers: int) -> None:
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    print(seconds, cpu, peak_megabytes(), *numbers)


PARTS = {"fill": duckdb_fill, "ours": ours, "theirs": theirs}


def run(part: str, folder: Path, kind: str) -> Sequence[float]:
    command = [sys.executable, "-m", "bench.export_responses", part, str(folder), kind]
    finished = subprocess.run(
        command, cwd=Path(__file__).resolve().parents[1], check=True, capture_output=True, text=True
    )
    return [float(number) for number in finished.stdout.split()]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        from bench.counting import filled

        folder = Path(name)
        filled(config_of(folder), COUNT, True)
        run("fill", folder, "")
        for kind in ("csv", "parquet"):
            their_seconds, their_cpu, their_peak, *_ = min(run("theirs", folder, kind) for _ in range(2))
            seconds, cpu, peak, rows, generalised, left_out = min(run("ours", folder, kind) for _ in range(2))
            ratio = cpu / their_cpu
            size, their_size = (
                (folder / f"{who}.{kind}").stat().st_size / 2**20 for who in ("ours", "theirs")
            )
            print(f"{kind}: {rows:,.0f} rows, {generalised:,.0f} generalised, {left_out:,.0f} left out")
            print(
                f"  ours {seconds:.1f} s (processor {cpu:.1f} s), {size:.0f} MB, peak {peak:.0f} MB (limit "
                f"{MOST_MEMORY})  {'ok' if peak <= MOST_MEMORY else 'TOO MUCH'}"
            )
            print(
                f"  DuckDB {their_seconds:.1f} s (processor {their_cpu:.1f} s), {their_size:.0f} MB, peak "
                f"{their_peak:.0f} MB"
            )
            limit = (
                f" (limit {MOST_TIMES})  {'ok' if ratio <= MOST_TIMES else 'TOO SLOW'}"
                if kind == "csv"
                else ""
            )
            print(f"  ratio of processor times {ratio:.2f}{limit}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        PARTS[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])
    else:
        main()
