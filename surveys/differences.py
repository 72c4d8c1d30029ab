"""What changed between two versions of a questionnaire, question by question. Whether answers may be
compared is not decided here: that stands in `comparable_with` of the newer version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from surveys.questionnaire import Questionnaire
from surveys.questions import Condition, Localised, Option, Question


class Fate(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SAME = "same"


class Part(StrEnum):
    """What of a question, or of the whole questionnaire, is different."""

    TYPE = "type"
    LABEL = "label"
    OTHER_LABEL = "other-label"
    HINT = "hint"
    OPTION = "option"
    OPTION_ORDER = "option-order"
    OPTION_MEANING = "option-meaning"
    REQUIRED = "required"
    SHOWN = "shown"
    PHASES = "phases"
    COUNTED_AS = "counted-as"
    LIMITS = "limits"
    TITLE = "title"
    INTRO = "intro"
    THANKS = "thanks"
    ROTATION = "rotation"
    ORDER = "order"


@dataclass(frozen=True)
class Change:
    """One difference; `what` is the language or the option that it concerns, empty where neither."""

    part: Part
    before: str
    after: str
    what: str = ""


@dataclass(frozen=True)
class QuestionDifference:
    """`label` is the wording of the newer version, or of the only one that has the question."""

    id: str
    label: Localised
    fate: Fate
    changes: tuple[Change, ...] = ()


def differences(old: Questionnaire, new: Questionnaire) -> list[QuestionDifference]:
    """Every question of both: in the order of the newer version, then those that are gone."""
    found = [_difference(question, old) for question in new.questions]
    gone = [
        QuestionDifference(question.id, question.label, Fate.REMOVED)
        for question in old.questions
        if not new.has(question.id)
    ]
    return found + gone


def frame_differences(old: Questionnaire, new: Questionnaire) -> list[Change]:
    """What changed around the questions: title, introduction, thanks, rotation and their order."""
    changes = [
        *_texts(Part.TITLE, old.title, new.title),
        *_texts(Part.INTRO, old.intro, new.intro),
        *_texts(Part.THANKS, old.thanks, new.thanks),
    ]
    if _rotation(old) != _rotation(new):
        changes.append(Change(Part.ROTATION, _rotation(old), _rotation(new)))
    before = [question.id for question in old.questions if new.has(question.id)]
    after = [question.id for question in new.questions if old.has(question.id)]
    if before != after:
        changes.append(Change(Part.ORDER, ", ".join(before), ", ".join(after)))
    return changes


def _difference(question: Question, old: Questionnaire) -> QuestionDifference:
    if not old.has(question.id):
        return QuestionDifference(question.id, question.label, Fate.ADDED)
    changes = tuple(_changes(old.question(question.id), question))
    return QuestionDifference(question.id, question.label, Fate.CHANGED if changes else Fate.SAME, changes)


def _changes(old: Question, new: Question) -> Iterator[Change]:
    yield from _texts(Part.LABEL, old.label, new.label)
    yield from _texts(Part.OTHER_LABEL, old.other_label, new.other_label)
    yield from _texts(Part.HINT, old.hint, new.hint)
    yield from _options(old, new)
    facts = (
        (Part.TYPE, old.type, new.type),
        (Part.REQUIRED, _flag(old.required), _flag(new.required)),
        (Part.SHOWN, _condition(old.show_if), _condition(new.show_if)),
        (Part.SHOWN, _condition(old.relabel_if), _condition(new.relabel_if)),
        (Part.PHASES, ", ".join(old.phases), ", ".join(new.phases)),
        (Part.COUNTED_AS, _counted(old), _counted(new)),
        (Part.LIMITS, _limits(old), _limits(new)),
    )
    for part, before, after in facts:
        if before != after:
            yield Change(part, before, after)


def _texts(part: Part, old: Localised | None, new: Localised | None) -> Iterator[Change]:
    before, after = _pairs(old), _pairs(new)
    for language in sorted(before.keys() | after.keys()):
        if before.get(language, "") != after.get(language, ""):
            yield Change(part, before.get(language, ""), after.get(language, ""), language)


def _pairs(text: Localised | None) -> Mapping[str, str]:
    return dict(text.pairs) if text else {}


def _options(old: Question, new: Question) -> Iterator[Change]:
    before, after = old.by_value, new.by_value
    for value in (*before, *(value for value in after if value not in before)):
        first, second = before.get(value), after.get(value)
        if first is None or second is None:
            known = first or second
            assert known is not None
            words = known.label.get("vi")
            yield Change(Part.OPTION, words if first else "", words if second else "", value)
            continue
        for change in _texts(Part.OPTION, first.label, second.label):
            yield Change(Part.OPTION, change.before, change.after, f"{value} ({change.what})")
        if _meaning(first) != _meaning(second):
            yield Change(Part.OPTION_MEANING, _meaning(first), _meaning(second), value)
    kept = [[value for value in values if value in before and value in after] for values in (before, after)]
    if kept[0] != kept[1]:
        yield Change(Part.OPTION_ORDER, ", ".join(kept[0]), ", ".join(kept[1]))


def _meaning(option: Option) -> str:
    words = ["missing"] if option.missing else []
    words += [f"minutes={option.minutes}"] if option.minutes is not None else []
    words += ["positive"] if option.positive else []
    return " ".join(words)


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _condition(rule: Condition | None) -> str:
    if rule is None:
        return ""
    return f"{rule.question} {'∉' if rule.negated else '∈'} {{{', '.join(map(str, rule.values))}}}"


def _counted(question: Question) -> str:
    parts = (question.indicator, question.criterion, "factor" if question.factor else None, question.group)
    return " ".join(part for part in parts if part)


def _limits(question: Question) -> str:
    return f"{question.max_length}/{question.max_choices or '-'}"


def _rotation(questionnaire: Questionnaire) -> str:
    rule = questionnaire.rotation
    return f"{rule.pick}/{len(rule.of)}: {', '.join(rule.of)}" if rule else ""
