from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.answers import Problem, Reading, as_raw, canonical_json, read_answers
from surveys.questionnaire import Questionnaire
from surveys.scoring import Phase

ASSIGNED = ("access", "officer", "result")


def read(questionnaire: Questionnaire, raw: dict[str, list[str]], phase: Phase | None = None) -> Reading:
    return read_answers(questionnaire, raw, phase=phase, assigned=ASSIGNED)


def test_a_whole_form_becomes_answers(cot_loi: Questionnaire) -> None:
    reading = read(
        cot_loi,
        {
            "id": ["0191"],
            "satisfaction": ["2"],
            "submit_time": ["5_to_8"],
            "prefilled": ["partly"],
            "result_time": ["late"],
            "access": ["4"],
            "officer": ["not_met"],
            "result": ["1"],
            "reasons": ["other", "attitude"],
            "comment": [" Chờ lâu quá.\r\n"],
        },
    )
    assert reading.ok
    assert reading.answers == {
        "satisfaction": 2,
        "submit_time": "5_to_8",
        "prefilled": "partly",
        "result_time": "late",
        "access": 4,
        "officer": "not_met",
        "result": 1,
        "reasons": ["attitude", "other"],
        "comment": "Chờ lâu quá.",
    }
    assert reading.phase is Phase.AFTER_RESULT


def test_only_the_indicator_is_required(cot_loi: Questionnaire) -> None:
    assert read(cot_loi, {"satisfaction": ["5"]}).ok
    assert read(cot_loi, {}).problems == (Problem("satisfaction", "required", "choose-level"),)


def test_every_problem_is_told_at_once_and_good_answers_are_kept(cot_loi: Questionnaire) -> None:
    reading = read(
        cot_loi,
        {
            "satisfaction": ["9"],
            "submit_time": ["an hour"],
            "prefilled": ["partly", "mostly"],
            "access": ["5"],
            "comment": ["x" * 501],
        },
    )
    assert [(problem.question_id, problem.rule) for problem in reading.problems] == [
        ("satisfaction", "out-of-range"),
        ("submit_time", "unknown-option"),
        ("prefilled", "several"),
        ("comment", "too-long"),
    ]
    assert reading.problems[-1].message() == "Góp ý dài quá 500 ký tự; hãy viết ngắn lại"
    assert reading.answers == {"access": 5}


def test_reasons_of_people_who_were_not_dissatisfied_are_ignored(cot_loi: Questionnaire) -> None:
    raw = {"satisfaction": ["3"], "reasons": ["attitude", "no such reason"]}
    assert read(cot_loi, raw).answers == {"satisfaction": 3}
    assert read(cot_loi, raw).ok


def test_an_answer_about_a_result_that_has_not_come_is_dropped(cot_loi: Questionnaire) -> None:
    reading = read(cot_loi, {"satisfaction": ["5"], "result_time": ["not_yet"], "result": ["7"]})
    assert reading.ok
    assert reading.answers == {"satisfaction": 5, "result_time": "not_yet"}
    assert reading.phase is Phase.JUST_SUBMITTED


def test_a_batch_of_the_just_submitted_drops_both_questions_on_the_result(cot_loi: Questionnaire) -> None:
    raw = {"satisfaction": ["5"], "result_time": ["early"], "result": ["5"]}
    assert read(cot_loi, raw, Phase.JUST_SUBMITTED).answers == {"satisfaction": 5}


def test_rows_that_were_not_drawn_are_kept_and_counted_apart(cot_loi: Questionnaire) -> None:
    reading = read(cot_loi, {"satisfaction": ["5"], "access": ["4"], "paperwork": ["3"], "feedback": ["2"]})
    assert reading.answers["paperwork"] == 3
    assert reading.assigned == ASSIGNED
    assert reading.volunteered == ("paperwork", "feedback")


def test_a_lone_string_is_one_value(cot_loi: Questionnaire) -> None:
    raw: Any = {"satisfaction": "5", "comment": "tốt"}
    assert read(cot_loi, raw).answers == {"satisfaction": 5, "comment": "tốt"}


def test_values_that_are_no_strings_are_refused(cot_loi: Questionnaire) -> None:
    raw: Any = {"satisfaction": [5], "reasons": [None], "comment": [b"x"], "access": [["5"]]}
    problems = read(cot_loi, raw | {"satisfaction": ["1"]}).problems
    assert [problem.question_id for problem in problems] == ["access", "reasons", "comment"]
    assert read(cot_loi, raw).problems[0].rule == "unknown-option"


def test_problems_never_repeat_what_was_sent(cot_loi: Questionnaire) -> None:
    reading = read(cot_loi, {"satisfaction": ["0912345678"], "comment": ["0912345678\0"]})
    assert len(reading.problems) == 2
    assert all("0912345678" not in repr(p) + p.message() for p in reading.problems)


def test_json_that_cannot_be_an_answer_is_refused_as_one(cot_loi: Questionnaire) -> None:
    raw = as_raw({"satisfaction": True, "submit_time": 2.5, "access": None, "comment": {"text": "a"}})
    assert [problem.question_id for problem in read(cot_loi, raw).problems] == [
        "satisfaction", "submit_time", "comment",
    ]  # fmt: skip


def test_equal_contents_are_equal_texts() -> None:
    assert canonical_json({"b": "Tốt", "a": [1, 2]}) == '{"a":[1,2],"b":"Tốt"}'
    assert canonical_json({"a": 1, "b": 2}) == canonical_json({"b": 2, "a": 1})


@pytest.mark.parametrize("words", ["vi", "en"])
def test_every_problem_has_words(cot_loi: Questionnaire, words: str) -> None:
    for problem in read(cot_loi, {"comment": ["\0"]}).problems:
        assert problem.message(words)


@st.composite
def raw_forms(draw: st.DrawFn) -> dict[str, list[str]]:
    """Forms that hold good answers, spoiled ones and rubbish."""
    ids = st.sampled_from(
        ["satisfaction", "submit_time", "result_time", "access", "officer", "result", "reasons", "comment"]
    )
    good = st.sampled_from(
        ["1", "2", "3", "4", "5", "not_met", "not_yet", "early", "forgot", "attitude", "other"]
    )
    anything = st.text(st.characters(codec=None), max_size=30)
    return draw(st.dictionaries(ids | anything, st.lists(good | anything, max_size=3), max_size=12))


phases = st.sampled_from([None, *Phase])


@settings(max_examples=150, deadline=None)
@given(raw=raw_forms(), phase=phases)
def test_nothing_that_is_sent_makes_reading_raise(
    cot_loi: Questionnaire, raw: dict[str, list[str]], phase: Phase | None
) -> None:
    reading = read(cot_loi, raw, phase)
    assert {problem.question_id for problem in reading.problems}.isdisjoint(reading.answers)
    text = canonical_json(reading.answers)
    assert json.loads(text.encode("utf-8")) == reading.answers


@settings(max_examples=150, deadline=None)
@given(raw=raw_forms(), phase=phases)
def test_reading_what_was_read_changes_nothing(
    cot_loi: Questionnaire, raw: dict[str, list[str]], phase: Phase | None
) -> None:
    once = read(cot_loi, raw | {"satisfaction": ["2"]}, phase)
    again = read(cot_loi, as_raw(once.answers), phase)
    assert again.answers == once.answers
    assert again.phase is once.phase
    assert again.volunteered == once.volunteered
    assert again.ok
