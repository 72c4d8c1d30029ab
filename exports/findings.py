"""Up to three strengths and three shortcomings, found by rule: only what a test or a whole interval carries.

Where fewer are found, fewer are told, with the reason. Nothing is weighed by hand and nothing is filled up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from exports.criteria_rows import judge_cell
from exports.figure_charts import short_name
from exports.report_input import ReportInput
from exports.wording import target_text
from surveys.comparison import Word
from surveys.criteria import Verdict
from surveys.figures import PlaceFigures, factors_apart
from surveys.periods import Quarter
from surveys.printing import number, points
from surveys.ranking import Group

MOST: Final = 3
NAMED: Final = 3
"""Places that a sentence names; of more it gives the number."""


APART: Final = "khoảng tin cậy tách khỏi các yếu tố khác"


@dataclass(frozen=True)
class Findings:
    strengths: tuple[str, ...]
    shortcomings: tuple[str, ...]

    @property
    def note(self) -> str:
        """Why there are not three of each; nothing where there are."""
        if len(self.strengths) == len(self.shortcomings) == MOST:
            return ""
        return (
            "Chỉ nêu điều mà kiểm định hoặc cả khoảng tin cậy cho phép kết luận; các kết quả khác chưa đủ "
            f"căn cứ thống kê nên không nêu cho đủ {MOST} điểm."
        )


def find(report: ReportInput, quarter: Quarter) -> Findings:
    """Of the place itself first, then of its factors, then of what lies below it."""
    return Findings(
        tuple(_good(report, quarter))[:MOST],
        tuple(_bad(report, quarter))[:MOST],
    )


def shortcomings(report: ReportInput, year: int) -> tuple[str, ...]:
    """The same of figures over other days than a quarter, which are compared with none before them."""
    return tuple(_standing(report, year, Verdict.NOT_MET))[:MOST]


def _good(report: ReportInput, quarter: Quarter) -> Iterator[str]:
    yield from _level(report, quarter.year, Verdict.MET)
    yield from _moved(report.figures, quarter, Word.UP)
    yield from _factor(report, Verdict.MET)
    yield from _below(report, quarter.year, Verdict.MET)
    yield from _moved_below(report, quarter, Word.UP)


def _bad(report: ReportInput, quarter: Quarter) -> Iterator[str]:
    yield from _level(report, quarter.year, Verdict.NOT_MET)
    yield from _moved(report.figures, quarter, Word.DOWN)
    yield from _factor(report, Verdict.NOT_MET)
    yield from _below(report, quarter.year, Verdict.NOT_MET)
    yield from _moved_below(report, quarter, Word.DOWN)


def _standing(report: ReportInput, year: int, wanted: Verdict) -> Iterator[str]:
    yield from _level(report, year, wanted)
    yield from _factor(report, wanted)
    yield from _below(report, year, wanted)


def _level(report: ReportInput, year: int, wanted: Verdict) -> Iterator[str]:
    target = report.target(year)
    judgement = judge_cell(report.figures.official, target, report.figures.response_rate, report.thresholds)
    if judgement is None or target is None or judgement.verdict is not wanted or not judgement.certain:
        return
    goal = f"chỉ tiêu năm {year} ({target_text(target)})"
    yield f"Tỷ lệ hài lòng {str(wanted).lower()} {goal}, {judgement.words}."


def _moved(figures: PlaceFigures, quarter: Quarter, wanted: Word) -> Iterator[str]:
    movement = figures.movement
    if movement.word is wanted and movement.change is not None and not figures.official.hidden:
        yield f"Tỷ lệ hài lòng {wanted} so với {quarter.previous.label}: {points(movement.change)}."


def _factor(report: ReportInput, wanted: Verdict) -> Iterator[str]:
    apart = factors_apart(report.figures.factors, report.thresholds)
    if apart is None:
        return
    factor, most = (apart.best, "nhiều nhất") if wanted is Verdict.MET else (apart.worst, "ít nhất")
    if factor is not None:
        yield f"Yếu tố được hài lòng {most} là “{factor.label}”, {APART}."


def _below(report: ReportInput, year: int, wanted: Verdict) -> Iterator[str]:
    target = report.target(year)
    shown = _shown(report)
    if report.ranks:
        group = Group.HIGHER if wanted is Verdict.MET else Group.LOWER
        ranked = [child for child in shown if child.rank is not None and child.rank.group is group]
        yield from _sentence(ranked, f"có tỷ lệ hài lòng {group} so với các đơn vị cùng loại còn lại")
    certain = [
        child
        for child in shown
        if (judgement := judge_cell(child.official, target, child.response_rate, child.thresholds))
        and judgement.verdict is wanted
        and judgement.certain
    ]
    yield from _sentence(certain, f"{str(wanted).lower()} chỉ tiêu, đủ căn cứ thống kê")


def _moved_below(report: ReportInput, quarter: Quarter, wanted: Word) -> Iterator[str]:
    moved = [child for child in _shown(report) if child.movement.word is wanted]
    yield from _sentence(moved, f"có tỷ lệ hài lòng {wanted} so với {quarter.previous.label}")


def _shown(report: ReportInput) -> list[PlaceFigures]:
    return [child for child in report.children if not child.official.hidden]


def _sentence(places: Sequence[PlaceFigures], what: str) -> Iterator[str]:
    if not places:
        return
    if len(places) <= NAMED:
        yield f"{_joined([short_name(place.place.name) for place in places])} {what}."
    else:
        nation = places[0].place.kind == "province"
        yield f"{number(len(places))} {'tỉnh, thành phố' if nation else 'cơ quan, đơn vị'} {what}."


def _joined(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} và {names[-1]}"
