"""Section I of a quarterly report: what was asked of whom, what counts, and how far the numbers reach.

The note on method is made from the figures: it names the channels that are there, the thresholds in use and
what is unknown, and says nothing that does not hold for this report.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from exports.document import OfficialDocument
from exports.report_input import SOURCE, QuarterlyReport
from exports.report_parts import SET_ASIDE_WORDS, add_channels, set_aside_sentence
from exports.tables import Column
from exports.wording import CHANCE_NOTE, CHANNEL_NAMES, printed, response_rate_sentence
from surveys.criteria import RANDOM_ERROR_NOTE
from surveys.editions import EditionCode
from surveys.figures import PlaceFigures
from surveys.periods import local_day
from surveys.plans import Level
from surveys.printing import DASH, SUPPRESSED, date_text, number, thresholds_note

TABLE = "Bảng 1"
DECISION: Final = "mục II.10.b Quyết định số 1565/QĐ-TTg ngày 18/7/2025 của Thủ tướng Chính phủ"


def add_scope(document: OfficialDocument, report: QuarterlyReport) -> None:
    quarter, figures = report.quarter, report.figures
    document.section("I. Phạm vi, phương pháp")
    document.paragraph(
        _basis(report),
        f"Kỳ số liệu: {quarter.label}, từ ngày {date_text(quarter.first_day)} đến hết ngày "
        f"{date_text(quarter.last_day)} theo giờ Việt Nam. Kết quả chính thức chỉ tính các kênh đã xác minh, "
        "phiếu trả lời sau khi có kết quả giải quyết. Số phiếu là số lượt trả lời, không phải số người.",
        _revision(report),
    )
    add_channels(document, report, label=f"{TABLE}a", everything=True)
    _add_set_aside(document, figures)
    document.paragraph(
        _channels_sentence(report),
        response_rate_sentence(figures),
        _fill_time(figures),
    )
    document.paragraph(thresholds_note(report.thresholds), _weights(figures), _late(report))
    document.paragraph(
        "Hạn chế: người trả lời tự chọn trả lời, không phải là mẫu chọn ngẫu nhiên trong mọi người dùng dịch "
        f"vụ; khoảng tin cậy và đánh giá {RANDOM_ERROR_NOTE}.",
        CHANCE_NOTE,
        f"Phiên bản phương pháp: {figures.method_version}; phiếu khảo sát: "
        f"{', '.join(figures.questionnaires) or 'chưa ghi'}.",
    )


def _basis(report: QuarterlyReport) -> str:
    """By what decision the report is made, and by the plan of the province where it has one of its own."""
    if report.plan is None:
        return ""
    own = report.plan.document.cited if report.plan.scope.level is not Level.NATIONAL else ""
    return f"Báo cáo lập theo {DECISION}{' và ' if own else ''}{own}."


def _revision(report: QuarterlyReport) -> str:
    edition = report.edition
    if edition is None or not edition.edition.revision:
        return ""
    reason = edition.reason.rstrip(".") or "không ghi"
    # The page of a correction comes with its publication.
    page = "" if edition.is_draft else edition.address(f"/dinh-chinh/{edition.code}")
    changes = f" Những số đã đổi so với bản trước ghi ở {page}." if page else ""
    return f"Đây là bản đính chính lần {edition.edition.revision}; lý do: {reason}.{changes}"


def _add_set_aside(document: OfficialDocument, figures: PlaceFigures) -> None:
    caption, label = "Phiếu bị tách ra để xem xét, không tính vào kết quả", f"{TABLE}b"
    if not figures.set_aside and not figures.reviews:
        document.empty_table(caption, set_aside_sentence(figures), label)
        return
    columns = [Column("Lý do", 55), Column("Số phiếu tách ra", 15, "number")]
    reviews = {item.reason: item for item in figures.reviews}
    aside = dict(figures.set_aside)
    if reviews:
        columns += [Column("Quyết định không tính", 15, "number"), Column("Quyết định tính", 15, "number")]
    rows: list[Sequence[str]] = []
    for reason in dict.fromkeys((*aside, *reviews)):
        cells = [_words(reason), _count(aside.get(reason, 0))]
        if reviews:
            found = reviews.get(reason)
            cells += [_count(found.left_out), _count(found.released)] if found else [DASH, DASH]
        rows.append(cells)
    note = f"Nguồn: {SOURCE}, mọi kênh."
    if reviews:
        note += " Quyết định do hai người cùng đưa ra."
    document.table(caption, columns, rows, note, label=label)


def _words(reason: str) -> str:
    words = SET_ASIDE_WORDS.get(reason, reason)
    return words[:1].upper() + words[1:]


def _count(n: int | None) -> str:
    return SUPPRESSED if n is None else number(n)


def _channels_sentence(report: QuarterlyReport) -> str:
    figures = report.figures
    text = printed(figures.official, None, report.thresholds)
    if text.n in (DASH, SUPPRESSED):
        return ""
    used = [CHANNEL_NAMES[item.channel] for item in figures.channels if item.cell.hidden or item.cell.n]
    names = "; ".join(name[:1].lower() + name[1:] for name in used)
    more = "" if len(used) < 2 else " Kênh khác nhau cho tỷ lệ khác nhau nên mỗi kênh in một dòng riêng."
    return f"Kết quả chính thức dựa trên {text.n} phiếu hợp lệ của các kênh: {names}.{more}"


def _fill_time(figures: PlaceFigures) -> str:
    if figures.median_fill_seconds is None:
        return ""
    return f"Trung vị thời gian trả lời một phiếu: {number(figures.median_fill_seconds)} giây."


def _weights(figures: PlaceFigures) -> str:
    if figures.official.hidden:
        return ""
    if figures.weighted is None:
        return "Chưa đủ số hồ sơ theo nhóm để tính tỷ lệ gia quyền; tỷ lệ hài lòng là tỷ lệ không gia quyền."
    return "Tỷ lệ hài lòng là tỷ lệ không gia quyền; tỷ lệ gia quyền theo số hồ sơ in riêng ở mục II."


def _late(report: QuarterlyReport) -> str:
    closed = (
        f"Số liệu được chốt ngày {date_text(local_day(report.edition.closed_at))}. " if report.edition else ""
    )
    return (
        f"{closed}Phiếu nhận sau khi chốt ghi vào quý của phiếu và đếm riêng là “phiếu đến muộn”; số đã công "
        f"bố chỉ đổi qua bản đính chính có số thứ tự và lý do. {_late_count(report)}".rstrip()
    )


def _late_count(report: QuarterlyReport) -> str:
    """In tens, as it was frozen."""
    if report.late is None:
        return ""
    late = EditionCode.parse(report.late.edition)
    count = f"khoảng {number(report.late.count)}" if report.late.count else "dưới 10"
    since = f" của {late.label}, nhận từ khi chốt kỳ đó đến khi chốt kỳ này"
    if late.period == report.quarter:
        # Of a correction both would be called by the same quarter.
        since = ", nhận từ khi chốt bản trước đến khi chốt bản này"
    rounded = ", làm tròn xuống hàng chục" if report.late.count else ""
    return f"Phiếu đến muộn{since}: {count} phiếu{rounded}."
