"""The parts of a report about what lies below a place: agencies, communes, provinces, procedures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from exports.criteria_rows import judge_cell
from exports.document import CHART_WIDTH, OfficialDocument
from exports.figure_charts import agencies_chart
from exports.report_input import SOURCE, ReportInput
from exports.shapes import Chart
from exports.tables import Column
from exports.wording import agencies_sentence, judgement_text, movement_cell, printed
from surveys.collation import collation_key
from surveys.criteria import RANDOM_ERROR_NOTE, Judgement, Target, Verdict
from surveys.figures import Cell, Place, PlaceFigures
from surveys.printing import DASH, NBSP, SUPPRESSED, points_unit
from surveys.thresholds import Standing, Thresholds

ROWS_ON_A_PAGE: Final = 32
HIGHEST_CHART: Final = 840
LARGEST: Final = 10


def add_places(
    document: OfficialDocument,
    report: ReportInput,
    children: Sequence[PlaceFigures],
    year: int,
    what: str,
    *,
    changes: bool = True,
) -> None:
    """A table of places, with ranks where the plan asks, and the same places as dots.

    `changes` adds the column on the quarter before, which only a quarter has.
    """
    target = report.target(year)
    shown = ordered(children, report)
    judgements = [_judged(child, target, report) for child in shown]
    document.paragraph(agencies_sentence([item for item in judgements if item is not None], target))
    _add_place_table(document, report, shown, judgements, what, changes)
    drawn = [child for child in shown if _has_rate(child, report.thresholds)]
    if len(shown) <= ROWS_ON_A_PAGE:
        drawn = list(shown)
    hidden = "" if len(drawn) == len(shown) else " Nơi chưa công bố được tỷ lệ không có trên hình."
    caption = f"Tỷ lệ hài lòng và khoảng tin cậy 95\u00a0%: {what}"
    charts = _charts(drawn, target, caption, report.thresholds)
    for at, chart in enumerate(charts, start=1):
        part = f" (phần {at}/{len(charts)})" if len(charts) > 1 else ""
        document.chart(f"{caption}{part}", "", chart, f"Nguồn: {SOURCE}; n ghi ở cuối mỗi dòng.{hidden}")


def ordered(children: Sequence[PlaceFigures], report: ReportInput) -> list[PlaceFigures]:
    """By rate where the plan ranks, those without a rank behind by the alphabet; else as given."""
    if not report.ranks:
        return list(children)
    ranked = [child for child in children if child.rank is not None]
    apart = [child for child in children if child.rank is None]
    ranked.sort(key=lambda child: (-(child.official.rate or 0), *_by_name(child)))
    return ranked + sorted(apart, key=_by_name)


def _by_name(child: PlaceFigures) -> tuple[object, str]:
    return collation_key(child.place.name), child.place.code


def _judged(child: PlaceFigures, target: Target | None, report: ReportInput) -> Judgement | None:
    return judge_cell(child.official, target, child.response_rate, report.thresholds)


def _has_rate(child: PlaceFigures, thresholds: Thresholds) -> bool:
    text = printed(child.official, None, thresholds)
    return text.standing not in (Standing.NONE, Standing.SUPPRESSED)


def _charts(
    rows: Sequence[PlaceFigures], target: Target | None, title: str, thresholds: Thresholds
) -> list[Chart]:
    """As few drawings of about the same length as fit a page each; names on two lines need more room."""
    count = -(-len(rows) // ROWS_ON_A_PAGE)
    while count:
        size = -(-len(rows) // count)
        charts = [
            agencies_chart(
                rows[at : at + size], target, title=title, width=CHART_WIDTH, thresholds=thresholds
            )
            for at in range(0, len(rows), size)
        ]
        if size == 1 or all(chart.height <= HIGHEST_CHART for chart in charts):
            return charts
        count += 1
    return []


def _add_place_table(
    document: OfficialDocument,
    report: ReportInput,
    shown: Sequence[PlaceFigures],
    judgements: Sequence[Judgement | None],
    what: str,
    changes: bool,
) -> None:
    ranks = report.ranks and any(child.rank is not None for child in shown)
    columns = [
        Column("STT", 6, "centre"), Column(what[:1].upper() + what[1:], 28), Column("n", 9, "number"),
        Column("Tỷ lệ hài lòng", 12, "number"), Column("Khoảng tin cậy 95\u00a0%", 15, "centre"),
        *([Column("So với quý trước (điểm\u00a0%)", 17, "centre")] if changes else []),
        *([Column("Khoảng hạng; nhóm", 15, "centre")] if ranks else []),
        Column("Đánh giá", 17, "centre"),
    ]  # fmt: skip
    rows = [
        (
            *_place_texts(at, child, report),
            *([_moved(child)] if changes else []),
            *([_rank_text(child)] if ranks else []),
            _verdict_text(child, judgement),
        )
        for at, (child, judgement) in enumerate(zip(shown, judgements, strict=True), start=1)
    ]
    notes = [f"Nguồn: {SOURCE}; n ghi ở từng dòng. Đánh giá {RANDOM_ERROR_NOTE}."]
    if ranks:
        notes.append(
            "“Khoảng hạng” là các thứ hạng mà số liệu cho phép, so với các đơn vị cùng loại; đơn vị chưa đủ "
            f"{report.thresholds.rank} phiếu xếp riêng ở cuối, theo thứ tự chữ cái."
        )
    document.table(f"Kết quả theo {what}", columns, rows, " ".join(notes))


def _place_texts(at: int, child: PlaceFigures, report: ReportInput) -> tuple[str, ...]:
    text = printed(child.official, report.target(_year_of(child)), report.thresholds)
    marks = f" ({', '.join(child.marks)})" if child.marks else ""
    rate = f"{text.rate}\n({text.note})" if text.note else text.rate
    return (str(at), child.place.name + marks, text.n, rate, text.interval)


def _moved(child: PlaceFigures) -> str:
    # The unit stands in the heading of the column.
    return movement_cell(child.movement, child.official.hidden).replace(f"{NBSP}{points_unit()}", "")


def _verdict_text(child: PlaceFigures, judgement: Judgement | None) -> str:
    if child.official.hidden:
        return SUPPRESSED
    return judgement_text(judgement) if judgement else DASH


def _year_of(figures: PlaceFigures) -> int:
    return int(figures.quarter[:4])


def _rank_text(child: PlaceFigures) -> str:
    if child.rank is None:
        return DASH
    span = str(child.rank.best)
    if child.rank.best != child.rank.worst:
        span = f"{child.rank.best}–{child.rank.worst}"
    return f"{span}/{child.rank.of}; {child.rank.group}"


def add_procedures(document: OfficialDocument, report: ReportInput, year: int) -> None:
    """The ten procedures with most answers, and those below the target."""
    target = report.target(year)
    shown = [
        (place, cell)
        for place, cell in report.figures.procedures
        if place.code and not cell.hidden and cell.n >= report.thresholds.disclosure
    ]
    if not shown:
        document.paragraph("Chưa có thủ tục nào đủ phiếu để công bố riêng.")
        return
    shown.sort(key=lambda item: (-item[1].n, item[0].code))
    columns = (
        Column("Mã thủ tục", 14, "centre"), Column("Tên thủ tục", 37), Column("n", 9, "number"),
        Column("Tỷ lệ hài lòng", 13, "number"), Column("Khoảng tin cậy 95\u00a0%", 15, "centre"),
        Column("Đánh giá", 17, "centre"),
    )  # fmt: skip
    few = report.thresholds.disclosure
    note = f"Nguồn: {SOURCE}; n ghi ở từng dòng. Thủ tục có dưới {few} phiếu không nêu."
    rows = [_procedure_row(place, cell, target, report.thresholds) for place, cell in shown[:LARGEST]]
    document.table("Các thủ tục có nhiều phiếu nhất", columns, rows, note)
    below = [(place, cell) for place, cell in shown if _is_below(cell, target, report.thresholds)]
    if below:
        rows = [_procedure_row(place, cell, target, report.thresholds) for place, cell in below]
        document.table("Các thủ tục có tỷ lệ hài lòng dưới chỉ tiêu", columns, rows, note)
    elif target is not None:
        document.paragraph("Trong các thủ tục đủ phiếu để đánh giá, không thủ tục nào dưới chỉ tiêu.")


def _procedure_row(
    place: Place, cell: Cell, target: Target | None, thresholds: Thresholds
) -> tuple[str, ...]:
    text = printed(cell, target, thresholds)
    # Nobody knows how many were asked about one procedure, so no verdict on it is certain.
    judgement = judge_cell(cell, target, None, thresholds)
    rate = f"{text.rate}\n({text.note})" if text.note else text.rate
    verdict = judgement_text(judgement) if judgement else DASH
    return (place.code, place.name, text.n, rate, text.interval, verdict)


def _is_below(cell: Cell, target: Target | None, thresholds: Thresholds) -> bool:
    judgement = judge_cell(cell, target, None, thresholds)
    return judgement is not None and judgement.verdict is Verdict.NOT_MET
