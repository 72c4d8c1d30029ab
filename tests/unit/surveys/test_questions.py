from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest

from surveys.definition_shape import questionnaire_schema
from surveys.problems import MESSAGES, Problem
from surveys.questionnaire import Questionnaire
from surveys.questions import KINDS, Condition, Localised, has_control


def test_a_text_falls_back_to_vietnamese() -> None:
    label = Localised.of({"vi": "Hài lòng", "en": "Satisfied"})
    assert label.get("en") == "Satisfied"
    assert label.get("tay") == "Hài lòng"
    assert label.languages == ("en", "vi")


def test_the_published_schema_knows_exactly_the_registered_kinds() -> None:
    types = questionnaire_schema()["$defs"]["question"]["properties"]["type"]["enum"]
    assert set(types) == set(KINDS)


def test_a_scale_offers_level_five_first_and_its_extra_option_last(cot_loi: Questionnaire) -> None:
    officer = cot_loi.question("officer")
    assert [option.value for option in officer.offered] == ["5", "4", "3", "2", "1", "not_met"]
    assert officer.offered[0].label.get("vi") == "Rất hài lòng"


@pytest.mark.parametrize(("sent", "stored"), [("5", 5), ("1", 1), (" 3 ", 3), ("not_met", "not_met")])
def test_a_scale_stores_the_level_or_the_code_of_the_extra_option(
    cot_loi: Questionnaire, sent: str, stored: object
) -> None:
    answer = cot_loi.question("officer").parse([sent])
    assert answer == stored
    assert type(answer) is type(stored)


@pytest.mark.parametrize("sent", ["0", "6", "-1", "05", "+5", "99999999999999999999"])
def test_a_number_that_is_no_level_is_out_of_range(cot_loi: Questionnaire, sent: str) -> None:
    problem = cot_loi.question("satisfaction").parse([sent])
    assert problem == Problem("satisfaction", "out-of-range", "level-range")


@pytest.mark.parametrize("sent", ["5.0", "٥", "５", "not_met", "Rất hài lòng", "5\0"])
def test_what_is_no_level_at_all_is_an_unknown_option(cot_loi: Questionnaire, sent: str) -> None:
    problem = cot_loi.question("satisfaction").parse([sent])
    assert isinstance(problem, Problem)
    assert problem.rule == "unknown-option"


@pytest.mark.parametrize("question_id", ["overall", "way", "comment"])
def test_a_question_with_one_answer_refuses_two_even_equal_ones(
    small: Questionnaire, question_id: str
) -> None:
    problem = small.question(question_id).parse(["5", "5"])
    assert isinstance(problem, Problem)
    assert problem.rule == "several"


def test_several_choices_are_stored_sorted_and_once(small: Questionnaire) -> None:
    assert small.question("wishes").parse(["c", "a", "c", ""]) == ["a", "c"]


def test_more_choices_than_allowed_are_refused_with_the_limit(small: Questionnaire) -> None:
    problem = small.question("wishes").parse(["a", "b", "c"])
    assert isinstance(problem, Problem)
    assert problem.message() == "Hãy chọn không quá 2 phương án"


def test_one_unknown_choice_spoils_the_answer(small: Questionnaire) -> None:
    problem = small.question("wishes").parse(["a", "z"])
    assert isinstance(problem, Problem)
    assert problem.rule == "unknown-option"


def test_blank_values_are_no_answer(small: Questionnaire) -> None:
    for question in small.questions:
        assert question.parse([]) is None
        assert question.parse(["", "  \n"]) is None


@pytest.mark.parametrize(
    ("question_id", "words"),
    [
        ("overall", "Hãy chọn một mức"),
        ("way", "Hãy chọn một phương án"),
        ("wishes", "Hãy chọn ít nhất một phương án"),
        ("comment", "Hãy viết câu trả lời"),
    ],
)
def test_a_lacking_required_answer_is_asked_for_in_words_of_its_kind(
    small: Questionnaire, question_id: str, words: str
) -> None:
    problem = replace(small.question(question_id), required=True).parse([" "])
    assert isinstance(problem, Problem)
    assert (problem.rule, problem.message()) == ("required", words)


def test_decomposed_vietnamese_is_stored_composed(small: Questionnaire) -> None:
    decomposed = unicodedata.normalize("NFD", "Rất tuyệt")
    assert small.question("comment").parse([f"  {decomposed} "]) == "Rất tuyệt"


def test_line_ends_become_one_character_and_tabs_become_spaces(small: Questionnaire) -> None:
    assert small.question("comment").parse(["a\r\nb\rc\td"]) == "a\nb\nc d"


def test_the_length_is_counted_in_composed_characters(small: Questionnaire) -> None:
    comment = small.question("comment")
    assert comment.parse([unicodedata.normalize("NFD", "ệ" * 20)]) == "ệ" * 20
    problem = comment.parse(["ệ" * 21])
    assert isinstance(problem, Problem)
    assert problem.message() == "Góp ý dài quá 20 ký tự; hãy viết ngắn lại"
    assert problem.message("en") == "The comment is longer than 20 characters; make it shorter"


def test_a_hundred_kilobytes_are_simply_too_long(small: Questionnaire) -> None:
    problem = small.question("comment").parse(["\0x" * 50_000])
    assert isinstance(problem, Problem)
    assert problem.rule == "too-long"


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\ud800", "\udfff"])
def test_control_characters_and_lone_surrogates_are_refused(small: Questionnaire, character: str) -> None:
    problem = small.question("comment").parse([f"a{character}b"])
    assert isinstance(problem, Problem)
    assert problem.rule == "control-character"


def test_exactly_the_controls_of_unicode_but_the_line_feed_are_controls() -> None:
    found = {code for code in range(0x110000) if has_control(chr(code))}
    wanted = {code for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cs")}
    assert found == wanted - {ord("\n")}


def test_emoji_and_their_joiners_are_text(small: Questionnaire) -> None:
    assert small.question("comment").parse(["👨‍👩‍👧 tốt"]) == "👨‍👩‍👧 tốt"


def test_missing_answers_are_known_to_the_question(cot_loi: Questionnaire) -> None:
    assert cot_loi.question("officer").is_missing("not_met")
    assert cot_loi.question("submit_time").is_missing("forgot")
    assert cot_loi.question("access").is_missing(None)
    assert cot_loi.question("reasons").is_missing([])
    assert not cot_loi.question("officer").is_missing(1)
    assert not cot_loi.question("result_time").is_missing("not_yet")
    assert not cot_loi.question("reasons").is_missing(["other"])


def test_no_answer_is_none_of_the_values_of_a_condition() -> None:
    assert not Condition("way", ("online",)).holds({})
    assert Condition("way", ("online",), negated=True).holds({})


def test_a_condition_on_several_choices_holds_when_one_of_them_does() -> None:
    condition = Condition("wishes", ("a",))
    assert condition.holds({"wishes": ["a", "b"]})
    assert not condition.holds({"wishes": ["b"]})


def test_every_message_is_composed_vietnamese_with_an_english_translation() -> None:
    for words in MESSAGES.values():
        assert set(words) == {"vi", "en"}
        assert unicodedata.is_normalized("NFC", words["vi"])
        assert words["vi"].startswith(("Hãy", "Góp ý"))
