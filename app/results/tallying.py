"""From answer sheets to tallies, in memory: one way of counting for the fold, the recount and any window."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

import orjson

from surveys.questionnaire import Questionnaire
from surveys.scoring import Channel, is_countable

# Pseudo-questions begin with an underscore, which no question of a questionnaire may.
SHEETS: Final = "_sheets"
FILL: Final = "_fill"
SET_ASIDE: Final = "_set_aside"
RELEASED: Final = "_released"
NO_RATING: Final = "no-rating"
FILL_STEP: Final = 5
FIELD: Final = Channel.FIELD.value
_ONE_SHEET: Final = (SHEETS, "")

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


class TallyRows(NamedTuple):
    """The same as rows of the three tables, which is all that a fold needs: the key, then the number."""

    tallies: list[tuple[Any, ...]]
    by_procedure: list[tuple[Any, ...]]
    by_cluster: list[tuple[Any, ...]]


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
    # Questions whose answer is a list of chosen values or free words.
    special: tuple[str, ...]
    # For each combination of drawn rows the rotated rows that were not drawn.
    undrawn: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> _Form:
        rotated = questionnaire.rotation.of if questionnaire.rotation else ()
        return cls(
            questionnaire,
            questionnaire.indicator.id,
            tuple(item.id for item in questionnaire.questions if item.type in ("choices", "text")),
            tuple(tuple(row for row in rotated if row not in drawn) for drawn in questionnaire.combinations)
            if rotated
            else (),
        )

    def volunteered(self, response_id: str) -> tuple[str, ...]:
        """The rows whose answers, if there are any, were volunteered under "Đánh giá thêm"."""
        # A stored id is a canonical UUID, so it need not be taken apart to be read.
        return self.undrawn[self.questionnaire.combination_index_of(response_id.replace("-", ""))]


_Group: TypeAlias = tuple[str, str, str, str, str, str]
"""Quarter, agency, channel, phase, questionnaire, version."""


class _Numbers:
    """The numbers of one group. What was volunteered is in `values` too and taken off at the end."""

    __slots__ = ("by_cluster", "by_procedure", "released", "set_aside", "values", "volunteered")

    def __init__(self) -> None:
        self.values: dict[tuple[str, Any], int] = defaultdict(int)
        self.volunteered: dict[tuple[str, Any], int] = defaultdict(int)
        self.set_aside: dict[str, int] = defaultdict(int)
        self.released: dict[str, int] = defaultdict(int)
        self.by_procedure: dict[tuple[str, int], int] = defaultdict(int)
        self.by_cluster: dict[tuple[str, int], int] = defaultdict(int)


class Tallier:
    """Counts sheets one by one, remembering nothing of a sheet but its tallies.

    `released` are the groups (agency, reason, quarter) of quarantined answers that two persons let count.
    """

    def __init__(self, find_questionnaire: FindQuestionnaire) -> None:
        self.released: Collection[tuple[str, str, str]] = frozenset()
        self._find = find_questionnaire
        self._forms: dict[tuple[str, str], _Form] = {}
        self._groups: dict[_Group, _Numbers] = defaultdict(_Numbers)

    def add(self, sheets: Iterable[Any]) -> int:  # noqa: C901  # one loop over millions of sheets, spread out for speed
        """Counts rows with the columns of `Sheet`; returns how many rows there were.

        This loop decides how fast ten million answers are counted: a key of nine fields for each answer
        would cost more than everything else in it, so rows are made once for each group, in `take_rows`,
        and nothing is a function of its own that need not be.
        """
        number = 0
        groups, forms, loads, released = self._groups, self._forms, orjson.loads, self.released
        for agency, name, code, version, procedure, phase, channel, quarter, cluster, answers, fill, \
                quarantine, test in sheets:  # fmt: skip
            number += 1
            given = loads(answers)
            form = forms.get((code, version)) or self._form(code, version)
            rating = given.get(form.indicator)
            group = groups[quarter, agency, channel, phase, code, version]
            freed = bool(quarantine) and (agency, quarantine, quarter) in released
            if not is_countable(rating, quarantined=bool(quarantine), test=bool(test), released=freed):
                if not test:
                    group.set_aside[NO_RATING if freed else quarantine or NO_RATING] += 1
                continue
            if freed:
                group.released[quarantine] += 1
            values = group.values
            values[_ONE_SHEET] += 1
            if fill is not None:
                values[FILL, fill - fill % FILL_STEP] += 1
            if form.undrawn:
                for row in form.volunteered(name):
                    if row in given:
                        group.volunteered[row, given[row]] += 1
            for question in form.special:
                if question in given:
                    _split(question, given.pop(question), values)
            for answer in given.items():
                values[answer] += 1
            if procedure:
                group.by_procedure[procedure, rating] += 1
            if cluster and channel == FIELD:
                group.by_cluster[cluster, rating] += 1
        return number

    def take(self) -> Counts:
        """What was counted since the last call, by keys that can be compared."""
        rows = self.take_rows()
        return Counts(
            {TallyKey._make((*row[:-2], bool(row[-2]))): row[-1] for row in rows.tallies},
            {ProcedureKey._make(row[:-1]): row[-1] for row in rows.by_procedure},
            {ClusterKey._make(row[:-1]): row[-1] for row in rows.by_cluster},
        )

    def take_rows(self) -> TallyRows:
        """What was counted since the last call, as rows of the tables: the key, then the number.

        `assigned` is 1 or 0: SQLite's driver has to ask for an adapter for every bool.
        """
        rows = TallyRows([], [], [])
        put = rows.tallies.append
        for group, numbers in self._groups.items():
            quarter, agency, channel, phase, code, version = group
            for (question, value), number in numbers.values.items():
                drawn = number - numbers.volunteered.get((question, value), 0)
                if drawn:
                    put((quarter, agency, channel, phase, code, version, question, str(value), 1, drawn))
            for (question, value), number in numbers.volunteered.items():
                put((quarter, agency, channel, phase, code, version, question, str(value), 0, number))
            for reason, number in numbers.set_aside.items():
                put((quarter, agency, channel, phase, code, version, SET_ASIDE, reason, 1, number))
            for reason, number in numbers.released.items():
                put((quarter, agency, channel, phase, code, version, RELEASED, reason, 1, number))
            rows.by_procedure.extend(
                (quarter, agency, procedure, channel, phase, code, version, level, number)
                for (procedure, level), number in numbers.by_procedure.items()
            )
            rows.by_cluster.extend(
                (quarter, agency, cluster, phase, code, version, level, number)
                for (cluster, level), number in numbers.by_cluster.items()
            )
        self._groups.clear()
        return rows

    def _form(self, code: str, version: str) -> _Form:
        form = self._forms[code, version] = _Form.of(self._find(code, version))
        return form


def _split(question: str, given: object, values: dict[tuple[str, Any], int]) -> None:
    """Each chosen value counts by itself; written words are nobody's tally."""
    if isinstance(given, list):
        for value in given:
            values[question, value] += 1


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Counting makes hundreds of thousands of small values and no cycles: looking for some costs a fifth."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
