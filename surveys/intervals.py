"""Intervals of confidence and the effective number of answers.

Sources: E. B. Wilson (1927) for the score interval; W. S. Gosset's t for means, its distribution by the
finite series of Abramowitz and Stegun 26.7.3–4 and its large-sample expansion 26.7.5; L. Kish (1965)
for the design effect of villages.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

from surveys.scoring import Distribution
from surveys.thresholds import Size

Z: Final = 1.959963984540054
"""The 0.975 quantile of the standard normal distribution."""

FEWEST_VILLAGES: Final = 10
INTRACLASS: Final = Fraction(1, 20)
"""Likeness of answers within a village, assumed where too few villages let it be measured."""


@dataclass(frozen=True)
class Interval:
    """A 95 % interval in the unit of its estimate (shares: 0 to 1)."""

    low: float
    high: float

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int | float | Fraction) and self.low <= value <= self.high


def wilson(rate: Fraction, n_eff: Size) -> Interval:
    """Wilson's score interval of a rate that rests on `n_eff` answers, within [0, 1].

    Raises ValueError without answers: a rate of nothing has no interval.
    """
    if n_eff <= 0:
        raise ValueError("An interval needs at least one answer.")
    if not 0 <= rate <= 1:
        raise ValueError(f"A rate lies between 0 and 1, got {rate}.")
    share, size = float(rate), float(n_eff)
    spread = Z * Z / size
    centre = (share + spread / 2) / (1 + spread)
    reach = math.sqrt(spread * share * float(1 - rate) + spread * spread / 4) / (1 + spread)
    # At 0 and at 1, and for enormous n, binary noise must not push the bound past the rate itself.
    return Interval(max(0.0, min(centre - reach, share)), min(1.0, max(centre + reach, share)))


def cluster_deff(villages: Sequence[tuple[int, int]]) -> float:
    """Design effect of field answers from (satisfied, n) of each village, never below 1.

    With fewer than ten villages, or when all or none are satisfied, the likeness of neighbours cannot
    be measured and an intraclass correlation of 0.05 is assumed. Villages without answers do not count.
    """
    visited = [(satisfied, n) for satisfied, n in villages if n]
    total = sum(n for _, n in visited)
    if not total:
        return 1.0
    rate = Fraction(sum(satisfied for satisfied, _ in visited), total)
    groups = len(visited)
    if groups < FEWEST_VILLAGES or rate in (0, 1):
        return float(1 + (Fraction(sum(n * n for _, n in visited), total) - 1) * INTRACLASS)
    between = sum(((satisfied - rate * n) ** 2 for satisfied, n in visited), Fraction(0))
    observed = Fraction(groups, groups - 1) * between / total**2
    return float(max(Fraction(1), observed / (rate * (1 - rate) / total)))


def effective_n(parts: Sequence[tuple[int, float]]) -> float:
    """n_eff of pooled channels, n² / Σ n_c · deff_c, from (n, deff) of each; 0 without answers."""
    total = sum(n for n, _ in parts)
    weight = sum((n * Fraction(deff) for n, deff in parts), Fraction(0))
    return float(total * total / weight) if total else 0.0


def mean_interval(values: Iterable[float | Fraction]) -> Interval:
    """t-interval of the mean of at least two values, with the sample's own standard deviation."""
    sample = [Fraction(value) for value in values]
    if len(sample) < 2:
        raise ValueError("The interval of a mean needs at least two values.")
    mean = sum(sample, Fraction(0)) / len(sample)
    variance = sum(((value - mean) ** 2 for value in sample), Fraction(0)) / (len(sample) - 1)
    return t_interval(mean, variance, len(sample))


def t_interval(mean: Fraction, variance: Fraction, n: int) -> Interval:
    """t-interval from a mean, a sample variance (divisor n − 1) and n ≥ 2."""
    if n < 2:
        raise ValueError("The interval of a mean needs at least two values.")
    reach = t_quantile(n - 1) * math.sqrt(variance / n)
    return Interval(float(mean) - reach, float(mean) + reach)


def score_interval(distribution: Distribution, deff: float = 1.0) -> Interval | None:
    """Interval of a factor score on its scale 0–100, clamped to it; None below two answers."""
    mean, variance = distribution.mean, distribution.variance
    if mean is None or variance is None:
        return None
    of_mean = t_interval(mean, variance * Fraction(deff), distribution.n)
    return Interval(max(0.0, (of_mean.low - 1) * 25), min(100.0, (of_mean.high - 1) * 25))


EXACT_UP_TO: Final = 500


@lru_cache(maxsize=1024)
def t_quantile(freedom: int) -> float:
    """The 0.975 quantile of Student's t with `freedom` ≥ 1 degrees of freedom, to 1e-9 or better."""
    if freedom < 1:
        raise ValueError("Student's t needs at least one degree of freedom.")
    if freedom > EXACT_UP_TO:
        return _t_quantile_expanded(freedom)
    low, high = Z, 13.0  # The quantile falls from 12.7 at one degree towards the normal one.
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        if _t_within(middle, freedom) < 0.95:
            low = middle
        else:
            high = middle


def _t_within(t: float, freedom: int) -> float:
    """P(|T| ≤ t) as a finite series in the angle θ = arctan(t/√ν)."""
    angle = math.atan(t / math.sqrt(freedom))
    square = math.cos(angle) ** 2
    odd = freedom % 2
    term = math.cos(angle) if odd else 1.0
    series = term if freedom > 1 else 0.0
    for step in range(2 + odd, freedom - 1, 2):
        term *= square * (step - 1) / step
        series += term
    return 2 / math.pi * (angle + math.sin(angle) * series) if odd else math.sin(angle) * series


def _t_quantile_expanded(freedom: int) -> float:
    z, v = Z, float(freedom)
    terms = (
        z,
        (z**3 + z) / (4 * v),
        (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2),
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3),
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * v**4),
    )
    return math.fsum(terms)


def t_upper_tail(t: float, freedom: int) -> float:
    """P(T ≥ t) of Student's t with `freedom` ≥ 1 degrees of freedom, to about 1e-12."""
    inner = max(0.0, (1 - _t_within(abs(t), freedom)) / 2)
    return inner if t >= 0 else 1 - inner
