"""From the mappings of a questionnaire file to a Questionnaire, or to every mistake in the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, TypeAlias

from surveys.canonical import canonical_json
from surveys.definition_rules import RESERVED_NAMES, rule_faults
from surveys.definition_shape import Fault, Trail, shape_faults
from surveys.questionnaire import Consent, Group, PhaseRule, Questionnaire, Rotation
from surveys.questions import BEST_LEVEL, MAX_TEXT, Condition, Localised, Option, Question

__all__ = ["RESERVED_NAMES", "InvalidDefinition", "Marks", "Mistake", "check", "load", "question_at"]

Marks: TypeAlias = Mapping[Trail, int]
"""The line of the file, from 1, at which each key or list item stands."""

_MESSAGE_LENGTH: Final = 300


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake in a file. `line` is 0 where the lines are not known; `question` may be empty."""

    line: int
    path: str
    question: str
    rule: str
    message_vi: str

    def __str__(self) -> str:
        return f"dòng {self.line}: {self.message_vi} [{self.rule}]"


class InvalidDefinition(ValueError):
    """A questionnaire that cannot be used because of the mistakes it carries."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = tuple(mistakes)


def check(data: object, marks: Marks | None = None) -> tuple[Questionnaire | None, list[Mistake]]:
    """The questionnaire that `data` defines, or None and every mistake in it, in the order of the lines."""
    faults = [*shape_faults(data), *rule_faults(data)]
    if faults:
        return None, sorted({_mistake(fault, data, marks or {}) for fault in faults})
    assert isinstance(data, dict)
    return _questionnaire(data), []


def load(data: object) -> Questionnaire:
    """The questionnaire of a definition that was checked before, such as a stored one.

    Raises InvalidDefinition where it does not keep the rules.
    """
    questionnaire, mistakes = check(data)
    if questionnaire is None:
        raise InvalidDefinition(mistakes)
    return questionnaire


def _mistake(fault: Fault, data: object, marks: Marks) -> Mistake:
    question = question_at(fault.trail, data)
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in fault.trail).lstrip(".")
    place = f"câu {question}: " if question else f"{path}: " if path else ""
    inside = ".".join(str(step) for step in fault.trail[2:]) if question else ""
    detail = f"{inside}: " if inside else ""
    message = _printable(place + detail + fault.message)
    return Mistake(_line(fault.trail, marks), _printable(path), question, fault.rule, message)


def _printable(text: str) -> str:
    """A line that any terminal can show, however odd or long what the file holds."""
    line = "".join(character if character.isprintable() else "�" for character in text)
    return line if len(line) <= _MESSAGE_LENGTH else line[: _MESSAGE_LENGTH - 1] + "…"


def _line(trail: Trail, marks: Marks) -> int:
    """The line of the nearest place that the file has: a missing key stands nowhere."""
    return next((marks[trail[:n]] for n in range(len(trail), -1, -1) if trail[:n] in marks), 0)


def question_at(trail: Trail, data: object) -> str:
    """The id of the question around a place, its number where it has no id, or nothing."""
    if len(trail) < 2 or trail[0] != "questions" or not isinstance(trail[1], int):
        return ""
    questions = data.get("questions") if isinstance(data, dict) else None
    question = questions[trail[1]] if isinstance(questions, list) and trail[1] < len(questions) else None
    name = question.get("id") if isinstance(question, dict) else None
    return _printable(f"«{name}»") if isinstance(name, str) and name else f"thứ {trail[1] + 1}"


def _questionnaire(data: dict[str, Any]) -> Questionnaire:
    rotation, phase_rule, consent = (data.get(key) for key in ("rotation", "phase_from", "consent"))
    return Questionnaire(
        code=data["code"],
        version=data["version"],
        languages=tuple(data["languages"]),
        title=Localised.of(data["title"]),
        intro=Localised.of(data["intro"]),
        thanks=Localised.of(data["thanks"]),
        questions=tuple(_question(item, data.get("levels", ())) for item in data["questions"]),
        groups=tuple(Group(item["id"], Localised.of(item["label"])) for item in data.get("groups", ())),
        rotation=rotation
        and Rotation(int(rotation["pick"]), tuple(rotation["of"]), Localised.of(rotation["more"])),
        phase_rule=phase_rule and PhaseRule(phase_rule["question"], tuple(phase_rule["just_submitted"])),
        comparable_with=tuple(data.get("comparable_with", ())),
        consent=consent and Consent(Localised.of(consent["agree"]), Localised.of(consent["refuse"])),
        # A copy, so that nobody who still holds the mappings can change a version that never changes.
        definition=json.loads(canonical_json(data)),
    )


def _question(item: dict[str, Any], common_levels: list[dict[str, str]]) -> Question:
    relabel = item.get("label_if")
    levels = item.get("levels", common_levels) if item["type"] == "scale" else ()
    return Question(
        id=item["id"],
        type=item["type"],
        label=Localised.of(item["label"]),
        required=item.get("required", False),
        hint=Localised.of(item["hint"]) if "hint" in item else None,
        options=tuple(_option(option) for option in item.get("options", ())),
        levels=tuple(
            Option(str(BEST_LEVEL - index), Localised.of(words)) for index, words in enumerate(levels)
        ),
        indicator=item.get("indicator"),
        criterion=item.get("criterion"),
        factor=item.get("factor", False),
        group=item.get("group"),
        phases=tuple(item.get("phases", ())),
        show_if=_condition(item["show_if"]) if "show_if" in item else None,
        relabel_if=_condition(relabel["when"]) if relabel else None,
        other_label=Localised.of(relabel["label"]) if relabel else None,
        max_length=int(item.get("max_length", MAX_TEXT)),
        max_choices=int(item["max_choices"]) if "max_choices" in item else None,
    )


def _option(item: dict[str, Any]) -> Option:
    return Option(
        value=item["value"],
        label=Localised.of(item["label"]),
        missing=item.get("missing", False),
        minutes=Fraction(str(item["minutes"])) if "minutes" in item else None,
        positive=item.get("positive", False),
    )


def _condition(item: dict[str, Any]) -> Condition:
    negated = "not_in" in item
    return Condition(item["question"], tuple(item["not_in" if negated else "in"]), negated)
