"""Disclosure control of the feedback of a quarter: by theme and status, and by theme whether it was in time.

Numbers below the threshold are hidden, and with them what would let them be worked out along the sums that a
reader can do: agencies make up provinces and these the nation; of a theme the statuses add up to as many as
were in time, late or still running. No total of a theme is printed where one of its statuses is hidden.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final, TypeAlias

from app.comments.counting import Timing
from app.comments.themes import Theme
from app.feedback.heaps import Heaps, Part, children_of, heaps_of
from app.results.attack import lp_attack
from surveys.disclosure import N_WIDTH, Cell, Kind, Relation, Table, exposed, propagate_bounds, suppress
from surveys.feedback import FeedbackStatus

Row: TypeAlias = tuple[str, Theme]
Name: TypeAlias = tuple[str, str, str]
"""Place, theme, and a status, a timing or TOTAL."""

TOTAL: Final = "total"
# Nobody is rated here: only how many there are has to stay wide.
_ATTACK: Final = partial(lp_attack, s_enough=0)


@dataclass(frozen=True)
class Hidden:
    """Places with a theme and a status that is hidden, and with a theme whose times are."""

    statuses: frozenset[tuple[str, Theme, FeedbackStatus]]
    timings: frozenset[Row]


@lru_cache(maxsize=8)
def control(parts: tuple[Part, ...], minimum: int) -> Hidden:
    """A function of the counts alone, so that many reports of a quarter ask once."""
    house = _House(heaps_of(parts), children_of(parts), minimum)
    statuses = house.hide_statuses()
    timings = house.hide_timings(statuses)
    if not house.is_safe(statuses, timings):
        timings = house.rows
    return Hidden(
        frozenset((place, Theme(theme), FeedbackStatus(status)) for place, theme, status in statuses),
        frozenset(timings),
    )


class _House:
    """The tables of one quarter."""

    def __init__(self, heaps: Mapping[str, Heaps], children: Mapping[str, list[str]], minimum: int) -> None:
        self.children, self.minimum = children, minimum
        self.statuses = {
            (place, theme.value, status.value): n
            for place, own in heaps.items()
            for (theme, status), n in own.statuses.items()
            if n
        }
        self.timings = {
            (place, theme.value, timing.value): n
            for place, own in heaps.items()
            for (theme, timing), n in own.timings.items()
            if n
        }
        self.rows = {(place, Theme(theme)) for place, theme, _status in self.statuses}
        self.totals = {
            (place, theme.value, TOTAL): heaps[place].total_of(theme) for place, theme in self.rows
        }

    def hide_statuses(self) -> set[Name]:
        """Each theme and status is a tree of its own, on which propagation is exact.

        Where a group cannot be protected by hiding, nothing of the quarter is told.
        """
        table = self._table(self.statuses, self._hierarchy(self.statuses))
        hidden = suppress(table, attack=propagate_bounds, satisfied_width=0)
        if exposed(table, hidden, attack=propagate_bounds, satisfied_width=0):
            return set(self.statuses)
        return {name for name in self.statuses if _key(name) in hidden}

    def hide_timings(self, statuses: set[Name]) -> set[Row]:
        """On time and late go together, and go wherever a status of the theme is hidden."""
        rows = {(place, Theme(theme)) for place, theme, _status in statuses}
        told = {name: n for name, n in self.totals.items() if _row(name) not in rows}
        numbers = {**self.timings, **told}
        relations = [*self._hierarchy(self.timings), *self._splits(told, self.timings)]
        table = self._table(numbers, relations)
        while True:
            withheld = [_key(name) for name in self.timings if _row(name) in rows]
            hidden = suppress(
                table, attack=_ATTACK, satisfied_width=0, published=[*map(_key, told)], withheld=withheld
            )
            found = rows | {_row(name) for name in self.timings if _key(name) in hidden}
            if found == rows:
                return rows if not exposed(table, hidden, attack=_ATTACK, satisfied_width=0) else self.rows
            rows = found

    def is_safe(self, statuses: set[Name], timings: set[Row]) -> bool:
        """Both tables together: a total that nobody prints joins what is hidden in the one and the other."""
        if timings >= self.rows:
            return True
        numbers = {**self.statuses, **self.timings, **self.totals}
        relations = [
            *self._hierarchy(self.statuses),
            *self._hierarchy(self.timings),
            *self._splits(self.totals, self.statuses),
            *self._splits(self.totals, self.timings),
        ]
        table = self._table(numbers, relations)
        blind = {_row(name) for name in statuses}
        secret = set(statuses) | {name for name in self.timings if _row(name) in timings}
        unprinted = {name for name in self.totals if _row(name) in blind}
        hidden = {_key(name): self._kind(numbers[name]) for name in secret | unprinted}
        ranges = _ATTACK(table, hidden)
        judged = (name for name in secret if name[2] != Timing.RUNNING)
        return all(ranges[_key(name)].is_wide(N_WIDTH, 0) for name in judged)

    def _kind(self, n: int) -> Kind:
        return Kind.PRIMARY if n < self.minimum else Kind.COMPLEMENT

    def _table(self, numbers: Mapping[Name, int], relations: Iterable[Relation]) -> Table:
        return Table.of(
            [Cell(_key(name), n, 0) for name, n in sorted(numbers.items())], relations, minimum=self.minimum
        )

    def _hierarchy(self, numbers: Mapping[Name, int]) -> Iterator[Relation]:
        """The nation first, then provinces."""
        for parent, members in self.children.items():
            for name in sorted(name for name in numbers if name[0] == parent):
                parts = [part for code in members if (part := (code, name[1], name[2])) in numbers]
                yield Relation(_key(name), tuple(map(_key, parts)))

    def _splits(self, totals: Iterable[Name], numbers: Mapping[Name, int]) -> Iterator[Relation]:
        words = [word.value for word in (*FeedbackStatus, *Timing)]
        for place, theme, total in sorted(totals):
            parts = [part for word in words if (part := (place, theme, word)) in numbers]
            yield Relation(_key((place, theme, total)), tuple(map(_key, parts)))


def _row(name: Name) -> Row:
    return name[0], Theme(name[1])


def _key(name: Name) -> Hashable:
    return "/".join(name)
