"""The questionnaire on paper."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from app.ui.yaml_marks import parse_yaml
from exports.faces import PATHS, SIDE, commands
from exports.interview_sheet import InterviewSheet, interview_sheet
from exports.paper_words import MOST_FORMS, SheetWords
from surveys.definition import load
from surveys.questionnaire import Questionnaire
from tests.support.documents import flat

ROOT = Path(__file__).parents[3]
WORDS = SheetWords(
    form="Phiếu số {number}",
    page="Phiếu {number} · trang {page}/{of}",
    fields=((("Thôn, bản:", 0.6), ("Mã thành viên:", 0.4)),),
    only_if="Chỉ hỏi khi câu {question} là {answers}.",
    choose_any="Chọn được nhiều.",
    end="Xem lại đủ các câu trước khi chào hộ.",
)


@pytest.fixture(scope="module", params=["tai_nha", "cot_loi"])
def form(request: pytest.FixtureRequest) -> Questionnaire:
    text = (ROOT / "surveys" / "catalogue" / f"{request.param}.yaml").read_text(encoding="utf-8")
    return load(parse_yaml(text)[0])


def made(form: Questionnaire, *numbers: str) -> bytes:
    return interview_sheet(InterviewSheet(form, "vi", "Đợt quý IV", "Phường Tô Hiệu", numbers, WORDS))


def test_every_question_and_answer_is_printed_and_every_page_says_whose_it_is(form: Questionnaire) -> None:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made(form, "0007", "0008"))).pages]
    each = len(pages) // 2
    assert all("Phiếu số 0007" in page and "0008" not in page for page in pages[:each])
    assert all("Phiếu số 0008" in page and "0007" not in page for page in pages[each:])
    text = flat(" ".join(pages[:each]))
    for question in form.questions:
        assert question.label.get("vi") in text
        assert all(option.label.get("vi") in text for option in question.offered)
    assert f"trang {each}/{each}" in text


def test_who_is_asked_stands_under_the_question(form: Questionnaire) -> None:
    text = flat(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(made(form, "1"))).pages))
    expected = {
        "TAI_NHA": "Chỉ hỏi khi câu 1 là “Có”.",
        "COT_LOI": "Chỉ hỏi khi câu 4 là “Sớm hơn hẹn” / “Đúng hẹn” / “Trễ hẹn”.",
    }
    assert expected[form.code] in text


def test_fonts_are_embedded_and_the_same_forms_are_the_same_bytes(form: Questionnaire) -> None:
    first = made(form, "1")
    assert first == made(form, "1")
    fonts = PdfReader(io.BytesIO(first)).pages[0]["/Resources"]["/Font"]
    used = [font.get_object() for font in fonts.values()]
    embedded = [
        font for font in used if font.get("/FontDescriptor") and "/FontFile2" in font["/FontDescriptor"]
    ]
    assert len(embedded) >= 3


def test_a_slip_to_tear_off_bears_its_code_and_not_the_number(form: Questionnaire) -> None:
    words = replace(WORDS, slip_asked="Hộ đồng ý", slip_title="Phiếu hẹn · mã {slip}", slip_text="Giữ lại")
    numbers, slips = ("0007", "0008"), ("K7M29QXA", "ABCDEFGH")
    sheet = InterviewSheet(form, "vi", "Đợt", "Phường", numbers, words, slips=slips)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(interview_sheet(sheet))).pages]
    last = pages[len(pages) // 2 - 1]
    assert last.count("Phiếu hẹn · mã K7M2 9QXA") == 2 and last.count("Hộ đồng ý") == 1
    # Once in the head, which stays with the form.
    assert last.count("0007") == 1
    assert pages[-1].count("mã ABCD EFGH") == 2


@pytest.mark.parametrize("count", [0, MOST_FORMS + 1])
def test_no_more_forms_than_a_ream_and_no_fewer_than_one(form: Questionnaire, count: int) -> None:
    with pytest.raises(ValueError, match="forms"):
        made(form, *map(str, range(count)))


def test_faces_are_those_of_the_survey_page() -> None:
    sprite = (ROOT / "app" / "templates" / "responding" / "_faces.svg").read_text(encoding="utf-8")
    drawn = dict(re.findall(r'<symbol id="f(\d)"[^>]*><circle[^>]*/><path d="([^"]+)"', sprite))
    assert drawn == {str(level): path for level, path in PATHS.items()}


def test_every_stroke_of_a_face_is_understood() -> None:
    numbers = {"M": 2, "v": 1, "h": 1, "q": 4, "z": 0}
    for path in PATHS.values():
        read = list(commands(path))
        assert all(len(values) == numbers[letter] for letter, values in read)
        assert "".join(letter for letter, _ in read) == re.sub(r"[^Mvhqz]", "", path)
        assert all(abs(value) < SIDE for _, values in read for value in values)
