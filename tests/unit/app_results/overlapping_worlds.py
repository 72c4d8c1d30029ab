"""Small random countries with editions that overlap in days, and two oracles that know no shortcut."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations

from hypothesis import strategies as st

from app.results.attack import _Program, _whole, lp_attack
from surveys.bounds import Ranges
from surveys.disclosure import Cell, Kind, Relation, Table, components, suppress
from surveys.segments import Family, Key, Leaf, Numbers, Seen, SeenEdition, cut

FIRST = date(2026, 7, 1)
NATION, PROVINCE = "VN", "P"
ONE = Family("official", ("official",))
TWO = Family("official", ("link", "field"))
COUNTS = st.sampled_from((0, 0, 1, 2, 4, 5, 8, 9, 10, 11, 14, 20))


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@dataclass(frozen=True)
class World:
    """Answers of each day by leaf, and the editions over them; the first is the candidate.

    Those that are silent cut the days, but nobody has them.
    """

    family: Family
    answers: tuple[Mapping[Leaf, Numbers], ...]
    editions: tuple[SeenEdition, ...]
    silent: tuple[SeenEdition, ...] = ()

    def count(self, first: date, last: date) -> Mapping[Leaf, Numbers]:
        return summed(self.answers[(first - FIRST).days : (last - FIRST).days + 1])

    @property
    def days(self) -> tuple[date, ...]:
        return cut((each.first_day, each.last_day) for each in (*self.editions, *self.silent))

    @property
    def leaves(self) -> list[Leaf]:
        return sorted({leaf for counts in self.answers for leaf in counts})


def summed(parts: Iterable[Mapping[Leaf, Numbers]]) -> dict[Leaf, Numbers]:
    found: dict[Leaf, Numbers] = {}
    for part in parts:
        for leaf, numbers in part.items():
            old = found.get(leaf, (0,) * len(numbers))
            found[leaf] = tuple(map(sum, zip(old, numbers, strict=True)))
    return found


def parents_of(units: Iterable[str]) -> dict[str, str]:
    """Nation, one province, and the agencies in it."""
    return {NATION: "", PROVINCE: NATION, **dict.fromkeys(sorted(set(units)), PROVINCE)}


def cells_of(
    family: Family, units: Iterable[str], counts: Mapping[Leaf, Numbers], *, with_zeros: bool = False
) -> dict[Key, Seen]:
    """Every cell of an edition, all printed; a zero is not a cell unless wanted."""
    cells: dict[Key, Numbers] = {}
    for (unit, part), numbers in counts.items():
        if unit not in units or not (with_zeros or any(numbers)):
            continue
        for place in (unit, PROVINCE, NATION):
            for name in dict.fromkeys((part, family.total)):
                old = cells.get((place, name), (0,) * len(numbers))
                cells[place, name] = tuple(map(sum, zip(old, numbers, strict=True)))
    return {key: Seen(numbers) for key, numbers in cells.items()}


def edition(
    code: str, first: int, last: int, family: Family, answers: Sequence[Mapping[Leaf, Numbers]], *,
    is_controlled: bool = True,
) -> SeenEdition:  # fmt: skip
    """An edition of the days from the first to the last, controlled for itself alone."""
    units = sorted({unit for counts in answers for unit, _ in counts})
    cells = cells_of(family, units, summed(answers[first : last + 1]))
    found = SeenEdition(code, day(first), day(last), parents_of(units), {u: u for u in units}, cells)
    if not is_controlled:
        return found
    table = own_table(found, family)
    return hide(found, suppress(table, attack=lp_attack))


def hide(found: SeenEdition, keys: Iterable[Hashable]) -> SeenEdition:
    hidden = set(keys)
    cells = {key: replace(seen, hidden=seen.hidden or key in hidden) for key, seen in found.cells.items()}
    return replace(found, cells=cells)


def marking_empty(found: SeenEdition, family: Family, *, classes: int = 2) -> SeenEdition:
    """As a week is printed: what holds no answer carries the mark of what is hidden."""
    nothing = Seen((0,) * classes, hidden=True, may_be_empty=True)
    parts = dict.fromkeys((*family.parts, family.total))
    cells = {
        key: replace(seen, may_be_empty=seen.hidden and found.cells[key[0], family.total].hidden)
        for key, seen in found.cells.items()
    }
    for place in found.parents:
        if (place, family.total) not in cells:
            cells |= {(place, part): nothing for part in parts}
    return replace(found, cells=cells)


def own_table(found: SeenEdition, family: Family) -> Table:
    cells = {key: Cell(key, seen.n, seen.satisfied) for key, seen in found.cells.items()}
    return Table.of(cells.values(), own_relations(found, family))


def own_relations(found: SeenEdition, family: Family) -> list[Relation]:
    relations = []
    for part in dict.fromkeys((family.total, *family.parts)):
        for parent in found.parents:
            below = [(place, part) for place, above in found.parents.items() if above == parent]
            relations.append(Relation((parent, part), tuple(key for key in below if key in found.cells)))
    for place in found.parents:
        parts = [(place, part) for part in family.parts if part != family.total]
        relations.append(Relation((place, family.total), tuple(key for key in parts if key in found.cells)))
    return [relation for relation in relations if relation.part_keys]


def is_unlisted(edition: SeenEdition, key: Key, family: Family) -> bool:
    """Whether the cell is one of the parts of a place that is hidden as a whole: those stand nowhere."""
    part, whole = edition.cells.get(key), edition.cells.get((key[0], family.total))
    return key[1] != family.total and bool(part and part.hidden) and bool(whole and whole.hidden)


class _Oracle:
    """Every cell of every edition, and unprinted ones for every run of segments of every place and part."""

    def __init__(self, world: World) -> None:
        self.world, self.days = world, world.days
        self.first = world.editions[0]
        parts = dict.fromkeys((world.family.total, *world.family.parts))
        self.keys = [(place, part) for place in self.first.parents for part in parts]
        self.cells: dict[Hashable, Cell] = {}
        self.relations: list[Relation] = []
        self.hidden: dict[Hashable, Kind] = {}
        for at in range(len(self.days) - 1):
            self.add_segment(at)
        for start in range(len(self.days) - 1):
            for end in range(start + 1, len(self.days)):
                self.add_runs(start, end)
        for edition in world.editions:
            self.add_edition(edition)

    @property
    def table(self) -> Table:
        return Table.of(self.cells.values(), self.relations)

    def add_segment(self, at: int) -> None:
        first, last = self.days[at], self.days[at + 1] - timedelta(days=1)
        family, units = self.world.family, self.first.units
        cells = cells_of(family, units, self.world.count(first, last), with_zeros=True)
        segment = SeenEdition("", first, last, self.first.parents, units, cells)
        for key, seen in cells.items():
            self.cells[at, key] = Cell((at, key), seen.n, seen.satisfied)
            self.hidden[at, key] = Kind.UNPRINTED
        for relation in own_relations(segment, family):
            parts = tuple((at, key) for key in relation.part_keys)
            self.relations.append(Relation((at, relation.total_key), parts))

    def add_runs(self, start: int, end: int) -> None:
        for key in self.keys:
            parts = tuple((at, key) for at in range(start, end) if (at, key) in self.cells)
            if parts:
                name = ("run", key, start, end)
                n = sum(self.cells[part].n for part in parts)
                self.cells[name] = Cell(name, n, sum(self.cells[part].satisfied for part in parts))
                self.hidden[name] = Kind.UNPRINTED
                self.relations.append(Relation(name, parts))

    def add_edition(self, edition: SeenEdition) -> None:
        start = self.days.index(edition.first_day)
        end = self.days.index(edition.last_day + timedelta(days=1))
        for key in self.keys:
            run, name = ("run", key, start, end), ("cell", key, edition.code)
            if run in self.cells:
                # What is missing is a printed zero.
                seen = edition.cells.get(key, Seen((0, 0)))
                self.cells[name] = Cell(name, seen.n, seen.satisfied)
                self.relations.append(Relation(name, (run,)))
                if is_unlisted(edition, key, self.world.family):
                    self.hidden[name] = Kind.UNPRINTED
                elif seen.hidden:
                    self.hidden[name] = Kind.PRIMARY if seen.n < 10 else Kind.COMPLEMENT


def oracle_ranges(world: World) -> dict[Hashable, Ranges]:
    """By linear programs over the whole table, of the hidden cells and of the runs with few answers."""
    oracle = _Oracle(world)
    table, hidden = oracle.table, oracle.hidden
    found = {}
    for keys, indexes in components(table, hidden):
        program = _Program(table, hidden, keys, indexes)
        for at, key in enumerate(keys):
            if key[0] == "cell" or (key[0] == "run" and 0 < table.cells[key].n < 10):
                low, high = program.extremes(2 * at)
                least, most = program.extremes(2 * at + 1)
                found[key] = _whole(low, high, least, most)
    return found


@st.composite
def worlds(draw: st.DrawFn, *, family: Family = ONE, most_units: int = 3) -> World:
    """Three to five spans of days, cut and covered by two to four editions."""
    units = [f"u{number}" for number in range(draw(st.integers(1, most_units)))]
    length = draw(st.integers(2, 4))
    answers = []
    for _ in range(length):
        counts = {}
        for unit in units:
            for part in family.parts:
                n = draw(COUNTS)
                counts[unit, part] = (s := draw(st.integers(0, n)), n - s)
        answers.append(counts)
    spans = draw(
        st.lists(
            st.tuples(st.integers(0, length - 1), st.integers(0, length - 1)).map(sorted).map(tuple),
            min_size=2, max_size=4, unique=True,
        )
    )  # fmt: skip
    found = [
        edition(f"e{number}", first, last, family, answers) for number, (first, last) in enumerate(spans)
    ]
    return World(family, tuple(answers), tuple(found))


LEVELS = st.tuples(*[st.sampled_from((0, 0, 1, 1, 2, 4, 9, 15))] * 5)


@st.composite
def level_worlds(draw: st.DrawFn, *, family: Family = ONE, most_units: int = 2) -> World:
    """Answers of five levels, which an edition tells of cells that are large enough; few are hidden."""
    units = [f"u{number}" for number in range(draw(st.integers(1, most_units)))]
    length = draw(st.integers(2, 3))
    answers = tuple(
        {(unit, part): draw(LEVELS) for unit in units for part in family.parts} for _ in range(length)
    )
    spans = draw(st.lists(st.sampled_from(list(combinations(range(length + 1), 2))), min_size=2, max_size=3,
                          unique=True))  # fmt: skip
    least = draw(st.sampled_from((1, 12, 30)))
    found = []
    for number, (first, end) in enumerate(spans):
        one = edition(f"e{number}", first, end - 1, family, answers)
        told = {key: replace(seen, tells_levels=seen.n >= least) for key, seen in one.cells.items()}
        shown = replace(one, cells=told)
        found.append(marking_empty(shown, family, classes=5) if draw(st.booleans()) else shown)
    return World(family, answers, tuple(found))
