"""Sections VII to IX of a quarterly report: what people wrote, visits at home, what is done about it.

What has no data says so in one sentence under the number and name of its table.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from exports.document import OfficialDocument
from exports.figure_charts import short_name
from exports.report_input import SOURCE, QuarterlyReport, source_line
from exports.report_parts import rate_and_span
from exports.tables import Column
from exports.wording import nation_name, no_doors_sentence, printed
from surveys.criteria import field_response_rate
from surveys.external_index import ExternalIndex
from surveys.feedback import FeedbackRow, FeedbackStatus, FeedbackTable
from surveys.figures import NATION, ChannelFigures, PlaceFigures
from surveys.improvements import Improvement, done_and_planned
from surveys.periods import local_day
from surveys.printing import DASH, NBSP, SUPPRESSED, date_text, decimal_text, number, percent
from surveys.scoring import Channel

NOT_COMPARED: Final = (
    "Chỉ số theo Quyết định số 766/QĐ-TTg lấy mọi hồ sơ làm mẫu số. Không con số nào ở đây so sánh trực tiếp "
    "được với tỷ lệ hài lòng khảo sát."
)
MOST_COMMENTS: Final = 12
# The question of the interview at home about its use; answered "yes" or "no".
VNEID: Final = "vneid_user"
_INDICES: Final = (
    "Chỉ số do nơi khác công bố: theo Quyết định số 766/QĐ-TTg và của Cổng Dịch vụ công quốc gia"
)


def add_feedback(document: OfficialDocument, report: QuarterlyReport) -> None:
    document.section("VII. Góp ý, phản ánh, kiến nghị")
    table = report.feedback
    caption = "Góp ý, phản ánh, kiến nghị theo nhóm vấn đề"
    if table is None or not table.rows:
        reason = "Chưa có số liệu tổng hợp về góp ý, phản ánh, kiến nghị trong kỳ này."
        if table is not None:
            reason = "Trong kỳ này không có góp ý, phản ánh, kiến nghị nào được phân nhóm."
        document.empty_table(caption, reason, "Bảng 9")
    else:
        _add_themes(document, table, caption)
    _add_comments(document, table)
    _add_indices(document, report.indices766)


def _add_themes(document: OfficialDocument, table: FeedbackTable, caption: str) -> None:
    columns = (
        Column("Nhóm vấn đề", 25), Column("Số lượt", 9, "number"),
        *(Column(status.value, 11, "number") for status in FeedbackStatus),
        Column("Đúng hạn", 9, "number"), Column("Quá hạn", 9, "number"),
    )  # fmt: skip
    rows = [_theme_row(row) for row in table.rows]
    note = (
        "Nguồn: góp ý, phản ánh, kiến nghị mà người dân để lại kèm cách liên hệ, không kể những việc người "
        f"dân đã rút lại. “{SUPPRESSED}”: số nhỏ hoặc phải che cùng số nhỏ, không công bố."
    )
    document.table(caption, columns, rows, note, label="Bảng 9")


def _theme_row(row: FeedbackRow) -> tuple[str, ...]:
    counts = [row.total, *(row.count(status) for status in FeedbackStatus), row.on_time, row.late]
    return (row.theme, *(SUPPRESSED if count is None else number(count) for count in counts))


def _add_comments(document: OfficialDocument, table: FeedbackTable | None) -> None:
    comments = table.published if table else ()
    if not comments:
        document.paragraph("Không có ý kiến nào đã được duyệt để trích đăng.")
        return
    document.paragraph("Trích ý kiến đã được người có thẩm quyền duyệt và che thông tin cá nhân:")
    document.items(f"“{comment.strip()}”" for comment in comments[:MOST_COMMENTS])
    more = len(comments) - MOST_COMMENTS
    if more > 0:
        document.paragraph(f"Còn {number(more)} ý kiến khác đã đăng trên trang của kỳ công bố.")


def _add_indices(document: OfficialDocument, indices: tuple[ExternalIndex, ...]) -> None:
    if not indices:
        document.empty_table(_INDICES, f"Chưa nhập chỉ số nào cho kỳ này. {NOT_COMPARED}", "Bảng 10")
        return
    columns = (
        Column("Chỉ số", 40),
        Column("Giá trị", 15, "number"),
        Column("Kỳ", 20, "centre"),
        Column("Nguồn", 25),
    )
    rows = [
        (item.name, f"{decimal_text(item.value)}{NBSP}{item.unit}".rstrip(), item.period, item.source)
        for item in indices
    ]
    document.table(_INDICES, columns, rows, NOT_COMPARED, label="Bảng 10")


def add_field(document: OfficialDocument, report: QuarterlyReport) -> None:
    """What became of the doors, by place, and what those interviewed said of the place."""
    document.section("VIII. Tiếp cận tại nhà")
    caption, figures = "Phỏng vấn tại nhà", report.figures
    own = _field_channel(figures)
    if own is None:
        document.empty_table(caption, "Trong kỳ này không có đợt phỏng vấn tại nhà nào có phiếu.", "Bảng 11")
        return
    columns = (
        Column("Nơi", 30), Column("Số hộ đã hỏi", 9, "number"), Column("Phỏng vấn", 9, "number"),
        Column("Từ chối", 8, "number"), Column("Vắng nhà", 8, "number"),
        Column("Tỷ lệ trả lời", 10, "number"), Column("Phiếu có đánh giá (n)", 10, "number"),
        Column("Tỷ lệ hài lòng, khoảng tin cậy 95\u00a0%", 17.5, "centre"),
    )  # fmt: skip
    places = [
        (figures, own),
        *((child, part) for child in report.children if (part := _field_channel(child))),
    ]
    rows = [_field_row(place, part, report) for place, part in places]
    n = printed(own.cell, None, report.thresholds).n
    note = source_line(n, f"{SOURCE}, kênh tại nhà; số hộ do người phỏng vấn ghi tại cửa")
    document.table(caption, columns, rows, note, bold_rows=(0,), label="Bảng 11")
    document.paragraph(
        "Số hộ đã hỏi là hộ có người thuộc diện được hỏi: phỏng vấn, từ chối hoặc vắng nhà, đếm ở xã nơi có "
        "cửa nhà. Một cuộc phỏng vấn có thể không có đánh giá, không rõ cơ quan hoặc đánh giá cơ quan khác "
        "nên n khác số cuộc phỏng vấn.",
        _withheld_sentence(report, [part for _place, part in places]),
        _no_doors(report, [place for place, _part in places]),
    )
    document.paragraph(
        _vneid_sentence(report),
        "Lý do chưa nộp trực tuyến chỉ hỏi ở hộ chưa nộp; phiếu ấy không có đánh giá. Lý do ấy và ngôn ngữ "
        "phỏng vấn không nằm trong số liệu được chốt và kiểm soát che ô nhỏ, nên không công bố.",
    )


def _vneid_sentence(report: QuarterlyReport) -> str:
    """What the sealed answers to that question say: no more than the page of the place prints of it.

    It is put to everybody at home, and counted with a rating only, so it is no share of all households.
    """
    found = next((item for item in report.figures.questions if item.question == VNEID), None)
    if found is None and not report.figures.official.hidden:
        return "Về người biết dùng VNeID trong hộ: trong kỳ này không phiếu có đánh giá nào trả lời câu ấy."
    if found is None or found.counts is None:
        return "Về người biết dùng VNeID trong hộ: không công bố, vì số phiếu nhỏ hoặc phải che cùng số nhỏ."
    if found.n < report.thresholds.verdict:
        return f"Về người biết dùng VNeID trong hộ: n = {number(found.n)}, chưa đủ phiếu để nêu tỷ lệ."
    share = percent(Fraction(dict(found.counts).get("yes", 0), found.n))
    return (
        f"Trong các hộ đã nộp trực tuyến và có đánh giá, {share} có người biết dùng VNeID để nộp hồ sơ "
        f"(n = {number(found.n)}). Đây không phải tỷ lệ của mọi hộ: hộ chưa nộp không có trong số này."
    )


def _field_channel(figures: PlaceFigures) -> ChannelFigures | None:
    """The channel of interviews, where there are any or at least doors."""
    found = (part for part in figures.channels if part.channel is Channel.FIELD)
    return next((part for part in found if part.cell.hidden or part.cell.n or _asks(part)), None)


def _asks(part: ChannelFigures) -> bool:
    return part.withheld or bool(part.offered)


def _field_row(figures: PlaceFigures, part: ChannelFigures, report: QuarterlyReport) -> tuple[str, ...]:
    text = printed(part.cell, None, report.thresholds)
    doors = figures.doors
    unknown = SUPPRESSED if part.withheld or part.cell.hidden else DASH
    told = [unknown] * 5
    if doors is not None:
        rate = field_response_rate(doors.interviews, doors.refused, doors.absent).value
        share = DASH if rate is None else percent(rate, against=(report.thresholds.response_rate,))
        told = [*map(number, (doors.asked, doors.interviews, doors.refused, doors.absent)), share]
    elif figures.has_no_doors:
        told = [DASH] * 5
    return (_place_name(figures), *told, text.n, rate_and_span(text))


def _place_name(figures: PlaceFigures) -> str:
    if figures.place.code == NATION:
        return nation_name(figures.covered, figures.members)
    return short_name(figures.place.name)


def _withheld_sentence(report: QuarterlyReport, parts: Sequence[ChannelFigures]) -> str:
    sentences = []
    if any(part.withheld for part in parts):
        sentences.append(
            f"“{SUPPRESSED}” ở cột số hộ: không công bố vì từ số hộ sẽ tính ra số phiếu đang ẩn của nơi khác."
        )
    if any(child.official.hidden for child in report.children):
        sentences.append("Nơi có kết quả chung không công bố thì không nêu ở bảng này.")
    return " ".join(sentences)


def _no_doors(report: QuarterlyReport, places: Sequence[PlaceFigures]) -> str:
    """For an agency the whole reason; above agencies only why their doors are a dash."""
    if report.figures.has_no_doors:
        return no_doors_sentence(report.figures)
    sentences = []
    if any(place.has_no_doors for place in places):
        sentences.append(
            "Hộ từ chối hoặc vắng nhà không cho biết sẽ đánh giá cơ quan nào, nên sở, ban, ngành không có số "
            "hộ."
        )
    if any(_lacks_doors(place) for place in places):
        sentences.append(
            f"Xã hoặc tỉnh ghi “{DASH}” ở các cột số hộ có phiếu tại nhà mà không có số hộ ghi tại cửa: "
            "phiếu nhập từ tệp, hoặc phiếu giấy không kèm bảng đếm hộ."
        )
    return " ".join(sentences)


def _lacks_doors(figures: PlaceFigures) -> bool:
    """Interviews are printed, and why nobody knows at how many doors is neither a rule nor a secret."""
    part = _field_channel(figures)
    return not (
        part is None or part.withheld or part.cell.hidden or figures.has_no_doors or figures.doors is not None
    )


def add_improvements(document: OfficialDocument, report: QuarterlyReport) -> None:
    document.section("IX. Việc đã cải tiến từ quý trước và kiến nghị quý tới")
    done, planned = done_and_planned(report.improvements)
    document.part("Ông/Bà nói – Chúng tôi làm")
    if done:
        document.items(_done(item) for item in done)
    else:
        document.paragraph("Chưa có việc cải tiến nào được ghi nhận là đã hoàn thành.")
    _add_planned(document, report, planned)
    _say_what_is_left_out(document, report)


def _add_planned(
    document: OfficialDocument, report: QuarterlyReport, planned: tuple[Improvement, ...]
) -> None:
    caption = "Tồn tại, giải pháp, cơ quan chủ trì và thời hạn"
    if not planned:
        reason = "Cơ quan chưa nêu giải pháp nào cho quý tới."
        document.empty_table(caption, reason, "Bảng 12")
        return
    columns = (
        Column("Tồn tại", 32),
        Column("Giải pháp", 34),
        Column("Cơ quan chủ trì", 19),
        Column("Hạn", 15, "centre"),
    )
    rows = [(item.shortcoming, item.solution, item.who, _due(item, report)) for item in planned]
    document.table(caption, columns, rows, "Nguồn: cơ quan chủ trì.", label="Bảng 12")


def _due(item: Improvement, report: QuarterlyReport) -> str:
    """A deadline that had passed on the day of the figures is said to have."""
    if item.due is None:
        return DASH
    known = local_day(report.edition.closed_at if report.edition else report.made_at)
    late = "\nquá hạn, chưa ghi là xong" if item.due < known else ""
    return f"{date_text(item.due)}{late}"


def _say_what_is_left_out(document: OfficialDocument, report: QuarterlyReport) -> None:
    if report.more_improvements:
        document.paragraph(
            f"Mục này nêu {number(len(report.improvements))} việc có hạn sớm nhất, chưa nêu "
            f"{number(report.more_improvements)} việc khác; báo cáo quý của từng cơ quan nêu đủ việc của họ."
        )


def _done(item: Improvement) -> str:
    assert item.done is not None
    said, did = (words.strip().rstrip(".") for words in (item.shortcoming, item.solution))
    return f"Ông/Bà nói: {said}. Chúng tôi làm: {did} ({item.who}, xong ngày {date_text(item.done)})."
