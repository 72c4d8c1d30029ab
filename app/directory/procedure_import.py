"""Administrative procedures, and which agency handles which."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Table, inspect, select

from app.csv_reading import ImportReport, RejectFile, Row
from app.directory.importing import (
    BadRow,
    filled,
    keep_first_of_each,
    parsed_rows,
    record_import,
    store,
)
from app.directory.models import Agency, AgencyProcedure, Procedure
from app.directory.naming import clean
from app.directory.queries import get_province, list_agencies
from app.extensions import db
from surveys.periods import local_day

COLUMNS: Final = ("code", "name")
_CODE: Final = re.compile(r"([1-3]\.\d{6})(?:\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})?", flags=re.ASCII)
_DOSSIERS: Final = re.compile(r"dossiers_(20\d{2})", flags=re.ASCII)
_MOST_DOSSIERS: Final = 2_000_000_000
_PROCEDURES: Final[Table] = inspect(Procedure).local_table  # type: ignore[assignment]  # a mapped class has a table
_LINKS: Final[Table] = inspect(AgencyProcedure).local_table  # type: ignore[assignment]  # a mapped class has a table


@dataclass(frozen=True, slots=True)
class _Procedure:
    code: str
    name: str
    level: str
    source: str


@dataclass(frozen=True, slots=True)
class _Link:
    agency: str
    procedure: str
    dossiers: int | None
    dossiers_year: int | None

    @property
    def key(self) -> tuple[str, str]:
        return self.agency, self.procedure


_Item = tuple[_Procedure, _Link | None]


def import_procedures(
    path: Path, rejects: RejectFile, *, province: str | None = None, by: str, now: datetime
) -> ImportReport:
    """Brings procedures to what a file says; `agency` holds a code, or a name in `province` of today.

    Raises TableProblem for a file that cannot be used, and UnknownProvince.
    """
    agencies = _agencies_by_name(province, local_day(now))
    rows = keep_first_of_each(
        parsed_rows(path, COLUMNS, rejects, lambda row: _parse(row, agencies)), _key, rejects
    )
    items: list[_Item] = []
    first: dict[str, _Procedure] = {}
    for line, row, item in rows.values():
        if first.setdefault(item[0].code, item[0]) != item[0]:
            rejects.add(line, "Cùng mã thủ tục nhưng tên, mức độ hoặc nguồn khác với một dòng trước", row)
        else:
            items.append(item)
    report = _bring_up_to_date(items, rejects.count)
    return record_import(report, "procedures", scope=province or "nation", by=by, now=now)


def procedure_code(text: str) -> str:
    """The national code `x.xxxxxx`; the suffix of a province or ministry is cut. Raises BadRow."""
    found = _CODE.fullmatch(text)
    if found is None:
        raise BadRow(f"Mã thủ tục “{text[:40]}” không đúng dạng, ví dụ 1.004616 hoặc 1.001612.000.00.00.H48")
    return found[1]


def _agencies_by_name(province: str | None, on: date) -> Mapping[str, str]:
    codes = {code: code for code in db.session.scalars(select(Agency.code))}
    if province is None:
        return codes
    get_province(province, on)
    return codes | {_comparable(view.name): view.code for view in list_agencies(province, on)}


def _comparable(name: str) -> str:
    return clean(name).casefold()


def _key(item: _Item) -> tuple[str, str]:
    return item[0].code, item[1].agency if item[1] else ""


def _parse(row: Row, agencies: Mapping[str, str]) -> _Item:
    procedure = _Procedure(
        code=procedure_code(filled(row, "code")),
        name=clean(filled(row, "name")),
        level=row.get("level", "") or row.get("level_now", ""),
        source=row.get("source", ""),
    )
    if len(procedure.level) > 40:
        raise BadRow("Mức độ dài hơn 40 ký tự")
    named = row.get("agency", "")
    if not named:
        return procedure, None
    agency = agencies.get(named) or agencies.get(_comparable(named))
    if agency is None:
        raise BadRow(f"Không có cơ quan “{named[:80]}”; hãy ghi mã cơ quan, hoặc tên kèm --province")
    return procedure, _Link(agency, procedure.code, *_dossiers(row))


def _dossiers(row: Row) -> tuple[int | None, int | None]:
    """How many dossiers, and in which year: the newest column `dossiers_<year>` that is filled."""
    years = sorted((int(found[1]) for name in row if (found := _DOSSIERS.fullmatch(name))), reverse=True)
    for year in years:
        text = row[f"dossiers_{year}"]
        if text:
            if not (text.isascii() and text.isdigit() and int(text) <= _MOST_DOSSIERS):
                raise BadRow(f"Số hồ sơ năm {year} phải là số nguyên, không phải “{text[:20]}”")
            return int(text), year
    return None, None


def _bring_up_to_date(items: list[_Item], failed: int) -> ImportReport:
    known = {row.code: _Procedure(**row._mapping) for row in db.session.execute(select(_PROCEDURES))}
    known_links = {
        (row.agency, row.procedure): _Link(**row._mapping) for row in db.session.execute(select(_LINKS))
    }
    procedures = {procedure.code: procedure for procedure, _ in items}
    links = {link.key: link for _, link in items if link is not None}
    new = {code for code in procedures if code not in known}
    changed = {code for code, procedure in procedures.items() if known.get(code, procedure) != procedure}
    new_links = {key for key in links if key not in known_links}
    changed_links = {key for key, link in links.items() if known_links.get(key, link) != link}
    store(
        _PROCEDURES,
        [asdict(procedures[code]) for code in new],
        [asdict(procedures[code]) for code in changed],
    )
    store(_LINKS, [asdict(links[key]) for key in new_links], [asdict(links[key]) for key in changed_links])
    report = ImportReport(read=len(items) + failed, failed=failed)
    for procedure, link in items:
        if procedure.code in new or (link and link.key in new_links):
            report.new += 1
        elif procedure.code in changed or (link and link.key in changed_links):
            report.changed += 1
        else:
            report.same += 1
    return report
