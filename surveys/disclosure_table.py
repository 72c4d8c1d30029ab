"""Cells, the sums that join them, and what an attacker can work out from those that are printed.

The attacker knows every printed number, every relation between cells (a total is the sum of its
parts, in n and in satisfied alike), that satisfied is at most n, and which hidden cells are 1 to 9. Of a
quarter he also remembers the counts in tens that were public while it was open.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from surveys.bounds import Box, Ranges, closed, narrow_relation
from surveys.thresholds import Thresholds

MINIMUM = Thresholds().disclosure
N_WIDTH = 4
SATISFIED_WIDTH = 2


class NotAdditive(ValueError):
    """A total differs from the sum of its parts: the figures themselves are wrong, hiding cannot help."""


class Kind(Enum):
    """Why a cell is hidden. The attacker is assumed to know it; the printed mark is the same."""

    PRIMARY = "1..9"
    COMPLEMENT = "complement"
    UNPRINTED = "unprinted"
    """Nobody printed such a number, and nobody knows how large it is: days between two editions."""


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


def coarse_open_count(n: int, minimum: int = MINIMUM) -> int:
    """The public count of a quarter that is still open: rounded down to tens, nought for a hidden one."""
    return n // 10 * 10 if n >= minimum else 0


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
    in_tens: frozenset[Hashable] = frozenset()
    """Cells whose n was printed before, rounded down to tens."""
    _places: dict[Hashable, list[int]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        cells: Iterable[Cell],
        relations: Iterable[Relation] = (),
        *,
        minimum: int = MINIMUM,
        in_tens: Iterable[Hashable] = (),
    ) -> Table:
        by_key: dict[Hashable, Cell] = {}
        for cell in cells:
            if cell.key in by_key:
                raise ValueError(f"cell {cell.key!r} is given twice")
            by_key[cell.key] = cell
        return cls(by_key, tuple(relations), minimum, frozenset(in_tens))

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
        low, high = self._known_before(kind)
        if key in self.in_tens:
            tens = coarse_open_count(cell.n, self.minimum)
            low, high = max(low, tens), min(high, tens + 9 if tens else self.minimum - 1)
        return closed(Box(low, high, 0, high, 0, high))

    def _known_before(self, kind: Kind) -> tuple[int, int]:
        if kind is Kind.PRIMARY:
            return 1, self.minimum - 1
        return (self.minimum if kind is Kind.COMPLEMENT else 0), self.ceiling


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
                changed |= narrow(table, relation, boxes)
            if not changed:
                break
        result.update((key, box.ranges()) for key, box in boxes.items())
    return result


def narrow(table: Table, relation: Relation, boxes: dict[Hashable, Box]) -> bool:
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
