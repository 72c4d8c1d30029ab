"""What a plan sets beside its four criteria, as a report of a place tells it: numbers, forces, feedback."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from exports.document import OfficialDocument
from exports.duties import encouraged_forces
from exports.report_input import AssessmentReport
from exports.tables import Column
from surveys.plans import Quantity
from surveys.printing import NBSP, decimal_text, number
from surveys.scoring import rounded

BLANK: Final = "…………"
LEVEL: Final = "cấp độ"
"""The unit of a value that names one of several and counts nothing: it stands before its number."""


def add_forces(document: OfficialDocument, report: AssessmentReport) -> None:
    """Whom the plans encourage to take part; how many came and what they gathered, the office knows."""
    forces = encouraged_forces(report)
    if not forces:
        return
    columns = (
        Column("Lực lượng", 50), Column("Số người tham gia", 25, "centre"),
        Column("Số phiếu thu thập", 25, "centre"),
    )  # fmt: skip
    rows = [(name, BLANK, BLANK) for name in forces]
    document.table(
        "Lực lượng được khuyến khích huy động tham gia đánh giá", columns, rows, "Cơ quan báo cáo điền."
    )


def add_quantities(document: OfficialDocument, report: AssessmentReport) -> None:
    """The numbers of services and the like that the plan asks for, and where it began."""
    if report.plan is None or report.figures.place.is_agency:
        return
    columns = (
        Column("Nội dung", 41), Column("Mức đặt ra", 25, "centre"), Column("Thực hiện", 13, "centre"),
        Column("Căn cứ", 21),
    )  # fmt: skip
    cited = report.plan.document.cited
    rows = [(*_words(item), BLANK, _where(item, cited)) for item in report.plan.quantities]
    document.table(
        "Các mức về số lượng mà kế hoạch đặt ra", columns, rows,
        f"Căn cứ: {cited}, trừ dòng ghi văn bản khác. Cột “Thực hiện” do cơ quan báo cáo điền; số liệu này "
        "không lấy từ khảo sát.",
    )  # fmt: skip
    _add_baseline(document, report.plan.baseline, cited)


def _add_baseline(document: OfficialDocument, baseline: Sequence[Quantity], cited: str) -> None:
    if not baseline:
        return
    columns = (Column("Nội dung", 56), Column("Số liệu", 20, "centre"), Column("Căn cứ", 24))
    rows = [(*_words(item), _where(item, cited)) for item in baseline]
    document.table("Hiện trạng nêu trong kế hoạch", columns, rows, f"Căn cứ: {cited}.")


def _where(item: Quantity, cited: str) -> str:
    return item.source.place if item.source.document == cited else str(item.source)


def _words(item: Quantity) -> tuple[str, str]:
    """Name with its exception, and value with its unit."""
    name = f"{item.name} ({item.note[:1].lower()}{item.note[1:]})" if item.note else item.name
    whole = item.value.denominator == 1
    value = number(int(item.value)) if whole else decimal_text(rounded(item.value, 1))
    return name, f"{item.unit}{NBSP}{value}" if item.unit == LEVEL else f"{value}{NBSP}{item.unit}"


def feedback_sentence(report: AssessmentReport) -> str:
    """What the plan asks about reactions and proposals; nothing where it is silent."""
    feedback = report.plan.feedback if report.plan else None
    if feedback is None or not feedback.enabled:
        return ""
    return f"Kế hoạch yêu cầu: {feedback.requirement} ({feedback.source})."
