"""Disclosure control of the feedback of a quarter: by theme and status, and by theme whether it was in time.

Numbers below the threshold are hidden, and with them what would let them be worked out along the sums that a
reader can do: agencies make up provinces and these the nation; of a theme the statuses add up to as many as
were in time, late or still running. Totals are printed by nobody who hides one of their parts.

A sum is worth more than its parts: where it would have to go because of them, nothing of the parts is told,
noughts neither. So it is with groups that cannot be protected otherwise, as seven agencies with one contact
each.
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
from surveys.figures import NATION

Row: TypeAlias = tuple[str, Theme]
Name: TypeAlias = tuple[str, str, str]
"""Place, theme, and a status, a timing or TOTAL."""

TOTAL: Final = "total"
ROUNDS: Final = 8
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
    house.hide_statuses()
    timings = house.hide_timings()
    return Hidden(
        frozenset((place, Theme(theme), FeedbackStatus(status)) for place, theme, status in house.hidden),
        frozenset(timings),
    )


class _House:
    """The tables of one quarter. `hidden` are statuses, `silent` those of them of which nothing is told."""

    def __init__(self, heaps: Mapping[str, Heaps], children: Mapping[str, list[str]], minimum: int) -> None:
        self.children, self.minimum = children, minimum
        self.parents = {code: parent for parent, members in children.items() for code in members}
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
        self.totals = {
            (place, theme.value, TOTAL): n
            for place, own in heaps.items()
            for theme in Theme
            if (n := own.total_of(theme))
        }
        self.rows = {(place, theme) for place in heaps for theme in Theme}
        self.hidden: set[Name] = set()
        self.silent: set[Name] = set()

    def hide_statuses(self) -> None:
        self.hidden, self.silent = self._settled(self.statuses, set(), set())

    def _settled(
        self, numbers: Mapping[Name, int], silent: set[Name], withheld: set[Name]
    ) -> tuple[set[Name], set[Name]]:
        """What is hidden, and that part of it of which nothing is told.

        Each word is a tree of its own, on which propagation is exact. A sum is worth more than its parts:
        where it would have to go because of them, they are silent instead.
        """
        while True:
            told = {name: n for name, n in numbers.items() if name not in silent}
            table = self._table(told, self._hierarchy(told))
            kept = [_key(name) for name in withheld if name in told]
            found = suppress(table, attack=propagate_bounds, satisfied_width=0, withheld=kept)
            tight = exposed(table, found, attack=propagate_bounds, satisfied_width=0)
            more = {name for key in tight for name in self._below(self._above(_name(key)))}
            sums = (_name(key) for key, kind in found.items() if kind is Kind.COMPLEMENT)
            for name in sums:
                if name not in withheld and self._may_stand(name, told):
                    more |= set(self._below(name))
            if more <= silent:
                return {name for name in told if _key(name) in found} | silent, silent
            silent = silent | more

    def _may_stand(self, name: Name, told: Mapping[Name, int]) -> bool:
        """Whether a sum may be told of parts of which nothing is: even of parts that are all below the
        threshold each stays open enough, where everybody who left anything is known."""
        place, theme, word = name
        members = self.children.get(place, [])
        spoken = [code for code in members if (code, theme, word) in told]
        others = (self.minimum - 1) * (len(members) - 1)
        return bool(spoken) and told[name] - others <= self.minimum - 1 - N_WIDTH

    def _above(self, name: Name) -> Name:
        return self.parents.get(name[0], NATION), name[1], name[2]

    def _below(self, name: Name) -> Iterator[Name]:
        """Everything that makes up a sum, noughts too: of a province its agencies, of the nation all."""
        members = self.children.get(name[0], [])
        below = [code for member in members for code in self.children.get(member, [])]
        for code in (*members, *below):
            yield code, name[1], name[2]

    def hide_timings(self) -> set[Row]:
        """On time and late go together. Whatever the joint look finds too narrow takes more along."""
        rows = {_row(name) for name in self.silent}
        for _round in range(ROUNDS):
            rows = self._suppressed(rows)
            tight = self._tight(rows)
            if not tight:
                return rows
            own = {_row(name) for name in tight} - rows
            themes = {name[1] for name in tight}
            rows |= own or {row for row in self.rows if row[1].value in themes}
        return self.rows

    def _told_totals(self) -> dict[Name, int]:
        """Those that a reader can add up."""
        blind = {_row(name) for name in self.hidden}
        return {name: n for name, n in self.totals.items() if _row(name) not in blind}

    def _suppressed(self, rows: set[Row]) -> set[Row]:
        """With the rows that go because of their own numbers; what still runs is told by the total alone."""
        told = self._told_totals()
        numbers = {name: n for name, n in self.timings.items() if name[2] != Timing.RUNNING}
        rows = rows | {
            _row(name)
            for name, n in self.timings.items()
            if name[2] == Timing.RUNNING and n < self.minimum and (*name[:2], TOTAL) in told
        }
        while True:
            silent = self._silent_times(rows) | self._untold_themes(rows)
            withheld = {name for name in numbers if _row(name) in rows}
            hidden, silent = self._settled(numbers, silent, withheld)
            found = rows | {_row(name) for name in hidden | silent}
            if found == rows:
                return rows
            rows = found

    def _silent_times(self, rows: set[Row]) -> set[Name]:
        """Of a pair that is hidden noughts are hidden, too; where a whole group is, nothing of it is told."""
        return {
            (code, theme.value, timing.value)
            for parent, members in self.children.items()
            for theme in Theme
            if all((code, theme) in rows for code in members) and (parent, theme) not in rows
            for code in members
            for timing in Timing
        } | {
            (code, theme.value, timing.value)
            for province in self.children.get(NATION, [])
            for theme in Theme
            if all((code, theme) in rows for code in (province, *self.children.get(province, [])))
            and (NATION, theme) not in rows
            and all((code, theme) in rows for code in self.children[NATION])
            for code in self.children.get(province, [])
            for timing in Timing
        }

    def _untold_themes(self, rows: set[Row]) -> set[Name]:
        """Of a theme that is hidden everywhere nobody knows where the noughts are, and there is no sum.

        Were noughts taken for known, the joint look would find the rest too narrow whatever is hidden, and in
        the end everything would go, other themes as well.
        """
        told = {theme for _place, theme in self.rows - rows}
        return {
            (place, theme.value, timing.value)
            for place, theme in self.rows
            if theme not in told
            for timing in Timing
        }

    def _tight(self, timings: set[Row]) -> list[Name]:
        """Both tables together: a total that nobody prints joins what is hidden in the one and the other."""
        silent = self.silent | self._silent_times(timings) | self._untold_themes(timings)
        silent_rows = {_row(name) for name in silent}
        statuses = {name: n for name, n in self.statuses.items() if name not in silent}
        times = {name: n for name, n in self.timings.items() if name not in silent}
        totals = {name: n for name, n in self.totals.items() if _row(name) not in silent_rows}
        numbers = {**statuses, **times, **totals}
        relations = [
            *self._hierarchy(statuses),
            *self._hierarchy(times),
            *self._splits(totals, statuses),
            *self._splits(totals, times),
        ]
        told = self._told_totals()
        secret = {name for name in statuses if name in self.hidden}
        secret |= {name for name in times if _row(name) in timings}
        running = {name for name in times if name[2] == Timing.RUNNING and (*name[:2], TOTAL) not in told}
        unprinted = {name for name in totals if name not in told} | running
        hidden = {_key(name): self._kind(numbers[name]) for name in secret | unprinted}
        ranges = _ATTACK(self._table(numbers, relations), hidden)
        return sorted(name for name in secret | running if not ranges[_key(name)].is_wide(N_WIDTH, 0))

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
                # Where nothing is told of what makes it up, the sum stands alone.
                if parts:
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


def _name(key: Hashable) -> Name:
    place, theme, word = str(key).split("/")
    return place, theme, word
