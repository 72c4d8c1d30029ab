"""The weighted rate: what the rate would be if every stratum answered in proportion to its dossiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from surveys.intervals import Interval, wilson
from surveys.thresholds import DEFAULTS

OTHER: Final = "khac"
"""Code of the stratum "khác" into which small strata are merged."""


@dataclass(frozen=True)
class Stratum:
    """A procedure of an agency (or an agency of a province): online dossiers with a result, answers."""

    code: str
    dossiers: int | None
    n: int
    satisfied: int


@dataclass(frozen=True)
class Weighted:
    """The weighted rate, the n it is worth (Kish), its Wilson interval and the strata that made it."""

    rate: Fraction
    n_eff: float
    interval: Interval
    strata: tuple[Stratum, ...]


def weighted_rate(strata: Sequence[Stratum], minimum: int = DEFAULTS.merge) -> Weighted | None:
    """Σ W_h · rate_h over the merged strata; None where a count is unknown or fewer than two remain."""
    if any(stratum.dossiers is None for stratum in strata):
        return None
    merged = merge_small(strata, minimum)
    if len(merged) < 2:
        return None
    total = sum(_dossiers(stratum) for stratum in merged)
    weights = [Fraction(_dossiers(stratum), total) for stratum in merged]
    pairs = list(zip(weights, merged, strict=True))
    rate = sum((weight * Fraction(part.satisfied, part.n) for weight, part in pairs), Fraction(0))
    n_eff = 1 / sum((weight**2 / part.n for weight, part in pairs), Fraction(0))
    return Weighted(rate, float(n_eff), wilson(rate, n_eff), tuple(merged))


def merge_small(strata: Sequence[Stratum], minimum: int = DEFAULTS.merge) -> list[Stratum]:
    """Strata with n below `minimum` or without dossiers form "khác", printed last.

    While "khác" is itself too small or has no dossiers it takes the remaining stratum with the
    smallest n, ties by code.
    """
    small = [stratum for stratum in strata if _too_small(stratum, minimum)]
    kept = [stratum for stratum in strata if not _too_small(stratum, minimum)]
    if not small:
        return kept
    while kept and _too_small(_together(small), minimum):
        nearest = min(kept, key=lambda stratum: (stratum.n, stratum.code))
        kept.remove(nearest)
        small.append(nearest)
    return [*kept, _together(small)]


def _too_small(stratum: Stratum, minimum: int) -> bool:
    return stratum.n < minimum or not stratum.dossiers


def _together(strata: Sequence[Stratum]) -> Stratum:
    return Stratum(
        OTHER,
        sum(_dossiers(stratum) for stratum in strata),
        sum(stratum.n for stratum in strata),
        sum(stratum.satisfied for stratum in strata),
    )


def _dossiers(stratum: Stratum) -> int:
    return stratum.dossiers or 0
