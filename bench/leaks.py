"""Editions that overlap in days, at the size of the country: how long the audit at close takes.

    .venv/bin/python -m bench.leaks [--agencies 3797] [--answers 1250000]

A quarter, its three months and the thirteen weeks that begin in it, closed one after another as they would
be: every edition is first controlled for itself and then audited together with those closed before it.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate

from app.results.overlap_control import audit, completed
from surveys.periods import Month, Quarter, Week
from surveys.segments import Family, Key, Leaf, Numbers, Seen, SeenEdition, concerned, derivable, hide

FAMILY = Family("official", ("link", "field", "import"))
QUARTER = Quarter(2026, 3)
NATION = "VN"
SHARE_OF_TWO = 0.2
"""Of the agencies that are reached by interviews as well as by links."""


class Country:
    """Answers of each leaf up to each day, drawn with a fixed seed."""

    def __init__(self, agencies: int, answers: int, provinces: int) -> None:
        draw = random.Random(20260929)
        self.first = QUARTER.first_day - timedelta(days=6)
        self.length = (QUARTER.last_day + timedelta(days=7) - self.first).days
        self.parents = {NATION: ""} | {f"{p:02d}": NATION for p in range(provinces)}
        sizes = {f"{n % provinces:02d}-{n:04d}": draw.lognormvariate(0, 1.2) for n in range(agencies)}
        whole = sum(sizes.values())
        self.up_to: dict[Leaf, list[Numbers]] = {}
        for agency, size in sizes.items():
            self.parents[agency] = agency[:2]
            channels = {"link": 0.6, "field": 0.4} if draw.random() < SHARE_OF_TWO else {"link": 1.0}
            for channel, share in channels.items():
                self.up_to[agency, channel] = self.draw_days(draw, answers * size / whole * share)
        self.units = {agency: agency for agency in sizes}

    def draw_days(self, draw: random.Random, expected: float) -> list[Numbers]:
        rate = min(0.99, draw.betavariate(18, 2))
        days: list[Numbers] = [(0, 0)]
        daily = expected / 92
        for _ in range(self.length):
            spread = daily**0.5
            n = max(0, round(draw.gauss(daily, spread))) if daily > 4 else _poisson(draw, daily)
            satisfied = sum(draw.random() < rate for _ in range(n)) if n < 50 else round(n * rate)
            days.append((satisfied, n - satisfied))
        return list(accumulate(days, lambda a, b: (a[0] + b[0], a[1] + b[1])))

    def count(self, first: date, last: date) -> dict[Leaf, Numbers]:
        start, end = (first - self.first).days, (last - self.first).days + 1
        return {
            leaf: (days[end][0] - days[start][0], days[end][1] - days[start][1])
            for leaf, days in self.up_to.items()
        }

    def edition(self, period: Quarter | Month | Week, closed: Sequence[SeenEdition]) -> SeenEdition:
        sums: dict[Key, Numbers] = {}
        for (agency, channel), numbers in self.count(period.first_day, period.last_day).items():
            if any(numbers):
                for place in (agency, self.parents[agency], NATION):
                    for part in (channel, FAMILY.total):
                        old = sums.get((place, part), (0, 0))
                        sums[place, part] = old[0] + numbers[0], old[1] + numbers[1]
        cells = {key: Seen(numbers) for key, numbers in sums.items()}
        found = SeenEdition(
            period.code, period.first_day, period.last_day, self.parents, self.units, cells,
            in_tens=isinstance(period, Quarter),
        )  # fmt: skip
        found = completed(found, FAMILY, fixed=derivable(found, concerned(found, closed)))
        return _marking_empty(found) if period.marks_empty else found


def _marking_empty(edition: SeenEdition) -> SeenEdition:
    """As the strand of the official figures is seen in a week: empty places carry the mark as well."""
    nothing = Seen((0, 0), hidden=True, may_be_empty=True)
    cells = {
        (place, part): nothing
        for place in edition.parents
        if (place, FAMILY.total) not in edition.cells
        for part in (*FAMILY.parts, FAMILY.total)
    }
    for (place, part), seen in edition.cells.items():
        is_silent = edition.cells[place, FAMILY.total].hidden
        cells[place, part] = replace(seen, may_be_empty=seen.hidden and is_silent)
    return replace(edition, cells=cells)


def _poisson(draw: random.Random, mean: float) -> int:
    n, left = 0, draw.expovariate(1)
    while left < mean:
        n, left = n + 1, left + draw.expovariate(1)
    return n


def _hidden(edition: SeenEdition) -> int:
    return sum(seen.hidden for seen in edition.cells.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--agencies", type=int, default=3_797)
    parser.add_argument("--answers", type=int, default=1_250_000)
    parser.add_argument("--provinces", type=int, default=34)
    parser.add_argument("--without-weeks", action="store_true")
    options = parser.parse_args()
    country = Country(options.agencies, options.answers, options.provinces)
    week = Week(2026, 27)
    periods: list[Quarter | Month | Week] = []
    while not options.without_weeks and week.first_day <= QUARTER.last_day:
        periods.append(week)
        week = Week(2026, week.number + 1)
    periods += [*(Month(2026, number) for number in (7, 8, 9)), QUARTER]
    closed: list[SeenEdition] = []
    for period in periods:
        start = time.perf_counter()
        edition = country.edition(period, closed)
        controlled = time.perf_counter()
        used = time.process_time()
        outcome = audit(edition, closed, FAMILY, country.count)
        seconds, used = time.perf_counter() - controlled, time.process_time() - used
        print(
            f"{period.code:9} {len(edition.cells):6} cells, {_hidden(edition):5} hidden by its own control "
            f"({controlled - start:4.1f} s), {len(outcome.withheld):5} more by the audit ({seconds:6.1f} s, "
            f"{used:6.1f} s of processor), left {len(outcome.left)}, "
            f"known before {len(outcome.known_before)}",
            flush=True,
        )
        closed.append(hide(edition, outcome.withheld))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{options.agencies} agencies, {options.answers} answers: {peak:.0f} MB at most")


if __name__ == "__main__":
    main()
