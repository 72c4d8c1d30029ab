"""Every threshold of the method with its default, and what a number of answers allows to print."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from fractions import Fraction
from functools import cache

Size = int | float | Fraction
"""A number of answers: whole, or an effective one (n_eff)."""

BINARY_NOISE = 1e-9


def whole_answers(size: Size) -> int:
    """How many whole answers a size amounts to, for comparison with a threshold.

    An n_eff that is exactly 30 may arrive as 29.999999999999996; that much noise is forgiven.
    """
    return math.floor(size + BINARY_NOISE) if isinstance(size, float) else math.floor(size)


@dataclass(frozen=True)
class Thresholds:
    """The method's thresholds; every published table prints the ones it used."""

    disclosure: int = 10
    """n below which a cell is not shown at all."""
    verdict: int = 30
    """min(n, n_eff) from which a rate is judged against its target and a change is tested."""
    rank: int = 50
    """min(n, n_eff) from which an agency is ranked."""
    alpha: float = 0.05
    """False discovery rate of the words on change and rank."""
    response_rate: Fraction = Fraction(1, 5)
    """Response rate below which no verdict is "đủ căn cứ thống kê"."""
    merge: int = 5
    """n below which a stratum joins "khác" in a weighted rate."""
    tc2_cap: Fraction = Fraction(120)
    """Minutes above which a submission time counts as this many."""
    tc3_per_side: int = 5
    """Dossiers on each side from which a procedure enters the comparison of hours."""
    tc3_share: Fraction = Fraction(1, 2)
    """Share of the online dossiers that the compared procedures must cover for a verdict."""
    tc3_dossiers: int = 30
    """Dossiers a side that a verdict on the reduction needs."""
    moved: int = 10
    """Answers that must have joined a cell of an open quarter before its figure moves."""
    late_count: int = 10
    late_share: Fraction = Fraction(1, 50)
    """Late answers of a cell that oblige a revision: both this many and this share."""


DEFAULTS = Thresholds()
LEAST_DISCLOSURE = 10
"""The method protects people from here on; a set may ask for more, never for less."""
MOST_ANSWERS = 1000


def is_lawful(thresholds: Thresholds) -> bool:
    """Whether the method may use a set: protection at its floor, and each step after the one before."""
    return (
        LEAST_DISCLOSURE <= thresholds.disclosure <= thresholds.verdict <= thresholds.rank <= MOST_ANSWERS
        and 0 < thresholds.response_rate <= 1
        and 1 <= thresholds.merge <= MOST_ANSWERS
    )


def strictest(sets: Iterable[Thresholds]) -> Thresholds:
    """Of sets in the order of time the last one, with the highest protection that any of them asks for."""
    known = list(sets)
    return replace(known[-1], disclosure=max(each.disclosure for each in known))


def to_mapping(thresholds: Thresholds) -> dict[str, int | float | str]:
    """Plain values for JSON; fractions become "a/b"."""
    values = {each.name: getattr(thresholds, each.name) for each in fields(thresholds)}
    return {
        name: f"{value.numerator}/{value.denominator}" if isinstance(value, Fraction) else value
        for name, value in values.items()
    }


def from_mapping(data: Mapping[str, int | float | str]) -> Thresholds:
    """The set again; what was not written down is as the defaults have it."""
    return _read(tuple(sorted(data.items())))


@cache
def _read(values: tuple[tuple[str, int | float | str], ...]) -> Thresholds:
    """Kept, because each of many places carries the same few sets."""
    found = {
        name: Fraction(value) if isinstance(getattr(DEFAULTS, name), Fraction) else value
        for name, value in values
    }
    return replace(DEFAULTS, **found)  # type: ignore[arg-type]  # the names and types were checked above


class Standing(StrEnum):
    """What a cell's number of answers allows to print, from nothing to a rank."""

    NONE = "none"
    SUPPRESSED = "suppressed"
    INDICATIVE = "indicative"
    VERDICT = "verdict"
    RANK = "rank"


def standing(n: int, n_eff: Size | None = None, thresholds: Thresholds = DEFAULTS) -> Standing:
    """Disclosure looks at n (people to protect), verdict and rank at min(n, n_eff) (precision)."""
    size = min(n, whole_answers(n if n_eff is None else n_eff))
    if n == 0:
        return Standing.NONE
    if n < thresholds.disclosure:
        return Standing.SUPPRESSED
    if size < thresholds.verdict:
        return Standing.INDICATIVE
    return Standing.VERDICT if size < thresholds.rank else Standing.RANK
