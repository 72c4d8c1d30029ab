"""Open data of an edition from invented figures: seconds and bytes of each format, and the memory of all.

    .venv/bin/python -m bench.open_data [--places 3800]

Whatever is written passes through in one go, so the memory of all places is measured against that of a
tenth of them, each in a process of its own.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bench.export_responses import peak_megabytes
from exports.open_data import DATA, FORMATS, OpenDataInfo, TargetLine, rows_of_place, write_open_data
from surveys.criteria import Target
from surveys.editions import EditionCode
from surveys.figures import Place, PlaceFigures
from surveys.periods import ZONE
from tests.support.reports import place_figures

FLAG = "--in-one-process"
MOST_MEMORY = 1.3
# As many procedures as bring an agency to about a hundred rows.
PROCEDURES = 70
INFO = OpenDataInfo(
    EditionCode.parse("2026-Q3"), datetime(2026, 10, 12, 9, tzinfo=ZONE), "Văn phòng Chính phủ", demo=True
)
TARGET = TargetLine(Target("TC4", ">=", 95), "qg-1565")
KNOWN = 40
"""Different agencies; the others are these under another code, so that inventing them costs no time."""


def target_of(figures: PlaceFigures, criterion: str) -> TargetLine | None:
    return TARGET if criterion == "TC4" else None


def invented() -> list[PlaceFigures]:
    chance = random.Random(3)
    found = []
    for at in range(KNOWN):
        place = Place(f"{at:05}", f"Ủy ban nhân dân xã Thử Nghiệm {at + 1}", "commune", "14")
        figures = place_figures(place, "2026-Q3", chance.randint(200, 2000), chance.uniform(0.8, 0.99))
        procedures = [figures.procedures[number % len(figures.procedures)] for number in range(PROCEDURES)]
        found.append(
            replace(
                figures,
                procedures=tuple(
                    (replace(place, code=f"1.{number:06}"), cell)
                    for number, (place, cell) in enumerate(procedures)
                ),
            )
        )
    return found


def many(places: int) -> Iterator[PlaceFigures]:
    known = invented()
    for at in range(places):
        figures = known[at % KNOWN]
        yield replace(figures, place=replace(figures.place, code=f"{at:05}"))


def write(places: int) -> None:
    """Writes everything once and prints rows, seconds of rows alone and of all files, bytes, peak memory."""
    start = time.process_time()
    rows = sum(1 for figures in many(places) for _ in rows_of_place(figures, "2026-Q3", target_of))
    of_rows = time.process_time() - start
    with tempfile.TemporaryDirectory() as name:
        start = time.process_time()
        write_open_data(Path(name), INFO, lambda: many(places), target_of)
        of_all = time.process_time() - start
        sizes = [(Path(name) / DATA / each.file_name).stat().st_size for each in FORMATS.values()]
    print(rows, of_rows, of_all, *sizes, peak_megabytes())


def measured(places: int) -> list[float]:
    command = [sys.executable, "-m", "bench.open_data", FLAG, str(places)]
    root = Path(__file__).resolve().parents[1]
    finished = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    return [float(number) for number in finished.stdout.split()]


def main(places: int = 3800) -> None:
    rows, of_rows, of_all, *sizes, peak = measured(places)
    _, _, _, *_, of_a_tenth = measured(places // 10)
    print(f"{places} places, {rows:.0f} rows: {of_all:.1f} s of one core, {of_rows:.1f} s of it the rows")
    for each, size in zip(FORMATS, sizes, strict=True):
        print(f"  {each}: {size / 2**20:.1f} MB")
    word = "ok" if peak <= MOST_MEMORY * of_a_tenth else "TOO MUCH"
    print(
        f"peak memory: {peak:.0f} MB, of a tenth of the places {of_a_tenth:.0f} MB, ratio "
        f"{peak / of_a_tenth:.2f} (limit {MOST_MEMORY})  {word}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--places", type=int, default=3800)
    parser.add_argument(FLAG, type=int, dest="alone", default=0)
    chosen = parser.parse_args()
    if chosen.alone:
        write(chosen.alone)
    else:
        main(chosen.places)
