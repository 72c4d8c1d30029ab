"""From answer sheets to tallies, in memory: one way of counting for the fold, the recount and any window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

import orjson

from surveys.questionnaire import Questionnaire
from surveys.scoring import Channel, is_countable

# Pseudo-questions begin with an underscore, which no question of a questionnaire may.
SHEETS: Final = "_sheets"
FILL: Final = "_fill"
SET_ASIDE: Final = "_set_aside"
NO_RATING: Final = "no-rating"
FILL_STEP: Final = 5

FindQuestionnaire: TypeAlias = Callable[[str, str], Questionnaire]


class TallyKey(NamedTuple):
    """A row of `tallies`. The fields of every key have the names and the order of its table's key."""

    quarter: str
    agency: str
    channel: str
    phase: str
    questionnaire: str
    version: str
    question: str
    value: str
    assigned: bool


class ProcedureKey(NamedTuple):
    """A row of `tallies_by_procedure`."""

    quarter: str
    agency: str
    procedure: str
    channel: str
    phase: str
    questionnaire: str
    version: str
    value: int


class ClusterKey(NamedTuple):
    """A row of `tallies_by_cluster`."""

    quarter: str
    agency: str
    cluster: str
    phase: str
    questionnaire: str
    version: str
    value: int


class Sheet(NamedTuple):
    """The columns of a response that counting looks at, in the order in which they are selected."""

    agency: str
    id: str
    questionnaire: str
    version: str
    procedure: str | None
    phase: str
    channel: str
    quarter: str
    cluster: str | None
    answers: str
    fill_seconds: int | None
    quarantine: str
    test: bool


@dataclass
class Counts:
    """Tallies of all three tables. A difference of two counts may hold negative numbers, never zeros."""

    tallies: dict[TallyKey, int] = field(default_factory=dict)
    by_procedure: dict[ProcedureKey, int] = field(default_factory=dict)
    by_cluster: dict[ClusterKey, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.tallies or self.by_procedure or self.by_cluster)

    def __add__(self, other: Counts) -> Counts:
        return self._combined(other, 1)

    def __sub__(self, other: Counts) -> Counts:
        return self._combined(other, -1)

    def __len__(self) -> int:
        return len(self.tallies) + len(self.by_procedure) + len(self.by_cluster)

    def _combined(self, other: Counts, sign: int) -> Counts:
        return Counts(
            _combined(self.tallies, other.tallies, sign),
            _combined(self.by_procedure, other.by_procedure, sign),
            _combined(self.by_cluster, other.by_cluster, sign),
        )

    @property
    def quarters(self) -> set[str]:
        return {key.quarter for keys in (self.tallies, self.by_procedure, self.by_cluster) for key in keys}


def _combined(ours: Mapping[Any, int], theirs: Mapping[Any, int], sign: int) -> dict[Any, int]:
    result = dict(ours)
    for key, number in theirs.items():
        result[key] = result.get(key, 0) + sign * number
        if not result[key]:
            del result[key]
    return result


@dataclass(frozen=True)
class _Form:
    """What the tallier must know of one questionnaire version."""

    questionnaire: Questionnaire
    indicator: str
    # Questions whose answer is a list of chosen values, and those whose words are nobody's tally.
    lists: tuple[str, ...]
    texts: tuple[str, ...]
    rotated: frozenset[str]

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> _Form:
        types = {question.id: question.type for question in questionnaire.questions}
        return cls(
            questionnaire,
            questionnaire.indicator.id,
            tuple(name for name, kind in types.items() if kind == "choices"),
            tuple(name for name, kind in types.items() if kind == "text"),
            frozenset(questionnaire.rotation.of if questionnaire.rotation else ()),
        )

    def assigned(self, question: str, drawn: int) -> bool:
        """False for a rotated row that was not drawn: somebody volunteered it under "Đánh giá thêm"."""
        return question not in self.rotated or question in self.questionnaire.combinations[drawn]


_Group: TypeAlias = tuple[str, str, str, str, str, str]


class Tallier:
    """Counts sheets one by one, remembering nothing of a sheet but its tallies."""

    def __init__(self, find_questionnaire: FindQuestionnaire) -> None:
        self._find = find_questionnaire
        self._forms: dict[tuple[str, str], _Form] = {}
        self._clear()

    def _clear(self) -> None:
        self._values: dict[tuple[_Group, int], dict[tuple[str, Any], int]] = {}
        self._set_aside: dict[tuple[_Group, str], int] = defaultdict(int)
        self._by_procedure: dict[ProcedureKey, int] = defaultdict(int)
        self._by_cluster: dict[ClusterKey, int] = defaultdict(int)

    def add(self, sheets: Iterable[Any]) -> int:
        """Counts rows with the columns of `Sheet`; returns how many rows there were.

        Rows are unpacked and grouped before their values are counted, because keys of nine fields for
        each answer would cost more than everything else together.
        """
        number = 0
        for agency, name, code, version, procedure, phase, channel, quarter, cluster, answers, fill, \
                quarantine, test in sheets:  # fmt: skip
            number += 1
            given = orjson.loads(answers)
            form = self._forms.get((code, version)) or self._form(code, version)
            rating = given.get(form.indicator)
            group = (quarter, agency, channel, phase, code, version)
            if not is_countable(rating, quarantined=bool(quarantine), test=bool(test)):
                if not test:
                    self._set_aside[group, quarantine or NO_RATING] += 1
                continue
            values = self._counter(group, form, name)
            values[SHEETS, ""] += 1
            if fill is not None:
                values[FILL, fill - fill % FILL_STEP] += 1
            for question in form.texts:
                given.pop(question, None)
            for question in form.lists:
                for value in given.pop(question, ()):
                    values[question, value] += 1
            for answer in given.items():
                values[answer] += 1
            if procedure:
                self._by_procedure[
                    ProcedureKey(quarter, agency, procedure, channel, phase, code, version, rating)
                ] += 1
            if cluster and channel == Channel.FIELD:
                self._by_cluster[ClusterKey(quarter, agency, cluster, phase, code, version, rating)] += 1
        return number

    def take(self) -> Counts:
        """What was counted since the last call."""
        tallies: dict[TallyKey, int] = defaultdict(int)
        for (group, drawn), values in self._values.items():
            form = self._forms[group[4], group[5]]
            for (question, value), number in values.items():
                tallies[TallyKey(*group, question, str(value), form.assigned(question, drawn))] += number
        for (group, reason), number in self._set_aside.items():
            tallies[TallyKey(*group, SET_ASIDE, reason, True)] += number
        counts = Counts(dict(tallies), dict(self._by_procedure), dict(self._by_cluster))
        self._clear()
        return counts

    def _form(self, code: str, version: str) -> _Form:
        form = self._forms[code, version] = _Form.of(self._find(code, version))
        return form

    def _counter(self, group: _Group, form: _Form, name: str) -> dict[tuple[str, Any], int]:
        drawn = form.questionnaire.combination_index(UUID(name)) if form.rotated else 0
        found = self._values.get((group, drawn))
        if found is None:
            found = self._values[group, drawn] = defaultdict(int)
        return found
