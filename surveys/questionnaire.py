"""A questionnaire: a published version that never changes, and the rows that a response is asked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from uuid import UUID

from surveys.canonical import canonical_json
from surveys.questions import Localised, Question


class VersionChanged(Exception):
    """A version that is known comes back with other content.

    Answers are stored under (code, version) and mean what the questions said then, so a change of
    wording, order or options needs a new version number.
    """

    def __init__(self, code: str, version: str) -> None:
        super().__init__(f"{code} {version} is published with other content; a change needs a new version")
        self.code = code
        self.version = version


class UnknownQuestion(KeyError):
    """A question id that this version does not have."""


@dataclass(frozen=True)
class Rotation:
    """`pick` of the rows `of` are asked of each response; the rest stand under `more`."""

    pick: int
    of: tuple[str, ...]
    more: Localised


@dataclass(frozen=True)
class Group:
    """Questions under one heading, such as the factor rows."""

    id: str
    label: Localised


@dataclass(frozen=True)
class Consent:
    """What a person says to the intro of an interview, which was read aloud."""

    agree: Localised
    refuse: Localised


@dataclass(frozen=True)
class PhaseRule:
    """On an open form these answers to `question` tell that there is no result yet."""

    question: str
    just_submitted: tuple[int | str, ...]


@dataclass(frozen=True)
class Questionnaire:
    """One version of a questionnaire. Built by `surveys.definition` only, so it keeps every rule there."""

    code: str
    version: str
    languages: tuple[str, ...]
    title: Localised
    intro: Localised
    thanks: Localised
    questions: tuple[Question, ...]
    groups: tuple[Group, ...] = ()
    rotation: Rotation | None = None
    phase_rule: PhaseRule | None = None
    comparable_with: tuple[str, ...] = ()
    consent: Consent | None = None
    definition: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        return f"{self.code} {self.version}"

    @cached_property
    def _by_id(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questions}

    def question(self, question_id: str) -> Question:
        try:
            return self._by_id[question_id]
        except KeyError:
            raise UnknownQuestion(question_id) from None

    def has(self, question_id: str) -> bool:
        return question_id in self._by_id

    @cached_property
    def indicator(self) -> Question:
        """The question whose answers make the satisfaction rate."""
        return next(question for question in self.questions if question.indicator == "satisfaction")

    @cached_property
    def factors(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.factor)

    def criterion(self, criterion: str) -> Question | None:
        """The question marked TC1, TC2, TC3-perception or TC4, if this version has one."""
        return next((question for question in self.questions if question.criterion == criterion), None)

    def group(self, group_id: str) -> Group:
        return next(group for group in self.groups if group.id == group_id)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the definition, whatever the order of its keys or the layout of its file."""
        return hashlib.sha256(canonical_json(self.definition).encode()).hexdigest()

    @cached_property
    def combinations(self) -> tuple[tuple[str, ...], ...]:
        """Every set of factor rows that a response may be asked, each in the order of the questions."""
        rows = tuple(question.id for question in self.factors)
        if self.rotation is None:
            return (rows,)
        always = set(rows) - set(self.rotation.of)
        rotated = [row for row in rows if row not in always]
        return tuple(
            tuple(row for row in rows if row in always or row in drawn)
            for drawn in combinations(rotated, self.rotation.pick)
        )

    def combination_index(self, response_id: UUID) -> int:
        """Which of `combinations` a response is asked: drawn uniformly, and for ever, from its id."""
        return self.combination_index_of(response_id.hex)

    def combination_index_of(self, hexadecimal: str) -> int:
        """The same for an id given as its 32 hexadecimal digits, as counting millions of them wants it.

        The remainder of a 256-bit hash favours no combination by more than 2⁻²⁵⁰.
        """
        prefix, count = self._draw
        return int.from_bytes(hashlib.sha256(prefix + hexadecimal.encode()).digest()) % count

    def combination_indexes_of(self, hexadecimals: Iterable[bytes]) -> list[int]:
        """The same for many ids at once, in half the time."""
        prefix, count = self._draw
        # What all of them begin with is taken in once.
        begun, read = hashlib.sha256(prefix).copy, int.from_bytes
        found = []
        for digits in hexadecimals:
            taken = begun()
            taken.update(digits)
            found.append(read(taken.digest()) % count)
        return found

    @cached_property
    def _draw(self) -> tuple[bytes, int]:
        return f"{self.code}/{self.version}/".encode(), len(self.combinations)

    def assigned(self, response_id: UUID) -> tuple[str, ...]:
        """The factor rows drawn for a response; a drawn row that a skip rule hides is just not asked."""
        return self.combinations[self.combination_index(response_id)]


def refuse_changed(known_fingerprint: str | None, questionnaire: Questionnaire) -> None:
    """Raise VersionChanged when this (code, version) is already known with other content."""
    if known_fingerprint is not None and known_fingerprint != questionnaire.fingerprint:
        raise VersionChanged(questionnaire.code, questionnaire.version)
