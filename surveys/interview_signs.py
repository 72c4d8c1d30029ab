"""The indicators one by one, each for every collector of a round."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import fmean, median, pvariance, quantiles
from typing import Final, Literal

from surveys.interviews import (
    FEWEST_COLLECTORS,
    FEWEST_INTERVIEWS,
    Doors,
    Finding,
    Indicator,
    Interview,
    SecondVisits,
    Sign,
    Signs,
    findings,
    own_interviews,
)
from surveys.peers import PRIOR_LIKENESS, Excess, Score, excess_counts, excess_scores
from surveys.periods import ZONE
from surveys.sheet_signs import sheet_signs
from surveys.tails import beta_binomial_tail

FLOOR_SECONDS: Final = 20
ODD_HOURS: Final = (6, 21)
"""Interviews that begin before the first or from the second hour on, local time, are at odd hours."""
OVERLAP_SECONDS: Final = 30
"""Two interviews of one collector overlap when they share more: less is a slow tap on "end"."""
TRAVEL_SECONDS: Final = 180
"""Nobody is in another village sooner."""
HARDLY_EVER: Final = 0.002
"""The rate up to which what should never happen is taken for a slip."""
FLOOR_RATE: Final = 0.02
USUAL: Final = 10
"""Short, or close to another, is what only one in so many of a usual collector's interviews is."""
FACTS_DISAGREE: Final = 0.1
"""Households remember one stable fact in ten otherwise at a second visit."""
PACE_LIKENESS: Final = 0.2
"""Collectors differ in pace more than in anything else: how alike one collector's times are."""
FAST_SPREAD: Final = 4.0
"""Collectors differ in pace by about a fifth, four times what chance does in fifty interviews."""

Own = Mapping[str, Sequence[Interview]]

Case = tuple[str, str, bool]
"""Collector, village, and whether it is a case of what is counted."""


def review(
    interviews: Sequence[Interview], doors: Iterable[Doors] = (), second_visits: Iterable[SecondVisits] = ()
) -> list[Finding]:
    """Every collector's findings in one round: the same whatever the order or the names of what it is given.

    Collectors with fewer than ten interviews are not compared, and nobody is where fewer than three are.
    """
    return findings(signs(interviews, doors, second_visits))


def signs(
    interviews: Sequence[Interview], doors: Iterable[Doors] = (), second_visits: Iterable[SecondVisits] = ()
) -> Signs:
    """Every indicator of every collector who has enough interviews to be compared."""
    own = {who: mine for who, mine in own_interviews(interviews).items() if len(mine) >= FEWEST_INTERVIEWS}
    found: dict[Indicator, Mapping[str, Sign]] = {Indicator.BACKCHECK: _second_visits(second_visits)}
    if len(own) >= FEWEST_COLLECTORS:
        found |= _time_signs(own)
        found |= sheet_signs(own)
        found |= _effort_signs(own, doors)
    return {indicator: by_collector for indicator, by_collector in found.items() if by_collector}


def _counted(
    cases: Iterable[Case],
    *,
    tail: Literal["high", "low"] = "high",
    floor: float = 0.0,
    limit: float | None = None,
    of_places: bool = False,
    prior: float = PRIOR_LIKENESS,
) -> dict[str, Sign]:
    tallies: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for who, village, hit in cases:
        k, n = tallies[who].get(village, (0, 0))
        tallies[who][village] = (k + hit, n + 1)
    more = {} if limit is None else {"limit": limit}
    found = excess_counts(tallies, tail=tail, floor=floor, of_places=of_places, prior=prior)
    return {
        who: Sign(excess, {"cases": excess.observed, "of": excess.size, "expected": excess.expected, **more})
        for who, excess in found.items()
    }


def usual_low(values: Mapping[str, Sequence[float]], parts: int = USUAL) -> float:
    """Below what only one in `parts` of a usual collector's values lies: the median of each one's lowest.

    It is taken person by person, so that those who make everything up cannot move it.
    """
    lows = [quantiles(mine, n=parts)[0] for mine in values.values() if len(mine) >= parts // 2]
    return median(lows) if lows else 0.0


def _time_signs(own: Own) -> dict[Indicator, dict[str, Sign]]:
    timed = {who: [o for o in mine if o.started and o.seconds is not None] for who, mine in own.items()}
    timed = {who: sorted(mine, key=_began) for who, mine in timed.items()}
    every = [one for mine in timed.values() for one in mine]
    if not every:
        return {}
    pairs = [(f, s) for mine in timed.values() for f, s in pairwise(mine) if f.day == s.day]
    gaps = [(first, second, _gap(first, second)) for first, second in pairs]
    return _durations(timed) | {
        Indicator.GAPS: _below([(f, gap) for f, _, gap in gaps], prior=PACE_LIKENESS),
        Indicator.UNEVEN_GAPS: _below(_against_own([(f, max(1.0, gap)) for f, _, gap in gaps]), 20),
        Indicator.HASTY: _hasty(timed, gaps),
        Indicator.FLOOR: _counted(
            ((o.collector, o.village, (o.seconds or 0) < FLOOR_SECONDS) for o in every),
            floor=FLOOR_RATE,
            limit=FLOOR_SECONDS,
        ),
        Indicator.OVERLAPS: _counted(
            ((f.collector, f.village, gap < -OVERLAP_SECONDS) for f, _, gap in gaps), floor=HARDLY_EVER
        ),
        Indicator.TRAVEL: _counted(
            ((f.collector, f.village, f.village != s.village and gap < TRAVEL_SECONDS) for f, s, gap in gaps),
            floor=HARDLY_EVER,
        ),
        Indicator.HOURS: _counted(
            ((o.collector, o.village, not ODD_HOURS[0] <= _hour(o) < ODD_HOURS[1]) for o in every),
            floor=FLOOR_RATE,
        ),
    }


def _durations(timed: Own) -> dict[Indicator, dict[str, Sign]]:
    """Durations against those of the round with as many questions: who is asked less is done sooner."""
    middles: dict[int, float] = {}
    limits: dict[int, float] = {}
    for length in sorted({one.asked for mine in timed.values() for one in mine}):
        by_person = {
            who: [float(o.seconds or 0) for o in mine if o.asked == length] for who, mine in timed.items()
        }
        middles[length] = max(1.0, median([median(mine) for mine in by_person.values() if mine]))
        limits[length] = max(FLOOR_SECONDS, usual_low(by_person))
    relative = [(o, (o.seconds or 1) / middles[o.asked]) for mine in timed.values() for o in mine]
    fast = {}
    for who, mine in timed.items():
        if len(mine) >= FEWEST_INTERVIEWS:
            logs = [math.log(max(1, o.seconds or 1) / middles[o.asked]) for o in mine]
            n = len(logs)
            # The score whose logarithm is that of the geometric mean, turned so that fast is high.
            fast[who] = Score(n * math.exp(-fmean(logs)), n, n * max(0.01, pvariance(logs)), n)
    short = [(o.collector, o.village, (o.seconds or 0) < limits[o.asked]) for o, _ in relative]
    return {
        Indicator.SHORT: _counted(short, floor=1 / USUAL, prior=PACE_LIKENESS),
        Indicator.UNEVEN_TIMES: _below(_against_own(relative), 20),
        Indicator.FAST: {
            who: Sign(e, {"share": e.expected / e.observed, "of": e.size})
            for who, e in excess_scores(fast, prior_spread=FAST_SPREAD).items()
        },
    }


def _hasty(timed: Own, gaps: Sequence[tuple[Interview, Interview, float]]) -> dict[str, Sign]:
    """Interviews that are short and close to a neighbour in time, both by the collector's own measure.

    Each alone is ordinary: a hurried household, a house next door. Made up ones tend to be both.
    """
    beside: dict[int, float] = {}
    for first, second, gap in gaps:
        for one in (first, second):
            beside[id(one)] = min(beside.get(id(one), math.inf), max(1.0, gap))
    every = [one for mine in timed.values() for one in mine if id(one) in beside]
    length = dict.fromkeys((one.asked for one in every), 1.0)
    for asked in length:
        length[asked] = max(1.0, median([float(o.seconds or 0) for o in every if o.asked == asked]))
    times = _against_own([(o, (o.seconds or 0) / length[o.asked]) for o in every])
    near = _against_own([(o, beside[id(o)]) for o in every])
    limits = [usual_low(_by_person(values), 5) for values in (times, near)]
    hasty = [
        (o.collector, o.village, time < limits[0] and gap < limits[1])
        for (o, time), (_, gap) in zip(times, near, strict=True)
    ]
    return _counted(hasty, floor=1 / 25)


def _by_person(values: Sequence[tuple[Interview, float]]) -> dict[str, list[float]]:
    by_person: dict[str, list[float]] = defaultdict(list)
    for one, value in values:
        by_person[one.collector].append(value)
    return by_person


def _below(
    values: Sequence[tuple[Interview, float]], parts: int = USUAL, *, prior: float = PRIOR_LIKENESS
) -> dict[str, Sign]:
    """Who has too many values below what hardly a usual collector's are."""
    limit = usual_low(_by_person(values), parts)
    return _counted(
        ((one.collector, one.village, value < limit) for one, value in values),
        limit=limit,
        # By how the limit was found: of a usual collector's values so many lie below it.
        floor=1 / parts,
        prior=prior,
    )


def _against_own(values: Sequence[tuple[Interview, float]]) -> list[tuple[Interview, float]]:
    """Each value as a share of the collector's own middle: slow and fast people become comparable."""
    middles = {who: median(mine) for who, mine in _by_person(values).items()}
    return [(one, value / middles[one.collector]) for one, value in values]


def _began(one: Interview) -> float:
    assert one.started is not None
    return one.started.timestamp()


def _gap(first: Interview, second: Interview) -> float:
    """Seconds from the end of one interview to the beginning of the next; negative when they overlap."""
    return _began(second) - _began(first) - (first.seconds or 0)


def _hour(one: Interview) -> int:
    assert one.started is not None
    return one.started.astimezone(ZONE).hour


def _effort_signs(own: Own, doors: Iterable[Doors]) -> dict[Indicator, dict[str, Sign]]:
    every = [one for mine in own.values() for one in mine]
    half = (min(one.asked for one in every) + max(one.asked for one in every)) / 2
    missing = [(one.collector, one.village, one.missing > 0) for one in every]
    unopened: list[Case] = []
    for door in doors:
        if door.collector in own:
            unopened += [(door.collector, door.village, True)] * (door.refused + door.unopened)
            unopened += [(door.collector, door.village, False)] * door.answered
    return {
        Indicator.SHORT_ROUTE: _counted(
            ((one.collector, one.village, one.asked < half) for one in every), of_places=True
        ),
        Indicator.NOTHING_MISSING: _counted(missing, tail="low", of_places=True),
        Indicator.NO_REFUSALS: _counted(unopened, tail="low", of_places=True),
    }


def _second_visits(second_visits: Iterable[SecondVisits]) -> dict[str, Sign]:
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for visits in second_visits:
        totals[visits.collector].update(compared=visits.compared, disagreed=visits.disagreed)
    found = {}
    for who, total in totals.items():
        if n := total["compared"]:
            # Two facts of one household are wrong together more often than by chance.
            p, mid = beta_binomial_tail(total["disagreed"], n, FACTS_DISAGREE, 0.05)
            numbers = {"cases": float(total["disagreed"]), "of": n, "expected": FACTS_DISAGREE}
            found[who] = Sign(Excess(total["disagreed"], n, FACTS_DISAGREE, p, mid), numbers)
    return found
