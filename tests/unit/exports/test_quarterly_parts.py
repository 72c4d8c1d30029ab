"""Parts of the quarterly report that may or may not have data: honest words, never invented numbers."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from exports.quarterly import QuarterlyReport, render_quarterly
from exports.report_input import AgencyProcedure
from surveys.external_index import ExternalIndex
from surveys.feedback import FeedbackRow, FeedbackStatus, FeedbackTable
from surveys.figures import (
    HIDDEN,
    AsideFigures,
    Cell,
    DoorFigures,
    Place,
    PlaceFigures,
    QuestionFigures,
    ReviewFigures,
)
from surveys.improvements import Improvement
from surveys.lateness import LateNote
from surveys.scoring import Channel, Phase
from tests.support.reports import agency_report, nation_report, place_figures, plan_of, province_report


def text_of(report: QuarterlyReport) -> str:
    pages = PdfReader(io.BytesIO(render_quarterly(report))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


def section(text: str, start: str, end: str) -> str:
    """What stands between two headings; the table of contents has them too, and comes last on its page."""
    return max(re.findall(rf"{re.escape(start)}(.*?){re.escape(end)}", text), key=len)


FEEDBACK = FeedbackTable(
    (
        FeedbackRow(
            "Hệ thống chậm, lỗi",
            ((FeedbackStatus.RECEIVED, 12), (FeedbackStatus.IN_PROGRESS, 20), (FeedbackStatus.ANSWERED, 31)),
            on_time=28,
            late=13,
        ),
        FeedbackRow("Trễ hẹn", ((FeedbackStatus.RECEIVED, None), (FeedbackStatus.ANSWERED, 17)), None, None),
    ),
    tuple(f"Ý kiến số {at}" for at in range(15)),
)


def test_feedback_is_told_by_theme_and_state_and_a_hidden_count_hides_its_sum() -> None:
    text = text_of(replace(agency_report(), feedback=FEEDBACK))

    table = section(text, "VII. Góp ý, phản ánh, kiến nghị", "Bảng 10.")
    assert "Hệ thống chậm, lỗi 63 12 20 31 0 0 28 13" in table
    assert "Trễ hẹn bm bm 0 17 0 0 bm bm" in table
    assert all(status.value in table for status in FeedbackStatus)


def test_published_comments_are_quoted_and_the_rest_is_counted() -> None:
    text = text_of(replace(agency_report(), feedback=FEEDBACK))

    assert "- “Ý kiến số 11”" in text
    assert "Ý kiến số 12" not in text
    assert "Còn 3 ý kiến khác" in text


def test_without_feedback_the_table_says_so() -> None:
    assert "Bảng 9. Góp ý, phản ánh, kiến nghị theo nhóm vấn đề Chưa có số liệu" in text_of(agency_report())
    nothing = text_of(replace(agency_report(), feedback=FeedbackTable()))
    assert "không có góp ý, phản ánh, kiến nghị nào được phân nhóm" in nothing
    assert "Không có ý kiến nào đã được duyệt để trích đăng" in nothing


def test_outside_indices_stand_apart_with_source_and_warning() -> None:
    index = ExternalIndex(
        "Tỷ lệ hài lòng trong giải quyết thủ tục", Decimal("98.70"), "%", "Cổng Dịch vụ công quốc gia",
        "quý III năm 2026",
    )  # fmt: skip
    text = text_of(replace(agency_report(), indices766=(index,)))

    table = section(text, "Bảng 10.", "VIII. Tiếp cận tại nhà")
    assert "98,70 %" in table
    assert "Cổng Dịch vụ công quốc gia" in table
    warning = "Không con số nào ở đây so sánh trực tiếp được với tỷ lệ hài lòng khảo sát"
    assert warning in table
    assert warning in section(text_of(agency_report()), "Bảng 10.", "VIII.")


def test_visits_at_home_are_those_of_the_field_channel() -> None:
    report = agency_report()
    field = next(item for item in report.figures.channels if item.channel is Channel.FIELD)
    assert str(field.cell.n) in section(text_of(report), "Bảng 11.", "IX.")

    others = tuple(item for item in report.figures.channels if item.channel is not Channel.FIELD)
    without = replace(report, figures=replace(report.figures, channels=others))
    assert "không có đợt phỏng vấn tại nhà nào" in section(text_of(without), "Bảng 11.", "IX.")


@pytest.mark.parametrize(
    ("counts", "n", "told"),
    [
        ((("yes", 96), ("no", 24)), 120, "80,0 % có người biết dùng VNeID để nộp hồ sơ (n = 120)"),
        ((("yes", 20), ("no", 9)), 29, "n = 29, chưa đủ phiếu để nêu tỷ lệ"),
        (None, 0, "trong hộ: không công bố"),
        ((), 0, "không phiếu có đánh giá nào trả lời câu ấy"),
    ],
)
def test_who_can_use_vneid_is_told_as_far_as_the_sealed_answers_say(
    counts: tuple[tuple[str, int], ...] | None, n: int, told: str
) -> None:
    report = agency_report()
    options = (("yes", "Có"), ("no", "Không"))
    asked = QuestionFigures("vneid_user", "Có người biết dùng VNeID không?", None, n, counts, options)
    own = replace(report.figures, questions=() if counts == () else (*report.figures.questions, asked))
    field = section(text_of(replace(report, figures=own)), "Bảng 11.", "IX.")
    assert told in field and "Lý do chưa nộp trực tuyến chỉ hỏi ở hộ chưa nộp" in field
    assert ("không phải tỷ lệ của mọi hộ" in field) is (n == 120)


def visited(figures: PlaceFigures, doors: DoorFigures | None, *, withheld: bool = False) -> PlaceFigures:
    channels = tuple(
        replace(part, withheld=withheld, offered=doors and doors.asked, answered=doors and doors.interviews)
        if part.channel is Channel.FIELD
        else part
        for part in figures.channels
    )
    return replace(figures, channels=channels, doors=doors)


def test_doors_are_told_by_place_as_interviews_refusals_and_absences() -> None:
    report = province_report(communes=3)
    communes = [child for child in report.children if child.place.kind == "commune" and child.channels]
    told, withheld = communes[0].place.code, communes[1].place.code
    children = tuple(
        visited(child, DoorFigures(60, 25, 15)) if child.place.code == told
        else visited(child, None, withheld=True) if child.place.code == withheld
        else child
        for child in report.children
    )  # fmt: skip
    own = visited(report.figures, DoorFigures(1060, 100, 90))
    table = section(text_of(replace(report, figures=own, children=children)), "Bảng 11.", "IX.")

    assert "1.250 1.060 100 90 84,8 %" in table
    assert "100 60 25 15 60,0 %" in table
    assert "bm bm bm bm bm" in table
    assert "từ số hộ sẽ tính ra số phiếu đang ẩn" in table
    assert "sở, ban, ngành không có số hộ" in table
    assert "số hộ từ chối" not in table
    # The third commune has interviews that came from a file.
    unknown = "Xã hoặc tỉnh ghi “–” ở các cột số hộ"
    assert unknown in table
    known = tuple(child for child in children if child.place.code in (told, withheld))
    assert unknown not in section(text_of(replace(report, figures=own, children=known)), "Bảng 11.", "IX.")


def test_a_department_says_why_its_interviews_have_no_response_rate() -> None:
    """Who did not open the door did not say about whom: no share of the doors is invented."""
    text = text_of(agency_report())
    reason = "hộ từ chối hoặc vắng nhà không cho biết sẽ đánh giá cơ quan nào"
    for start, end in (("Bảng 1a.", "Bảng 1b."), ("Bảng 11.", "IX.")):
        assert reason in section(text, start, end)
    field = section(text, "Bảng 11.", "IX.")
    assert "– – – – –" in field
    commune = replace(agency_report().figures, place=Place("03646", "UBND xã Mường Bám", "commune", "14"))
    assert reason not in text_of(replace(agency_report(), figures=commune))


def test_what_was_done_answers_what_was_said_and_what_is_planned_has_a_day() -> None:
    items = (
        Improvement("Phải khai lại thông tin.", "Nối cơ sở dữ liệu dân cư", "Sở Y tế", done=date(2026, 9, 4)),
        Improvement("Trễ hẹn", "Nhắn tin khi trễ", "Sở Tư pháp", due=date(2026, 12, 31)),
        Improvement("Phí cao", "Trình giảm phí", "Sở Tài chính", due=date(2026, 9, 30)),
    )
    text = text_of(replace(agency_report(), improvements=items, more_improvements=1234))
    assert f"nêu {len(items)} việc có hạn sớm nhất, chưa nêu 1.234 việc khác" in text
    assert "chưa nêu" not in text_of(replace(agency_report(), improvements=items))

    done = "Ông/Bà nói: Phải khai lại thông tin. Chúng tôi làm: Nối cơ sở dữ liệu dân cư (Sở Y tế, xong ngày"
    assert f"- {done} 04/09/2026)." in text
    assert "Trễ hẹn Nhắn tin khi trễ Sở Tư pháp 31/12/2026 Phí cao" in text
    assert "Trình giảm phí Sở Tài chính 30/09/2026 quá hạn, chưa ghi là xong" in text
    assert "Cơ quan chưa nêu giải pháp nào cho quý tới" in text_of(agency_report())


def test_a_province_lists_procedures_by_agency_and_never_adds_them_up() -> None:
    same = Place("1.000001", "Cấp giấy phép lái xe", "procedure")
    big, small = Cell(False, 60, 30, 60.0), Cell(False, 45, 44, 45.0)
    report = replace(
        province_report(communes=2),
        procedures=(
            AgencyProcedure("Sở Xây dựng", same, big),
            AgencyProcedure("Công an tỉnh", same, small),
            AgencyProcedure("Sở Y tế", Place("1.000009", "Thủ tục nhỏ", "procedure"), HIDDEN),
        ),
    )
    text = text_of(report)

    largest = section(text, "Bảng 6.", "Bảng 7.")
    assert "Cấp giấy phép lái xe Sở Xây dựng 60 50,0 %" in largest
    assert "Cấp giấy phép lái xe Công an tỉnh 45 97,8 %" in largest
    assert "105" not in largest
    assert "không cộng giữa các cơ quan" in largest
    below = section(text, "Bảng 7.", "VI. Năm yếu tố")
    assert "Sở Xây dựng" in below
    assert "Công an tỉnh" not in below
    assert "Thủ tục nhỏ" not in text


def test_more_procedures_below_the_target_than_fit_are_counted() -> None:
    cell = Cell(False, 60, 30, 60.0)
    many = tuple(
        AgencyProcedure(f"Cơ quan {at:02}", Place("1.000001", "Thủ tục", "procedure"), cell)
        for at in range(45)
    )
    text = text_of(replace(province_report(communes=2), procedures=many))

    assert "dưới chỉ tiêu, theo từng cơ quan (40 dòng nhiều phiếu nhất)" in text
    assert "Còn 5 dòng khác" in section(text, "Bảng 7.", "VI. Năm yếu tố")


def test_communes_stand_in_the_third_annex_hidden_cells_hidden() -> None:
    report = province_report(communes=40)
    text = text_of(report)
    annex = text[text.rindex("SỐ LIỆU CẤP XÃ") :]
    hidden = [child for child in report.children if child.place.kind == "commune" and child.official.hidden]

    assert hidden
    for child in hidden:
        assert f"{child.place.name.replace('Ủy ban nhân dân', 'UBND')} bm bm bm bm bm" in annex
    assert "ở Bảng 5b, Phụ lục III" in text


def test_an_annex_of_one_sentence_takes_no_page_of_its_own() -> None:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(render_quarterly(agency_report()))).pages]
    third = next(page for page in pages if "SỐ LIỆU CẤP XÃ" in page)
    assert "CÔNG THỨC VÀ NGƯỠNG" in third


def test_the_nation_lists_the_communes_of_each_province() -> None:
    report = nation_report(provinces=2, communes=3)
    text = text_of(report)
    annex = text[text.rindex("SỐ LIỆU CẤP XÃ") :]

    assert "Bảng III.1. Kết quả theo Ủy ban nhân dân cấp xã, tỉnh Thử 1" in annex
    assert "Bảng III.2. Kết quả theo Ủy ban nhân dân cấp xã, tỉnh Thử 2" in annex
    assert annex.count("UBND xã Thử Nghiệm 3") == 2


def test_answers_set_aside_are_told_with_what_two_persons_decided() -> None:
    report = province_report(communes=2)
    figures = replace(
        report.figures,
        set_aside=(("honeypot", 12), ("too-fast", None)),
        aside=(AsideFigures(Channel.QR, Phase.AFTER_RESULT, 12),),
        reviews=(ReviewFigures("honeypot", 11, None),),
    )
    table = section(text_of(replace(report, figures=figures)), "Bảng 1b.", "Nguồn")

    assert "Có dấu hiệu máy tự gửi 12 11 bm" in table
    assert "Trả lời nhanh bất thường bm – –" in table


def test_open_channels_stand_under_a_line_of_their_own() -> None:
    table = section(text_of(agency_report()), "Bảng 1a.", "Bảng 1b.")
    official, apart = table.split("In riêng, không tính vào tỷ lệ chính thức")

    assert "Gộp các kênh đã xác minh" in official
    assert "Mã QR niêm yết" in apart
    assert "Trang đánh giá mở (vừa nộp hồ sơ xong)" in apart


def test_the_note_on_method_is_made_from_the_figures() -> None:
    report = agency_report()
    text = section(text_of(report), "I. Phạm vi, phương pháp", "II. Kết quả chung")
    assert (
        "dựa trên 640 phiếu hợp lệ của các kênh: liên kết một lần gửi theo hồ sơ; phỏng vấn tại nhà" in text
    )
    assert "Tỷ lệ trả lời là 26,7 %" in text
    assert "Chưa đủ số hồ sơ theo nhóm để tính tỷ lệ gia quyền" in text
    assert "phiếu đến muộn" in text

    unknown = replace(report, figures=replace(report.figures, response_rate=None))
    assert "Chưa biết tỷ lệ trả lời" in text_of(unknown)


@pytest.mark.parametrize(
    ("note", "told"),
    [
        (
            LateNote("2026-Q2", 20),
            "Phiếu đến muộn của quý II năm 2026, nhận từ khi chốt kỳ đó đến khi chốt kỳ này: khoảng 20 "
            "phiếu, làm tròn xuống hàng chục.",
        ),
        (
            LateNote("2026-Q3", 0),
            "Phiếu đến muộn, nhận từ khi chốt bản trước đến khi chốt bản này: dưới 10 phiếu.",
        ),
    ],
)
def test_late_answers_are_told_from_one_closing_to_the_next(note: LateNote, told: str) -> None:
    assert told in text_of(replace(agency_report(), late=note))


def test_the_report_names_the_decision_and_the_plan_that_ask_for_it() -> None:
    asked = "Báo cáo lập theo mục II.10.b Quyết định số 1565/QĐ-TTg ngày 18/7/2025 của Thủ tướng Chính phủ"
    assert f"{asked} và Kế hoạch số 169/KH-UBND ngày 12/8/2025. Kỳ số liệu" in text_of(agency_report())
    assert f"{asked}. Kỳ số liệu" in text_of(replace(agency_report(), plan=plan_of(None)))
    assert asked not in text_of(replace(agency_report(), plan=None))


def test_a_province_whose_communes_alone_answered_has_one_table_of_places() -> None:
    report = province_report(communes=5)
    communes = tuple(child for child in report.children if child.place.kind == "commune")
    text = text_of(replace(report, children=communes))

    assert "Bảng 5. Kết quả theo Ủy ban nhân dân cấp xã" in text
    assert "Bảng 5b" not in text


def test_a_place_with_no_answer_at_all_prints_dashes_and_reasons() -> None:
    report = agency_report()
    empty = place_figures(report.figures.place, "2026-Q3", 0, 0.9)
    text = text_of(replace(report, figures=empty, history=(empty,)))
    body = text[: text.index("Trên đây là báo cáo")]

    assert "Chưa có phiếu nào quý III năm 2026" in body
    assert not re.search(r"n = [1-9]", body)
    assert "Nguồn: khảo sát người dân, doanh nghiệp; chưa có phiếu." in body


def test_factors_that_nobody_rated_have_no_drawing_of_empty_axes() -> None:
    report = agency_report()
    factors = tuple(replace(factor, cell=Cell(False, 0, 0, 0.0)) for factor in report.figures.factors)
    assert factors
    text = text_of(replace(report, figures=replace(report.figures, factors=factors)))
    drawn = section(text, "Biểu đồ 5.", "VII.")
    assert "Chưa đủ phiếu để so sánh các yếu tố với nhau." in drawn and "n ghi ở cuối" not in drawn
    assert "n ghi ở cuối" in section(text_of(report), "Biểu đồ 5.", "VII.")
