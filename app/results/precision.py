"""The effective number of answers that may be printed of a place.

n_eff is printed in full, and it is made of the channels: n² / (n + Σ n_c · (deff_c − 1)). Where interviews
are hidden, that sum gives them away. Nine interviews in one village are the only way to come to 72
ordered pairs of neighbours with fewer than ten, and behind ten villages and more there is a fraction that
only one number of interviews and of satisfied fits. So a sum stands in that anybody can compute from what
is printed, and that is no smaller than the true one: intervals become wider, never narrower.
"""

from __future__ import annotations

import math
from fractions import Fraction

from app.results.counts import PlaceCounts
from surveys.intervals import FEWEST_VILLAGES, INTRACLASS, effective_n
from surveys.scoring import VERIFIED_CHANNELS, Channel, Distribution

TENTHS = 10


def printable_n_eff(counts: PlaceCounts, *, is_field_hidden: bool, minimum: int) -> float:
    """Of the official figure; `minimum` is the threshold below which a cell is hidden for itself."""
    n, interviews = counts.official.n, counts.of(Channel.FIELD).n
    if not is_field_hidden or not interviews:
        return counts.official_n_eff
    if interviews < minimum:
        # As if all that a cell of fewer than ten can hold came from one village.
        return _with(n, (minimum - 1) * (minimum - 2) * INTRACLASS)
    villages = sum(1 for levels in counts.villages.values() if any(levels))
    if villages < FEWEST_VILLAGES:
        return _with(n, n * (n - 1) * INTRACLASS)
    deff = Fraction(n) / Fraction(counts.official_n_eff)
    return float(n / Fraction(math.ceil(deff * TENTHS), TENTHS))


def _with(n: int, more: Fraction) -> float:
    return float(n * n / (n + more))


def procedure_n_eff(
    counts: PlaceCounts, procedure: str, found: Distribution, official: float, minimum: int
) -> float:
    """Of a procedure of an agency; `official` is the printed n_eff of the agency.

    Nobody prints how many of a procedure came through which channel. Where any such number is small, and
    it would follow from n_eff, the design effect of the agency stands in for all its procedures.
    """
    known = counts.procedures.get(procedure)
    groups = [sum(levels) for channels in counts.procedures.values() for levels in channels.values()]
    rest = [
        counts.of(channel).n - sum(sum(channels.get(channel, ())) for channels in counts.procedures.values())
        for channel in VERIFIED_CHANNELS
    ]
    if known is None or any(0 < group < minimum for group in (*groups, *rest)) or _differs(counts, official):
        return found.n * official / counts.official.n
    return effective_n([(sum(levels), counts.deff(channel)) for channel, levels in known.items()])


def _differs(counts: PlaceCounts, official: float) -> bool:
    """Whether the printed n_eff of the agency is not its own, because interviews are hidden there."""
    return official != counts.official_n_eff
