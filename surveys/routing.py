"""Which questions a response is asked: skip rules and phases."""

from __future__ import annotations

from collections.abc import Mapping

from surveys.questionnaire import Questionnaire
from surveys.questions import Answer, Question
from surveys.scoring import Phase


def is_asked(question: Question, answers: Mapping[str, Answer], phase: Phase | None) -> bool:
    """Whether one question is asked, given the answers to the questions that were asked before it.

    A batch of links knows its phase. On an open form (`phase` None) nobody knows it before the answers
    do, so the form holds the questions of every phase.
    """
    if phase is not None and question.phases and phase.value not in question.phases:
        return False
    return question.show_if is None or question.show_if.holds(answers)


def asked(
    questionnaire: Questionnaire, answers: Mapping[str, Answer], phase: Phase | None
) -> tuple[str, ...]:
    """The ids of the questions that these answers lead to, rotated rows included, in their order.

    An answer to a question that was itself skipped leads nowhere.
    """
    kept: dict[str, Answer] = {}
    ids = []
    for question in questionnaire.questions:
        if not is_asked(question, kept, phase):
            continue
        ids.append(question.id)
        if question.id in answers:
            kept[question.id] = answers[question.id]
    return tuple(ids)


def effective_phase(
    questionnaire: Questionnaire, phase: Phase | None, answers: Mapping[str, Answer]
) -> Phase:
    """The phase that a response belongs to.

    The phase of a batch of links stands, whatever was answered. On an open form the question on the
    result decides; who leaves it empty counts as having the result.
    """
    if phase is not None:
        return phase
    rule = questionnaire.phase_rule
    if rule is not None and answers.get(rule.question) in rule.just_submitted:
        return Phase.JUST_SUBMITTED
    return Phase.AFTER_RESULT
