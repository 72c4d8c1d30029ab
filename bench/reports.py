"""Quarterly reports from invented figures, without a database: time and pages, memory of many.

One agency, the nation with all its agencies, and by the first how long all 3,763 agencies take two cores.

    .venv/bin/python -m bench.reports [--agencies 130]

The memory of all agencies of a province is measured against that of one report, each in a process of its
own: nothing may be kept from one document to the next.
"""

from __future__ import annotations

import argparse
import io
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from pypdf import PdfReader

from exports.quarterly import render_quarterly
from exports.report_input import QuarterlyReport
from tests.support.reports import agency_report, nation_report

ROUNDS = 7
AGENCIES = 3763
CORES = 2
LIMIT_SECONDS = 0.35
LIMIT_MINUTES = 15
LIMIT_NATION = 60
LIMIT_MEMORY = 1.2
FLAG = "--in-one-process"


def time_of(report: QuarterlyReport, rounds: int) -> tuple[float, int, int]:
    """Median seconds of one core for a report, its pages and its bytes; fonts are loaded before."""
    content = render_quarterly(agency_report())
    times = []
    for _ in range(rounds):
        start = time.process_time()
        content = render_quarterly(report)
        times.append(time.process_time() - start)
    return statistics.median(times), len(PdfReader(io.BytesIO(content)).pages), len(content)


def render_many(agencies: int) -> None:
    """Renders and drops the reports one after another, and prints the peak memory of the process in MB."""
    for number in range(agencies):
        render_quarterly(agency_report(n=200 + number, code=f"14-D{number:03}"))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def peak_of(agencies: int) -> float:
    command = [sys.executable, "-m", "bench.reports", FLAG, str(agencies)]
    root = Path(__file__).resolve().parents[1]
    finished = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    return float(finished.stdout)


def main(agencies: int = 130) -> None:
    seconds, pages, size = time_of(agency_report(), ROUNDS)
    print(
        f"one agency: {pages} pages, {size / 1024:.0f} kB, {seconds:.3f} s of one core "
        f"(limit {LIMIT_SECONDS})  {_word(seconds < LIMIT_SECONDS)}"
    )
    minutes = seconds * AGENCIES / CORES / 60
    print(
        f"{AGENCIES} agencies on {CORES} cores, by that: {minutes:.1f} min "
        f"(limit {LIMIT_MINUTES})  {_word(minutes <= LIMIT_MINUTES)}"
    )
    whole, pages, size = time_of(nation_report(), 1)
    print(
        f"the nation with its agencies: {pages} pages, {size / 1024:.0f} kB, {whole:.1f} s "
        f"(limit {LIMIT_NATION})  {_word(whole < LIMIT_NATION)}"
    )
    one, many = peak_of(1), peak_of(agencies)
    print(
        f"peak memory: one report {one:.0f} MB, {agencies} reports {many:.0f} MB, ratio {many / one:.2f} "
        f"(limit {LIMIT_MEMORY})  {_word(many <= LIMIT_MEMORY * one)}"
    )


def _word(holds: bool) -> str:
    return "ok" if holds else "TOO MUCH"


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--agencies", type=int, default=130)
    parser.add_argument(FLAG, type=int, dest="alone", default=0)
    chosen = parser.parse_args()
    if chosen.alone:
        render_many(chosen.alone)
    else:
        main(chosen.agencies)
