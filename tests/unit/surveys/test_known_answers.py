"""Every known answer of the statistics, computed again.

`tests/data/known_answers.csv` holds inputs and results made with statsmodels, numpy and exact decimals
by hand; a rule without a handler here fails, except those on disclosure, which have a test of their own.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from surveys.comparison import (
    Change,
    NoChange,
    Sample,
    benjamini_hochberg,
    change_or_reason,
    change_words,
    compare,
)
from surveys.criteria import (
    Hours,
    ProcedureHours,
    SubmissionMinutes,
    Target,
    interval_decides,
    judge,
    processing_reduction,
)
from surveys.intervals import cluster_deff, effective_n, wilson
from surveys.periods import quarter_of
from surveys.printing import NBSP, minutes, percent, printed_rate
from surveys.ranking import Entrant, rank_family
from surveys.scoring import Distribution
from surveys.weighting import Stratum, Weighted, weighted_rate

FILE = Path(__file__).parents[2] / "data" / "known_answers.csv"
TESTED_WITH_DISCLOSURE = {"suppression_lp", "revision_increment"}

Facts = dict[str, Any]
HANDLERS: dict[str, Callable[[Facts], Facts]] = {}


def handles(rule: str) -> Callable[[Callable[[Facts], Facts]], Callable[[Facts], Facts]]:
    def register(handler: Callable[[Facts], Facts]) -> Callable[[Facts], Facts]:
        HANDLERS[rule] = handler
        return handler

    return register


def rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def with_interval(rate: Fraction, n_eff: float) -> Facts:
    interval = wilson(rate, n_eff)
    return {"rate": rate, "n_eff": n_eff, "low": interval.low, "high": interval.high}


def as_change(change: Change) -> Facts:
    return {"diff": change.diff, "low": change.low, "high": change.high, "z": change.z, "p": change.p}


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


@handles("wilson")
def _(given: Facts) -> Facts:
    return with_interval(Fraction(given["satisfied"], given["n"]), given["n"])


def weighted_of(given: Facts, minimum: int) -> Weighted:
    columns = zip(given["dossiers"], given["n"], given["satisfied"], strict=True)
    strata = [Stratum(str(place), *column) for place, column in enumerate(columns)]
    weighted = weighted_rate(strata, minimum)
    assert weighted is not None
    return weighted


@handles("poststratified_rate")
def _(given: Facts) -> Facts:
    unweighted = Fraction(sum(given["satisfied"]), sum(given["n"]))
    weighted = weighted_of(given, minimum=5)
    return {"unweighted": unweighted, **with_interval(weighted.rate, weighted.n_eff)}


@handles("poststrat_merge")
def _(given: Facts) -> Facts:
    weighted = weighted_of(given, given["min_n"])
    return {
        "strata": [[part.code, part.dossiers, part.n, part.satisfied] for part in weighted.strata],
        "rate": weighted.rate,
        "n_eff": weighted.n_eff,
        "low": weighted.interval.low,
        "high": weighted.interval.high,
    }


@handles("cluster_deff")
def _(given: Facts) -> Facts:
    villages = list(zip(given["village_satisfied"], given["village_n"], strict=True))
    n, satisfied = sum(given["village_n"]), sum(given["village_satisfied"])
    deff = cluster_deff(villages)
    facts = with_interval(Fraction(satisfied, n), effective_n([(n, deff)]))
    return {**facts, "deff": deff, "low_if_clusters_ignored": wilson(Fraction(satisfied, n), n).low}


@handles("pooled_channels")
def _(given: Facts) -> Facts:
    (linked, n_link), (met, n_field) = given["link"], given["field"]
    n_eff = effective_n([(n_link, 1.0), (n_field, given["field_deff"])])
    return with_interval(Fraction(linked + met, n_link + n_field), n_eff)


@handles("change")
def _(given: Facts) -> Facts:
    before = Sample.simple(given["prev_satisfied"], given["prev_n"])
    change = compare(before, Sample.simple(given["satisfied"], given["n"]))
    return as_change(change)


@handles("change_bh")
def _(given: Facts) -> Facts:
    changes = [
        compare(Sample.simple(before, n_before), Sample.simple(now, n_now))
        for before, n_before, now, n_now in given["rows_prev_x_prev_n_x_n"]
    ]
    ps = [change.p for change in changes]
    return {"p": ps, "p_adjusted": benjamini_hochberg(ps), "word": change_words(changes)}


@handles("bh")
def _(given: Facts) -> Facts:
    qs = benjamini_hochberg(given["p"])
    return {"adjusted": qs, "reject": [q <= given["alpha"] for q in qs]}


@handles("rank_group_vs_rest")
def _(given: Facts) -> Facts:
    table = rank_family([Entrant(code, code, x, n, n) for code, (x, n) in given.items()])
    return {
        "group": {row.entrant.code: row.group for row in table.rows},
        "q": {row.entrant.code: row.q for row in table.rows},
    }


@handles("verdict")
def _(given: Facts) -> Facts:
    n, rate = given["n"], Fraction(given["satisfied"], given["n"])
    target, interval = Target("TC4", ">=", Decimal(given["target"]), "share"), wilson(rate, n)
    verdict = judge(rate, interval, target, n=n, n_eff=n, response_rate=Fraction(1)).verdict
    certain = interval_decides(interval, target, verdict)
    return {**with_interval(rate, n), "verdict": verdict, "certain": certain}


@handles("verdict_weighted")
def _(given: Facts) -> Facts:
    rate = Fraction(str(given["rate"]))
    interval = wilson(rate, given["n_eff"])
    target = Target("TC4", ">=", Decimal(given["target"]), "share")
    found = judge(rate, interval, target, n=given["n"], n_eff=given["n_eff"], response_rate=Fraction(1))
    return {"low": interval.low, "high": interval.high, "verdict": found.verdict}


@handles("rounding_rate")
def _(given: Facts) -> Facts:
    rate = Fraction(given["satisfied"], given["n"])
    return {"printed": plain(percent(rate, against=[Fraction(given["target"])]))}


@handles("rounding_minutes")
def _(given: Facts) -> Facts:
    mean = Fraction(given["mean"])
    target = Target("TC2", given["op"], Decimal(given["limit"]), "phút")
    verdict = judge(mean, None, target, n=30, n_eff=30, response_rate=None, from_answers=False).verdict
    return {"printed": minutes(mean, [target.limit]), "verdict": verdict}


@handles("rounding_float_trap")
def _(given: Facts) -> Facts:
    return {"printed": plain(percent(Fraction(given["satisfied"], given["n"])))}


@handles("bound_0")
def _(given: Facts) -> Facts:
    none_satisfied = Distribution((given["satisfied"], 0, 0, 0, given["n"] - given["satisfied"]))
    interval = wilson(Fraction(given["satisfied"], given["n"]), given["n"])
    return {"high": interval.high, "printed": plain(printed_rate(none_satisfied, interval).rate)}


@handles("factor_score")
def _(given: Facts) -> Facts:
    if "values" in given:
        values = given["values"]
        tallies = {value: values.count(value) for value in set(values)}
    else:
        tallies = dict(zip((5, 4, 3, 2, 1), given["counts_5_to_1"], strict=True))
        tallies[0] = given["missing"]
    found = Distribution.from_values(tallies)
    return {
        "n": found.n,
        "mean": found.mean,
        "score": found.score,
        "satisfied_share": found.rate,
        "sd": math.sqrt(found.variance or 0),
    }


@handles("tc2_mean")
def _(given: Facts) -> Facts:
    found = SubmissionMinutes.from_minutes(given["minutes"], given["limit"])
    assert found.interval is not None
    target = Target("TC2", "<", given["limit"], "phút")
    judged = judge(
        found.mean, found.interval, target, n=found.n, n_eff=found.n, response_rate=None, from_answers=False
    )
    return {
        "n": found.n,
        "excluded_clock": found.excluded,
        "capped": found.capped,
        "mean": found.mean,
        "low": found.interval.low,
        "high": found.interval.high,
        "median": found.median,
        "share_under": found.share_under,
        "verdict": judged.verdict,
    }


@handles("tc3_pooled")
def _(given: Facts) -> Facts:
    def hours(n: int, mean: float, sd: float) -> Hours:
        return Hours(n, Fraction(str(mean)), Fraction(str(sd)) ** 2)

    sides = zip(given["online_n_mean_sd"], given["direct_n_mean_sd"], strict=True)
    procedures = [ProcedureHours(str(i), hours(*o), hours(*d)) for i, (o, d) in enumerate(sides)]
    found = processing_reduction(procedures)
    assert found.interval is not None
    return {
        "reduction": found.value,
        "se": found.se,
        "low": found.interval.low,
        "high": found.interval.high,
    }


@handles("channel_mix")
def _(given: Facts) -> Facts:
    pooled = {}
    for quarter in ("prev", "now"):
        columns = zip(*given[quarter].values(), strict=True)
        pooled[quarter] = Sample.simple(*(sum(column) for column in columns))
    link = compare(Sample.simple(*given["prev"]["link"]), Sample.simple(*given["now"]["link"]))
    return {
        "pooled_prev": pooled["prev"].rate,
        "pooled_now": pooled["now"].rate,
        "pooled_p": compare(pooled["prev"], pooled["now"]).p,
        "link_change": as_change(link),
        "word": change_words([link])[0],
    }


@handles("quarter")
def _(given: Facts) -> Facts:
    return {"quarter": [quarter_of(datetime.fromisoformat(instant)).code for instant in given["utc"]]}


@handles("no_change_cases")
def _(given: Facts) -> Facts:
    enough = Sample.simple(90, 100)
    cases = {
        "prev n=29": change_or_reason(Sample.simple(28, 29), enough),
        "prev quarter unpublished": change_or_reason(enough, enough, previous_published=False),
        "version not comparable": change_or_reason(enough, enough, comparable_version=False),
        "agency split": change_or_reason(enough, enough, same_agency=False),
    }
    found = [cases[case] for case in given["cases"]]
    assert all(isinstance(reason, NoChange) for reason in found)
    return {"word": change_words(found)}


# What the file states only as a warning: the number that a wrong way would give.
WARNINGS = {"p_if_wrongly_statsmodels_default_correction", "not_this_mean_of_ratios"}


def agrees(found: Any, expected: Any) -> bool:
    if isinstance(expected, dict):
        return expected.keys() == found.keys() and all(agrees(found[key], expected[key]) for key in expected)
    if isinstance(expected, list):
        pairs = zip(found, expected, strict=True)
        return len(found) == len(expected) and all(agrees(one, other) for one, other in pairs)
    if isinstance(expected, bool | str):
        return bool(found == expected)
    return float(found) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_every_rule_of_the_file_has_a_handler_or_is_tested_with_disclosure() -> None:
    rules = {row["rule"] for row in rows()}
    assert rules == HANDLERS.keys() | TESTED_WITH_DISCLOSURE


MINE = [row for row in rows() if row["rule"] not in TESTED_WITH_DISCLOSURE]


@pytest.mark.parametrize("row", MINE, ids=[f"{i}-{row['rule']}" for i, row in enumerate(MINE)])
def test_the_known_answer_comes_out(row: dict[str, str]) -> None:
    expected = json.loads(row["expected"])
    found = HANDLERS[row["rule"]](json.loads(row["inputs"]))
    for name, value in expected.items():
        if name not in WARNINGS:
            assert agrees(found[name], value), (name, found[name], value)
