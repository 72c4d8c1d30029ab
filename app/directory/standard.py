"""The agencies that every province has: its standard departments, and a committee for each commune."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select

from app.csv_reading import ImportReport, open_table
from app.directory.agency_import import AgencyRow, store_agencies
from app.directory.importing import FIRST_DAY
from app.directory.models import Unit
from app.directory.naming import committee_name, department_name, province_level
from app.extensions import db

DATA: Final = Path(__file__).resolve().parent / "data"
UNITS_FILE: Final = DATA / "administrative_units.csv"
DEPARTMENTS_FILE: Final = DATA / "departments.csv"
PROCEDURES_FILES: Final = {"31": DATA / "procedures_hai_phong.csv"}
"""By the code of the province whose departments they name."""


def import_standard_agencies(*, by: str, now: datetime) -> ImportReport:
    """Every province of the table of units gets its departments, every commune its committee."""
    histories: dict[str, list[Unit]] = defaultdict(list)
    for unit in db.session.scalars(select(Unit).order_by(Unit.code, Unit.valid_from)):
        histories[unit.code].append(unit)
    departments = [row for _, row in open_table(DEPARTMENTS_FILE, ("short_code", "name", "kind"))]
    rows: list[AgencyRow] = []
    for units in histories.values():
        if units[-1].level == "province":
            for department in departments:
                rows += _department(department["short_code"], department["name"], department["kind"], units)
        else:
            rows += _committee(units)
    return store_agencies(rows, by=by, now=now)


def _department(short_code: str, name: str, kind: str, province: Sequence[Unit]) -> Iterator[AgencyRow]:
    """A department is older than the list of units, which begins with the reorganisation of 2025-07-01."""
    code = f"{province[0].code}-{short_code}"
    return _without_repetition(
        AgencyRow(
            code,
            department_name(name, province_level(unit.name)),
            kind,
            unit.code,
            min(FIRST_DAY, unit.valid_from) if unit is province[0] else unit.valid_from,
            unit.valid_to if unit is province[-1] else None,
        )
        for unit in province
    )


def _committee(commune: Sequence[Unit]) -> Iterator[AgencyRow]:
    return _without_repetition(
        AgencyRow(
            unit.code,
            committee_name(unit.name),
            "commune",
            commune[-1].parent_code or "",
            unit.valid_from,
            unit.valid_to if unit is commune[-1] else None,
        )
        for unit in commune
    )


def _without_repetition(rows: Iterable[AgencyRow]) -> Iterator[AgencyRow]:
    """A decision that leaves a name as it is makes no new name, unless it ends the agency."""
    name = ""
    for row in rows:
        if row.name != name or row.valid_to is not None:
            yield row
        name = row.name
