"""Procedures: those with most answers, and those below the target.

Of a province or the nation each line is one procedure at one agency. Sums over agencies are not made: a
hidden cell would have to be left out of them, and a sum that leaves something out is not the total.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from exports.criteria_rows import judge_cell
from exports.document import OfficialDocument
from exports.report_input import SOURCE, AgencyProcedure, QuarterlyReport
from exports.tables import Column
from exports.wording import judgement_cell, printed, target_text
from surveys.criteria import Target, Verdict
from surveys.printing import DASH, number
from surveys.thresholds import Thresholds

LARGEST: Final = 10
MOST_BELOW: Final = 40
LABELS: Final = ("Bảng 6", "Bảng 7")


def add_procedures(document: OfficialDocument, report: QuarterlyReport) -> None:
    target = report.target(report.quarter.year)
    shown = _shown(report)
    below = [item for item in shown if _is_below(item, target, report.thresholds)]
    alone = report.figures.place.is_agency
    lines = "" if alone else " Mỗi dòng là một thủ tục ở một cơ quan, không cộng giữa các cơ quan."
    few = report.thresholds.disclosure
    note = f"Nguồn: {SOURCE}; n ghi ở từng dòng. Thủ tục có dưới {few} phiếu không nêu.{lines}"
    by_agency = "" if alone else ", theo từng cơ quan"
    _add(document, report, _largest_caption(len(shown)) + by_agency, shown[:LARGEST], note, LABELS[0])
    caption = f"Thủ tục có tỷ lệ hài lòng dưới chỉ tiêu{by_agency}"
    if target is None:
        document.empty_table(caption, "Kế hoạch không đặt chỉ tiêu hài lòng cho năm này.", LABELS[1])
    elif shown and not below:
        sentence = (
            "Trong các thủ tục đủ phiếu để đánh giá, không thủ tục nào dưới chỉ tiêu "
            f"({target_text(target)})."
        )
        document.empty_table(caption, sentence, LABELS[1])
    else:
        more = len(below) - MOST_BELOW
        if more > 0:
            caption += f" ({MOST_BELOW} dòng nhiều phiếu nhất)"
            note += f" Còn {number(more)} dòng khác, nêu ở báo cáo của từng cơ quan."
        _add(document, report, caption, below[:MOST_BELOW], note, LABELS[1])


def _largest_caption(count: int) -> str:
    return f"{LARGEST} thủ tục có nhiều phiếu nhất" if count > LARGEST else "Thủ tục có nhiều phiếu nhất"


def _shown(report: QuarterlyReport) -> list[AgencyProcedure]:
    """What may be printed, most answers first."""
    own = [AgencyProcedure("", place, cell) for place, cell in report.figures.procedures]
    shown = [
        item
        for item in (own if report.figures.place.is_agency else report.procedures)
        if item.procedure.code and not item.cell.hidden and item.cell.n >= report.thresholds.disclosure
    ]
    return sorted(shown, key=lambda item: (-item.cell.n, item.procedure.code, item.agency))


def _add(
    document: OfficialDocument,
    report: QuarterlyReport,
    caption: str,
    items: Sequence[AgencyProcedure],
    note: str,
    label: str,
) -> None:
    if not items:
        document.empty_table(caption, "Chưa có thủ tục nào đủ phiếu để công bố riêng.", label)
        return
    alone = report.figures.place.is_agency
    columns = [
        Column("Mã thủ tục", 11.8, "centre"), Column("Tên thủ tục", 31.5 if alone else 28),
        *([] if alone else [Column("Cơ quan", 16)]),
        Column("n", 7.7, "number"), Column("Tỷ lệ hài lòng", 9.8, "number"),
        Column("Khoảng tin cậy 95\u00a0%", 15 if alone else 13.6, "centre"),
        Column("Đánh giá", 24.2 if alone else 15, "centre"),
    ]  # fmt: skip
    target = report.target(report.quarter.year)
    rows = [_row(item, target, report.thresholds, alone) for item in items]
    document.table(caption, columns, rows, note, label=label)


def _row(
    item: AgencyProcedure, target: Target | None, thresholds: Thresholds, alone: bool
) -> tuple[str, ...]:
    text = printed(item.cell, target, thresholds)
    # Nobody knows how many were asked about one procedure, so no verdict on it is certain.
    judgement = judge_cell(item.cell, target, None, thresholds)
    verdict = judgement_cell(judgement) if judgement else DASH
    verdict = f"{verdict}\n({text.note})" if text.note else verdict
    agency = () if alone else (item.agency,)
    return (item.procedure.code, item.procedure.name, *agency, text.n, text.rate, text.interval, verdict)


def _is_below(item: AgencyProcedure, target: Target | None, thresholds: Thresholds) -> bool:
    judgement = judge_cell(item.cell, target, None, thresholds)
    return judgement is not None and judgement.verdict is Verdict.NOT_MET
