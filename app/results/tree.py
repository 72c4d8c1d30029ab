"""The places of a quarter: nation, provinces and agencies as they stood when it could be closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from app.directory.models import Agency
from app.directory.naming import kind_rank
from app.directory.queries import AgencyView, find_agency, list_agencies, list_provinces
from app.extensions import db
from app.results.counts import PlaceCounts
from surveys.collation import collation_key
from surveys.figures import NATION, Place
from surveys.periods import Quarter, local_day

NATION_NAME = "Cả nước"
MERGED = "sáp nhập"


@dataclass(frozen=True)
class Tree:
    """Places by code, the children of each parent in reading order, and who took over which agency."""

    places: Mapping[str, Place]
    children: Mapping[str, tuple[str, ...]]
    successors: Mapping[str, str] = field(default_factory=dict)
    merged: frozenset[str] = frozenset()

    @property
    def provinces(self) -> tuple[str, ...]:
        return self.children[NATION]

    def agencies_of(self, province: str) -> tuple[str, ...]:
        return self.children.get(province, ())

    def resolve(self, agency: str) -> str:
        """The agency under which the answers of a code stand in this quarter."""
        return self.successors.get(agency, agency)

    def places_of(self, agency: str) -> tuple[str, ...]:
        """The agency that answers for a code in this quarter, its province and the nation.

        Nothing for a code outside.
        """
        place = self.places.get(self.resolve(agency))
        return (place.code, place.parent, NATION) if place is not None and place.is_agency else ()

    def summed(self, agencies: Mapping[str, PlaceCounts]) -> dict[str, PlaceCounts]:
        """Counts of every place, predecessors pooled into their successors; codes outside are left out."""
        result = {code: PlaceCounts() for code in self.places}
        for code, counts in agencies.items():
            place = self.places.get(self.resolve(code))
            if place is None or not place.is_agency:
                continue
            for target in (place.code, place.parent, NATION):
                result[target].add(counts)
        return result


def day_of(quarter: Quarter) -> date:
    """The day whose tree holds: the first on which the quarter may be closed."""
    return local_day(quarter.closable_from)


def tree_on(day: date, counted: set[str], since: date) -> Tree:
    """The tree of a day, and with it agencies that ended without a successor but have answers.

    `since` is the first day of the figures that are compared: a merger after it gets its mark.
    """
    lives = _lives()
    living = {view.code: view for view in list_agencies(None, day)}
    ends = {code: _last(code, lives, day) for code in lives}
    successors = {code: last for code, last in ends.items() if last != code and last in living}
    for code in counted - living.keys() - successors.keys():
        view = find_agency(code, lives[code].last_day) if code in lives else None
        if view is not None:
            living[code] = view
    merged = {
        last for code, last in successors.items()
        if (ended := lives[code].valid_to) is not None and ended + timedelta(days=1) > since
    }  # fmt: skip
    return _tree(living, day, successors, frozenset(merged))


def _tree(
    living: Mapping[str, AgencyView], day: date, successors: Mapping[str, str], merged: frozenset[str]
) -> Tree:
    places = {NATION: Place(NATION, NATION_NAME, "nation")}
    names = {view.province: view.province_name or view.province for view in living.values()}
    names |= {view.code: view.name for view in list_provinces(day)}
    ordered = sorted(names, key=lambda code: (collation_key(bare_name(names[code])), code))
    children: dict[str, list[str]] = {NATION: ordered}
    for code in ordered:
        places[code] = Place(code, names[code], "province", NATION)
    listed = sorted(living.values(), key=lambda v: (kind_rank(v.kind), collation_key(v.name), v.code))
    for view in listed:
        places[view.code] = Place(view.code, view.name, view.kind, view.province)
        children.setdefault(view.province, []).append(view.code)
    return Tree(places, {parent: tuple(codes) for parent, codes in children.items()}, successors, merged)


def bare_name(name: str) -> str:
    """Provinces are sought under their own name, not under T for tỉnh or thành phố."""
    for prefix in ("Tỉnh ", "Thành phố "):
        name = name.removeprefix(prefix)
    return name


@dataclass(frozen=True)
class _Life:
    valid_from: date
    valid_to: date | None
    merged_into: str | None

    @property
    def last_day(self) -> date:
        return self.valid_to or self.valid_from


def _lives() -> dict[str, _Life]:
    """The agencies that have ended, each with the one that took it over."""
    statement = select(Agency.code, Agency.valid_from, Agency.valid_to, Agency.merged_into).where(
        Agency.valid_to.is_not(None)
    )
    return {code: _Life(begun, ended, into) for code, begun, ended, into in db.session.execute(statement)}


def _last(code: str, lives: Mapping[str, _Life], day: date) -> str:
    """Follows mergers that had happened by a day; a circle of mergers ends where it began."""
    seen = {code}
    while (life := lives.get(code)) and life.merged_into and life.valid_to and life.valid_to < day:
        code = life.merged_into
        if code in seen:
            break
        seen.add(code)
    return code
