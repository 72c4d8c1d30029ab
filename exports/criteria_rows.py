"""The four criteria of Decision 1565/QĐ-TTg, part I.2, as rows that a table prints.

TC1 and TC2 come from survey questions and are labelled as estimates without a verdict; TC3 needs dossier
events and says so where there are none; TC4 is the satisfaction rate of the verified channels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from exports.wording import FROM_SURVEY, judgement_cell, printed, target_text
from surveys.criteria import Judgement, Target, Verdict, judge
from surveys.figures import Cell, PlaceFigures, QuestionFigures
from surveys.plans import Plan
from surveys.printing import (
    DASH,
    INDICATIVE,
    NBSP,
    SUPPRESSED,
    minutes,
    number,
    percent,
    points,
)
from surveys.scoring import Distribution
from surveys.thresholds import DEFAULTS, Thresholds

NAMES: Final[Mapping[str, str]] = {
    "TC1": "Biểu mẫu điện tử tương tác và tự động điền dữ liệu có sẵn",
    "TC2": "Thời gian trung bình từ lúc đăng nhập đến khi nộp hồ sơ trực tuyến thành công",
    "TC3": "Mức giảm thời gian tiếp nhận, xử lý, trả kết quả so với nộp trực tiếp",
    "TC4": "Tỷ lệ người dân, doanh nghiệp đánh giá hài lòng",
}
NO_VERDICT: Final = "Không kết luận"
INTERVAL: Final = f"khoảng tin cậy 95{NBSP}%"


@dataclass(frozen=True)
class CriterionRow:
    """`gap` is the distance to the target, printed; a dash where nothing can be subtracted.

    `value` is the number alone, `detail` what belongs to it; `result` is both as a table writes them.
    """

    code: str
    name: str
    result: str
    n: str
    source: str
    target: str
    verdict: str
    gap: str = DASH
    value: str = DASH
    detail: str = ""


def judge_cell(
    cell: Cell,
    target: Target | None,
    response_rate: Fraction | None,
    thresholds: Thresholds = DEFAULTS,
) -> Judgement | None:
    """The verdict on a cell; None without a target, and nothing is decided about a hidden cell."""
    if target is None:
        return None
    if cell.hidden:
        return Judgement(Verdict.TOO_FEW, certain=False)
    return judge(
        cell.rate, cell.interval, target, n=cell.n, n_eff=cell.n_eff, response_rate=response_rate,
        thresholds=thresholds,
    )  # fmt: skip


def question_for(figures: PlaceFigures, criterion: str) -> QuestionFigures | None:
    return next((item for item in figures.questions if item.criterion == criterion), None)


def criteria_rows(
    figures: PlaceFigures, plan: Plan | None, year: int, thresholds: Thresholds = DEFAULTS
) -> tuple[CriterionRow, ...]:
    """TC1 to TC4 of a place against the targets of a year."""
    return (
        _tc1(figures, plan, year, thresholds),
        _tc2(figures, plan, year, thresholds),
        _tc3(plan, year),
        _tc4(figures, plan, year, thresholds),
    )


def _name(plan: Plan | None, code: str) -> str:
    found = plan.criterion(code) if plan else None
    return found.name if found else NAMES[code]


def _goal_text(plan: Plan | None, year: int, code: str) -> str:
    goal = plan.goal(year, code) if plan else None
    if goal is None:
        return DASH
    return "có" if goal.target is None else target_text(goal.target)


def estimated_minutes(question: QuestionFigures) -> tuple[Fraction, int] | None:
    """Mean minutes by the middles of the bands, and how many remember; None where nothing is shown."""
    counts = dict(question.counts or ())
    middles = {value: Fraction(text) for value, text in question.minutes}
    n = sum(counts.get(value, 0) for value in middles)
    if not n:
        return None
    return sum((middle * counts.get(value, 0) for value, middle in middles.items()), Fraction(0)) / n, n


def share_inside(question: QuestionFigures, target: Target) -> Fraction | None:
    """The share of answers in bands that lie inside the target."""
    counts = dict(question.counts or ())
    middles = {value: Fraction(text) for value, text in question.minutes}
    n = sum(counts.get(value, 0) for value in middles)
    inside = sum(counts.get(value, 0) for value, middle in middles.items() if target.met(middle))
    return Fraction(inside, n) if n else None


def positive_share(question: QuestionFigures) -> tuple[Fraction, int] | None:
    """The share of answers that say yes among those that are not missing."""
    counts = {value: n for value, n in question.counts or () if value not in question.missing}
    n = sum(counts.values())
    return (Fraction(sum(counts.get(value, 0) for value in question.positive), n), n) if n else None


def _hidden(question: QuestionFigures | None) -> bool:
    return question is not None and question.counts is None


def _few(n: int, thresholds: Thresholds) -> str:
    return f" ({INDICATIVE['vi']})" if n < thresholds.verdict else ""


def _tc1(figures: PlaceFigures, plan: Plan | None, year: int, thresholds: Thresholds) -> CriterionRow:
    question = question_for(figures, "TC1")
    found = positive_share(question) if question else None
    result, n = _nothing(_hidden(question) or figures.official.hidden)
    value, detail = result, ""
    if found is not None and found[1] >= thresholds.disclosure:
        yes, all_ = int(found[0] * found[1]), found[1]
        share = Cell.of(Distribution((yes, 0, 0, 0, all_ - yes)), all_ / figures.deff, thresholds)
        text, few = printed(share, None, thresholds), _few(all_, thresholds)
        value, span, n = text.rate, text.interval, text.n
        result = f"{value} phiếu cho biết biểu mẫu tự điền sẵn ({span}){few}"
        detail = f"Tỷ lệ phiếu cho biết biểu mẫu tự điền sẵn; {INTERVAL}: {span}{few}"
    target = _goal_text(plan, year, "TC1")
    return CriterionRow(
        "TC1", _name(plan, "TC1"), result, n, _survey_source(), target, NO_VERDICT, value=value, detail=detail
    )


def _tc2(figures: PlaceFigures, plan: Plan | None, year: int, thresholds: Thresholds) -> CriterionRow:
    question = question_for(figures, "TC2")
    found = estimated_minutes(question) if question else None
    goal = plan.target(year, "TC2") if plan else None
    result, n, gap = *_nothing(_hidden(question) or figures.official.hidden), DASH
    value, detail = result, ""
    if question is not None and found is not None and found[1] >= thresholds.disclosure:
        against = (goal.limit,) if goal else ()
        value = f"khoảng {minutes(found[0], against)}\u00a0phút"
        result, n = f"{value}{_few(found[1], thresholds)}", number(found[1])
        inside = share_inside(question, goal) if goal else None
        if goal is not None and inside is not None:
            detail = f"{percent(inside)} phiếu trả lời {target_text(goal)}{_few(found[1], thresholds)}"
            result += f"; {percent(inside)} phiếu trả lời {target_text(goal)}"
            gap = _minutes_gap(found[0], goal)
    target = _goal_text(plan, year, "TC2")
    return CriterionRow(
        "TC2", _name(plan, "TC2"), result, n, _survey_source(), target, NO_VERDICT, gap, value, detail
    )


def _minutes_gap(mean: Fraction, goal: Target) -> str:
    difference = mean - goal.limit
    sign = "+" if difference > 0 else ""
    return f"{sign}{minutes(difference, (0,))}\u00a0phút"


def _tc3(plan: Plan | None, year: int) -> CriterionRow:
    return CriterionRow(
        "TC3", _name(plan, "TC3"), str(Verdict.NO_TWIN), DASH,
        "Chưa có số liệu hồ sơ",
        _goal_text(plan, year, "TC3"), NO_VERDICT, value=str(Verdict.NO_TWIN),
    )  # fmt: skip


def _tc4(figures: PlaceFigures, plan: Plan | None, year: int, thresholds: Thresholds) -> CriterionRow:
    goal = plan.target(year, "TC4") if plan else None
    cell = figures.official
    text = printed(cell, goal, thresholds)
    judgement = judge_cell(cell, goal, figures.response_rate, thresholds)
    shown = text.interval not in (DASH, SUPPRESSED)
    note = f" ({text.note})" if text.note else ""
    return CriterionRow(
        "TC4", _name(plan, "TC4"),
        f"{text.rate} ({text.interval}){note}" if shown else text.rate,
        text.n, "Khảo sát, các kênh đã xác minh", _goal_text(plan, year, "TC4"),
        judgement_cell(judgement) if judgement and text.n != SUPPRESSED else _no_verdict(text.n),
        _rate_gap(cell, goal) if shown and goal and judgement and judgement.verdict.decided else DASH,
        text.rate if shown or text.n == SUPPRESSED else "Chưa có số liệu",
        f"{INTERVAL[0].upper()}{INTERVAL[1:]}: {text.interval}{note}" if shown else "",
    )  # fmt: skip


def _no_verdict(n: str) -> str:
    return SUPPRESSED if n == SUPPRESSED else NO_VERDICT


def _rate_gap(cell: Cell, goal: Target) -> str:
    """Rate minus target in percentage points, with its sign kept by more decimals where it needs them."""
    assert cell.rate is not None
    return points(cell.rate - goal.limit, side_of_zero=True)


def _survey_source() -> str:
    return f"Khảo sát ({FROM_SURVEY})"


def _nothing(hidden: bool) -> tuple[str, str]:
    return (SUPPRESSED, SUPPRESSED) if hidden else ("Chưa có số liệu", DASH)
