"""What a published table may show of small groups, and what an attacker can work out from it.

A cell is a group of answers with its count n and its satisfied count. Cells with n from 1 to 9 are
hidden ("primary"); further cells are hidden with them ("complement") so that nobody can find the
hidden numbers by subtraction. Zero is printed: it is a known number and protects nothing.

The attacker knows every printed number, every relation between cells (a total is the sum of its
parts, in n and in satisfied alike), that satisfied is at most n, and which hidden cells are 1 to 9.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property

from surveys.bounds import Box, Ranges, closed, narrow_relation
from surveys.thresholds import Thresholds

SUPPRESSED = "bm"
"""Printed in place of a hidden number: "bảo mật thống kê"."""

MINIMUM = Thresholds().disclosure
N_WIDTH = 4
SATISFIED_WIDTH = 2


class NotAdditive(ValueError):
    """A total differs from the sum of its parts: the figures themselves are wrong, hiding cannot help."""


class Kind(Enum):
    """Why a cell is hidden. The attacker is assumed to know it; the printed mark is the same."""

    PRIMARY = "1..9"
    COMPLEMENT = "complement"


@dataclass(frozen=True, slots=True)
class Cell:
    """One group of answers; `key` orders ties by its text, so codes make good keys."""

    key: Hashable
    n: int
    satisfied: int

    def __post_init__(self) -> None:
        if not 0 <= self.satisfied <= self.n:
            raise ValueError(f"cell {self.key!r}: satisfied {self.satisfied} is not within 0..{self.n}")


@dataclass(frozen=True, slots=True)
class Relation:
    """The total is the sum of the parts, in n and in satisfied."""

    total_key: Hashable
    part_keys: tuple[Hashable, ...]

    @property
    def keys(self) -> tuple[Hashable, ...]:
        return (self.total_key, *self.part_keys)


Hidden = Mapping[Hashable, Kind]


@dataclass(frozen=True)
class Table:
    """Every cell that is printed anywhere, and every sum a reader can do with them.

    Relations are honoured in the order given: nation, provinces and agencies first, then channels of
    an agency, then column totals. The order never changes what is safe, only which complements are
    preferred, and this one shares complements between rows and columns.
    """

    cells: Mapping[Hashable, Cell]
    relations: tuple[Relation, ...]
    minimum: int = MINIMUM
    _places: dict[Hashable, list[int]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(
        cls, cells: Iterable[Cell], relations: Iterable[Relation] = (), *, minimum: int = MINIMUM
    ) -> Table:
        by_key: dict[Hashable, Cell] = {}
        for cell in cells:
            if cell.key in by_key:
                raise ValueError(f"cell {cell.key!r} is given twice")
            by_key[cell.key] = cell
        return cls(by_key, tuple(relations), minimum)

    def __post_init__(self) -> None:
        for index, relation in enumerate(self.relations):
            if len(set(relation.keys)) != len(relation.keys):
                raise ValueError(f"relation {relation.total_key!r} names a cell twice")
            total = self.cells[relation.total_key]
            parts = [self.cells[key] for key in relation.part_keys]
            n, satisfied = sum(part.n for part in parts), sum(part.satisfied for part in parts)
            if (n, satisfied) != (total.n, total.satisfied):
                raise NotAdditive(
                    f"{relation.total_key!r} is {total.satisfied}/{total.n}, its parts {satisfied}/{n}"
                )
            for key in relation.keys:
                self._places.setdefault(key, []).append(index)

    def relations_of(self, key: Hashable) -> list[int]:
        """Indexes of the relations in which the cell stands, in the order given."""
        return self._places.get(key, [])

    @cached_property
    def ceiling(self) -> int:
        """A public upper limit of every count, granted to the attacker.

        It makes every range finite and can only make the attacker stronger than he is.
        """
        return 10 * max((cell.n for cell in self.cells.values()), default=0) + 1000

    def is_primary(self, key: Hashable) -> bool:
        return 0 < self.cells[key].n < self.minimum

    def domain(self, key: Hashable, hidden: Hidden) -> Box:
        """What is known of a cell before any subtraction; a printed cell is known exactly."""
        cell, kind = self.cells[key], hidden.get(key)
        if kind is None:
            return Box.exactly(cell.n, cell.satisfied)
        low, high = (1, self.minimum - 1) if kind is Kind.PRIMARY else (self.minimum, self.ceiling)
        return closed(Box(low, high, 0, high, 0, high))


Attack = Callable[[Table, Hidden], Mapping[Hashable, Ranges]]


def components(table: Table, hidden: Hidden) -> Iterator[tuple[list[Hashable], list[int]]]:
    """Hidden cells that can say something about each other, with the relations that join them.

    Two components share no relation, so each may be attacked alone.
    """
    seen: set[Hashable] = set()
    for start in hidden:
        if start in seen:
            continue
        seen.add(start)
        keys, joined, queue = [start], dict.fromkeys(table.relations_of(start)), deque([start])
        while queue:
            for index in table.relations_of(queue.popleft()):
                joined[index] = None
                for key in table.relations[index].keys:
                    if key in hidden and key not in seen:
                        seen.add(key)
                        keys.append(key)
                        queue.append(key)
        yield keys, sorted(joined)


def propagate_bounds(table: Table, hidden: Hidden) -> dict[Hashable, Ranges]:
    """Ranges by interval propagation in exact integers.

    Exact where the hidden cells and their relations form a tree: the region of a cell has edges only
    along n, satisfied and unsatisfied, such regions add up to regions of the same kind, and a tree
    needs nothing else. Where they form a cycle (rows with columns) the result is only an outer bound:
    a range that is narrow is truly narrow, one that is wide may not be.
    """
    result: dict[Hashable, Ranges] = {}
    for keys, indexes in components(table, hidden):
        boxes = {key: table.domain(key, hidden) for key in keys}
        for _ in range(len(indexes) + 1):
            changed = False
            for index in (*reversed(indexes), *indexes):
                relation = table.relations[index]
                changed |= _narrow(table, relation, boxes)
            if not changed:
                break
        result.update((key, box.ranges()) for key, box in boxes.items())
    return result


def _narrow(table: Table, relation: Relation, boxes: dict[Hashable, Box]) -> bool:
    """Narrow the hidden cells of one relation; the printed parts are taken off the total first."""
    total = boxes.get(relation.total_key)
    n = satisfied = 0
    unknown: list[Hashable] = []
    for key in relation.part_keys:
        if key in boxes:
            unknown.append(key)
        else:
            n, satisfied = n + table.cells[key].n, satisfied + table.cells[key].satisfied
    if total is None:
        known = table.cells[relation.total_key]
        rest = Box.exactly(known.n - n, known.satisfied - satisfied)
    else:
        rest = total.shifted(-n, -satisfied)
    new_rest, new_parts = narrow_relation(rest, [boxes[key] for key in unknown])
    changed = False
    for key, box in zip(unknown, new_parts, strict=True):
        if box != boxes[key]:
            boxes[key], changed = box, True
    if total is not None:
        new_total = new_rest.shifted(n, satisfied)
        if new_total != total:
            boxes[relation.total_key], changed = new_total, True
    return changed


def is_acyclic(table: Table, keys: Collection[Hashable], indexes: Collection[int]) -> bool:
    """Whether a component is a tree, so that `propagate_bounds` is exact on it."""
    inside = set(keys)
    links = sum(1 for index in indexes for key in table.relations[index].keys if key in inside)
    return links == len(inside) + len(indexes) - 1


def suppress(
    table: Table,
    *,
    minimum: int | None = None,
    n_width: int = N_WIDTH,
    satisfied_width: int = SATISFIED_WIDTH,
    attack: Attack = propagate_bounds,
    published: Collection[Hashable] = (),
    withheld: Collection[Hashable] = (),
) -> dict[Hashable, Kind]:
    """The cells to hide, with the reason of each.

    Every hidden cell has, in each relation in which it is a part, a complement: the sibling with the
    smallest n of at least `minimum` (ties by code), else the total. More are hidden until the attack
    leaves every hidden cell a range of n at least `n_width` wide and one of satisfied at least
    `satisfied_width` wide. `published` cells stand in an earlier edition and cannot be hidden any
    more; `withheld` cells were hidden there and stay hidden.

    It always ends, since the hidden set only grows. Some groups cannot be protected by hiding (nine
    parts of a total below ten are one each): then everything around them is hidden and `exposed`
    names them.
    """
    table = table if minimum is None else replace(table, minimum=minimum, _places={})
    return _Suppression(table, n_width, satisfied_width, attack, frozenset(published)).run(withheld)


def exposed(
    table: Table,
    hidden: Hidden,
    *,
    attack: Attack = propagate_bounds,
    n_width: int = N_WIDTH,
    satisfied_width: int = SATISFIED_WIDTH,
) -> frozenset[Hashable]:
    """The hidden cells whose numbers the attack finds too precisely."""
    ranges = attack(table, hidden)
    return frozenset(key for key, known in ranges.items() if not known.is_wide(n_width, satisfied_width))


class _Suppression:
    """The growing set of hidden cells of one table."""

    def __init__(
        self,
        table: Table,
        n_width: int,
        satisfied_width: int,
        attack: Attack,
        published: frozenset[Hashable],
    ) -> None:
        self.table, self.attack, self.published = table, attack, published
        self.n_width, self.satisfied_width = n_width, satisfied_width
        self.hidden: dict[Hashable, Kind] = {}
        self.touched: list[int] = []

    def run(self, withheld: Collection[Hashable]) -> dict[Hashable, Kind]:
        for key in self.table.cells:
            if self.table.is_primary(key):
                self.hide(key)
        for key in withheld:
            if key not in self.hidden and self.table.cells[key].n:
                self.hide(key)
        self.pair_up()
        # Propagation is cheap, and what it finds narrow is narrow for every attack: it goes first.
        self.widen(propagate_bounds)
        if self.attack is not propagate_bounds:
            self.widen(self.attack)
        return self.hidden

    def hide(self, key: Hashable) -> None:
        self.hidden[key] = Kind.PRIMARY if self.table.is_primary(key) else Kind.COMPLEMENT
        self.touched.extend(self.table.relations_of(key))

    def candidate(self, relation: Relation) -> Hashable | None:
        """The next complement in a relation: the smallest open part, else the total."""
        cells = self.table.cells
        open_parts = [key for key in relation.part_keys if self.may_hide(key)]
        if open_parts:
            return min(open_parts, key=lambda key: (cells[key].n, str(key)))
        return relation.total_key if self.may_hide(relation.total_key) else None

    def may_hide(self, key: Hashable) -> bool:
        return key not in self.hidden and key not in self.published and self.table.cells[key].n > 0

    def pair_up(self) -> None:
        """Give every relation with a hidden cell its complement, in the order of the relations."""
        while self.touched:
            waiting, self.touched = sorted(set(self.touched)), []
            for index in waiting:
                relation = self.table.relations[index]
                if self.lacks_complement(relation):
                    found = self.candidate(relation)
                    if found is not None:
                        self.hide(found)

    def lacks_complement(self, relation: Relation) -> bool:
        kinds = [self.hidden[key] for key in relation.part_keys if key in self.hidden]
        total = relation.total_key in self.hidden
        if total:
            return not kinds
        return (Kind.PRIMARY in kinds and Kind.COMPLEMENT not in kinds) or len(kinds) == 1

    def widen(self, attack: Attack) -> None:
        """Hide more until the attack finds nothing too narrow, or nothing is left to hide."""
        safe: set[frozenset[Hashable]] = set()
        grown = True
        while grown:
            grown = False
            for keys, _ in list(components(self.table, self.hidden)):
                name = frozenset(keys)
                if name in safe:
                    continue
                ranges = attack(self.table, {key: self.hidden[key] for key in keys})
                narrow = [k for k in keys if not ranges[k].is_wide(self.n_width, self.satisfied_width)]
                added = self.grow(narrow, name)
                if not added:
                    safe.add(name)
                grown |= added
            self.pair_up()

    def grow(self, narrow: Collection[Hashable], component: frozenset[Hashable]) -> bool:
        """Hide one more cell near each narrow one, at most one for each relation."""
        used: set[int] = set()
        for key in sorted(narrow, key=str):
            index = self.nearest_open_relation(key, used, component)
            if index is None:
                continue
            used.add(index)
            found = self.candidate(self.table.relations[index])
            if found is not None:
                self.hide(found)
        return bool(used)

    def nearest_open_relation(
        self, key: Hashable, used: Collection[int], component: frozenset[Hashable]
    ) -> int | None:
        """Search outwards from a cell; None when all is hidden or a relation at hand was just used."""
        seen, level = {key}, [key]
        while level:
            indexes = dict.fromkeys(index for item in level for index in self.table.relations_of(item))
            if any(index in used for index in indexes):
                return None
            open_ones = [i for i in indexes if self.candidate(self.table.relations[i]) is not None]
            if open_ones:
                return min(open_ones, key=lambda index: (self.slack(index, key), index))
            level = [
                other
                for index in indexes
                for other in self.table.relations[index].keys
                if other in component and other not in seen
            ]
            seen.update(level)
        return None

    def slack(self, index: int, key: Hashable) -> int:
        """How wide the relation alone leaves the cell: the tightest relation is widened first."""
        relation = self.table.relations[index]
        boxes = {k: self.table.domain(k, self.hidden) for k in relation.keys if k in self.hidden}
        _narrow(self.table, relation, boxes)
        box = boxes.get(key)
        return self.table.ceiling if box is None else min(box.n_high - box.n_low, box.s_high - box.s_low)


def revision_released(
    published: Cell,
    revised: Cell,
    *,
    added: int | None = None,
    removed: int | None = None,
    minimum: int = MINIMUM,
) -> bool:
    """Whether a revision may print the new figures of a cell.

    On each side either nobody or at least `minimum` answers: fewer would be seen by comparing the two
    editions. Without the true numbers of answers added and removed, the least that explain the
    difference count; they are derived from satisfied and unsatisfied apart.
    """
    more_satisfied = revised.satisfied - published.satisfied
    more_others = (revised.n - revised.satisfied) - (published.n - published.satisfied)
    least_added = max(0, more_satisfied) + max(0, more_others)
    least_removed = max(0, -more_satisfied) + max(0, -more_others)
    added = least_added if added is None else added
    removed = least_removed if removed is None else removed
    if added < least_added or removed < least_removed or added - removed != revised.n - published.n:
        raise ValueError(f"cell {published.key!r}: {added} added and {removed} removed do not explain it")
    return all(change == 0 or change >= minimum for change in (added, removed))


def coarse_open_count(n: int) -> int:
    """The public count of a quarter that is still open: rounded down to tens."""
    return n // 10 * 10
