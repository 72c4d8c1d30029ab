"""The November report: basis, deadline, targets of the year, and the road to the next."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from exports.assessment import AssessmentReport, render_assessment
from exports.duties import deadline_sentence, leading_roles
from surveys.figures import HIDDEN, Place
from tests.support.reports import assessment_report, place_figures

FEW = Place("14", "Tỉnh Sơn La", "province", "VN")


def text_of(report: AssessmentReport) -> str:
    pages = PdfReader(io.BytesIO(render_assessment(report))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


@pytest.fixture(scope="module")
def of_2025() -> str:
    return text_of(assessment_report(2025, code="31"))


@pytest.fixture(scope="module")
def of_2026() -> str:
    return text_of(assessment_report(2026))


def test_the_legal_basis_names_decision_and_plan_and_leaves_a_gap(of_2025: str) -> None:
    assert "Căn cứ Quyết định số 1565/QĐ-TTg ngày 18 tháng 7 năm 2025 của Thủ tướng Chính phủ" in of_2025
    assert "Căn cứ Kế hoạch số 219/KH-UBND ngày 26 tháng 8 năm 2025" in of_2025
    assert "Văn bản số …………" in of_2025


def test_the_deadline_is_told_with_its_source() -> None:
    text = deadline_sentence(assessment_report(2025, code="31"))
    assert "Bộ Khoa học và Công nghệ" in text
    assert "trong tháng 11/2025" in text
    assert "219/KH-UBND" in text


def test_a_unit_of_hai_phong_sends_before_the_tenth_through_the_department() -> None:
    report = assessment_report(2025, province=False, code="31")
    assert report.plan is not None
    duty = next(item for item in report.plan.reports if item.code == "units_2025")
    text = deadline_sentence(replace(report, duty=duty))
    assert "qua Sở Khoa học và Công nghệ: trước ngày 10/11/2025" in text


def test_a_unit_without_a_deadline_of_its_own_is_not_told_that_of_its_province() -> None:
    text = deadline_sentence(assessment_report(2026, province=False))
    assert "không đặt thời hạn riêng cho báo cáo của cơ quan, đơn vị" in text
    assert "thời hạn gửi kết quả chung đến Bộ Khoa học và Công nghệ: trong tháng 11/2026" in text


def test_what_is_published_is_sent_to_nobody() -> None:
    report = assessment_report(2026)
    plan = report.plans["qg-1565"]
    duty = next(item for item in plan.reports if item.code == "publication_2026")
    text = deadline_sentence(replace(report, plan=plan, duty=duty))
    assert text.startswith("Thời hạn công bố kết quả đánh giá: trong tháng 12/2026 (Quyết định số 1565")


def test_a_plan_without_this_report_says_so() -> None:
    assert "không đặt thời hạn" in deadline_sentence(replace(assessment_report(), duty=None))


def test_what_was_concluded_is_marked() -> None:
    national = replace(assessment_report(), plan=assessment_report().plans["qg-1565"])
    assert dict(leading_roles(national))["TC4"] == "Bộ, ngành, địa phương (suy luận)"
    assert "“suy luận”: văn bản không nói rõ" in text_of(national)
    of_city = dict(leading_roles(assessment_report(2025, code="31")))
    assert of_city["TC4"] == "Các sở, ban, ngành; Ủy ban nhân dân cấp xã"


def test_targets_are_those_of_the_year(of_2025: str, of_2026: str) -> None:
    assert "Chỉ tiêu năm 2025" in of_2025
    assert "So với chỉ tiêu năm 2025 là từ 90 % trở lên" in of_2025
    assert "So với chỉ tiêu năm 2026 là từ 95 % trở lên" in of_2026


def test_the_report_of_2025_shows_the_road_to_2026(of_2025: str) -> None:
    assert "Khoảng cách đến các chỉ tiêu năm 2026" in of_2025
    assert "còn cách chỉ tiêu năm 2026 (từ 95 % trở lên)" in of_2025
    assert "chỉ tiêu năm 2026 (dưới 5 phút)" in of_2025
    assert "chỉ tiêu từ 30 % trở lên" in of_2025


def test_the_report_of_2026_knows_no_targets_of_2027(of_2026: str) -> None:
    assert "Kế hoạch chưa đặt chỉ tiêu cho năm 2027" in of_2026


def test_the_window_of_the_data_is_stated(of_2025: str) -> None:
    assert "từ ngày 01/01/2025 đến hết ngày 31/10/2025" in of_2025


def test_what_only_the_office_knows_is_left_to_it(of_2026: str) -> None:
    assert of_2026.count("(cơ quan báo cáo điền)") >= 7


def test_a_province_lists_its_agencies_without_a_change_against_a_quarter(of_2026: str) -> None:
    assert "Kết quả theo sở, ban, ngành" in of_2026
    assert "So với quý trước" not in of_2026


def test_an_agency_stands_beside_its_province_without_a_claim() -> None:
    text = text_of(assessment_report(2026, province=False))
    assert "phiếu hợp lệ của tỉnh Sơn La, tỷ lệ hài lòng là" in text
    assert "không phải là kết luận hơn kém" in text


def test_a_hidden_place_prints_no_rate() -> None:
    report = assessment_report(2026, province=False)
    hidden = replace(
        report.figures, official=HIDDEN, channels=(), factors=(), questions=(), apart=(), response_rate=None
    )
    text = text_of(replace(report, figures=hidden, history=(), above=None))
    assert "quá ít để công bố" in text
    assert "Chưa đạt" not in text.split("Phụ lục")[0]


def test_without_a_plan_the_basis_is_a_gap() -> None:
    assert "Không có kế hoạch nào đặt chỉ tiêu cho năm 2026" in text_of(
        replace(assessment_report(), plan=None)
    )


def test_the_forces_and_the_numbers_of_the_plan_are_there_to_be_filled_in(of_2025: str, of_2026: str) -> None:
    assert "Tổ công nghệ số cộng đồng ………… …………" in of_2026
    assert "Tỉnh đoàn Sơn La ………… …………" in of_2026
    assert "982 dịch vụ" in of_2026
    assert "Bản chưa phổ cập Internet băng rộng cáp quang 449 bản" in of_2026
    assert "Kế hoạch yêu cầu: tổng đài 1022 hỗ trợ, phục vụ người dân" in of_2025


def test_shortcomings_are_shortcomings_and_each_of_them_is_certain(of_2026: str) -> None:
    told = of_2026.split("VII. Tồn tại, nguyên nhân")[-1].split("Tồn tại và nguyên nhân theo từng nhóm")[0]
    assert "nhiều nhất" not in told
    assert "- Tỷ lệ hài lòng chưa đạt chỉ tiêu năm 2026 (từ 95 % trở lên), đủ căn cứ thống kê." in told
    few = replace(
        assessment_report(), children=(), figures=place_figures(FEW, "2026-01-01..2026-10-31", 22, 0.9)
    )
    assert "không cho thấy tồn tại nào đủ căn cứ thống kê" in text_of(few)


def test_times_that_are_hidden_are_not_said_to_be_missing() -> None:
    report = assessment_report(2026, province=False)
    asked = tuple(replace(question, counts=None) for question in report.figures.questions)
    text = text_of(replace(report, figures=replace(report.figures, questions=asked)))
    assert "Thời gian nộp hồ sơ (TC2): Không công bố vì số phiếu quá ít (“bm”)" in text


def test_the_title_names_an_agency_with_its_province() -> None:
    called = replace(assessment_report(2026, province=False), called="Sở Y tế tỉnh Sơn La")
    assert "năm 2026 của Sở Y tế tỉnh Sơn La" in text_of(called)


def test_a_level_of_safety_is_named_and_not_counted(of_2026: str) -> None:
    assert "giải quyết thủ tục hành chính cấp độ 3" in of_2026
    assert "3 cấp độ" not in of_2026


def test_each_criterion_has_a_part_of_its_own(of_2026: str) -> None:
    parts = ["1. Biểu mẫu điện tử", "2. Thời gian nộp", "3. Mức giảm thời gian giải", "4. Mức độ hài lòng"]
    places = [of_2026.index(part) for part in parts]
    assert places == sorted(places)
    first = of_2026[places[0] : places[1]]
    assert "ước lượng từ khảo sát nên không kết luận" in first


def test_links_of_whole_quarters_beside_answers_of_the_window_are_explained() -> None:
    report = assessment_report(2026, province=False)
    noted = replace(report.figures, notes={"response_rate_quarters": "2026-Q1 2026-Q2 2026-Q3"})
    text = text_of(replace(report, figures=noted))
    assert "(quý I năm 2026, quý II năm 2026, quý III năm 2026); số phiếu hợp lệ tính cả khoảng" in text
