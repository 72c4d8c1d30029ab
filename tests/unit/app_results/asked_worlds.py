"""Invented quarters with links and doors, and an outsider who holds nothing but what is printed of one.

He knows more than anybody does: by how much used links and counted answers differ at every agency, and that
a commune's committee is judged at its own doors only. He knows no code of ours: his programs are written down
from the printed numbers alone.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from scipy.optimize import linprog

from app.results import figuring
from app.results.counts import Invited, PlaceCounts
from app.results.invited_control import Invitation
from app.results.tree import Tree
from surveys.figures import COMMUNE, NATION, Place, PlaceFigures
from surveys.scoring import VERIFIED_CHANNELS, Channel, Phase
from surveys.thresholds import DEFAULTS

LINK, FIELD, UNNAMED = Channel.LINK, Channel.FIELD, Channel.FIELD_UNNAMED
AFTER = Phase.AFTER_RESULT
ASIDE = "clock"
Key: TypeAlias = tuple[str, str]
"""A place and the name of one of its numbers: "official", a channel, "field-unnamed", "aside"."""
Range: TypeAlias = tuple[int, int]


@dataclass
class World:
    """`flows`: interviews by the commune of the door and the agency whose service they were about."""

    agencies: Mapping[str, Sequence[str]]
    links: dict[str, tuple[int, int]] = field(default_factory=dict)
    flows: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    unnamed: dict[str, int] = field(default_factory=dict)
    aside: dict[str, int] = field(default_factory=dict)
    # Used links less counted answers, where links were issued; how many were not used; closed doors.
    differ: dict[str, int] = field(default_factory=dict)
    unused: dict[str, int] = field(default_factory=dict)
    closed: dict[str, int] = field(default_factory=dict)

    @property
    def tree(self) -> Tree:
        places = {NATION: Place(NATION, NATION, "nation")}
        for province, agencies in self.agencies.items():
            places[province] = Place(province, province, "province", NATION)
            places |= {code: Place(code, code, kind_of(code), province) for code in agencies}
        return Tree(places, {NATION: tuple(self.agencies), **{p: tuple(a) for p, a in self.agencies.items()}})

    def counts(self) -> dict[str, PlaceCounts]:
        found = {code: PlaceCounts() for agencies in self.agencies.values() for code in agencies}
        for agency, (n, satisfied) in self.links.items():
            _rate(found[agency], LINK, n, satisfied)
        for (_commune, agency), (n, satisfied) in self.flows.items():
            _rate(found[agency], FIELD, n, satisfied)
        for commune, n in self.unnamed.items():
            _rate(found[commune], UNNAMED, n, n // 2)
        for commune, n in self.aside.items():
            found[commune].set_aside[ASIDE] += n
            found[commune].aside[FIELD, AFTER] += n
        for agency, differ in self.differ.items():
            spent = self.links.get(agency, (0, 0))[0] + differ
            found[agency].invited[LINK] = Invited(spent + self.unused[agency], spent)
        for commune, closed in self.closed.items():
            inside = sum(n for (door, _agency), (n, _s) in self.flows.items() if door == commune)
            answered = inside + self.unnamed.get(commune, 0) + self.aside.get(commune, 0)
            found[commune].invited[FIELD] = Invited(answered + closed, answered)
        return self.tree.summed(found)

    def printed(self, unasked: Collection[Invitation] = ()) -> dict[str, PlaceFigures]:
        sheet = figuring.decide(
            "2026-Q3", self.tree, self.counts(), set(), _no_questionnaire, None, {}, thresholds=DEFAULTS,
            integrity=False, ranking=(), unasked=unasked,
        )  # fmt: skip
        return {figures.place.code: figures for figures in figuring.list_figures(sheet)}


def kind_of(code: str) -> str:
    return COMMUNE if "-X" in code else "department"


def _rate(counts: PlaceCounts, channel: Channel, n: int, satisfied: int) -> None:
    levels = counts.satisfaction.setdefault((channel, AFTER), [0, 0, 0, 0, 0])
    levels[0] += satisfied
    levels[4] += n - satisfied


def _no_questionnaire(code: str, version: str) -> Any:
    raise LookupError(f"{code} {version}")


def invented(draw: random.Random) -> World:
    """One or two provinces of communes, some of them visited, and departments that are named at doors."""

    def size() -> int:
        return draw.choice(
            (0, draw.randint(1, 9), draw.randint(1, 9), draw.randint(10, 40), draw.randint(10, 40))
        )

    def rated() -> tuple[int, int]:
        n = size()
        return n, draw.randint(0, n)

    provinces = [str(10 + at) for at in range(draw.randint(1, 2))]
    world = World({
        province: [
            *(f"{province}-X{at}" for at in range(draw.randint(1, 4))),
            *(f"{province}-S{at}" for at in range(draw.randint(1, 3))),
        ]
        for province in provinces
    })  # fmt: skip
    for agencies in world.agencies.values():
        for agency in agencies:
            world.links[agency] = rated()
            if draw.random() < 0.75:
                world.differ[agency] = draw.randint(0, 3)
                world.unused[agency] = draw.choice((0, draw.randint(1, 60)))
        departments = [code for code in agencies if kind_of(code) != COMMUNE]
        for commune in agencies:
            if kind_of(commune) == COMMUNE and draw.random() < 0.8:
                world.flows[commune, commune] = rated()
                for department in departments:
                    n = draw.choice((0, 0, draw.randint(1, 6), draw.randint(5, 20)))
                    world.flows[commune, department] = n, draw.randint(0, n)
                world.unnamed[commune] = draw.choice((0, 0, size()))
                world.aside[commune] = draw.choice((0, 0, size()))
                world.closed[commune] = draw.randint(0, 20)
    return world


class Outsider:
    """All tables that agree with what is printed: n and satisfied of every number, and who was met where."""

    def __init__(
        self, world: World, printed: Mapping[str, PlaceFigures], *, invitations: bool = True
    ) -> None:
        self.world, self.printed, self.tree = world, printed, world.tree
        self.counts = world.counts()
        self.at: dict[Any, int] = {}
        self.bounds: list[tuple[float, float]] = []
        self.equal: list[tuple[dict[int, float], float]] = []
        self.below: list[tuple[dict[int, float], float]] = []
        self.hidden: list[Key] = []
        self._numbers()
        self._sums()
        if invitations:
            self._links()
            self._doors()

    def known(self, key: Key) -> tuple[Range, Range]:
        """The least and the greatest n and satisfied of a hidden number."""
        n_low, n_high = (self._extreme(self.at[key, "n"], sign) for sign in (1, -1))
        s_low, s_high = (self._extreme(self.at[key, "s"], sign) for sign in (1, -1))
        return (math.ceil(n_low - 1e-6), math.floor(n_high + 1e-6)), (
            math.ceil(s_low - 1e-6), math.floor(s_high + 1e-6),
        )  # fmt: skip

    def _extreme(self, index: int, sign: int) -> float:
        objective = np.zeros(len(self.bounds))
        objective[index] = sign
        a_ub, b_ub = self._rows(self.below)
        a_eq, b_eq = self._rows(self.equal)
        answer = linprog(objective, A_ub=a_ub, b_ub=b_ub, A_eq=a_eq, b_eq=b_eq, bounds=self.bounds)
        assert answer.x is not None, "the world itself agrees with what is printed of it"
        return float(answer.x[index])

    def _rows(self, rows: Sequence[tuple[dict[int, float], float]]) -> tuple[Any, Any]:
        matrix = np.zeros((len(rows), len(self.bounds)))
        for at, (row, _right) in enumerate(rows):
            for index, factor in row.items():
                matrix[at, index] = factor
        return matrix, np.array([right for _row, right in rows])

    def _variable(self, name: Any, low: float, high: float) -> int:
        self.at[name] = len(self.bounds)
        self.bounds.append((low, high))
        return self.at[name]

    def _add(self, total: Any, parts: Collection[Any], constant: float = 0.0) -> None:
        """total = sum of the parts + constant; what has no variable is nought."""
        row: dict[int, float] = {}
        for name, sign in ((total, 1.0), *((part, -1.0) for part in parts)):
            if name in self.at:
                row[self.at[name]] = row.get(self.at[name], 0.0) + sign
        self.equal.append((row, constant))

    def _true(self) -> Iterator[tuple[Key, int, int]]:
        for code, counts in self.counts.items():
            yield (code, "official"), counts.official.n, counts.official.satisfied
            for channel in (*VERIFIED_CHANNELS, UNNAMED):
                yield (code, channel), counts.of(channel).n, counts.of(channel).satisfied
            yield (code, "aside"), counts.set_aside[ASIDE], 0

    def _shown(self, key: Key) -> bool:
        code, part = key
        figures = self.printed[code]
        if part == "aside":
            return dict(figures.set_aside)[ASIDE] is not None
        if part == UNNAMED:
            return not next(each.cell.hidden for each in figures.apart if each.channel is UNNAMED)
        if figures.official.hidden or part == "official":
            return not figures.official.hidden
        return not next(each.cell.hidden for each in figures.channels if each.channel == part)

    def _numbers(self) -> None:
        """The mark of a small number says that it is one of 1 to 9, that of a complement that it is not."""
        for key, n, satisfied in self._true():
            if not n:
                continue
            if self._shown(key):
                self._variable((key, "n"), n, n)
                self._variable((key, "s"), satisfied, satisfied)
                continue
            self.hidden.append(key)
            low, high = (1, 9) if n < 10 else (10, 2000)
            index = self._variable((key, "n"), low, high)
            self.below.append(({self._variable((key, "s"), 0, high): 1.0, index: -1.0}, 0.0))

    def _sums(self) -> None:
        for what in "ns":
            for code in self.counts:
                if (key := ((code, "official"), what)) in self.at:
                    self._add(key, [((code, channel), what) for channel in VERIFIED_CHANNELS])
            for parent, members in self.tree.children.items():
                for part in ("official", *VERIFIED_CHANNELS, UNNAMED, "aside"):
                    if (key := ((parent, part), what)) in self.at:
                        self._add(key, [((code, part), what) for code in members])

    def _told(self, code: str, channel: Channel) -> int | None:
        parts = (each for each in self.printed[code].channels if each.channel is channel)
        return next((each.answered for each in parts), None)

    def _asked(self, channel: Channel) -> None:
        """How many answered, everywhere: printed, or only known to add up."""
        for code, counts in self.counts.items():
            if channel in counts.invited:
                told = self._told(code, channel)
                self._variable(("answered", code, channel), *((0, 2000) if told is None else (told, told)))
        for parent, members in self.tree.children.items():
            if ("answered", parent, channel) in self.at:
                self._add(("answered", parent, channel), [("answered", code, channel) for code in members])

    def _links(self) -> None:
        self._asked(LINK)
        for agency, differ in self.world.differ.items():
            self._add(("answered", agency, LINK), [((agency, LINK), "n")], differ)

    def _doors(self) -> None:
        self._asked(FIELD)
        doors = list(self.world.closed)
        for commune in doors:
            met = [("met", commune, agency) for agency in self._named_at(commune)]
            for name in met:
                self._variable(name, 0, 2000)
            others = [((commune, UNNAMED), "n"), ((commune, "aside"), "n")]
            self._add(("answered", commune, FIELD), [*met, *others])
        for agency in (code for agencies in self.world.agencies.values() for code in agencies):
            self._add(((agency, FIELD), "n"), [("met", commune, agency) for commune in doors])

    def _named_at(self, commune: str) -> list[str]:
        agencies = self.world.agencies[commune.split("-", 1)[0]]
        return [code for code in agencies if code == commune or kind_of(code) != COMMUNE]


def list_found(world: World, printed: Mapping[str, PlaceFigures]) -> list[tuple[Key, Range, Range]]:
    """Hidden numbers that invitations make narrower than 4 (satisfied: 2) and nothing else does."""
    outsider, without = Outsider(world, printed), Outsider(world, printed, invitations=False)
    found = []
    for key in outsider.hidden:
        n, satisfied = outsider.known(key)
        asks = 0 if key[1] == "aside" else 2
        if n[1] - n[0] < 4 or satisfied[1] - satisfied[0] < asks:
            n_before, satisfied_before = without.known(key)
            if n_before[1] - n_before[0] >= 4 and satisfied_before[1] - satisfied_before[0] >= asks:
                found.append((key, n, satisfied))
    return found
