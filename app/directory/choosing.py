"""Finding an agency with plain forms: a province or a few words, the agency, then a procedure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.directory.queries import (
    AgencyView,
    ProcedureView,
    ProvinceView,
    get_agency,
    get_procedure,
    list_agencies,
    list_procedures_of,
    list_provinces,
    search_agencies,
)

MOST_FOUND: Final = 40
"""A department of one name stands in each of the 34 provinces."""


@dataclass(frozen=True)
class Choosing:
    """How far somebody has come; what is offered next is what is not empty.

    `more`: other agencies hold the words too and are not listed.
    """

    words: str
    provinces: tuple[ProvinceView, ...]
    province: str
    agencies: tuple[AgencyView, ...]
    more: bool
    agency: AgencyView | None
    procedures: tuple[ProcedureView, ...]
    procedure: ProcedureView | None


def choosing(arguments: Mapping[str, str], *, on: date) -> Choosing:
    """Reads `q`, `province`, `agency` and `procedure`. Raises NotFound for a code that does not exist."""
    words, province, procedure = (arguments.get(name, "").strip() for name in ("q", "province", "procedure"))
    agency = get_agency(arguments["agency"], on) if arguments.get("agency") else None
    agencies: list[AgencyView] = []
    if agency is None and words:
        agencies = search_agencies(words, on, MOST_FOUND + 1)
    elif agency is None and province:
        agencies = list_agencies(province, on)
    unsure = procedure == UNSURE
    return Choosing(
        words=words,
        provinces=tuple(list_provinces(on)),
        province=province,
        agencies=tuple(agencies[:MOST_FOUND] if words else agencies),
        more=bool(words) and len(agencies) > MOST_FOUND,
        agency=agency,
        procedures=tuple(list_procedures_of(agency.code)) if agency is not None and not unsure else (),
        procedure=get_procedure(procedure) if agency is not None and procedure and not unsure else None,
    )


# Chosen by who does not remember which procedure it was.
UNSURE = "-"
