"""Small random countries with editions that overlap in days, and two oracles that know no shortcut."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

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
    """Answers of each day by leaf, and the editions over them; the first is the candidate."""

    family: Family
    answers: tuple[Mapping[Leaf, Numbers], ...]
    editions: tuple[SeenEdition, ...]

    def count(self, first: date, last: date) -> Mapping[Leaf, Numbers]:
        return summed(self.answers[(first - FIRST).days : (last - FIRST).days + 1])

    @property
    def days(self) -> tuple[date, ...]:
        return cut((edition.first_day, edition.last_day) for edition in self.editions)


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


def oracle_table(world: World) -> tuple[Table, dict[Hashable, Kind]]:
    """Every cell of every edition, and unprinted ones for every run of segments of every place and part."""
    days, family = world.days, world.family
    parents, units = world.editions[0].parents, world.editions[0].units
    cells: dict[Hashable, Cell] = {}
    relations: list[Relation] = []
    hidden: dict[Hashable, Kind] = {}
    segments = []
    for first, after in pairwise(days):
        found = SeenEdition(
            "", first, after - timedelta(days=1), parents, units,
            cells_of(family, units, world.count(first, after - timedelta(days=1)), with_zeros=True),
        )  # fmt: skip
        name = len(segments)
        segments.append(found)
        for key, seen in found.cells.items():
            cells[name, key] = Cell((name, key), seen.n, seen.satisfied)
            hidden[name, key] = Kind.UNPRINTED
        for relation in own_relations(found, family):
            relations.append(
                Relation((name, relation.total_key), tuple((name, key) for key in relation.part_keys))
            )
    keys = [(place, part) for place in parents for part in dict.fromkeys((family.total, *family.parts))]
    for start in range(len(segments)):
        for end in range(start + 1, len(segments) + 1):
            for key in keys:
                parts = [(at, key) for at in range(start, end) if (at, key) in cells]
                if parts:
                    name = ("run", key, start, end)
                    n, s = sum(cells[part].n for part in parts), sum(cells[part].satisfied for part in parts)
                    cells[name], hidden[name] = Cell(name, n, s), Kind.UNPRINTED
                    relations.append(Relation(name, tuple(parts)))
    for one in world.editions:
        start, end = days.index(one.first_day), days.index(one.last_day + timedelta(days=1))
        for key, seen in one.cells.items():
            name = ("cell", key, one.code)
            cells[name] = Cell(name, seen.n, seen.satisfied)
            if seen.hidden:
                hidden[name] = Kind.PRIMARY if seen.n < 10 else Kind.COMPLEMENT
            relations.append(Relation(name, (("run", key, start, end),)))
        for key in keys:
            # What is missing is a printed zero.
            if key not in one.cells and (run := ("run", key, start, end)) in cells:
                name = ("cell", key, one.code)
                cells[name] = Cell(name, 0, 0)
                relations.append(Relation(name, (run,)))
    return Table.of(cells.values(), relations), hidden


def oracle_ranges(world: World) -> dict[Hashable, Ranges]:
    """By linear programs over the whole table, of the hidden cells and of the runs with few answers."""
    table, hidden = oracle_table(world)
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
