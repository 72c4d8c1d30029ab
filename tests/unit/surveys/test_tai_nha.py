"""The interview at home says what was agreed, word by word, and leads to the agreed questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.answers import read_answers
from surveys.questionnaire import Questionnaire
from surveys.routing import asked
from surveys.scoring import Phase

GREETING = (
    "Chào Ông/Bà. Tôi là thành viên Tổ công nghệ số cộng đồng [thôn/bản/tổ dân phố]. Xin hỏi Ông/Bà vài câu "
    "về dịch vụ công trực tuyến, mất chưa đến 2 phút. Phiếu không ghi tên; Ông/Bà có thể từ chối bất cứ lúc "
    "nào."
)
WORDS = {
    "filed_online": (
        "Trong 3 tháng qua, Ông/Bà hoặc người trong nhà có nộp hồ sơ trực tuyến không?",
        ["Có", "Không"],
    ),
    "operator": (
        "Ai trực tiếp thao tác nộp?",
        ["Tự làm", "Người nhà", "Tổ CNSCĐ, đoàn viên", "Cán bộ Một cửa", "Dịch vụ làm thuê"],
    ),
    "satisfaction": (
        "Ông/Bà hài lòng như thế nào với dịch vụ công trực tuyến vừa sử dụng?",
        ["Rất hài lòng", "Hài lòng", "Bình thường", "Không hài lòng", "Rất không hài lòng"],
    ),
    "submit_time": (
        "Từ lúc đăng nhập đến khi nộp xong hồ sơ mất bao lâu?",
        ["Dưới 5 phút", "Từ 5 đến dưới 8 phút", "Từ 8 đến dưới 15 phút", "Từ 15 phút trở lên", "Không nhớ"],
    ),
    "result_time": (
        "Ông/Bà nhận kết quả khi nào?",
        ["Sớm hơn hẹn", "Đúng hẹn", "Trễ hẹn", "Chưa nhận kết quả"],
    ),
    "extra_trips": (
        "Ông/Bà có phải đi lại hoặc nộp thêm giấy tờ không?",
        ["Không", "1 lần", "Từ 2 lần trở lên"],
    ),
    "why_not": (
        "Vì sao chưa nộp trực tuyến?",
        [
            "Chưa có nhu cầu", "Không có điện thoại thông minh", "Không có mạng", "Chưa có VNeID mức 2",
            "Không biết cách làm", "Thích nộp trực tiếp", "Không yên tâm về thông tin", "Ngôn ngữ khó hiểu",
        ],
    ),
    "want_help": (
        "Ông/Bà có muốn được hướng dẫn không?",
        ["Có, ngay bây giờ", "Có, dịp khác", "Không"],
    ),
    "vneid_user": (
        "Trong nhà có ít nhất một người biết dùng VNeID để nộp hồ sơ không?",
        ["Có", "Không"],
    ),
    "comment": ("Ông/Bà muốn cải thiện điều gì?", []),
}  # fmt: skip
OF_BOTH = {"filed_online", "vneid_user", "comment"}
WHO_FILED = OF_BOTH | {"operator", "satisfaction", "submit_time", "result_time", "extra_trips"}
WHO_DID_NOT = OF_BOTH | {"why_not", "want_help"}


def test_it_has_its_name_its_greeting_and_asks_for_consent(tai_nha: Questionnaire) -> None:
    assert tai_nha.name == "TAI_NHA 1.0" and tai_nha.languages == ("vi", "en")
    assert tai_nha.intro.get("vi") == GREETING
    assert tai_nha.consent is not None
    assert [tai_nha.consent.agree.get("vi"), tai_nha.consent.refuse.get("vi")] == ["Đồng ý", "Từ chối"]


def test_every_question_reads_and_offers_as_agreed(tai_nha: Questionnaire) -> None:
    found = {
        question.id: (question.label.get("vi"), [option.label.get("vi") for option in question.offered])
        for question in tai_nha.questions
    }
    assert found == WORDS and list(found) == list(WORDS)


def test_the_questions_that_the_core_questionnaire_has_too_are_the_same(
    tai_nha: Questionnaire, cot_loi: Questionnaire
) -> None:
    """Figures of both are pooled, so the answers must mean the same."""
    for name in ("satisfaction", "submit_time", "result_time"):
        own, other = tai_nha.question(name), cot_loi.question(name)
        assert (own.label, own.offered, own.criterion) == (other.label, other.offered, other.criterion)
    assert tai_nha.phase_rule == cot_loi.phase_rule


@pytest.mark.parametrize(("filed", "expected"), [("yes", WHO_FILED), ("no", WHO_DID_NOT), (None, OF_BOTH)])
def test_the_first_answer_leads_on(tai_nha: Questionnaire, filed: str | None, expected: set[str]) -> None:
    answers = {} if filed is None else {"filed_online": filed}
    assert set(asked(tai_nha, answers, None)) == expected


def test_the_indicator_is_required_of_whom_it_is_asked(tai_nha: Questionnaire) -> None:
    filed = read_answers(tai_nha, {"filed_online": ["yes"]}, phase=None, assigned=())
    assert [(one.question_id, one.rule) for one in filed.problems] == [("satisfaction", "required")]
    did_not = read_answers(tai_nha, {"filed_online": ["no"]}, phase=None, assigned=())
    assert did_not.ok and did_not.phase is Phase.AFTER_RESULT
    silent = read_answers(tai_nha, {}, phase=None, assigned=())
    assert [problem.question_id for problem in silent.problems] == ["filed_online"]


def test_who_has_no_result_yet_has_just_submitted(tai_nha: Questionnaire) -> None:
    raw = {"filed_online": ["yes"], "satisfaction": ["4"], "result_time": ["not_yet"]}
    assert read_answers(tai_nha, raw, phase=None, assigned=()).phase is Phase.JUST_SUBMITTED


@given(st.data())
def test_whatever_a_phone_sends_only_what_was_asked_is_kept(
    tai_nha: Questionnaire, data: st.DataObject
) -> None:
    raw = {
        question.id: [data.draw(st.sampled_from([*question.by_value, "?", ""]))]
        for question in tai_nha.questions
        if question.type != "text"
    }
    reading = read_answers(tai_nha, raw, phase=None, assigned=())
    assert set(reading.answers) <= set(asked(tai_nha, reading.answers, None))
