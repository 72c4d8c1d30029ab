"""The quarterly report of an agency, a province or the nation.

Decision 1565/QĐ-TTg, part II.10.b, asks that what people think is gathered, summed up and published every
quarter.
"""

from __future__ import annotations

from exports.annexes import add_method_annex, add_questionnaires
from exports.criteria_rows import criteria_rows, judge_cell
from exports.document import CHART_WIDTH, DocumentInfo, OfficialDocument
from exports.figure_charts import levels_chart, trend_chart
from exports.place_parts import add_places, add_procedures, has_rate, place_groups
from exports.report_input import SOURCE, QuarterlyReport, source_line
from exports.report_parts import (
    add_apart,
    add_channels,
    add_criteria,
    add_factors,
    add_levels,
    add_quarters,
    add_time_bands,
    set_aside_sentence,
)
from exports.wording import (
    CHANCE_NOTE,
    coverage_sentence,
    factors_sentence,
    level_sentence,
    movement_sentence,
    nation_name,
    of_place,
    printed,
    response_rate_sentence,
    verdict_sentence,
    weighted_sentence,
)
from surveys.criteria import RANDOM_ERROR_NOTE
from surveys.figures import PlaceFigures
from surveys.printing import date_text, number, thresholds_note

__all__ = ["QuarterlyReport", "render_quarterly"]

KIND = "BÁO CÁO"
ABSTRACT = "Tổng hợp ý kiến phản hồi, đánh giá của người dân, doanh nghiệp về dịch vụ công trực tuyến"


def render_quarterly(report: QuarterlyReport) -> bytes:
    """The report as a PDF; the same input gives the same bytes."""
    title = f"{ABSTRACT} {report.quarter.label}{of_place(report.figures)}"
    info = DocumentInfo(
        title=f"Báo cáo {title[0].lower()}{title[1:]}",
        author=report.head.body,
        subject=report.quarter.label,
        made_at=report.printed_at,
        draft=report.draft,
        demo=report.demo,
    )
    document = OfficialDocument(info, report.head, KIND, title)
    _summary(document, report)
    _scope(document, report)
    _general(document, report)
    _criteria(document, report)
    _places(document, report)
    document.section("V. Kết quả theo thủ tục hành chính")
    _procedures(document, report)
    document.section("VI. Năm yếu tố của sự hài lòng")
    add_factors(document, report)
    _rest(document, report)
    add_questionnaires(document, report)
    add_method_annex(document, report)
    return document.render()


def _summary(document: OfficialDocument, report: QuarterlyReport) -> None:
    figures, year = report.figures, report.quarter.year
    target = report.target(year)
    document.section("Tóm tắt")
    document.paragraph(
        level_sentence(
            figures.official, f"{_where(figures)}{report.quarter.label}", target, report.thresholds
        ),
        _verdict(report),
        movement_sentence(figures.movement, report.quarter.previous.label),
    )
    document.paragraph(
        response_rate_sentence(figures.response_rate, figures.response_rate_flagged, report.thresholds),
        _coverage(figures),
        factors_sentence(figures.factors, report.thresholds) if figures.factors else "",
    )
    rows = criteria_rows(figures, report.plan, year, report.thresholds)
    add_criteria(document, rows, year, f"Bốn tiêu chí {report.quarter.label}")


def _where(figures: PlaceFigures) -> str:
    if figures.place.kind != "nation":
        return ""
    name = nation_name(figures.covered, figures.members)
    return f"của {name}, " if name != "cả nước" else "của cả nước, "


def _verdict(report: QuarterlyReport) -> str:
    figures, year = report.figures, report.quarter.year
    target = report.target(year)
    judgement = judge_cell(figures.official, target, figures.response_rate, report.thresholds)
    if figures.official.hidden:
        return ""
    if judgement is None or target is None:
        return verdict_sentence(None, None, year)
    return verdict_sentence(judgement, target, year)


def _coverage(figures: PlaceFigures) -> str:
    what = {"nation": "tỉnh, thành phố", "province": "cơ quan, đơn vị"}.get(figures.place.kind, "")
    return coverage_sentence(figures.covered, figures.members, what) if what else ""


def _scope(document: OfficialDocument, report: QuarterlyReport) -> None:
    quarter, figures = report.quarter, report.figures
    document.section("I. Phạm vi và phương pháp")
    document.paragraph(
        f"Kỳ số liệu: {quarter.label}, từ ngày {date_text(quarter.first_day)} đến hết ngày "
        f"{date_text(quarter.last_day)} theo giờ Việt Nam. Kết quả chính thức chỉ tính các kênh đã xác minh, "
        "phiếu trả lời sau khi có kết quả giải quyết. Số phiếu là số lượt trả lời, không phải số người.",
    )
    add_channels(document, report)
    document.paragraph(set_aside_sentence(figures), _fill_time(figures))
    document.paragraph(
        thresholds_note(report.thresholds),
        "Người trả lời không phải là mẫu chọn ngẫu nhiên trong mọi người dùng dịch vụ; khoảng tin cậy và "
        f"đánh giá {RANDOM_ERROR_NOTE}.",
        CHANCE_NOTE,
        f"Phiên bản phương pháp: {figures.method_version}; phiếu khảo sát: "
        f"{', '.join(figures.questionnaires) or 'chưa ghi'}.",
    )


def _fill_time(figures: PlaceFigures) -> str:
    if figures.median_fill_seconds is None:
        return ""
    return f"Trung vị thời gian trả lời một phiếu: {number(figures.median_fill_seconds)} giây."


def _general(document: OfficialDocument, report: QuarterlyReport) -> None:
    figures, quarter = report.figures, report.quarter
    target = report.target(quarter.year)
    document.section("II. Kết quả chung")
    add_levels(document, report, quarter.label)
    document.paragraph(weighted_sentence(figures, target))
    history = report.history or (figures,)
    if not any(has_rate(item) for item in history):
        document.paragraph("Chưa có quý nào đủ phiếu để vẽ biểu đồ mức độ hài lòng theo quý.")
        return
    n = printed(figures.official, None, report.thresholds).n
    document.chart(
        "Mức độ hài lòng theo quý",
        level_sentence(figures.official, quarter.label, target, report.thresholds),
        levels_chart(history, figures.quarter, width=CHART_WIDTH),
        f"Nguồn: {SOURCE}; n ghi ở cuối mỗi dòng.",
    )
    chart = trend_chart(history, figures.quarter, report.plan, width=CHART_WIDTH)
    document.chart(
        f"{chart.title}; vạch đứng là khoảng tin cậy 95\u00a0%, vạch đứt là chỉ tiêu của năm",
        movement_sentence(figures.movement, quarter.previous.label),
        chart,
        source_line(f"{n} ({quarter.label})", f"{SOURCE}, gộp các kênh đã xác minh"),
    )
    add_quarters(document, report, figures.quarter)


def _criteria(document: OfficialDocument, report: QuarterlyReport) -> None:
    year = report.quarter.year
    document.section("III. Kết quả theo bốn nhóm tiêu chí")
    document.paragraph(
        "Bảng 1 nêu kết quả, nguồn số liệu và đánh giá của bốn tiêu chí. TC1 và TC2 là ước lượng từ khảo "
        "sát nên không kết luận; TC3 cần số liệu hồ sơ của Hệ thống thông tin giải quyết thủ tục hành chính, "
        "khi chưa có thì ghi “Không có số liệu đối chứng”, không suy ra bằng 0.",
    )
    add_time_bands(document, report, year)


def _places(document: OfficialDocument, report: QuarterlyReport) -> None:
    document.section("IV. Kết quả theo cơ quan, địa phương")
    year = report.quarter.year
    if report.figures.place.is_agency:
        document.paragraph("Báo cáo này chỉ về một cơ quan; kết quả của các cơ quan khác ở báo cáo cấp tỉnh.")
        return
    if not report.children:
        document.paragraph("Chưa có số liệu theo cơ quan, địa phương.")
        return
    document.paragraph(_coverage(report.figures))
    for children, what in place_groups(report):
        add_places(document, report, children, year, what)


def _procedures(document: OfficialDocument, report: QuarterlyReport) -> None:
    if report.figures.place.is_agency:
        add_procedures(document, report, report.quarter.year)
    else:
        document.paragraph("Kết quả theo từng thủ tục ở báo cáo của từng cơ quan.")


def _rest(document: OfficialDocument, report: QuarterlyReport) -> None:
    """The last sections; what has no data yet says so."""
    document.section("VII. Phiếu in riêng, không tính vào tỷ lệ chính thức")
    add_apart(document, report)
    document.section("VIII. Góp ý, phản ánh, kiến nghị và tiếp cận tại nhà")
    document.paragraph(
        "Chưa có số liệu tổng hợp về góp ý, phản ánh, kiến nghị, về chỉ số theo Quyết định số 766/QĐ-TTg và "
        "về các đợt thăm hộ gia đình trong kỳ này.",
    )
    document.section("IX. Việc đã cải tiến và kiến nghị")
    document.paragraph(
        "Phần này do cơ quan báo cáo điền: việc đã làm từ ý kiến của quý trước; tồn tại, giải pháp, cơ quan "
        "chủ trì và thời hạn của quý tới.",
    )
    document.close(f"Trên đây là báo cáo {report.quarter.label}, trân trọng báo cáo")
