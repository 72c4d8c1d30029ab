"""Provinces and communes from a list with days of validity."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Table, inspect, select

from app.csv_reading import ImportReport, RejectFile, Row
from app.directory.importing import (
    BadRow,
    days,
    filled,
    in_order_without_overlap,
    keep_first_of_each,
    overlaps,
    parsed_rows,
    record_import,
    store,
)
from app.directory.models import Unit
from app.directory.naming import clean, full_province_name
from app.extensions import db

COLUMNS: Final = ("code", "parent_code", "name", "level", "valid_from")
_CODE: Final = re.compile(r"[0-9A-Z]{2,5}", flags=re.ASCII)
_UNITS: Final[Table] = inspect(Unit).local_table  # type: ignore[assignment]  # a mapped class has a table

_Key = tuple[str, date]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A row of the table of units."""

    code: str
    valid_from: date
    valid_to: date | None
    parent_code: str | None
    name: str
    level: str

    @property
    def key(self) -> _Key:
        return self.code, self.valid_from


def import_units(path: Path, rejects: RejectFile, *, by: str, now: datetime) -> ImportReport:
    """Brings the table of units to what a file says; what the file does not name stays.

    A later row of a unit ends the one before it. Raises TableProblem for a file that cannot be used.
    """
    rows = keep_first_of_each(parsed_rows(path, COLUMNS, rejects, _parse), lambda unit: unit.key, rejects)
    known = _known_units()
    _refuse_orphans(rows, known, rejects)
    _refuse_overlaps(rows, rejects)
    given = {key: unit for key, (_, _, unit) in rows.items()}
    report = _bring_up_to_date(given, known, rejects.count)
    return record_import(report, "units", by=by, now=now)


def _parse(row: Row) -> UnitRow:
    code, level, name = filled(row, "code"), filled(row, "level"), clean(filled(row, "name"))
    if _CODE.fullmatch(code) is None:
        raise BadRow(f"Mã đơn vị “{code[:20]}” không đúng dạng (2 đến 5 chữ số)")
    first, last = days(row)
    if level in ("province", "city"):
        return UnitRow(code, first, last, None, full_province_name(name, level), "province")
    if level != "commune":
        raise BadRow(f"Cấp “{level[:20]}” không có; cấp là province, city hoặc commune")
    return UnitRow(code, first, last, filled(row, "parent_code"), name, level)


def _known_units() -> dict[_Key, UnitRow]:
    table = db.session.execute(select(_UNITS))
    units = (UnitRow(**row._mapping) for row in table)
    return {unit.key: unit for unit in units}


def _refuse_orphans(
    rows: dict[_Key, tuple[int, Row, UnitRow]], known: Mapping[_Key, UnitRow], rejects: RejectFile
) -> None:
    everything = [unit for _, _, unit in rows.values()] + list(known.values())
    provinces = {unit.code for unit in everything if unit.level == "province"}
    for key, (line, row, unit) in list(rows.items()):
        if unit.parent_code is not None and unit.parent_code not in provinces:
            rejects.add(line, f"Không có tỉnh, thành phố mang mã “{unit.parent_code[:20]}”", row)
            del rows[key]


def _refuse_overlaps(rows: dict[_Key, tuple[int, Row, UnitRow]], rejects: RejectFile) -> None:
    earlier: dict[str, UnitRow] = {}
    for key in sorted(rows):
        line, row, unit = rows[key]
        if unit.code in earlier and overlaps(earlier[unit.code], unit):
            rejects.add(line, "Thời gian hiệu lực chồng lên một dòng khác của cùng mã", row)
            del rows[key]
        else:
            earlier[unit.code] = unit


def _bring_up_to_date(
    given: Mapping[_Key, UnitRow], known: Mapping[_Key, UnitRow], failed: int
) -> ImportReport:
    histories: dict[str, list[UnitRow]] = defaultdict(list)
    for unit in {**known, **given}.values():
        histories[unit.code].append(unit)
    wanted = {unit.key: unit for spans in histories.values() for unit in in_order_without_overlap(spans)}
    new = [unit for key, unit in wanted.items() if key not in known]
    changed = [unit for key, unit in wanted.items() if key in known and known[key] != unit]
    store(_UNITS, [asdict(unit) for unit in new], [asdict(unit) for unit in changed])
    changed_here = sum(unit.key in given for unit in changed)
    return ImportReport(
        read=len(given) + failed,
        new=len(new),
        changed=changed_here,
        same=len(given) - len(new) - changed_here,
        failed=failed,
    )
