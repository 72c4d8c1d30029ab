"""How far out in a distribution a number lies: the tails of the normal, chi-square and beta-binomial laws.

Sources: Abramowitz and Stegun 6.5.29 and 6.5.31 for the incomplete gamma function; J. G. Skellam (1948) for
the beta-binomial law.
"""

from __future__ import annotations

import math
from typing import Final

_TINY: Final = 1e-300
_ENOUGH: Final = 1e-15


def normal_tail(z: float) -> float:
    """P(Z ≥ z) of a standard normal Z."""
    return math.erfc(z / math.sqrt(2)) / 2


def chi_square_tail(value: float, freedom: float) -> float:
    """P(X ≥ value) of a chi-square law with `freedom` > 0 degrees, which need not be whole."""
    shape, x = freedom / 2, value / 2
    if x <= 0:
        return 1.0
    scale = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1:
        return max(0.0, 1 - scale * _gamma_series(shape, x))
    return min(1.0, scale * _gamma_fraction(shape, x))


def _gamma_series(shape: float, x: float) -> float:
    term = total = 1 / shape
    step = shape
    while term > total * _ENOUGH:
        step += 1
        term *= x / step
        total += term
    return total


def _gamma_fraction(shape: float, x: float) -> float:
    """The continued fraction of the upper function, from its end nearest to one (Lentz)."""
    below = x + 1 - shape
    upper, lower = 1 / _TINY, 1 / below
    total = lower
    for step in range(1, 10_000):
        weight = -step * (step - shape)
        below += 2
        lower = 1 / (weight * lower + below or _TINY)
        upper = below + weight / upper or _TINY
        total *= upper * lower
        if abs(upper * lower - 1) < _ENOUGH:
            break
    return total


def beta_binomial_tail(k: int, n: int, rate: float, likeness: float) -> tuple[float, float]:
    """P(X ≥ k) and P(X > k) + P(X = k)/2 for n cases of a mean `rate` in (0, 1) that resemble each other.

    `likeness` is the intraclass correlation, 0 (a binomial law) to below 1. The second number is the mid-p
    value, whose mean is exactly one half: it is what may be combined with others.
    """
    if not 0 < rate < 1 or not 0 <= likeness < 1:
        raise ValueError(f"A rate of {rate} with a likeness of {likeness} is no beta-binomial law.")
    if k > n:
        return 0.0, 0.0
    # Below this the functions of the general law are differences of huge numbers, and it is binomial anyway.
    if likeness < 1e-7:
        log_term = _log_choose(n, k) + k * math.log(rate) + (n - k) * math.log1p(-rate)
        ratios = [(n - j) / (j + 1) * rate / (1 - rate) for j in range(k, n)]
    else:
        strength = 1 / likeness - 1
        a, b = rate * strength, (1 - rate) * strength
        log_term = _log_choose(n, k) + _log_beta(k + a, n - k + b) - _log_beta(a, b)
        ratios = [(n - j) / (j + 1) * (j + a) / (n - j - 1 + b) for j in range(k, n)]
    first = term = math.exp(log_term)
    beyond = 0.0
    for ratio in ratios:
        term *= ratio
        beyond += term
    return min(1.0, first + beyond), min(1.0, first / 2 + beyond)


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
