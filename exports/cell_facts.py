"""A satisfied share as the columns of open data tell it, and how precisely its numbers are told."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from exports import codes
from exports.columns import Value
from surveys.criteria import Target
from surveys.figures import Cell
from surveys.printing import fitted
from surveys.scoring import LEVELS, Rounding, rounded
from surveys.thresholds import Standing, Thresholds

Facts = dict[str, Value]
"""Some columns of a row by name."""
DIGITS: Final = 15
"""Significant digits that every format keeps: a spreadsheet has no more."""


def cell_facts(cell: Cell, thresholds: Thresholds, target: Target | None = None) -> Facts:
    """A satisfied share as its number of answers allows it to be told; a hidden one is its mark alone."""
    state = cell.standing(thresholds)
    if state is Standing.SUPPRESSED:
        return {"status": codes.HIDDEN}
    span, rate = cell.interval, cell.rate
    if span is None or rate is None:
        return {"status": codes.NOTHING, "n": 0}
    against = (target.limit,) if target else ()
    few = state is Standing.INDICATIVE
    facts: Facts = {
        "status": codes.REFERENCE if few else codes.SHOWN,
        "n": cell.n,
        "n_eff": float(rounded(Fraction(cell.n_eff), 1)),
        "low": as_printed(span.low, against),
        "high": as_printed(span.high, against),
    }
    if few and rate == 1:
        return facts | {"rate_kind": "at-least", "low": as_printed(span.low, against, "down")}
    if few and rate == 0:
        return facts | {"rate_kind": "at-most", "high": as_printed(span.high, against, "up")}
    facts |= {"rate_kind": "exact", "satisfied": cell.satisfied, "rate": whole(rate)}
    score = None if few else cell.score
    if cell.levels is not None and score is not None:
        facts |= {f"level_{level}": n for level, n in zip(LEVELS, cell.levels, strict=True)}
        facts["score"] = whole(score)
    return facts


def whole(value: Fraction) -> float:
    """A number whose parts are in the row as well, with all digits that every format keeps."""
    return float(f"{float(value):.{DIGITS}g}")


def as_printed(
    share: Fraction | float, against: Sequence[Fraction] = (), rounding: Rounding = "half_away"
) -> float:
    """A share with the decimals of a page: one of a percent, or as many as keep it on its side."""
    hundredfold = [100 * limit for limit in against]
    return float(fitted(100 * Fraction(share), hundredfold, 1, rounding).scaleb(-2))


def printed_points(change: Fraction | float, *, side_of_zero: bool = False) -> float:
    """Percentage points with one decimal; a bound that is not 0 gets as many as show on which side it is."""
    exact, places = 100 * Fraction(change), 1
    printed = rounded(exact, places)
    while side_of_zero and exact and not printed:
        places += 1
        printed = rounded(exact, places)
    return float(printed)
