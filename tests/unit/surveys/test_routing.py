from __future__ import annotations

from typing import Any

import pytest

from surveys.definition import load
from surveys.questionnaire import Questionnaire
from surveys.questions import Answer
from surveys.routing import asked, effective_phase
from surveys.scoring import Phase

EVERYTHING = (
    "satisfaction", "submit_time", "prefilled", "result_time",
    "access", "paperwork", "officer", "result", "feedback", "reasons", "comment",
)  # fmt: skip


def without(*ids: str) -> tuple[str, ...]:
    return tuple(question_id for question_id in EVERYTHING if question_id not in ids)


@pytest.mark.parametrize("phase", [Phase.AFTER_RESULT, None])
def test_the_satisfied_are_asked_everything_but_reasons(cot_loi: Questionnaire, phase: Phase | None) -> None:
    assert asked(cot_loi, {"satisfaction": 4, "result_time": "late"}, phase) == without("reasons")


@pytest.mark.parametrize(("score", "shown"), [(1, True), (2, True), (3, False), (4, False), (5, False)])
def test_only_the_dissatisfied_are_asked_for_reasons(cot_loi: Questionnaire, score: int, shown: bool) -> None:
    assert ("reasons" in asked(cot_loi, {"satisfaction": score}, None)) is shown


def test_without_a_result_nobody_is_asked_about_it(cot_loi: Questionnaire) -> None:
    answers: dict[str, Answer] = {"satisfaction": 5, "result_time": "not_yet"}
    assert asked(cot_loi, answers, Phase.AFTER_RESULT) == without("reasons", "result")


def test_who_has_just_submitted_is_asked_nothing_about_results(cot_loi: Questionnaire) -> None:
    assert asked(cot_loi, {"satisfaction": 1}, Phase.JUST_SUBMITTED) == without("result_time", "result")


def test_an_answer_to_a_skipped_question_leads_nowhere(cot_loi_data: Any) -> None:
    comment = cot_loi_data["questions"][-1]
    comment["show_if"] = {"question": "reasons", "in": ["attitude"]}
    questionnaire = load(cot_loi_data)
    answers: dict[str, Answer] = {"satisfaction": 5, "reasons": ["attitude"]}
    assert "comment" not in asked(questionnaire, answers, None)
    assert "comment" in asked(questionnaire, {**answers, "satisfaction": 1}, None)


@pytest.mark.parametrize(
    ("phase", "answer", "expected"),
    [
        (None, "not_yet", Phase.JUST_SUBMITTED),
        (None, "early", Phase.AFTER_RESULT),
        (None, None, Phase.AFTER_RESULT),
        (Phase.AFTER_RESULT, "not_yet", Phase.AFTER_RESULT),
        (Phase.JUST_SUBMITTED, "early", Phase.JUST_SUBMITTED),
    ],
)
def test_the_phase_of_a_batch_stands_and_an_open_form_tells_its_own(
    cot_loi: Questionnaire, phase: Phase | None, answer: str | None, expected: Phase
) -> None:
    answers: dict[str, Answer] = {} if answer is None else {"result_time": answer}
    assert effective_phase(cot_loi, phase, answers) is expected


def test_a_questionnaire_without_a_question_on_the_result_comes_after_it(small: Questionnaire) -> None:
    assert effective_phase(small, None, {"way": "online"}) is Phase.AFTER_RESULT


def test_the_dissatisfied_see_another_wording_of_the_last_question(cot_loi: Questionnaire) -> None:
    comment = cot_loi.question("comment")
    assert comment.label_for({"satisfaction": 2}).get("vi") == "Điều gì khiến Ông/Bà chưa hài lòng?"
    assert comment.label_for({"satisfaction": 3}).get("vi") == "Ông/Bà muốn cải thiện điều gì?"
    assert comment.label_for({}).get("vi") == "Ông/Bà muốn cải thiện điều gì?"
