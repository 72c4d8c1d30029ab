"""Every threshold of the method with its default, and what a number of answers allows to print."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

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
