"""One question: what it offers, and how the strings of a form become its answer.

Kinds of question are a registry (`KINDS`): a new kind is one more entry here and in the published schema.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Final, TypeAlias

from surveys.problems import Problem

Answer: TypeAlias = int | str | list[str]
"""scale: the level 1–5 or the code of a missing option; choice: a code; choices: sorted codes; text: NFC."""

BEST_LEVEL: Final = 5
MAX_TEXT: Final = 500
FALLBACK_LANGUAGE: Final = "vi"
# No character has a canonical decomposition of more than four code points, so a text more than four
# times too long stays too long and need not be normalised to be refused.
_LONGEST_DECOMPOSITION: Final = 4
_INTEGER = re.compile(r"[+-]?[0-9]+")
# The Unicode categories Cc, without the line feed, and Cs.
_CONTROL = re.compile("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")


@dataclass(frozen=True)
class Localised:
    """One text in several languages."""

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Localised:
        return cls(tuple(sorted(texts.items())))

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(language for language, _ in self.pairs)

    def get(self, language: str) -> str:
        """The text in `language`, in Vietnamese where there is none."""
        texts = dict(self.pairs)
        return texts.get(language, texts[FALLBACK_LANGUAGE])


@dataclass(frozen=True)
class Option:
    """An answer that can be tapped.

    `missing`: counted in no denominator. `minutes`: middle of a band of time, for an estimated mean.
    `positive`: a yes in the share that the question's criterion prints.
    """

    value: str
    label: Localised
    missing: bool = False
    minutes: Fraction | None = None
    positive: bool = False


@dataclass(frozen=True)
class Condition:
    """Whether an earlier answer is one of `values` (or, `negated`, none of them).

    No answer is none of them.
    """

    question: str
    values: tuple[int | str, ...]
    negated: bool = False

    def holds(self, answers: Mapping[str, Answer]) -> bool:
        answer = answers.get(self.question)
        given = answer if isinstance(answer, list) else [answer]
        return any(value in self.values for value in given) is not self.negated


@dataclass(frozen=True)
class Question:
    """A question as it stands in a published version. `phases` empty: asked in every phase."""

    id: str
    type: str
    label: Localised
    required: bool = False
    hint: Localised | None = None
    options: tuple[Option, ...] = ()
    levels: tuple[Option, ...] = ()
    indicator: str | None = None
    criterion: str | None = None
    factor: bool = False
    group: str | None = None
    phases: tuple[str, ...] = ()
    show_if: Condition | None = None
    relabel_if: Condition | None = None
    other_label: Localised | None = None
    max_length: int = MAX_TEXT
    max_choices: int | None = None

    @property
    def offered(self) -> tuple[Option, ...]:
        """Everything that can be tapped, in the order in which it is shown: level 5 first."""
        return self.levels + self.options

    @cached_property
    def by_value(self) -> Mapping[str, Option]:
        return {option.value: option for option in self.offered}

    @cached_property
    def answers(self) -> Mapping[str, int | str]:
        """What a form sends → what is stored."""
        levels: dict[str, int | str] = {level.value: int(level.value) for level in self.levels}
        return levels | {option.value: option.value for option in self.options}

    def is_missing(self, answer: Answer | None) -> bool:
        """Whether an answer enters no denominator: none at all, "Không tiếp xúc", "Không nhớ" …"""
        if answer is None or isinstance(answer, list):
            return not answer
        option = self.by_value.get(str(answer))
        return option is not None and option.missing

    def label_for(self, answers: Mapping[str, Answer]) -> Localised:
        """The wording that these answers call for."""
        if self.other_label is not None and self.relabel_if is not None and self.relabel_if.holds(answers):
            return self.other_label
        return self.label

    def parse(self, values: Sequence[str]) -> Answer | Problem | None:
        """The answer in these strings of a form; None when they are all blank."""
        kind = KINDS[self.type]
        given = [value for value in values if not isinstance(value, str) or value.strip()]
        if not given:
            return Problem(self.id, "required", kind.when_required) if self.required else None
        return kind.parse(self, given)


def _parse_scale(question: Question, values: Sequence[str]) -> Answer | Problem:
    answer = _parse_choice(question, values)
    outside = isinstance(answer, Problem) and answer.rule == "unknown-option"
    if outside and isinstance(values[0], str) and _INTEGER.fullmatch(values[0].strip()):
        return Problem(question.id, "out-of-range", "level-range")
    return answer


def _parse_choice(question: Question, values: Sequence[str]) -> Answer | Problem:
    if len(values) > 1:
        return Problem(question.id, "several", "one-option")
    answer = question.answers.get(values[0].strip()) if isinstance(values[0], str) else None
    return answer if answer is not None else Problem(question.id, "unknown-option", "known-option")


def _parse_choices(question: Question, values: Sequence[str]) -> Answer | Problem:
    chosen = {value.strip() if isinstance(value, str) else "" for value in values}
    if not chosen <= question.by_value.keys():
        return Problem(question.id, "unknown-option", "known-option")
    if question.max_choices is not None and len(chosen) > question.max_choices:
        return Problem(question.id, "too-many", "fewer-options", question.max_choices)
    return sorted(chosen)


def _parse_text(question: Question, values: Sequence[str]) -> Answer | Problem:
    if len(values) > 1:
        return Problem(question.id, "several", "one-text")
    if not isinstance(values[0], str):
        return Problem(question.id, "control-character", "plain-text")
    # A form sends line ends as CR LF; a tab comes from pasting and means no more than a space.
    text = values[0].replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").strip()
    too_long = Problem(question.id, "too-long", "shorter", question.max_length)
    if len(text) > question.max_length * _LONGEST_DECOMPOSITION:
        return too_long
    if has_control(text):
        return Problem(question.id, "control-character", "plain-text")
    text = unicodedata.normalize("NFC", text).strip()
    return too_long if len(text) > question.max_length else text


def has_control(text: str) -> bool:
    """Whether NUL or its kin, or a lone surrogate, is in a text; the line feed is text."""
    return _CONTROL.search(text) is not None


def without_control(text: str, instead: str = "") -> str:
    """The text with each such character replaced: what any page can show again."""
    return _CONTROL.sub(instead, text)


@dataclass(frozen=True)
class Kind:
    """How one type of question reads its answer.

    `steers`: skip rules may look at its answer. `when_required`: words for an answer that is lacking.
    """

    parse: Callable[[Question, Sequence[str]], Answer | Problem]
    when_required: str
    steers: bool = True


KINDS: Final[Mapping[str, Kind]] = {
    "scale": Kind(_parse_scale, "choose-level"),
    "choice": Kind(_parse_choice, "choose-option"),
    "choices": Kind(_parse_choices, "choose-several"),
    "text": Kind(_parse_text, "write", steers=False),
}
