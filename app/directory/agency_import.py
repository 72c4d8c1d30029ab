"""Agencies from a file or from the standard list; every row is a name with the days on which it held."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Table, inspect, select

from app.csv_reading import ImportReport, RejectFile, Row
from app.directory.actions import hand_over_procedures
from app.directory.importing import (
    FIRST_DAY,
    BadRow,
    days,
    filled,
    in_order_without_overlap,
    keep_first_of_each,
    parsed_rows,
    record_import,
    store,
)
from app.directory.mergers import refuse_impossible_mergers
from app.directory.models import Agency, AgencyName, Unit
from app.directory.naming import KINDS, clean
from app.extensions import db
from surveys.collation import fold

COLUMNS: Final = ("code", "name", "kind", "province")
_CODE: Final = re.compile(r"[0-9A-Z]{2,5}(-[0-9A-Z]{1,20})?", flags=re.ASCII)
_AGENCIES: Final[Table] = inspect(Agency).local_table  # type: ignore[assignment]  # a mapped class has a table
_NAMES: Final[Table] = inspect(AgencyName).local_table  # type: ignore[assignment]  # a mapped class has a table

_Key = tuple[str, date]


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency under one of its names. The first row begins its life; an end of the last row ends it.

    `merged_into` names the agency that takes over the whole of it on the day after that end.
    """

    code: str
    name: str
    kind: str
    province: str
    valid_from: date
    valid_to: date | None = None
    merged_into: str | None = None

    @property
    def key(self) -> _Key:
        return self.code, self.valid_from


@dataclass(frozen=True, slots=True)
class _Life:
    """A row of the table of agencies."""

    code: str
    province: str
    kind: str
    valid_from: date
    valid_to: date | None
    merged_into: str | None


@dataclass(frozen=True, slots=True)
class _Name:
    """A row of the table of names."""

    agency: str
    valid_from: date
    valid_to: date | None
    name: str
    folded: str

    @property
    def key(self) -> _Key:
        return self.agency, self.valid_from


def import_agencies(path: Path, rejects: RejectFile, *, by: str, now: datetime) -> ImportReport:
    """Brings the agencies to what a file says. Raises TableProblem for a file that cannot be used.

    A name given for the day of a known name corrects it; a name from a later day is a renaming and keeps the
    earlier one. What the file does not name stays, and what has ended stays ended.
    """
    rows = keep_first_of_each(parsed_rows(path, COLUMNS, rejects, _parse), lambda agency: agency.key, rejects)
    _refuse_strangers(rows, rejects)
    refuse_impossible_mergers(rows, rejects)
    return store_agencies([agency for _, _, agency in rows.values()], rejects.count, by=by, now=now)


def store_agencies(rows: Iterable[AgencyRow], failed: int = 0, *, by: str, now: datetime) -> ImportReport:
    """Stores rows that are right: one kind and province for each code, no key twice."""
    given: dict[str, list[AgencyRow]] = defaultdict(list)
    for row in rows:
        given[row.code].append(row)
    lives, names = _known_lives(), _known_names()
    wanted_lives = {code: _life(spans, lives.get(code)) for code, spans in given.items()}
    wanted_names = _wanted_names(given, names)
    new_lives = [life for code, life in wanted_lives.items() if code not in lives]
    changed_lives = [life for code, life in wanted_lives.items() if code in lives and lives[code] != life]
    new_names = [name for key, name in wanted_names.items() if key not in names]
    changed_names = [name for key, name in wanted_names.items() if key in names and names[key] != name]
    # A successor may stand below its predecessor in the file, so all are there before one names another.
    store(_AGENCIES, [asdict(replace(life, merged_into=None)) for life in new_lives], [])
    merged = [life for life in new_lives if life.merged_into is not None]
    store(_AGENCIES, [], [asdict(life) for life in (*merged, *changed_lives)])
    for life in (*merged, *changed_lives):
        if life.merged_into is not None:
            hand_over_procedures(life.code, life.merged_into)
    store(_NAMES, [asdict(name) for name in new_names], [asdict(name) for name in changed_names])
    report = _report(given, new_names, changed_names, changed_lives, failed)
    return record_import(report, "agencies", by=by, now=now)


def _parse(row: Row) -> AgencyRow:
    code, kind = filled(row, "code"), filled(row, "kind")
    if _CODE.fullmatch(code) is None:
        raise BadRow(f"Mã cơ quan “{code[:40]}” không đúng dạng, ví dụ 14-SKHCN hoặc 03646")
    if kind not in KINDS:
        raise BadRow(f"Loại cơ quan “{kind[:20]}” không có; loại là một trong: {', '.join(KINDS)}")
    first, last = days(row, FIRST_DAY)
    into = row.get("merged_into") or None
    if into is not None and last is None:
        raise BadRow("Cột merged_into cần valid_to: ngày cuối cùng trước khi sáp nhập")
    return AgencyRow(code, clean(filled(row, "name")), kind, filled(row, "province"), first, last, into)


def _refuse_strangers(rows: dict[_Key, tuple[int, Row, AgencyRow]], rejects: RejectFile) -> None:
    """Refuses unknown provinces, and rows that disagree with the first row of their code."""
    provinces = set(db.session.scalars(select(Unit.code).where(Unit.level == "province")))
    first: dict[str, AgencyRow] = {}
    for key, (line, row, agency) in list(rows.items()):
        same = first.setdefault(agency.code, agency)
        if agency.province not in provinces:
            problem = f"Không có tỉnh, thành phố mang mã “{agency.province[:20]}”"
        elif (agency.kind, agency.province) != (same.kind, same.province):
            problem = "Loại hoặc tỉnh khác với một dòng trước của cùng mã cơ quan"
        else:
            continue
        rejects.add(line, problem, row)
        del rows[key]


def _known_lives() -> dict[str, _Life]:
    return {row.code: _Life(**row._mapping) for row in db.session.execute(select(_AGENCIES))}


def _known_names() -> dict[_Key, _Name]:
    names = (_Name(**row._mapping) for row in db.session.execute(select(_NAMES)))
    return {name.key: name for name in names}


def _life(spans: list[AgencyRow], known: _Life | None) -> _Life:
    """A merger or an end that is known is never undone by a list that does not know of it."""
    last = max(spans, key=lambda span: span.valid_from)
    first_day = min(span.valid_from for span in spans)
    if known is None:
        return _Life(last.code, last.province, last.kind, first_day, last.valid_to, last.merged_into)
    return replace(
        known,
        province=last.province,
        kind=last.kind,
        valid_from=min(first_day, known.valid_from),
        valid_to=known.valid_to or last.valid_to,
        merged_into=known.merged_into or last.merged_into,
    )


def _wanted_names(given: Mapping[str, list[AgencyRow]], known: Mapping[_Key, _Name]) -> dict[_Key, _Name]:
    """All names of the given agencies. The last one stays open: the life of the agency ends it."""
    histories: dict[str, dict[date, _Name]] = defaultdict(dict)
    for name in known.values():
        if name.agency in given:
            histories[name.agency][name.valid_from] = name
    for code, spans in given.items():
        for span in spans:
            histories[code][span.valid_from] = _Name(code, span.valid_from, None, span.name, fold(span.name))
    return {
        name.key: name
        for history in histories.values()
        for name in in_order_without_overlap(history.values())
    }


def _report(
    given: Mapping[str, list[AgencyRow]],
    new_names: list[_Name],
    changed_names: list[_Name],
    changed_lives: list[_Life],
    failed: int,
) -> ImportReport:
    """Counts rows: one whose name is new, one whose name or agency changed, one that changed nothing."""
    keys = {row.key for spans in given.values() for row in spans}
    new = {name.key for name in new_names}
    changed = {name.key for name in changed_names}
    changed |= {max(row.key for row in given[life.code]) for life in changed_lives}
    changed = (changed & keys) - new
    same = len(keys) - len(new) - len(changed)
    return ImportReport(len(keys) + failed, len(new), len(changed), same, failed)
