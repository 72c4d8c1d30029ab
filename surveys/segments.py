"""Editions that overlap in days, cut into the shortest spans of days that nobody can cut further.

A quarter is three months, a week may straddle two of them. Every number of every edition is the sum of the
segments that its days cover, and whoever holds all editions may subtract anything from anything. Segments
themselves are printed nowhere: days that only a subtraction singles out are groups like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum
from typing import Final, Protocol, TypeAlias, TypeVar

from surveys.disclosure_table import SATISFIED_WIDTH
from surveys.periods import quarter_of_day

Numbers: TypeAlias = tuple[int, ...]
"""Satisfied and others, or the five levels from 5 to 1."""

Leaf: TypeAlias = tuple[str, str]
"""A code under which answers are kept, and the part (a channel) that they came through."""

Key: TypeAlias = tuple[str, str]
"""A place and a part of its figures."""

SATISFIED: Final = {2: 1, 5: 2}
"""How many of the numbers, from the first on, are of satisfied answers."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A cell of an edition: what is true of it, and how much of that is printed."""

    numbers: Numbers
    hidden: bool = False
    tells_levels: bool = False
    may_be_empty: bool = False
    """Whether the mark says nothing of answers: a cell without any would carry it as well."""

    @property
    def n(self) -> int:
        return sum(self.numbers)

    @property
    def satisfied(self) -> int:
        return satisfied(self.numbers)

    @property
    def is_known(self) -> bool:
        """Whether every one of the numbers is printed or follows from what is."""
        return not self.hidden and (len(self.numbers) == 2 or self.tells_levels or not any(self.numbers))


def satisfied(numbers: Numbers) -> int:
    return sum(numbers[: SATISFIED[len(numbers)]])


@dataclass(frozen=True)
class Family:
    """Parts that are printed together with their sum; a part without siblings is its own sum."""

    total: str
    parts: tuple[str, ...]
    satisfied_width: int = SATISFIED_WIDTH
    """How wide the satisfied count of a hidden cell must stay; 0 where there is no such count."""


@dataclass(frozen=True)
class SeenEdition:
    """An edition as an attacker holds it: one family of parts, of every place of its tree.

    `parents` leads from a place to the one above it, the uppermost to nothing; `units` from a code of
    answers to the agency under which the edition counts it. A cell that is missing is a printed zero.
    """

    code: str
    first_day: date
    last_day: date
    parents: Mapping[str, str]
    units: Mapping[str, str]
    cells: Mapping[Key, Seen]
    known: frozenset[Key] = frozenset()
    """Hidden cells that are no secret, because others print them or large numbers from which they follow."""
    in_tens: bool = False
    """Whether the totals were told in tens before, as those of an open quarter are: for its own control."""


class Days(Protocol):
    """Anything that has a first and a last day."""

    @property
    def first_day(self) -> date: ...

    @property
    def last_day(self) -> date: ...


D = TypeVar("D", bound=Days)


def touch(one: Days, other: Days) -> bool:
    return one.first_day <= other.last_day and other.first_day <= one.last_day


Term: TypeAlias = tuple[int, int, int]
"""The number of a leaf, and its run of segments from the first to before the last."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of a sum of runs: for each group of classes of answers the least and the most."""

    terms: tuple[Term, ...]
    known: tuple[tuple[tuple[int, ...], float, float], ...]


class What(Enum):
    """Why a number must stay in the dark."""

    CELL = "a cell that an edition hides"
    DAYS = "days on which so few answered that they must not stand alone"
    LATE = "so few answers that joined or left the days of an edition after its close"
    REST = "what is left of known days when known days within are taken away"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A number that must stay in the dark."""

    key: Key
    first: int
    last: int
    terms: tuple[Term, ...]
    n: int
    edition: str = ""
    satisfied_need: int = 2
    what: What = What.CELL


@dataclass(frozen=True, slots=True)
class Narrow:
    """A number that can be worked out too precisely: of which place, part and run of segments."""

    key: Key
    first: int
    last: int
    n: int
    what: What
    edition: str = ""
    without: tuple[int, int] | None = None
    """The inner run that is taken away, where it is a remainder."""


@dataclass(frozen=True)
class Problem:
    """Everything that is printed about the segments of each leaf, as sums of runs."""

    days: tuple[date, ...]
    """Where the segments begin, and behind them the first day after the last."""
    classes: int
    leaves: tuple[Leaf, ...]
    truth: tuple[tuple[Numbers, ...], ...]
    """For each leaf what is true of each segment."""
    rows: tuple[Row, ...]
    wanted: tuple[Wanted, ...]
    ceiling: int
    """A public upper limit of every count, granted to the attacker; it makes every range finite."""
    satisfied_width: int
    involved: frozenset[int]
    """Leaves with a number that some edition does not print; the others are known as far as they are."""
    caps: Mapping[int, tuple[tuple[int, int, int], ...]] = field(default_factory=dict)
    """For each leaf the printed runs with the number of the satisfied in them."""

    @property
    def segments(self) -> int:
        return len(self.days) - 1


def cut(spans: Iterable[tuple[date, date]]) -> tuple[date, ...]:
    """The days on which a segment begins, and the day after the last; spans include their last day."""
    found: set[date] = set()
    for first, last in spans:
        found |= {first, last + timedelta(days=1)}
    return tuple(sorted(found))


def concerned(candidate: Days, others: Sequence[D]) -> list[D]:
    """The editions that say something about the days of the candidate, in the order given.

    Without one that shares a day with it, none does. Else all those of its quarters, because weeks and
    months hang together there, and those that share a day with one of these: a week over the end of a
    quarter is cut by what is printed about the days beyond.
    """
    if not any(touch(other, candidate) for other in others):
        return []
    first, last = quarter_of_day(candidate.first_day).first_day, quarter_of_day(candidate.last_day).last_day
    near = [other for other in others if other.first_day <= last and first <= other.last_day]
    return [other for other in others if any(touch(other, one) for one in near)]


def derivable(edition: SeenEdition, others: Sequence[SeenEdition]) -> frozenset[Key]:
    """The cells of an edition that are sums and differences of what others print of the same cell.

    Hiding them would be an empty gesture, and they would protect nothing else.
    """
    cuts = cut((each.first_day, each.last_day) for each in (edition, *others))
    cells = edition.cells.items()
    return frozenset(key for key, seen in cells if seen.n and _follows(key, edition, others, cuts))


def printed_outright(edition: SeenEdition, others: Sequence[SeenEdition]) -> frozenset[Key]:
    """The cells that an edition of the same days prints: an earlier revision, under earlier thresholds."""
    same = [
        other
        for other in others
        if (other.first_day, other.last_day) == (edition.first_day, edition.last_day)
    ]
    return frozenset(
        key
        for key in edition.cells
        if any(key in other.cells and not other.cells[key].hidden for other in same)
    )


def _follows(key: Key, edition: SeenEdition, others: Sequence[SeenEdition], cuts: Sequence[date]) -> bool:
    """Whether printed numbers lead from the first day of the edition to the day after its last."""
    root = {day: day for day in cuts}

    def top(day: date) -> date:
        while root[day] != day:
            day = root[day]
        return day

    for other in others:
        seen = other.cells.get(key)
        if key[0] in other.parents and (seen is None or not seen.hidden):
            root[top(other.last_day + timedelta(days=1))] = top(other.first_day)
    return top(edition.first_day) == top(edition.last_day + timedelta(days=1))


def hide(edition: SeenEdition, keys: Iterable[Key]) -> SeenEdition:
    """The edition with these cells hidden as well."""
    wanted = set(keys)
    cells = {
        key: replace(seen, hidden=True) if key in wanted else seen for key, seen in edition.cells.items()
    }
    return replace(edition, cells=cells)
