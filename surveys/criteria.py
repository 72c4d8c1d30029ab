"""Targets, verdicts and how sure they are: criteria TC1 to TC4 of Decision 1565/QĐ-TTg, part I.2.

The measures of TC2 and TC3 are in `durations`; their names are offered here too.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final, Literal

from surveys.durations import (
    BAND_MINUTES,
    BandedMinutes,
    Hours,
    ProcedureHours,
    Reduction,
    SubmissionMinutes,
    banded_minutes,
    processing_reduction,
)
from surveys.intervals import Interval
from surveys.thresholds import DEFAULTS, Size, Thresholds, whole_answers

__all__ = [
    "BAND_MINUTES",
    "CERTAIN",
    "DEFAULTS",
    "RANDOM_ERROR_NOTE",
    "UNCERTAIN",
    "WEIGHTING_CHANGES_VERDICT",
    "BandedMinutes",
    "Hours",
    "Judgement",
    "PlanTarget",
    "ProcedureHours",
    "Reduction",
    "ResponseRate",
    "SubmissionMinutes",
    "Target",
    "Thresholds",
    "Verdict",
    "banded_minutes",
    "field_response_rate",
    "interval_decides",
    "judge",
    "judge_reduction",
    "processing_reduction",
    "response_rate",
    "weighting_changes_verdict",
]

CERTAIN: Final = "đủ căn cứ thống kê"
UNCERTAIN: Final = "chưa đủ căn cứ thống kê"
RANDOM_ERROR_NOTE: Final = "chỉ tính sai số ngẫu nhiên, chưa tính người không trả lời"
WEIGHTING_CHANGES_VERDICT: Final = "kết luận thay đổi khi gia quyền"

Measure = Fraction | Decimal | int | float


@dataclass(frozen=True)
class Target:
    """What a plan asks of a criterion: a measure at least (`>=`) or strictly below (`<`) a value.

    `value` is in `unit` as the document writes it: 95 with unit "%", 5 with unit "phút", or a plain
    share such as 0.95 with unit "share". A value of at most 1 in "%" is refused with ValueError: it is
    a share under the wrong unit.
    """

    criterion: str
    operator: Literal[">=", "<"]
    value: Decimal | Fraction | int
    unit: str = "%"

    def __post_init__(self) -> None:
        if self.operator not in (">=", "<"):
            raise ValueError(f"{self.criterion}: không có phép so sánh “{self.operator}”.")
        if self.unit == "%" and not 1 < self.value <= 100:
            raise ValueError(f"{self.criterion}: chỉ tiêu {self.value} không phải số phần trăm.")
        if self.unit == "share" and not 0 < self.value <= 1:
            raise ValueError(f"{self.criterion}: chỉ tiêu {self.value} không phải tỷ lệ.")

    @property
    def limit(self) -> Fraction:
        """The value on the scale of the measure: shares from 0 to 1, times in their own unit."""
        return Fraction(self.value) / 100 if self.unit == "%" else Fraction(self.value)

    def met(self, measure: Measure) -> bool:
        """Exact comparison of the unrounded measure; "dưới 5" is strict."""
        return measure >= self.limit if self.operator == ">=" else measure < self.limit


@dataclass(frozen=True)
class PlanTarget:
    """What a plan asks of a criterion, with the id of the plan and the document that says so."""

    target: Target
    plan: str
    document: str = ""


class Verdict(StrEnum):
    MET = "Đạt"
    NOT_MET = "Chưa đạt"
    TOO_FEW = "Chưa đủ dữ liệu"
    NO_TWIN = "Không có số liệu đối chứng"

    @property
    def decided(self) -> bool:
        return self in (Verdict.MET, Verdict.NOT_MET)


@dataclass(frozen=True)
class Judgement:
    """A verdict and, never apart from it, whether the statistics suffice for it."""

    verdict: Verdict
    certain: bool

    @property
    def words(self) -> str:
        """The words beside the verdict; nothing beside one that decides nothing."""
        if not self.verdict.decided:
            return ""
        return CERTAIN if self.certain else UNCERTAIN


def judge(
    value: Measure | None,
    interval: Interval | None,
    target: Target,
    *,
    n: int,
    n_eff: Size,
    response_rate: Fraction | None,
    thresholds: Thresholds = DEFAULTS,
    from_answers: bool = True,
) -> Judgement:
    """The verdict on an unrounded, unweighted measure that rests on min(n, n_eff) answers.

    Without a known response rate of at least 20 % no verdict on answers is certain, whatever its
    interval. `from_answers=False` is for measures of recorded events, which nobody can decline.
    """
    if value is None or min(n, whole_answers(n_eff)) < thresholds.verdict:
        return Judgement(Verdict.TOO_FEW, certain=False)
    verdict = Verdict.MET if target.met(value) else Verdict.NOT_MET
    heard = not from_answers or (response_rate is not None and response_rate >= thresholds.response_rate)
    return Judgement(verdict, certain=heard and interval_decides(interval, target, verdict))


def interval_decides(interval: Interval | None, target: Target, verdict: Verdict) -> bool:
    """Whether the whole interval lies on the side of the verdict."""
    if interval is None or not verdict.decided:
        return False
    ends = (interval.low, interval.high)
    return all(target.met(end) is (verdict is Verdict.MET) for end in ends)


def judge_reduction(reduction: Reduction, target: Target, thresholds: Thresholds = DEFAULTS) -> Judgement:
    """TC3: a verdict only where half of the online dossiers and 30 a side are compared."""
    if reduction.value is None:
        return Judgement(Verdict.NO_TWIN, certain=False)
    covered = reduction.covered is not None and reduction.covered >= thresholds.tc3_share
    fewest = min(reduction.online, reduction.in_person)
    if not covered or fewest < thresholds.tc3_dossiers:
        return Judgement(Verdict.TOO_FEW, certain=False)
    verdict = Verdict.MET if target.met(reduction.value) else Verdict.NOT_MET
    return Judgement(verdict, certain=interval_decides(reduction.interval, target, verdict))


def weighting_changes_verdict(rate: Fraction, weighted: Fraction | None, target: Target) -> bool:
    """Whether the weighted rate lies on the other side of the target ("kết luận thay đổi khi gia quyền")."""
    return weighted is not None and target.met(rate) is not target.met(weighted)


@dataclass(frozen=True)
class ResponseRate:
    """Answered ÷ asked; no value when nobody was asked, and flagged, not printed, above 100 %."""

    value: Fraction | None
    flagged: bool = False


def response_rate(spent: int, issued: int) -> ResponseRate:
    """Links issued in the quarter and spent by close ÷ links issued in the quarter."""
    if spent > issued:
        return ResponseRate(None, flagged=True)
    return ResponseRate(Fraction(spent, issued) if issued else None)


def field_response_rate(completed: int, refused: int, not_at_home: int) -> ResponseRate:
    """Completed interviews ÷ eligible households visited."""
    return response_rate(completed, completed + refused + not_at_home)
