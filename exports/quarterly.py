"""The quarterly report of an agency, a province or the nation.

Decision 1565/QĐ-TTg, part II.10.b, asks that what people think is gathered, summed up and published every
quarter. Every table and drawing has its number from the outline, whether or not it has data: the same number
means the same thing in every report.
"""

from __future__ import annotations

from exports.annexes import (
    add_communes_annex,
    add_data_annex,
    add_method_annex,
    add_questionnaires_annex,
)
from exports.criteria_rows import criteria_rows, judge_cell
from exports.document import CHART_WIDTH, DocumentInfo, OfficialDocument
from exports.feedback_parts import add_feedback, add_field, add_improvements
from exports.figure_charts import levels_chart, trend_chart
from exports.place_parts import (
    add_place_charts,
    add_place_table,
    add_places_sentence,
    has_rate,
    place_groups,
)
from exports.procedure_parts import add_procedures
from exports.report_foot import foot_of
from exports.report_input import SOURCE, QuarterlyReport, source_line
from exports.report_parts import (
    add_criteria,
    add_factors,
    add_levels,
    add_quarters,
    add_time_bands,
    data_of,
)
from exports.scope_parts import add_scope
from exports.summary import add_summary, coverage
from exports.wording import (
    last_words,
    level_sentence,
    movement_sentence,
    of_place,
    printed,
    verdict_sentence,
    weighted_sentence,
)
from surveys.figures import COMMUNE

__all__ = ["QuarterlyReport", "render_quarterly"]

KIND = "BÁO CÁO"
ABSTRACT = "Tổng hợp ý kiến phản hồi, đánh giá của người dân, doanh nghiệp về dịch vụ công trực tuyến"


def render_quarterly(report: QuarterlyReport) -> bytes:
    """The report as a PDF; the same input gives the same bytes."""
    title = f"{ABSTRACT} {report.quarter.label}{of_place(report.figures, report.called)}{_revised(report)}"
    info = DocumentInfo(
        title=f"Báo cáo {title[0].lower()}{title[1:]}",
        author=report.head.body,
        subject=f"{report.quarter.label}; {report.code}",
        made_at=report.made_at,
        draft=report.is_draft,
        demo=report.demo,
        foot=foot_of(report),
    )
    document = OfficialDocument(info, report.head, KIND, title)
    add_summary(document, report)
    document.contents()
    add_scope(document, report)
    _general(document, report)
    _criteria(document, report)
    _places(document, report)
    document.section("V. Kết quả theo thủ tục hành chính")
    add_procedures(document, report)
    document.section("VI. Năm yếu tố của sự hài lòng")
    add_factors(document, report, ("Bảng 8", "Biểu đồ 5"))
    add_feedback(document, report)
    add_field(document, report)
    add_improvements(document, report)
    document.close(last_words(f"báo cáo tổng hợp ý kiến {report.quarter.label}", report.head.name))
    add_questionnaires_annex(document, report)
    add_method_annex(document, report)
    add_communes_annex(document, report)
    add_data_annex(document, report)
    return document.render()


def _revised(report: QuarterlyReport) -> str:
    """Whoever holds both papers must see on the first page which is which."""
    number = report.edition.edition.revision if report.edition else 0
    return f" (đính chính lần {number})" if number else ""


def _general(document: OfficialDocument, report: QuarterlyReport) -> None:
    figures, quarter = report.figures, report.quarter
    target = report.target(quarter.year)
    document.section("II. Kết quả chung")
    add_levels(document, report, quarter.label, "Bảng 2")
    judgement = judge_cell(figures.official, target, figures.response_rate, report.thresholds)
    document.paragraph(
        "" if figures.official.hidden else verdict_sentence(judgement, target, quarter.year),
        weighted_sentence(figures, target),
    )
    history = report.history or (figures,)
    levels = "Mức độ hài lòng theo quý"
    if not any(has_rate(item) for item in history):
        reason = "Chưa có quý nào đủ phiếu để vẽ."
        document.empty_chart(levels, reason, "Biểu đồ 1")
        document.empty_chart("Tỷ lệ hài lòng theo quý", reason, "Biểu đồ 2")
        return
    document.chart(
        levels,
        level_sentence(figures.official, quarter.label, target, report.thresholds),
        levels_chart(history, figures.quarter, width=CHART_WIDTH),
        f"Nguồn: {SOURCE}; n ghi ở cuối mỗi dòng.",
        "Biểu đồ 1",
    )
    n = printed(figures.official, None, report.thresholds).n
    chart = trend_chart(history, figures.quarter, report.plan, width=CHART_WIDTH)
    document.chart(
        f"{chart.title}; vạch đứng là khoảng tin cậy 95\u00a0%, vạch đứt là chỉ tiêu của năm",
        movement_sentence(figures.movement, quarter.previous.label),
        chart,
        source_line(f"{n} ({quarter.label})", f"{SOURCE}, gộp các kênh đã xác minh"),
        "Biểu đồ 2",
    )
    add_quarters(document, report, figures.quarter, data_of("Biểu đồ 1", "Biểu đồ 2"))


def _criteria(document: OfficialDocument, report: QuarterlyReport) -> None:
    year = report.quarter.year
    document.section("III. Kết quả theo bốn nhóm tiêu chí")
    rows = criteria_rows(report.figures, report.plan, year, report.thresholds)
    add_criteria(document, rows, year, f"Bốn tiêu chí {report.quarter.label}", label="Bảng 3")
    document.paragraph(
        "TC1 và TC2 là ước lượng từ khảo sát nên không kết luận; TC3 cần số liệu hồ sơ của Hệ thống thông "
        "tin giải quyết thủ tục hành chính.",
    )
    add_time_bands(document, report, year, "Biểu đồ 3")
    document.empty_table(
        "Mức giảm thời gian giải quyết so với nộp trực tiếp, theo lĩnh vực (TC3)",
        "Không có số liệu đối chứng: chưa nhận số liệu hồ sơ trực tuyến và trực tiếp của cùng thủ tục, nên "
        "không tính mức giảm và không suy ra bằng 0.",
        "Bảng 4",
    )


def _places(document: OfficialDocument, report: QuarterlyReport) -> None:
    document.section("IV. Kết quả theo cơ quan, địa phương")
    if report.figures.place.is_agency or not report.children:
        reason = "Chưa có số liệu theo cơ quan, địa phương."
        if report.figures.place.is_agency:
            reason = "Báo cáo này chỉ về một cơ quan; kết quả của các cơ quan khác ở báo cáo cấp tỉnh."
        document.empty_table("Kết quả theo cơ quan, địa phương", reason, "Bảng 5")
        document.empty_chart("Tỷ lệ hài lòng theo cơ quan, địa phương", reason, "Biểu đồ 4")
        return
    document.paragraph(
        coverage(report.figures),
        "Bảng 5 không có cột hồ sơ phát sinh vì chưa có số liệu này của từng nơi.",
    )
    groups, year = place_groups(report), report.quarter.year
    for (children, what), letter in zip(groups, "abc" if len(groups) > 1 else ("",), strict=False):
        add_places_sentence(document, report, children, year, what)
        label = f"Bảng 5{letter}"
        if any(child.place.kind == COMMUNE for child in children) and len(groups) > 1:
            document.paragraph(f"Kết quả của từng {what} ở {label}, Phụ lục III.")
        else:
            add_place_table(document, report, children, year, what, label=label)
        add_place_charts(document, report, children, year, what, label=f"Biểu đồ 4{letter}")
