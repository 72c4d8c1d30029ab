"""The official documents of an edition of the whole country: how long the batch takes, and how much memory.

    .venv/bin/python -m bench.documents [--agencies ALL] [--documents 200] [--processes 2] [--folder DIR]

Two quarters are counted, closed and published. Then the reports of so many agencies are made by the batch, on
the wall clock and with processes of their own; the whole is worked out from that and called so. `--documents
0` makes all of them, the nation and the provinces too. `--folder` keeps the country for another run.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import re
import resource
import statistics
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from app import create_app
from app.editions.document_workers import make_document, make_in_processes
from app.editions.documents import list_places, make_documents
from app.editions.lateness import late_for
from app.editions.listing import get_edition
from app.editions.queries import report_files
from app.editions.reporting import ReportFiles
from bench.public_pages import publish
from tests.conftest import test_config

EDITION = "2026-Q3"
ALONE = 5
LIMIT_MINUTES = 15


def opened(folder: Path) -> tuple[ReportFiles, dict[str, float]]:
    """The frozen files of the last quarter, and how long it takes to count what came late for it."""
    app = create_app(test_config(folder, f"sqlite:///{folder}/hailong.db"))
    with app.app_context():
        row = get_edition(EDITION)
        seconds = []
        for _ in range(2):
            start = time.perf_counter()
            late_for(row)
            seconds.append(round(time.perf_counter() - start, 2))
        return report_files(row), {"late_first_seconds": seconds[0], "late_again_seconds": seconds[1]}


def alone(files: ReportFiles, folder: Path, places: list[str]) -> float:
    """Median seconds of one document in a process that has made one before."""
    seconds = []
    for place in places:
        start = time.perf_counter()
        make_document(files, folder, place)
        seconds.append(time.perf_counter() - start)
    return round(statistics.median(seconds[1:]), 3)


class Peak:
    """The most memory that processes which make documents have held, in MB, as the system keeps it for each.

    The figure that a parent is given of its children would be its own, which they begin with.
    """

    of_one = 0
    of_all = 0

    def look(self, *_progress: int) -> None:
        held = []
        for child in multiprocessing.active_children():
            with suppress(FileNotFoundError, ProcessLookupError):
                found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{child.pid}/status").read_text())
                held.append(int(found[1]) // 1024 if found else 0)
        self.of_one = max(self.of_one, *held, 0)
        self.of_all = max(self.of_all, sum(held))


def spent() -> float:
    """Seconds of a core that the processes which have ended took."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--agencies", type=int, default=10_000)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "editions" / EDITION).is_dir():
            print(json.dumps(publish(folder, chosen.agencies)))
        files, late = opened(folder)
        print(json.dumps(late))
        measure(files, Path(scratch), chosen.documents, chosen.processes)


def measure(files: ReportFiles, out: Path, documents: int, processes: int) -> None:
    agencies, provinces = list_places(files, "agency"), list_places(files, "province")
    draw = random.Random(7)
    print(json.dumps({
        "agencies": len(agencies), "provinces": len(provinces), "n": ALONE,
        "one_agency_seconds": alone(files, out / "alone", draw.sample(agencies, ALONE + 1)),
        "one_province_seconds": alone(files, out / "alone", draw.sample(provinces, ALONE + 1)),
    }))  # fmt: skip
    peak, before = Peak(), spent()
    start = time.perf_counter()
    if documents:
        for _place in make_in_processes(files, out / "some", draw.sample(agencies, documents), processes):
            peak.look()
        made, size = documents, sum(path.stat().st_size for path in (out / "some").glob("*.pdf"))
    else:
        whole = make_documents(files, out / "all", processes=processes, tell=peak.look)
        made, size = whole.made, whole.bytes
    seconds = time.perf_counter() - start
    every = len(agencies) + len(provinces) + 1
    print(json.dumps({
        "documents": made, "processes": processes, "seconds": round(seconds, 1),
        # What does not depend on who else uses the machine: the processes step back for everybody.
        "cpu_seconds": round(spent() - before, 1),
        "megabytes": round(size / 1e6, 1), "peak_megabytes_of_a_process": peak.of_one,
        "peak_megabytes_of_all_processes": peak.of_all,
    }))  # fmt: skip
    minutes = seconds / made * every / 60
    how = "worked out from these" if documents else "measured"
    word = "ok" if minutes <= LIMIT_MINUTES else "TOO MUCH"
    print(f"{every} documents, {how}: {minutes:.1f} min (limit {LIMIT_MINUTES})  {word}")


if __name__ == "__main__":
    main()
