"""Indicators that look at what was answered: too alike, too even, in too tidy an order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from statistics import pvariance
from typing import Final

from surveys.interviews import Indicator, Interview, Sign
from surveys.likeness import Coder, Weights, added, in_order, matrix, rare_agreement, within
from surveys.peers import Excess, Score, excess_counts, excess_scores

FEWEST_SCALES: Final = 3
ONE_ANSWER_FROM: Final = 20
IN_A_ROW: Final = 10
LAGS: Final = (2, 3, 4, 5)
FEWEST_OTHERS: Final = 10
"""A village is compared within itself from so many interviews by others on; else with the whole round."""
_POOL: Final = 150
_LONELY_SPREAD: Final = 2.5

Own = Mapping[str, Sequence[Interview]]


def sheet_signs(own: Own) -> dict[Indicator, dict[str, Sign]]:
    """The indicators of content and of order, from collector → interviews in their order."""
    coder = Coder()
    codes = {id(one): coder.code(one.sheet) for mine in own.values() for one in mine}
    return _alike(own, codes) | _scales(own) | _orders(own, codes) | {
        Indicator.ONE_ANSWER: _one_answer(own),
        Indicator.IDENTICAL_IN_ROW: _in_a_row(own, codes),
    }  # fmt: skip


def _place(one: Interview) -> tuple[date, int, str, tuple[str, ...]]:
    return one.day, one.at, one.village, one.sheet


def _alike(own: Own, codes: Mapping[int, int]) -> dict[Indicator, dict[str, Sign]]:
    # In an order that no name decides, since samples are taken from it.
    every = sorted(
        (o for mine in own.values() for o in mine), key=lambda o: (o.day, o.at, o.village, o.sheet)
    )
    questions = len(every[0].sheet)
    limit = rare_agreement([codes[id(o)] for o in every], [o.collector for o in every], questions)
    villages: dict[str, list[Interview]] = defaultdict(list)
    for one in every:
        villages[one.village].append(one)
    pool = every[:: max(1, len(every) // _POOL)]
    near: dict[str, list[Score]] = defaultdict(list)
    same: dict[str, list[Score]] = defaultdict(list)
    lonely: Counter[str] = Counter()
    for there in villages.values():
        counts = Counter(one.collector for one in there)
        alone = [who for who, n in counts.items() if len(there) - n < FEWEST_OTHERS]
        groups = [(there, [who for who in counts if who not in alone])]
        for who in alone:
            lonely[who] += counts[who]
            mine = [one for one in there if one.collector == who]
            groups.append((mine + [one for one in pool if one.collector != who], [who]))
        for group, members in groups:
            if members:
                _compare(group, members, codes, limit, near, same)
    return {
        Indicator.NEAR_DUPLICATES: _scored(near, lonely, own, limit=limit, questions=questions),
        Indicator.SAMENESS: _scored(same, lonely, own, questions=questions),
    }


def _compare(
    group: Sequence[Interview],
    members: Sequence[str],
    codes: Mapping[int, int],
    limit: int,
    near: dict[str, list[Score]],
    same: dict[str, list[Score]],
) -> None:
    for into, rows in (
        (near, matrix([codes[id(one)] for one in group], limit)),
        (same, matrix([codes[id(one)] for one in group])),
    ):
        weights = Weights.of(rows)
        for who in members:
            places = [at for at, one in enumerate(group) if one.collector == who]
            into[who].append(within(rows, weights, places))


def _scored(
    parts: Mapping[str, Sequence[Score]], lonely: Mapping[str, int], own: Own, **more: float
) -> dict[str, Sign]:
    """Who was alone in a village differs by the village too: such people are measured among themselves."""
    scores = {who: added(mine) for who, mine in parts.items()}
    alone = {who for who in scores if lonely.get(who, 0) * 2 > len(own[who])}
    found = excess_scores({who: score for who, score in scores.items() if who not in alone})
    found |= excess_scores({who: scores[who] for who in alone}, prior_spread=_LONELY_SPREAD)
    return {
        who: Sign(e, {"observed": e.observed, "expected": e.expected, "of": e.size, **more})
        for who, e in found.items()
    }


def _scales(own: Own) -> dict[Indicator, dict[str, Sign]]:
    """Straight lines and little variance, where an interview has at least three scales."""
    lines: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    flat: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for who, mine in own.items():
        for one in mine:
            if len(one.scales) >= FEWEST_SCALES:
                variance = pvariance(one.scales)
                for into, hit in ((lines, variance == 0), (flat, variance <= 0.25)):
                    k, n = into[who].get(one.village, (0, 0))
                    into[who][one.village] = (k + hit, n + 1)
    return {
        indicator: {
            who: Sign(e, {"cases": e.observed, "of": e.size, "expected": e.expected})
            for who, e in excess_counts(tallies).items()
        }
        for indicator, tallies in ((Indicator.STRAIGHT_LINES, lines), (Indicator.LITTLE_VARIANCE, flat))
    }


def _one_answer(own: Own) -> dict[str, Sign]:
    """Whether one level of the rating is given too often: by the strongest of the five, times five."""
    found: dict[str, Sign] = {}
    for level in range(1, 6):
        tallies: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
        for who, mine in own.items():
            for one in mine:
                if one.rating is not None:
                    k, n = tallies[who].get(one.village, (0, 0))
                    tallies[who][one.village] = (k + (one.rating == level), n + 1)
        for who, e in excess_counts(tallies, of_places=True).items():
            if e.size < ONE_ANSWER_FROM:
                continue
            p = min(1.0, 5 * e.p)
            if who not in found or p < found[who].excess.p:
                numbers = {"cases": e.observed, "of": e.size, "expected": e.expected, "level": level}
                found[who] = Sign(Excess(e.observed, e.size, e.expected, p, 1 - (1 - e.mid) ** 5), numbers)
    return found


def _orders(own: Own, codes: Mapping[int, int]) -> dict[Indicator, dict[str, Sign]]:
    """Neighbours in time too alike, and answers that come back after a few interviews.

    Interviews change places only within their day: moods and neighbourhoods differ from day to day.
    """
    by_lag: dict[int, dict[str, list[Score]]] = {lag: defaultdict(list) for lag in (1, *LAGS)}
    for who, mine in own.items():
        for _, group in groupby(mine, key=lambda one: one.day):
            rows = matrix([codes[id(one)] for one in group])
            if len(rows) < 4:
                continue
            weights = Weights.of(rows)
            for lag, into in by_lag.items():
                if len(rows) > lag:
                    into[who].append(in_order(rows, weights, lag))
    scores = {lag: {who: added(mine) for who, mine in parts.items()} for lag, parts in by_lag.items()}
    runs = {
        who: Sign(e, {"observed": e.observed, "expected": e.expected, "of": e.size})
        for who, e in excess_scores(scores[1]).items()
    }
    period: dict[str, Sign] = {}
    for lag in LAGS:
        for who, e in excess_scores(scores[lag]).items():
            p = min(1.0, len(LAGS) * e.p)
            if who not in period or p < period[who].excess.p:
                numbers = {"observed": e.observed, "expected": e.expected, "of": e.size, "lag": lag}
                mid = 1 - (1 - e.p) ** len(LAGS)
                period[who] = Sign(Excess(e.observed, e.size, e.expected, p, mid), numbers)
    return {Indicator.RUNS: runs, Indicator.PERIOD: period}


def _in_a_row(own: Own, codes: Mapping[int, int]) -> dict[str, Sign]:
    """Ten identical interviews in a row, against how usual that interview is with the others."""
    everywhere = Counter(codes[id(one)] for mine in own.values() for one in mine)
    total = everywhere.total()
    found = {}
    for who, mine in own.items():
        runs = [(code, len(list(run))) for code, run in groupby(codes[id(one)] for one in mine)]
        code, longest = max(runs, key=lambda run: run[1])
        if longest < IN_A_ROW:
            continue
        own_count = sum(codes[id(one)] == code for one in mine)
        others = total - len(mine)
        # Twice as usual in this village as in the round, and never rarer than one in fifty.
        share = min(1.0, max(0.02, 2 * (everywhere[code] - own_count) / max(1, others)))
        p = min(1.0, len(mine) * share ** (longest - 1))
        numbers = {"in_row": longest, "of": len(mine), "expected": share}
        found[who] = Sign(Excess(longest, len(mine), share, p, p), numbers)
    return found
