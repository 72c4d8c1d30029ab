"""The core questionnaire says what it must say, word by word."""

from __future__ import annotations

from fractions import Fraction

import pytest

from surveys.questionnaire import Questionnaire

WORDS = {
    "satisfaction": "Ông/Bà hài lòng như thế nào với dịch vụ công trực tuyến vừa sử dụng?",
    "submit_time": "Từ lúc đăng nhập đến khi nộp xong hồ sơ mất bao lâu?",
    "prefilled": "Biểu mẫu có tự điền sẵn thông tin của Ông/Bà không?",
    "result_time": "Ông/Bà nhận kết quả khi nào?",
    "access": "Tìm và truy cập dịch vụ",
    "paperwork": "Thủ tục, giấy tờ phải nộp",
    "officer": "Người tiếp nhận, hướng dẫn",
    "result": "Kết quả nhận được",
    "feedback": "Tiếp nhận, trả lời góp ý",
    "comment": "Ông/Bà muốn cải thiện điều gì?",
}
LEVELS = ["Rất hài lòng", "Hài lòng", "Bình thường", "Không hài lòng", "Rất không hài lòng"]
OPTIONS = {
    "satisfaction": LEVELS,
    "submit_time": [
        "Dưới 5 phút", "Từ 5 đến dưới 8 phút", "Từ 8 đến dưới 15 phút", "Từ 15 phút trở lên", "Không nhớ",
    ],
    "prefilled": ["Có, gần đủ", "Có, một phần", "Không", "Không để ý"],
    "result_time": ["Sớm hơn hẹn", "Đúng hẹn", "Trễ hẹn", "Chưa nhận kết quả"],
    "access": LEVELS,
    "paperwork": LEVELS,
    "officer": [*LEVELS, "Không tiếp xúc"],
    "result": LEVELS,
    "feedback": [*LEVELS, "Chưa góp ý"],
    "reasons": [
        "Khó đăng nhập VNeID", "Hệ thống chậm, lỗi", "Phải khai lại thông tin đã có",
        "Bị yêu cầu nộp thêm giấy tờ", "Phải đi lại trực tiếp", "Trễ hẹn, không được thông báo",
        "Thái độ phục vụ", "Lỗi thanh toán", "Khác",
    ],
    "comment": [],
}  # fmt: skip


def test_it_has_its_name_its_languages_and_its_greeting(cot_loi: Questionnaire) -> None:
    assert cot_loi.name == "COT_LOI 1.0"
    assert cot_loi.languages == ("vi", "en")
    assert cot_loi.intro.get("vi") == (
        "Kính mời Ông/Bà đánh giá dịch vụ vừa sử dụng. Phiếu ẩn danh, chưa đến 1 phút."
    )
    assert cot_loi.thanks.get("vi") == "Cảm ơn Ông/Bà. Ý kiến sẽ được tổng hợp, công bố hằng quý."


@pytest.mark.parametrize(("question_id", "words"), WORDS.items())
def test_a_question_reads_as_agreed(cot_loi: Questionnaire, question_id: str, words: str) -> None:
    assert cot_loi.question(question_id).label.get("vi") == words


def test_every_question_offers_the_agreed_answers_in_their_order(cot_loi: Questionnaire) -> None:
    offered = {question.id: [option.label.get("vi") for option in question.offered]
               for question in cot_loi.questions}  # fmt: skip
    assert offered == OPTIONS


def test_the_factor_rows_stand_under_one_heading(cot_loi: Questionnaire) -> None:
    assert [row.id for row in cot_loi.factors] == ["access", "paperwork", "officer", "result", "feedback"]
    assert {row.group for row in cot_loi.factors} == {"factors"}
    assert cot_loi.group("factors").label.get("vi") == "Ông/Bà hài lòng như thế nào về:"
    assert cot_loi.rotation is not None
    assert (cot_loi.rotation.pick, cot_loi.rotation.more.get("vi")) == (3, "Đánh giá thêm")


def test_bands_of_time_have_their_middles(cot_loi: Questionnaire) -> None:
    middles = [option.minutes for option in cot_loi.question("submit_time").options]
    assert middles == [Fraction(5, 2), Fraction(13, 2), Fraction(23, 2), Fraction(20), None]


def test_just_these_answers_count_as_missing(cot_loi: Questionnaire) -> None:
    missing = {
        option.value for question in cot_loi.questions for option in question.offered if option.missing
    }
    assert missing == {"forgot", "unnoticed", "not_met", "no_feedback"}


def test_the_open_question_asks_for_no_personal_data(cot_loi: Questionnaire) -> None:
    comment = cot_loi.question("comment")
    assert comment.max_length == 500
    assert comment.hint is not None
    assert "Vui lòng không ghi họ tên, số căn cước, số điện thoại" in comment.hint.get("vi")
    assert [question.id for question in cot_loi.questions if question.required] == ["satisfaction"]


def test_the_english_form_leaves_nothing_in_vietnamese(cot_loi: Questionnaire) -> None:
    for question in cot_loi.questions:
        for text in (question.label, *(option.label for option in question.offered)):
            assert text.get("en") != text.get("vi")
