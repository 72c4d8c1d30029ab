"""Who existed on a day, and what they were called. What depends on time takes the day, `on`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.directory.models import Agency, AgencyName, AgencyProcedure, Procedure, Unit
from app.directory.naming import kind_rank, province_level, short_name
from app.directory.records import AgencyView, Lifetime, NameView, ProcedureView, ProvinceView
from app.directory.search import Match, parse
from app.errors import NotFound
from app.extensions import db
from surveys.collation import collation_key, fold

__all__ = [
    "AgencyView",
    "Lifetime",
    "NameView",
    "ProcedureView",
    "ProvinceView",
    "UnknownAgency",
    "UnknownProcedure",
    "UnknownProvince",
    "find_agency",
    "find_procedure",
    "get_agency",
    "get_procedure",
    "get_province",
    "list_agencies",
    "list_lifetimes",
    "list_procedure_codes",
    "list_procedures_of",
    "list_provinces",
    "name_history",
    "predecessors_of",
    "search_agencies",
]

PROVINCE: Final = "province"

S = TypeVar("S", Unit, NameView)


class UnknownAgency(NotFound):
    """No agency lived under this code on the day."""


class UnknownProvince(NotFound):
    """No province has this code on the day."""


class UnknownProcedure(NotFound):
    """No procedure has this code."""


# Provinces.


def list_provinces(on: date) -> list[ProvinceView]:
    """The provinces and centrally run cities of a day, in Vietnamese order of their short names."""
    rows: dict[str, list[Unit]] = {}
    for unit in db.session.scalars(select(Unit).where(Unit.level == PROVINCE).order_by(Unit.valid_from)):
        rows.setdefault(unit.code, []).append(unit)
    views = [_province(held) for units in rows.values() if (held := _held_on(units, on)) is not None]
    return sorted(views, key=lambda view: (collation_key(short_name(view.name)), view.code))


def get_province(code: str, on: date) -> ProvinceView:
    """Raises UnknownProvince."""
    statement = select(Unit).where(Unit.code == code, Unit.level == PROVINCE).order_by(Unit.valid_from)
    unit = _held_on(db.session.scalars(statement).all(), on)
    if unit is None:
        raise UnknownProvince(code)
    return _province(unit)


def _province(unit: Unit) -> ProvinceView:
    return ProvinceView(unit.code, unit.name, province_level(unit.name))


def _held_on(rows: Sequence[S], on: date) -> S | None:
    """The row of a unit, given oldest first, that held on a day.

    The list of units begins with the reorganisation of 2025-07-01, while figures may be older: before its
    first day a unit goes by its first known name, so that those figures stand under today's codes.
    """
    if rows and on < rows[0].valid_from:
        return rows[0]
    return next(
        (row for row in rows if row.valid_from <= on and (row.valid_to is None or row.valid_to >= on)), None
    )


# Agencies.


def get_agency(code: str, on: date) -> AgencyView:
    """The agency as it was called on a day. Raises UnknownAgency before its first and after its last day."""
    agency = find_agency(code, on)
    if agency is None:
        raise UnknownAgency(code)
    return agency


def find_agency(code: str, on: date) -> AgencyView | None:
    """The same, or None."""
    return next(iter(_living(on, Agency.code == code)), None)


def list_agencies(province: str | None, on: date, kind: str | None = None) -> list[AgencyView]:
    """The agencies of a province (None: of all) on a day, by kind and then in Vietnamese order of names."""
    wanted: list[ColumnElement[bool]] = []
    if province is not None:
        wanted.append(Agency.province == province)
    if kind is not None:
        wanted.append(Agency.kind == kind)
    return sorted(_living(on, *wanted), key=_listing_order)


def search_agencies(text: str, on: date, limit: int = 20) -> list[AgencyView]:
    """Agencies in whose name, province or code every word of `text` begins a word; accents may be left out.

    Names that hold the text as it was typed come first, then names with all its words, then the rest.
    """
    words = parse(text)
    if not words:
        return []
    provinces = {view.code: fold(view.name) for view in list_provinces(on)}
    match = Match(words, provinces)
    found = _living(on, *(_holds(word, match.provinces_with(word)) for word in words))
    best = sorted(found, key=match.rank)[:limit]
    return sorted(best, key=lambda view: (match.rank(view)[:2], _listing_order(view)))


def predecessors_of(code: str, on: date) -> list[AgencyView]:
    """Every agency that had become part of this one by a day, as a whole, directly or through others.

    Each is shown as it was on its last day.
    """
    found: dict[str, AgencyView] = {}
    waiting = [code]
    while waiting:
        statement = _agencies(Agency.valid_to).where(
            Agency.merged_into.in_(waiting), Agency.valid_to < on, Agency.code != code
        )
        step = [view for view in _views(statement, None) if view.code not in found]
        found.update((view.code, view) for view in step)
        waiting = [view.code for view in step]
    return sorted(found.values(), key=_listing_order)


def name_history(code: str) -> list[NameView]:
    """The names of an agency, oldest first. Raises UnknownAgency."""
    statement = select(AgencyName).where(AgencyName.agency == code).order_by(AgencyName.valid_from)
    names = [NameView(row.name, row.valid_from, row.valid_to) for row in db.session.scalars(statement)]
    if not names:
        raise UnknownAgency(code)
    return names


def list_lifetimes() -> dict[str, Lifetime]:
    """Every agency there ever was, by code, for work that asks about very many of them."""
    statement = select(Agency.code, Agency.valid_from, Agency.valid_to).order_by(Agency.code)
    return {code: Lifetime(first, last) for code, first, last in db.session.execute(statement)}


def _listing_order(view: AgencyView) -> tuple[Any, ...]:
    return kind_rank(view.kind), collation_key(view.name), view.province, view.code


def _valid_on(table: Any, day: Any) -> ColumnElement[bool]:
    """First and last day included."""
    return and_(table.valid_from <= day, or_(table.valid_to.is_(None), table.valid_to >= day))


def _living(on: date, *wanted: ColumnElement[bool]) -> list[AgencyView]:
    return _views(_agencies(on).where(_valid_on(Agency, on), *wanted), on)


def _agencies(day: Any) -> Select[*tuple[Any, ...]]:
    """Agencies with their name on a day (a value or a column) and every row of their province."""
    return (
        select(
            Agency.code,
            AgencyName.name,
            Agency.kind,
            Agency.province,
            Agency.valid_from,
            Agency.valid_to,
            Agency.merged_into,
            Unit.name,
            Unit.valid_from,
            Unit.valid_to,
        )
        .join(AgencyName, and_(AgencyName.agency == Agency.code, _valid_on(AgencyName, day)))
        .outerjoin(Unit, Unit.code == Agency.province)
        .order_by(Agency.code, Unit.valid_from)
    )


def _views(statement: Select[*tuple[Any, ...]], on: date | None) -> list[AgencyView]:
    """One view for each agency; `on` None takes the name of the province on the agency's last day."""
    agencies: dict[str, tuple[Any, list[NameView]]] = {}
    for row in db.session.execute(statement):
        provinces = agencies.setdefault(row[0], (row, []))[1]
        if row[7] is not None:
            provinces.append(NameView(*row[7:]))
    return [_view(row, provinces, on or row[5] or date.max) for row, provinces in agencies.values()]


def _view(row: Any, provinces: Sequence[NameView], on: date) -> AgencyView:
    code, name, kind, province, valid_from, valid_to, merged_into = row[:7]
    held = _held_on(provinces, on)
    return AgencyView(
        code=code,
        name=name,
        kind=kind,
        province=province,
        province_name=held.name if held else "",
        valid_from=valid_from,
        valid_to=valid_to,
        merged_into=merged_into,
    )


def _holds(word: str, provinces: Iterable[str]) -> ColumnElement[bool]:
    """A word begins a word of the name or a part of the code, or names the province."""
    return or_(
        (" " + AgencyName.folded).contains(" " + word, autoescape=True),
        ("-" + Agency.code).icontains("-" + word, autoescape=True),
        Agency.province.in_(sorted(provinces)),
    )


# Procedures.


def get_procedure(code: str) -> ProcedureView:
    """Raises UnknownProcedure."""
    procedure = find_procedure(code)
    if procedure is None:
        raise UnknownProcedure(code)
    return procedure


def find_procedure(code: str) -> ProcedureView | None:
    row = db.session.get(Procedure, code)
    return ProcedureView(row.code, row.name, row.level, row.source) if row else None


def list_procedure_codes() -> list[str]:
    return list(db.session.scalars(select(Procedure.code).order_by(Procedure.code)))


def list_procedures_of(agency: str) -> list[ProcedureView]:
    """What an agency (by code) handles, in Vietnamese order of names, with its own count of dossiers."""
    statement = (
        select(Procedure, AgencyProcedure)
        .join(AgencyProcedure, AgencyProcedure.procedure == Procedure.code)
        .where(AgencyProcedure.agency == agency)
    )
    views = [
        ProcedureView(row.code, row.name, row.level, row.source, link.dossiers, link.dossiers_year)
        for row, link in db.session.execute(statement)
    ]
    return sorted(views, key=lambda view: (collation_key(view.name), view.code))
