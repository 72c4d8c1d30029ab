"""What lies below a place, as its report lists it: places, the communes of every province, procedures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from app.editions.heads import full_name
from app.results.source import FigureSource
from exports.report_input import AgencyProcedure
from surveys.figures import COMMUNE, NATION, Place, PlaceFigures

PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class Below:
    """`communes` by the name of their province, only for the nation."""

    children: tuple[PlaceFigures, ...] = ()
    communes: tuple[tuple[str, tuple[PlaceFigures, ...]], ...] = ()
    procedures: tuple[AgencyProcedure, ...] = ()


def below(source: FigureSource, place: Place, period: str) -> Below:
    """Nothing for an agency, whose own figures hold its procedures."""
    if place.is_agency:
        return Below()
    children = source.children(place.code, period)
    if place.code != NATION:
        procedures = _procedures(children, "")
        return Below(tuple(map(_brief, children)), procedures=tuple(procedures))
    communes, found = [], list(_procedures(children, ""))
    for province in (child.place for child in children if child.place.kind == PROVINCE):
        agencies = source.children(province.code, period)
        found += _procedures(agencies, province.name)
        own = tuple(_brief(agency) for agency in agencies if agency.place.kind == COMMUNE)
        if any(agency.official.hidden or agency.official.n for agency in own):
            communes.append((province.name, own))
    return Below(tuple(map(_brief, children)), tuple(communes), tuple(found))


def _procedures(agencies: Iterable[PlaceFigures], province: str) -> Iterator[AgencyProcedure]:
    """The name of an agency with that of its province, where a list holds agencies of many."""
    for agency in agencies:
        name = full_name(agency.place.name, province)
        for procedure, cell in agency.procedures:
            if not cell.hidden:
                yield AgencyProcedure(name, procedure, cell)


def _brief(figures: PlaceFigures) -> PlaceFigures:
    """Without what no list shows: thousands of them are held at once."""
    return replace(
        figures, factors=(), questions=(), procedures=(), apart=(), set_aside=(), aside=(), reviews=()
    )
