"""Random tables for the tests of disclosure: nation, provinces, agencies and channels."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from surveys.disclosure import Cell, Relation, Table

CHANNELS = ("link", "field", "qr")

# Mostly groups just below and just above ten, where hiding is hard; a uniform draw would miss them.
COUNTS = st.sampled_from((0, 1, 2, 3, 5, 8, 9, 10, 10, 11, 12, 14, 25, 300))


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(COUNTS)
    share = draw(st.sampled_from(("none", "all", "most", "any")))
    lowest = {"none": 0, "all": n, "most": n - n // 5, "any": 0}[share]
    return n, draw(st.integers(lowest, 0 if share == "none" else n))


def total(key: str, parts: Sequence[Cell]) -> tuple[Cell, Relation]:
    cell = Cell(key, sum(part.n for part in parts), sum(part.satisfied for part in parts))
    return cell, Relation(key, tuple(part.key for part in parts))


@st.composite
def nations(draw: st.DrawFn, *, columns: bool = False, channels: int = 3) -> Table:
    """A tree; with `columns` also the totals of each channel in each province, which close cycles."""
    cells: list[Cell] = []
    relations: list[Relation] = []
    provinces: list[Cell] = []
    for p in range(draw(st.integers(1, 2))):
        agencies: list[Cell] = []
        by_channel: dict[str, list[Cell]] = {name: [] for name in CHANNELS[:channels]}
        for a in range(draw(st.integers(2, 6))):
            leaves = [Cell(f"{p}-{a}-{name}", *draw(counts())) for name in by_channel]
            for name, leaf in zip(by_channel, leaves, strict=True):
                by_channel[name].append(leaf)
            agency, relation = total(f"{p}-{a}", leaves)
            agencies.append(agency)
            cells += [*leaves, agency]
            relations.append(relation)
        province, relation = total(f"{p}", agencies)
        provinces.append(province)
        cells.append(province)
        relations.insert(0, relation)
        if columns:
            sums = [total(f"{p}-all-{name}", column) for name, column in by_channel.items()]
            cells += [cell for cell, _ in sums]
            relations += [relation for _, relation in sums]
            relations.append(Relation(province.key, tuple(cell.key for cell, _ in sums)))
    nation, relation = total("nation", provinces)
    return Table.of([nation, *cells], [relation, *relations])
