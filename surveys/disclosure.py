"""What a published table may show of small groups.

A cell is a group of answers with its count n and its satisfied count. Cells with n from 1 to 9 are
hidden ("primary"); further cells are hidden with them ("complement") so that nobody can find the
hidden numbers by subtraction. Zero is printed: it is a known number and protects nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import replace

from surveys.bounds import Ranges
from surveys.disclosure_table import (
    MINIMUM,
    N_WIDTH,
    SATISFIED_WIDTH,
    Attack,
    Cell,
    Hidden,
    Kind,
    NotAdditive,
    Relation,
    Table,
    coarse_open_count,
    components,
    exposed,
    is_acyclic,
    narrow,
    propagate_bounds,
)

__all__ = [
    "MINIMUM",
    "N_WIDTH",
    "SATISFIED_WIDTH",
    "SUPPRESSED",
    "Attack",
    "Cell",
    "Hidden",
    "Kind",
    "NotAdditive",
    "Ranges",
    "Relation",
    "Table",
    "coarse_open_count",
    "components",
    "exposed",
    "is_acyclic",
    "propagate_bounds",
    "revision_released",
    "suppress",
]

SUPPRESSED = "bm"
"""Printed in place of a hidden number: "bảo mật thống kê"."""


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
                tight = [k for k in keys if not ranges[k].is_wide(self.n_width, self.satisfied_width)]
                added = self.grow(tight, name)
                if not added:
                    safe.add(name)
                grown |= added
            self.pair_up()

    def grow(self, tight: Collection[Hashable], component: frozenset[Hashable]) -> bool:
        """Hide one more cell near each narrow one, at most one for each relation."""
        used: set[int] = set()
        for key in sorted(tight, key=str):
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
        narrow(self.table, relation, boxes)
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
