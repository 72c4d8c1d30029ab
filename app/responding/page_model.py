"""What the survey page shows, made from a questionnaire and from what a person has answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from surveys.problems import Problem
from surveys.questionnaire import Group, Questionnaire
from surveys.questions import Condition, Question, without_control
from surveys.scoring import Phase

# The stylesheet knows this many conditions on a page; a further one is left to the server, which drops
# answers to skipped questions anyway.
CONDITIONS_IN_STYLESHEET = 4

_Slots = Mapping[tuple[str, frozenset[int | str]], int]


@dataclass(frozen=True)
class OptionView:
    value: str
    label: str
    missing: bool
    first: bool
    # The level whose face is drawn, empty for other options.
    face: str
    # Classes by which the stylesheet sees that a condition holds.
    steers: str
    chosen: bool


@dataclass(frozen=True)
class QuestionView:
    id: str
    kind: str
    label: str
    required: bool
    hint: str
    max_length: int
    options: tuple[OptionView, ...]
    # Classes that show or hide the whole question, with a space before each.
    classes: str
    # The wording for some answers and the classes that swap the two; empty where there is only one.
    other_label: str
    default_class: str
    other_class: str
    text: str
    error: str


@dataclass
class Block:
    """Questions under one heading, or one question alone; `more` are the rows that were not drawn."""

    group: Group | None
    asked: list[QuestionView] = field(default_factory=list)
    more: list[QuestionView] = field(default_factory=list)
    more_open: bool = False


@dataclass(frozen=True)
class ProblemView:
    id: str
    label: str
    message: str


def build_blocks(
    questionnaire: Questionnaire,
    *,
    phase: Phase | None,
    assigned: Collection[str],
    language: str,
    raw: Mapping[str, Sequence[str]],
    problems: Iterable[Problem] = (),
) -> list[Block]:
    """The page from top to bottom; `raw` is what was sent, kept after an error."""
    shown = [question for question in questionnaire.questions if _on_page(question, questionnaire, phase)]
    slots = _condition_slots(shown)
    errors = {problem.question_id: problem.message(language) for problem in problems}
    rotated = set(questionnaire.rotation.of) if questionnaire.rotation else set()
    blocks: list[Block] = []
    for question in shown:
        group = questionnaire.group(question.group) if question.group else None
        if not blocks or group is None or blocks[-1].group != group:
            blocks.append(Block(group))
        view = _question_view(
            question, slots, language, raw.get(question.id, ()), errors.get(question.id, "")
        )
        if question.id in rotated and question.id not in assigned:
            blocks[-1].more.append(view)
            blocks[-1].more_open |= bool(view.error) or any(option.chosen for option in view.options)
        else:
            blocks[-1].asked.append(view)
    return blocks


def problem_views(
    questionnaire: Questionnaire, problems: Iterable[Problem], language: str
) -> list[ProblemView]:
    return [
        ProblemView(
            problem.question_id,
            questionnaire.question(problem.question_id).label.get(language),
            problem.message(language),
        )
        for problem in problems
    ]


def _on_page(question: Question, questionnaire: Questionnaire, phase: Phase | None) -> bool:
    """Whether any answers lead to the question in this phase."""
    if phase is not None and question.phases and phase.value not in question.phases:
        return False
    rule = question.show_if
    if rule is None or _on_page(questionnaire.question(rule.question), questionnaire, phase):
        return True
    return rule.holds({})


def _condition_slots(questions: Sequence[Question]) -> _Slots:
    """A number of the stylesheet for each condition on the page."""
    on_page = {question.id for question in questions}
    slots: dict[tuple[str, frozenset[int | str]], int] = {}
    for question in questions:
        for rule in (question.show_if, question.relabel_if):
            if rule is not None and rule.question in on_page and len(slots) < CONDITIONS_IN_STYLESHEET:
                slots.setdefault(_slot_key(rule), len(slots) + 1)
    return slots


def _slot_key(rule: Condition) -> tuple[str, frozenset[int | str]]:
    return rule.question, frozenset(rule.values)


def _question_view(
    question: Question, slots: _Slots, language: str, values: Sequence[str], error: str
) -> QuestionView:
    default_class, other_class = _relabel_classes(question, slots)
    return QuestionView(
        id=question.id,
        kind=question.type,
        label=question.label.get(language),
        required=question.required,
        hint=question.hint.get(language) if question.hint else "",
        max_length=question.max_length,
        options=_option_views(question, slots, language, values),
        classes=_visibility_class(question.show_if, slots),
        other_label=question.other_label.get(language) if question.other_label and other_class else "",
        default_class=default_class,
        other_class=other_class,
        text=_printable(values[0]) if values and question.type == "text" else "",
        error=error,
    )


def _option_views(
    question: Question, slots: _Slots, language: str, values: Sequence[str]
) -> tuple[OptionView, ...]:
    chosen = {value.strip() for value in values}
    if question.type != "choices" and len(chosen) > 1:
        # Two answers to one question: showing either would be choosing for the person.
        chosen = set()
    levels = {option.value for option in question.levels}
    return tuple(
        OptionView(
            value=option.value,
            label=option.label.get(language),
            missing=option.missing,
            first=index == 0,
            face=option.value if option.value in levels else "",
            steers=" ".join(
                f"s{slot}"
                for (deciding, wanted), slot in slots.items()
                if deciding == question.id and question.answers[option.value] in wanted
            ),
            chosen=option.value in chosen,
        )
        for index, option in enumerate(question.offered)
    )


def _visibility_class(rule: Condition | None, slots: _Slots) -> str:
    slot = slots.get(_slot_key(rule)) if rule is not None else None
    if rule is None or slot is None:
        return ""
    return f" h{slot}" if rule.negated else f" d{slot}"


def _relabel_classes(question: Question, slots: _Slots) -> tuple[str, str]:
    rule = question.relabel_if
    slot = slots.get(_slot_key(rule)) if rule is not None else None
    if rule is None or slot is None:
        return "", ""
    return (f"d{slot}", f"alt h{slot}") if rule.negated else (f"h{slot}", f"alt d{slot}")


def _printable(text: str) -> str:
    """What was written, without what no page can hold."""
    return without_control(text.replace("\t", " "))
