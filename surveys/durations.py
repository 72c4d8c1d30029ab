"""Times of dossiers: minutes to submit (TC2) and hours to a result, online against in person (TC3)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from surveys.intervals import Interval, Z, t_interval
from surveys.thresholds import DEFAULTS, Thresholds

Duration = int | Decimal | Fraction | float


def exact(value: Duration) -> Fraction:
    """The number as it is written: 4.96 is 496/100, not its binary neighbour."""
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


@dataclass(frozen=True)
class SubmissionMinutes:
    """TC2 from dossier events: minutes from log-in to successful submission.

    `excluded` counts times of zero or less ("lỗi giờ"), `capped` those that count as 120 minutes.
    `share_under` is the share strictly below the target's limit.
    """

    n: int
    excluded: int
    capped: int
    mean: Fraction | None
    interval: Interval | None
    median: Fraction | None
    share_under: Fraction | None

    @classmethod
    def from_minutes(
        cls, minutes: Iterable[Duration], limit: Duration, thresholds: Thresholds = DEFAULTS
    ) -> SubmissionMinutes:
        return cls.from_counts(Counter(exact(value) for value in minutes), limit, thresholds)

    @classmethod
    def from_counts(
        cls, counts: Mapping[Fraction, int], limit: Duration, thresholds: Thresholds = DEFAULTS
    ) -> SubmissionMinutes:
        """From minutes → number of dossiers, which stays small however many dossiers there are."""
        kept: Counter[Fraction] = Counter()
        for minutes, count in counts.items():
            if minutes > 0:
                kept[min(minutes, thresholds.tc2_cap)] += count
        mean, variance = _moments(kept)
        n = kept.total()
        under = sum(count for minutes, count in kept.items() if minutes < exact(limit))
        return cls(
            n=n,
            excluded=sum(count for minutes, count in counts.items() if minutes <= 0),
            capped=sum(count for minutes, count in counts.items() if minutes > thresholds.tc2_cap),
            mean=mean,
            interval=t_interval(mean, variance, n) if mean is not None and variance is not None else None,
            median=_median(kept),
            share_under=Fraction(under, n) if n else None,
        )


def _moments(counts: Mapping[Fraction, int]) -> tuple[Fraction | None, Fraction | None]:
    """Mean and sample variance (divisor n − 1), each None where there are too few values."""
    n = sum(counts.values())
    if not n:
        return None, None
    mean = sum((value * count for value, count in counts.items()), Fraction(0)) / n
    if n < 2:
        return mean, None
    return mean, sum((count * (value - mean) ** 2 for value, count in counts.items()), Fraction(0)) / (n - 1)


def _median(counts: Counter[Fraction]) -> Fraction | None:
    n = counts.total()
    if not n:
        return None
    return (_at(counts, (n - 1) // 2) + _at(counts, n // 2)) / 2


def _at(counts: Mapping[Fraction, int], place: int) -> Fraction:
    """The value at a place of the sorted list, counted from 0."""
    passed = 0
    for value in sorted(counts):
        passed += counts[value]
        if passed > place:
            return value
    raise IndexError(place)


BAND_MINUTES: Final = (Fraction(5, 2), Fraction(13, 2), Fraction(23, 2), Fraction(20))
"""What an answer counts as: under 5 minutes, 5 to under 8, 8 to under 15, 15 or more."""


@dataclass(frozen=True)
class BandedMinutes:
    """TC2 as people remember it ("ước lượng từ khảo sát"): an estimate that never gets a verdict."""

    n: int
    mean: Fraction | None
    share_under_5: Fraction | None
    share_under_8: Fraction | None


def banded_minutes(counts: Sequence[int]) -> BandedMinutes:
    """From the answers of each band, shortest first; "Không nhớ" is not among them."""
    if len(counts) != len(BAND_MINUTES):
        raise ValueError(f"Four bands are counted, got {len(counts)}.")
    n = sum(counts)
    if not n:
        return BandedMinutes(0, None, None, None)
    total = sum((middle * count for middle, count in zip(BAND_MINUTES, counts, strict=True)), Fraction(0))
    return BandedMinutes(n, total / n, Fraction(counts[0], n), Fraction(counts[0] + counts[1], n))


@dataclass(frozen=True)
class Hours:
    """Hours from receipt to result of one procedure in one mode; `negative` ones are left out of n."""

    n: int
    mean: Fraction
    variance: Fraction
    negative: int = 0

    @classmethod
    def from_hours(cls, hours: Iterable[Duration]) -> Hours:
        counts = Counter(exact(value) for value in hours)
        kept = {value: count for value, count in counts.items() if value >= 0}
        mean, variance = _moments(kept)
        n = sum(kept.values())
        return cls(n, mean or Fraction(0), variance or Fraction(0), counts.total() - n)


@dataclass(frozen=True)
class ProcedureHours:
    """The two modes of one procedure in a period."""

    code: str
    online: Hours
    in_person: Hours


@dataclass(frozen=True)
class Reduction:
    """TC3: by what share online dossiers are faster than their twins in person.

    `value` is None where nothing can be compared ("Không có số liệu đối chứng"), never 0. `covered` is
    the share of the online dossiers whose procedure is compared; `online` and `in_person` count the
    compared dossiers, `negative` those left out for negative hours.
    """

    value: Fraction | None
    se: float | None
    interval: Interval | None
    covered: Fraction | None
    online: int
    in_person: int
    negative: int
    compared: tuple[str, ...]


def processing_reduction(
    procedures: Sequence[ProcedureHours], thresholds: Thresholds = DEFAULTS
) -> Reduction:
    """1 − Σ w·O / Σ w·D, w the online dossiers of a procedure, O and D its mean hours.

    Both means are weighted alike, so that a different mix of procedures is not taken for speed. The
    interval is by the delta method.
    """
    twins = [
        part for part in procedures
        if part.online.n >= thresholds.tc3_per_side and part.in_person.n >= thresholds.tc3_per_side
    ]  # fmt: skip
    all_online = sum(part.online.n for part in procedures)
    online = sum((part.online.n * part.online.mean for part in twins), Fraction(0))
    direct = sum((part.online.n * part.in_person.mean for part in twins), Fraction(0))
    value = 1 - online / direct if direct else None
    se = _delta_error(twins, online, direct) if direct else None
    interval = None
    if value is not None and se is not None:
        interval = Interval(float(value) - Z * se, float(value) + Z * se)
    return Reduction(
        value=value,
        se=se,
        interval=interval,
        covered=Fraction(sum(part.online.n for part in twins), all_online) if all_online else None,
        online=sum(part.online.n for part in twins),
        in_person=sum(part.in_person.n for part in twins),
        negative=sum(part.online.negative + part.in_person.negative for part in procedures),
        compared=tuple(part.code for part in twins),
    )


def _delta_error(twins: Sequence[ProcedureHours], online: Fraction, direct: Fraction) -> float:
    """Standard error of 1 − online/direct, the weights taken as fixed."""
    of_online = sum((p.online.n**2 * p.online.variance / p.online.n for p in twins), Fraction(0))
    of_direct = sum((p.online.n**2 * p.in_person.variance / p.in_person.n for p in twins), Fraction(0))
    return math.sqrt(of_online / direct**2 + online**2 * of_direct / direct**4)
