"""From what a form, a file or a machine sent to the answers of a response, or to what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from surveys.canonical import canonical_json
from surveys.problems import MESSAGES, Problem
from surveys.questionnaire import Questionnaire
from surveys.questions import Answer
from surveys.routing import effective_phase, is_asked
from surveys.scoring import Phase

__all__ = ["MESSAGES", "Answer", "Problem", "Reading", "as_raw", "canonical_json", "read_answers"]


@dataclass(frozen=True)
class Reading:
    """What was understood.

    `answers` hold every acceptable answer to a question that was asked; a response may be stored only
    when there is no problem. `volunteered`: factor rows answered without having been drawn; they are
    kept and counted apart.
    """

    answers: dict[str, Answer]
    problems: tuple[Problem, ...]
    phase: Phase
    assigned: tuple[str, ...]
    volunteered: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


def read_answers(
    questionnaire: Questionnaire,
    raw: Mapping[str, Sequence[str]],
    *,
    phase: Phase | None,
    assigned: Collection[str],
) -> Reading:
    """Read the strings of a form, question by question; it never raises, whatever was sent.

    `phase` is None on an open form. Names that are no question of this version are left to the caller,
    and an answer to a question that the rules skipped is dropped silently.
    """
    answers: dict[str, Answer] = {}
    problems: list[Problem] = []
    for question in questionnaire.questions:
        if not is_asked(question, answers, phase):
            continue
        values = raw.get(question.id, ())
        # A lone string is one value, not a list of its letters.
        read = question.parse([values] if isinstance(values, str) else values)
        if isinstance(read, Problem):
            problems.append(read)
        elif read is not None:
            answers[question.id] = read
    return Reading(
        answers=answers,
        problems=tuple(problems),
        phase=effective_phase(questionnaire, phase, answers),
        assigned=tuple(row.id for row in questionnaire.factors if row.id in assigned),
        volunteered=tuple(
            row.id for row in questionnaire.factors if row.id in answers and row.id not in assigned
        ),
    )


def as_raw(answers: Mapping[str, object]) -> dict[str, list[str]]:
    """Answers as the strings that a form would send: stored ones, to show or check them again, or JSON.

    None is an empty answer. What no answer can be (true, 2.5, an object) becomes a string that every
    kind of question refuses.
    """
    return {
        question_id: [_as_text(item) for item in (answer if isinstance(answer, list) else [answer])]
        for question_id, answer in answers.items()
    }


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    return "\0"
