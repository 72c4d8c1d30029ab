"""Whether a rate changed: the test, the interval of the difference and the word for it.

Change is told only against the calendar quarter before and within one channel, so that a changed mix of
channels does not look like a change of satisfaction. Sources: the two-sample score test; R. G. Newcombe
(1998), method 10; Y. Benjamini and Y. Hochberg (1995).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from surveys.intervals import wilson
from surveys.scoring import Channel
from surveys.thresholds import DEFAULTS, Size, Thresholds, whole_answers


@dataclass(frozen=True)
class Sample:
    """The satisfied and all answers of one channel in one quarter, and the n they are worth.

    For `link` and `import` n_eff is n; for `field` it is n / deff, and then the test and the interval
    take the rate as it is and n_eff in place of n.
    """

    satisfied: int
    n: int
    n_eff: Size

    @classmethod
    def simple(cls, satisfied: int, n: int) -> Sample:
        """Answers that came independently of each other: n_eff = n."""
        return cls(satisfied, n, n)

    @property
    def rate(self) -> Fraction:
        return Fraction(self.satisfied, self.n)

    @property
    def size(self) -> int:
        """min(n, n_eff) in whole answers, as thresholds see it."""
        return min(self.n, whole_answers(self.n_eff))


@dataclass(frozen=True)
class Change:
    """Now minus before: the exact difference of two rates, its interval, z and two-sided p."""

    diff: Fraction
    low: float
    high: float
    z: float
    p: float


class Word(StrEnum):
    UP = "tăng"
    DOWN = "giảm"
    UNCLEAR = "chưa thấy thay đổi rõ rệt"
    NONE = "–"
    BROKEN = "gián đoạn"


class NoChange(StrEnum):
    """Why no change is told; the value is the reason for people."""

    TOO_FEW_NOW = "quý này chưa đủ phiếu để so sánh"
    HIDDEN = "số phiếu của kênh dùng để so sánh không công bố được"
    TOO_FEW_BEFORE = "quý trước chưa đủ phiếu để so sánh"
    UNPUBLISHED = "quý trước chưa công bố"
    VERSION = "phiên bản phiếu khảo sát không so sánh được với quý trước"
    AGENCY = "cơ quan đã chia tách hoặc thay đổi phạm vi quản lý"

    @property
    def word(self) -> Word:
        return Word.BROKEN if self in (NoChange.VERSION, NoChange.AGENCY) else Word.NONE


def compare(previous: Sample, now: Sample) -> Change:
    """The change between two samples that both have answers, without any correction."""
    z, p = score_test(previous, now)
    low, high = _newcombe(previous, now)
    return Change(now.rate - previous.rate, low, high, z, p)


def score_test(first: Sample, second: Sample) -> tuple[float, float]:
    """z and two-sided p of second minus first with the pooled rate; no variation at all gives p = 1."""
    one, two = Fraction(first.n_eff), Fraction(second.n_eff)
    pooled = (first.rate * one + second.rate * two) / (one + two)
    if pooled in (0, 1):
        return 0.0, 1.0
    variance = pooled * (1 - pooled) * (1 / one + 1 / two)
    z = float(second.rate - first.rate) / math.sqrt(variance)
    return z, math.erfc(abs(z) / math.sqrt(2))


def _newcombe(previous: Sample, now: Sample) -> tuple[float, float]:
    before, after = wilson(previous.rate, previous.n_eff), wilson(now.rate, now.n_eff)
    diff, p1, p2 = float(now.rate - previous.rate), float(previous.rate), float(now.rate)
    low = diff - math.hypot(p2 - after.low, before.high - p1)
    high = diff + math.hypot(after.high - p2, p1 - before.low)
    return max(low, -1.0), min(high, 1.0)


def change_or_reason(
    previous: Sample | None,
    now: Sample | None,
    *,
    previous_published: bool = True,
    comparable_version: bool = True,
    same_agency: bool = True,
    thresholds: Thresholds = DEFAULTS,
) -> Change | NoChange:
    """The change against the quarter before, or the first reason why there is none.

    A broken series outranks too few answers: it says that the numbers never were the same thing.
    """
    if not same_agency:
        return NoChange.AGENCY
    if not comparable_version:
        return NoChange.VERSION
    if now is None or now.size < thresholds.verdict:
        return NoChange.TOO_FEW_NOW
    if not previous_published:
        return NoChange.UNPUBLISHED
    if previous is None or previous.size < thresholds.verdict:
        return NoChange.TOO_FEW_BEFORE
    return compare(previous, now)


def channel_for_change(has_link: bool) -> Channel:
    """The one channel in which change and rank are told: links, or field where an agency has none."""
    return Channel.LINK if has_link else Channel.FIELD


def benjamini_hochberg(ps: Sequence[float]) -> list[float]:
    """Adjusted p-values (q) in the order given; q ≤ α keeps the false discovery rate at α."""
    count = len(ps)
    adjusted = [1.0] * count
    smallest = 1.0
    for place, index in enumerate(sorted(range(count), key=lambda at: ps[at], reverse=True)):
        smallest = min(smallest, ps[index] * count / (count - place))
        adjusted[index] = smallest
    return adjusted


def change_words(changes: Sequence[Change | NoChange], thresholds: Thresholds = DEFAULTS) -> list[Word]:
    """The words of one family, in the order given; members without a change are not in the family."""
    qs = iter(benjamini_hochberg([change.p for change in changes if isinstance(change, Change)]))
    return [
        _word(change, next(qs), thresholds.alpha) if isinstance(change, Change) else change.word
        for change in changes
    ]


def _word(change: Change, q: float, alpha: float) -> Word:
    if q > alpha or change.diff == 0:
        return Word.UNCLEAR
    return Word.UP if change.diff > 0 else Word.DOWN
