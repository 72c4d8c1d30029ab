"""The yearly assessment of the user's experience, which agencies and provinces send in November.

Decision 1565/QĐ-TTg, part II.10.a, and the plans of the provinces that follow it. What only the office can
know (guiding documents, causes, solutions) is left as a visible gap.
"""

from __future__ import annotations

from exports.annexes import add_method_annex, add_questionnaires
from exports.criteria_rows import CriterionRow, criteria_rows, estimated_minutes, judge_cell, question_for
from exports.document import CHART_WIDTH, DocumentInfo, OfficialDocument
from exports.duties import deadline_sentence, leading_roles
from exports.figure_charts import trend_chart
from exports.findings import shortcomings
from exports.own_targets import add_own_targets
from exports.place_parts import add_places, has_rate, place_groups
from exports.plan_parts import add_forces, add_quantities, feedback_sentence
from exports.report_input import SOURCE, AssessmentReport
from exports.report_parts import (
    add_apart,
    add_channels,
    add_criteria,
    add_factors,
    add_levels,
    add_time_bands,
    set_aside_sentence,
)
from exports.tables import Column
from exports.wording import (
    FROM_SURVEY,
    NO_DATA,
    coverage_sentence,
    gap_sentence,
    judgement_cell,
    last_words,
    level_sentence,
    minutes_gap_sentence,
    nation_name,
    of_place,
    printed,
    quarter_name,
    response_rate_sentence,
    verdict_sentence,
    weighted_sentence,
)
from surveys.criteria import RANDOM_ERROR_NOTE
from surveys.figures import PlaceFigures
from surveys.plans import INFERRED, legal_basis
from surveys.printing import DASH, SUPPRESSED, in_sentence, thresholds_note

__all__ = ["AssessmentReport", "render_assessment"]

KIND = "BÁO CÁO"
ABSTRACT = "Kết quả đánh giá chất lượng trải nghiệm của người dùng đối với dịch vụ công trực tuyến"
GAP = "………… (cơ quan báo cáo điền)"
INFERRED_NOTE = (
    f"“{INFERRED}”: văn bản không nói rõ nên người soạn mẫu suy ra; cơ quan báo cáo xác nhận rồi bỏ chữ này."
)


def render_assessment(report: AssessmentReport) -> bytes:
    """The report as a PDF; the same input gives the same bytes."""
    title = f"{ABSTRACT} năm {report.year}{of_place(report.figures, report.called)}"
    info = DocumentInfo(
        title=f"Báo cáo {title[0].lower()}{title[1:]}",
        author=report.head.body,
        subject=f"Đánh giá năm {report.year}",
        made_at=report.printed_at,
        draft=report.draft,
        demo=report.demo,
    )
    document = OfficialDocument(info, report.head, KIND, title)
    _basis(document, report)
    _organisation(document, report)
    _scope(document, report)
    _criteria(document, report)
    document.section("IV. Năm yếu tố của sự hài lòng")
    add_factors(document, report)
    _places(document, report)
    _feedback(document, report)
    _shortcomings(document, report)
    _next_year(document, report)
    document.section("IX. Đề xuất, kiến nghị")
    document.paragraph(f"Đề xuất, kiến nghị với bộ, ngành, cơ quan cấp trên: {GAP}.")
    document.close(last_words(f"kết quả đánh giá năm {report.year}", report.head.name))
    add_questionnaires(document, report)
    add_method_annex(document, report)
    return document.render()


def _basis(document: OfficialDocument, report: AssessmentReport) -> None:
    if report.plan is not None:
        document.basis(legal_basis(report.plan, report.plans, year=report.year))
    else:
        document.paragraph(f"Không có kế hoạch nào đặt chỉ tiêu cho năm {report.year}. Căn cứ: {GAP}.")


def _organisation(document: OfficialDocument, report: AssessmentReport) -> None:
    document.section("I. Công tác chỉ đạo, tổ chức đánh giá")
    document.paragraph(deadline_sentence(report))
    rows = leading_roles(report)
    if rows:
        columns = (Column("Tiêu chí", 15, "centre"), Column("Cơ quan chủ trì theo kế hoạch", 85))
        marked = any(INFERRED in names for _code, names in rows)
        document.table("Phân công chủ trì các tiêu chí", columns, rows, INFERRED_NOTE if marked else "")
    document.paragraph(f"Văn bản chỉ đạo, phân công tổ chức đánh giá: {GAP}.")
    add_forces(document, report)


def _scope(document: OfficialDocument, report: AssessmentReport) -> None:
    figures = report.figures
    document.section("II. Đối tượng, phạm vi, phương pháp")
    document.paragraph(
        f"Số liệu được thu {report.window} theo giờ Việt Nam; văn bản giao nhiệm vụ không quy định khoảng số "
        "liệu nên đây là khoảng do cơ quan chọn. Kết quả chính thức chỉ tính các kênh đã xác minh, phiếu trả "
        "lời sau khi có kết quả giải quyết. Số phiếu là số lượt trả lời, không phải số người.",
        _coverage(figures),
    )
    add_channels(document, report)
    document.paragraph(
        _invited(figures),
        set_aside_sentence(figures),
        response_rate_sentence(figures),
    )
    document.paragraph(
        thresholds_note(report.thresholds),
        "Người trả lời không phải là mẫu chọn ngẫu nhiên trong mọi người dùng dịch vụ; khoảng tin cậy và "
        f"đánh giá {RANDOM_ERROR_NOTE}. Phiên bản phương pháp: {figures.method_version}.",
        "Danh mục dịch vụ công trực tuyến thuộc phạm vi quản lý và số hồ sơ phát sinh: chưa có số liệu.",
    )
    add_quantities(document, report)


def _invited(figures: PlaceFigures) -> str:
    """Links are counted by quarters, answers by days: without this line the two columns seem to disagree."""
    quarters = str(figures.notes.get("response_rate_quarters", "")).split()
    if not quarters or not any(item.offered for item in figures.channels):
        return ""
    names = ", ".join(quarter_name(code) for code in quarters)
    return (
        f"Số liên kết phát ra, số đã trả lời và tỷ lệ trả lời tính theo các quý trọn trong khoảng ({names}); "
        "số phiếu hợp lệ tính cả khoảng."
    )


def _coverage(figures: PlaceFigures) -> str:
    if figures.place.kind == "nation":
        return f"Phạm vi: {nation_name(figures.covered, figures.members)}."
    return coverage_sentence(figures.covered, figures.members, "cơ quan, đơn vị")


def _criteria(document: OfficialDocument, report: AssessmentReport) -> None:
    figures, target = report.figures, report.target(report.year)
    document.section("III. Kết quả theo bốn nhóm tiêu chí")
    when = f"năm {report.year} ({report.window})"
    judgement = judge_cell(figures.official, target, figures.response_rate, report.thresholds)
    document.paragraph(
        level_sentence(figures.official, when, target, report.thresholds),
        "" if figures.official.hidden else verdict_sentence(judgement, target, report.year),
    )
    rows = criteria_rows(figures, report.plan, report.year, report.thresholds)
    add_criteria(document, rows, report.year, f"Bốn nhóm tiêu chí năm {report.year}", gaps=True)
    document.part("1. Biểu mẫu điện tử tương tác, tự động điền dữ liệu (TC1)")
    document.paragraph(_prefilled(rows[0]))
    document.part("2. Thời gian nộp hồ sơ (TC2)")
    add_time_bands(document, report, report.year)
    document.part("3. Mức giảm thời gian giải quyết (TC3)")
    document.paragraph(
        "Không có số liệu đối chứng: chưa nhận số liệu hồ sơ trực tuyến và trực tiếp của cùng thủ tục, nên "
        "không tính mức giảm và không suy ra bằng 0."
    )
    document.part("4. Mức độ hài lòng (TC4)")
    add_levels(document, report, f"năm {report.year}")
    document.paragraph(weighted_sentence(figures, target))
    _by_quarter(document, report)
    add_apart(document, report)
    add_own_targets(document, report.own_plans, report.year)


def _prefilled(row: CriterionRow) -> str:
    known = row.n not in (DASH, SUPPRESSED)
    result = f"{row.result}, {FROM_SURVEY} nên không kết luận." if known else NO_DATA
    if row.n == SUPPRESSED:
        result = f"Không công bố vì số phiếu quá ít (“{SUPPRESSED}”)."
    return f"{result} Tỷ lệ dịch vụ có biểu mẫu tương tác, tự điền theo lĩnh vực: chưa có danh mục dịch vụ."


def _by_quarter(document: OfficialDocument, report: AssessmentReport) -> None:
    if not report.history:
        document.paragraph("Chưa có quý nào trong khoảng số liệu được chốt.")
        return
    columns = (
        Column("Quý", 25), Column("n", 12, "number"), Column("Tỷ lệ hài lòng", 16, "number"),
        Column("Khoảng tin cậy 95\u00a0%", 18, "centre"), Column("Đánh giá", 29, "centre"),
    )  # fmt: skip
    rows = [_quarter_row(item, report) for item in report.history]
    note = f"Nguồn: {SOURCE}, gộp các kênh đã xác minh; n ghi ở từng dòng. Đánh giá {RANDOM_ERROR_NOTE}."
    document.table("Tỷ lệ hài lòng theo quý", columns, rows, note)
    if not any(has_rate(item) for item in report.history):
        return
    chart = trend_chart(
        report.history, report.history[-1].quarter, report.plan, width=CHART_WIDTH,
    )  # fmt: skip
    document.chart(
        "Tỷ lệ hài lòng theo quý; vạch đứng là khoảng tin cậy 95\u00a0%, vạch đứt là chỉ tiêu của năm",
        "Biểu đồ cho thấy từng quý; báo cáo không kết luận xu hướng qua nhiều quý.",
        chart,
        f"Nguồn: {SOURCE}; n ghi dưới mỗi quý.",
    )


def _quarter_row(item: PlaceFigures, report: AssessmentReport) -> tuple[str, ...]:
    target = report.target(item.period.year)
    text = printed(item.official, target, item.thresholds)
    judgement = judge_cell(item.official, target, item.response_rate, item.thresholds)
    verdict = SUPPRESSED if item.official.hidden else (judgement_cell(judgement) if judgement else DASH)
    name = quarter_name(item.quarter)
    return (f"{name[0].upper()}{name[1:]}", text.n, text.rate, text.interval, verdict)


def _places(document: OfficialDocument, report: AssessmentReport) -> None:
    document.section("V. Kết quả theo cơ quan, địa phương")
    if report.figures.place.is_agency:
        document.paragraph(_beside_province(report))
        return
    if not report.children:
        document.paragraph("Chưa có số liệu theo cơ quan, địa phương.")
    for children, what in place_groups(report):
        add_places(document, report, children, report.year, what, changes=False)


def _beside_province(report: AssessmentReport) -> str:
    """The rate of the province beside that of the agency: two numbers, no comparison without a test."""
    if report.above is None:
        return "Kết quả chung của cấp tỉnh ở báo cáo cấp tỉnh."
    place = report.above.place.name
    where = f"của {in_sentence(place)}"
    sentence = level_sentence(report.above.official, where, report.target(report.year), report.thresholds)
    return f"{sentence} Hai tỷ lệ đặt cạnh nhau để tham chiếu, không phải là kết luận hơn kém."


def _feedback(document: OfficialDocument, report: AssessmentReport) -> None:
    document.section("VI. Phản ánh, kiến nghị")
    document.paragraph(feedback_sentence(report))
    document.paragraph(
        "Chưa có số liệu tổng hợp về phản ánh, kiến nghị và về chỉ số theo Quyết định số 766/QĐ-TTg; hai số "
        "liệu này khi có sẽ in riêng, không so sánh trực tiếp với tỷ lệ hài lòng của khảo sát."
    )


def _shortcomings(document: OfficialDocument, report: AssessmentReport) -> None:
    document.section("VII. Tồn tại, nguyên nhân")
    found = shortcomings(report, report.year)
    if found:
        document.paragraph("Từ số liệu khảo sát, đủ căn cứ thống kê để nêu:")
        document.items(found)
    else:
        document.paragraph("Số liệu khảo sát không cho thấy tồn tại nào đủ căn cứ thống kê để nêu.")
    groups = ("thể chế", "hạ tầng", "hệ thống thông tin", "con người", "truyền thông")
    document.paragraph("Tồn tại và nguyên nhân theo từng nhóm:")
    document.items(f"Về {name}: {GAP}{'.' if name == groups[-1] else ';'}" for name in groups)


def _next_year(document: OfficialDocument, report: AssessmentReport) -> None:
    """Solutions, and the road to next year's targets where the plan sets any."""
    following = report.year + 1
    document.section(f"VIII. Giải pháp, kế hoạch năm {following}")
    target = report.target(following)
    if target is None:
        document.paragraph(f"Kế hoạch chưa đặt chỉ tiêu cho năm {following}.")
    else:
        question = question_for(report.figures, "TC2")
        known = estimated_minutes(question) if question else None
        document.paragraph(f"Khoảng cách đến các chỉ tiêu năm {following}:")
        document.items(
            (
                minutes_gap_sentence(known, report.target(following, "TC2"), following, report.thresholds),
                f"TC3: không có số liệu đối chứng nên chưa biết khoảng cách đến {_goal(report, following)}.",
                f"TC4: {gap_sentence(report.figures.official, target, following, report.thresholds)}",
            )
        )
    document.paragraph(f"Giải pháp, cơ quan chủ trì, thời hạn: {GAP}.")


def _goal(report: AssessmentReport, year: int) -> str:
    goal = report.plan.goal(year, "TC3") if report.plan else None
    return f"chỉ tiêu {goal.words}" if goal else "chỉ tiêu"
