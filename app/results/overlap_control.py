"""What an edition must hide in addition, so that nothing follows from it together with others.

The editions that are published cannot be changed any more: only cells of the candidate are hidden, first
that of the place itself, then the sibling with the smallest n of at least ten, then the one above.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from surveys.disclosure import MINIMUM, Cell, Relation, Table, propagate_bounds, suppress
from surveys.segment_problem import Counted, CountSegment, state_problem
from surveys.segments import (
    Family,
    Key,
    Narrow,
    Seen,
    SeenEdition,
    concerned,
    derivable,
    hide,
    printed_outright,
)

if TYPE_CHECKING:
    from app.results.overlap_attack import OverlapAttack


@dataclass(frozen=True)
class Outcome:
    """What to hide in addition, and what could be worked out even then.

    `known_before` follows from the others alone: nothing that the candidate hides or prints can change it.
    """

    withheld: frozenset[Key] = frozenset()
    left: tuple[Narrow, ...] = ()
    known_before: tuple[Narrow, ...] = ()
    days: tuple[date, ...] = ()


def audit(
    candidate: SeenEdition,
    others: Sequence[SeenEdition],
    family: Family,
    count: CountSegment,
    *,
    minimum: int = MINIMUM,
    quiet: set[object] | None = None,
) -> Outcome:
    """Hides until the attack finds nothing, or nothing is left that would help.

    Where no other edition shares a day with the candidate, nothing is counted. `quiet` remembers from one
    audit to the next where programs found nothing.
    """
    near = concerned(candidate, others)
    if not near:
        return Outcome()
    return _Audit(candidate, near, family, count, minimum, quiet).run()


def find_all(
    candidate: SeenEdition,
    others: Sequence[SeenEdition],
    family: Family,
    count: CountSegment,
    *,
    minimum: int = MINIMUM,
) -> Outcome:
    """Everything that could be worked out as things stand; nothing is hidden."""
    near = concerned(candidate, others)
    if not near:
        return Outcome()
    audit = _Audit(candidate, near, family, count, minimum)
    attack = audit.attack()
    found = dict.fromkeys([*attack.by_bounds, *attack.by_programs()])
    return Outcome(left=tuple(found), days=audit.days)


class _Audit:
    def __init__(
        self,
        candidate: SeenEdition,
        near: Sequence[SeenEdition],
        family: Family,
        count: CountSegment,
        minimum: int,
        quiet: set[object] | None = None,
    ) -> None:
        self.near, self.family, self.minimum = near, family, minimum
        self.fixed = derivable(candidate, near)
        large = {key for key in self.fixed if candidate.cells[key].n >= minimum}
        self.candidate = replace(candidate, known=printed_outright(candidate, near) | large)
        self.children: dict[str, list[str]] = {}
        for place, parent in candidate.parents.items():
            self.children.setdefault(parent, []).append(place)
        counted: dict[date, Counted] = {}

        def count_once(first: date, last: date) -> Counted:
            if first not in counted:
                counted[first] = count(first, last)
            return counted[first]

        self.count = count_once
        self.days: tuple[date, ...] = ()
        self.quiet: set[object] = set() if quiet is None else quiet
        self.before: dict[bool, frozenset[Narrow]] = {}

    def run(self) -> Outcome:
        at_first = _hidden(self.candidate)
        while True:
            left, chosen = self.find()
            if not chosen:
                break
            hidden = hide(self.candidate, chosen)
            self.candidate = completed(hidden, self.family, self.minimum, self.fixed)
        withheld = _hidden(self.candidate) - at_first
        return Outcome(withheld, tuple(left), tuple(sorted(self.known_before, key=str)), self.days)

    def find(self) -> tuple[list[Narrow], set[Key]]:
        """What does not follow from the others alone, and what to hide against it.

        Programs take their time and wait until no hiding helps against what the bounds find. They are never
        left out: where nothing more is hidden, everything that a program finds is quiet or is told.
        """
        attack = self.attack()
        left = self.new(attack.by_bounds)
        if chosen := set(self.choose(left)):
            return left, chosen
        left = self.new([*left, *attack.by_programs()], programs=True)
        return left, set(self.choose(left))

    def new(self, found: Iterable[Narrow], *, programs: bool = False) -> list[Narrow]:
        found = list(dict.fromkeys(found))
        if found and programs not in self.before:
            # The others say the same every time: they are asked once, and only where something was found.
            alone = self.attack(is_silent=True)
            self.before[programs] = frozenset(alone.by_programs() if programs else alone.by_bounds)
        known = self.known_before
        return [narrow for narrow in found if narrow not in known]

    @property
    def known_before(self) -> frozenset[Narrow]:
        return frozenset().union(*self.before.values())

    def attack(self, *, is_silent: bool = False) -> OverlapAttack:
        """On everything, or on the others alone."""
        # The numeric libraries are large, and most processes never audit anything.
        from app.results.overlap_attack import OverlapAttack

        problem = state_problem(
            [self.candidate, *self.near],
            self.family,
            self.count,
            minimum=self.minimum,
            frozen=frozenset(edition.code for edition in self.near),
            silent=frozenset([self.candidate.code] if is_silent else []),
        )
        self.days = problem.days
        return OverlapAttack(problem, self.minimum, None if is_silent else self.quiet)

    def choose(self, found: Iterable[Narrow]) -> Iterator[Key]:
        """For each the next cell to hide; of siblings of one place no more than one at a time."""
        used: set[Key] = set()
        for narrow in found:
            place, part = narrow.key
            place = self.candidate.units.get(place, place)
            names = dict.fromkeys((part, self.family.total))
            own = next((key for name in names if self.may_hide(key := (place, name))), None)
            if own is not None:
                yield own
                continue
            while place:
                parent = self.candidate.parents.get(place, "")
                if any((parent, name) in used for name in names):
                    break
                other = next((key for name in names for key in self.relatives(parent, name)), None)
                if other is not None:
                    used |= {(parent, name) for name in names}
                    yield other
                    break
                place = parent

    def relatives(self, parent: str, part: str) -> Iterator[Key]:
        """The siblings that may be hidden, the smallest first, then the one above them."""
        siblings = [(place, part) for place in self.children.get(parent, ())]
        usable = [key for key in siblings if self.may_hide(key)]
        yield from sorted(usable, key=lambda key: (self.candidate.cells[key].n, key[0]))
        if self.may_hide((parent, part)):
            yield parent, part

    def may_hide(self, key: Key) -> bool:
        seen = self.candidate.cells.get(key)
        return seen is not None and not seen.hidden and seen.n > 0 and key not in self.fixed


def completed(
    edition: SeenEdition, family: Family, minimum: int = MINIMUM, fixed: Collection[Key] = ()
) -> SeenEdition:
    """With the complements that the edition needs for itself, and the parts of what it hides.

    `fixed` cells are known from other editions and protect nothing.
    """
    table, names = own_table(edition, family, minimum)
    published = {names[key] for key in fixed if key in names}
    while True:
        hidden = _hidden(edition)
        withheld = {names[key] for key in hidden}
        found = suppress(table, attack=propagate_bounds, withheld=withheld, published=published - withheld)
        also = {key for key, name in names.items() if name in found}
        also |= {key for key in names if (key[0], family.total) in also}
        if also <= hidden:
            return edition
        edition = hide(edition, also)


def _hidden(edition: SeenEdition) -> frozenset[Key]:
    return frozenset(key for key, seen in edition.cells.items() if seen.hidden)


def own_table(
    edition: SeenEdition, family: Family, minimum: int = MINIMUM
) -> tuple[Table, Mapping[Key, Key]]:
    """Cells and sums of one edition, and the key of each: a place with one part has one number."""
    names: dict[Key, Key] = {}
    cells: dict[Key, Cell] = {}
    rows: list[Relation] = []
    for place in edition.parents:
        total = place, family.total
        parts = [key for part in family.parts if (key := (place, part)) in edition.cells and key != total]
        for key in (total, *parts):
            seen = edition.cells.get(key)
            if seen is not None and seen.n:
                names[key] = total if len(parts) == 1 else key
                cells.setdefault(names[key], _cell(names[key], seen))
        if len(parts) > 1:
            rows.append(Relation(total, tuple(parts)))
    sums: dict[tuple[Hashable, ...], Relation] = {}
    below: dict[str, list[str]] = {}
    for place, parent in edition.parents.items():
        below.setdefault(parent, []).append(place)
    for part in dict.fromkeys((family.total, *family.parts)):
        for parent, places in below.items():
            members = tuple(names[place, part] for place in places if (place, part) in names)
            if members and (parent, part) in names:
                relation = Relation(names[parent, part], members)
                sums.setdefault(relation.keys, relation)
    hierarchy = [relation for relation in sums.values() if _is_of(relation, family.total)]
    columns = [relation for relation in sums.values() if not _is_of(relation, family.total)]
    in_tens = [key for key in cells if key[1] == family.total] if edition.in_tens else []
    relations = [*hierarchy, *rows, *columns]
    return Table.of(cells.values(), relations, minimum=minimum, in_tens=in_tens), names


def _cell(key: Key, seen: Seen) -> Cell:
    return Cell(key, seen.n, seen.satisfied)


def _is_of(relation: Relation, part: str) -> bool:
    key = relation.total_key
    return isinstance(key, tuple) and key[1] == part
