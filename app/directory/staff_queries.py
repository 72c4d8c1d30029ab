"""Lists and details of the directory as staff see them: also what has ended, and only what is theirs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, case, func, literal, or_, select

from app.directory.models import Agency, AgencyName, AgencyProcedure, Procedure, Unit
from app.directory.queries import UnknownAgency, list_provinces
from app.directory.records import AgencyView
from app.directory.scopes import agency_condition
from app.directory.search import parse
from app.extensions import db
from app.ui.paging import Page, paged
from surveys.collation import fold


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which agencies are asked for; what is empty does not restrict."""

    text: str = ""
    province: str = ""
    kind: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class AgencyRow(AgencyView):
    """One line of the list; the name is the one of the day, or of the last day."""

    procedures: int


def page_of_agencies(wanted: Wanted, scopes: Collection[str], on: date, arguments: Mapping[str, str]) -> Page:
    """By name without accents, then by code."""
    page = paged(_agencies(wanted, scopes, on), (AgencyName.folded, Agency.code), arguments)
    provinces = _province_names(on)
    return Page([_row(row, provinces) for row in page.rows], page.earlier, page.later)


def all_agencies(wanted: Wanted, scopes: Collection[str], on: date) -> list[AgencyRow]:
    """The same without pages, for a file."""
    statement = _agencies(wanted, scopes, on).order_by(AgencyName.folded, Agency.code)
    provinces = _province_names(on)
    return [_row(row, provinces) for row in db.session.execute(statement)]


def count_agencies(wanted: Wanted, scopes: Collection[str], on: date) -> int:
    statement = _agencies(wanted, scopes, on).with_only_columns(func.count(), maintain_column_froms=True)
    return db.session.scalar(statement) or 0


def get_agency_row(code: str, scopes: Collection[str], on: date) -> AgencyRow:
    """An agency that lives, lived or will live. Raises UnknownAgency outside the scopes."""
    for ended in (False, True):
        for row in db.session.execute(_agencies(Wanted(ended=ended), scopes, on).where(Agency.code == code)):
            return _row(row, _province_names(on))
    raise UnknownAgency(code)


def names_of_agencies(codes: Collection[str], on: date) -> dict[str, str]:
    """What agencies are called on a day or, once they have ended, were called last."""
    day = case((Agency.valid_to < on, Agency.valid_to), else_=literal(on, Date))
    statement = (
        select(Agency.code, AgencyName.name)
        .join(AgencyName, and_(AgencyName.agency == Agency.code, _held(AgencyName, day)))
        .where(Agency.code.in_(sorted(codes)))
    )
    return dict(db.session.execute(statement).all())


def provinces_of_agencies(codes: Collection[str], on: date) -> dict[str, str]:
    """The names of their provinces, since many agencies are called the same; none for a ministry's."""
    statement = select(Agency.code, Agency.province).where(
        Agency.code.in_(sorted(codes)), Agency.province.is_not(None)
    )
    names = _province_names(on)
    return {code: names.get(province, province) for code, province in db.session.execute(statement)}


def names_of_procedures(codes: Collection[str]) -> dict[str, str]:
    statement = select(Procedure.code, Procedure.name).where(Procedure.code.in_(sorted(codes)))
    return dict(db.session.execute(statement).all())


def page_of_procedures(text: str, arguments: Mapping[str, str]) -> Page:
    """All procedures by code, with the number of agencies that handle each."""
    handled = select(func.count()).where(AgencyProcedure.procedure == Procedure.code).scalar_subquery()
    statement = select(Procedure.code, Procedure.name, Procedure.level, handled)
    codes = _procedures_with(text)
    if codes is not None:
        statement = statement.where(Procedure.code.in_(codes))
    return paged(statement, (Procedure.code,), arguments)


def agencies_of_procedure(code: str, scopes: Collection[str], on: date) -> list[AgencyRow]:
    """The living agencies within the scopes that handle a procedure."""
    handling = select(AgencyProcedure.agency).where(AgencyProcedure.procedure == code)
    statement = _agencies(Wanted(), scopes, on).where(Agency.code.in_(handling))
    provinces = _province_names(on)
    found = db.session.execute(statement.order_by(AgencyName.folded, Agency.code))
    return [_row(row, provinces) for row in found]


def page_of_units(text: str, province: str, on: date, arguments: Mapping[str, str]) -> Page:
    """Provinces and communes of a day by code, each with the name of what it belongs to."""
    parent = Unit.__table__.alias("parent")
    belongs = (
        select(parent.c.name)
        .where(parent.c.code == Unit.parent_code, _held(parent.c, on))
        .limit(1)
        .scalar_subquery()
    )
    statement = select(Unit.code, Unit.name, Unit.level, belongs, Unit.valid_from).where(_held(Unit, on))
    if province:
        statement = statement.where(or_(Unit.code == province, Unit.parent_code == province))
    words = parse(text)
    if words:
        rows = db.session.execute(select(Unit.code, Unit.name).where(_held(Unit, on)))
        statement = statement.where(Unit.code.in_(_matching(rows, words)))
    return paged(statement, (Unit.code,), arguments)


def _agencies(wanted: Wanted, scopes: Collection[str], on: date) -> Select[Any]:
    procedures = select(func.count()).where(AgencyProcedure.agency == Agency.code).scalar_subquery()
    if wanted.ended:
        alive, day = Agency.valid_to < on, Agency.valid_to
    else:
        alive, day = or_(Agency.valid_to.is_(None), Agency.valid_to >= on), _named_on(on)
    statement = (
        select(
            Agency.code,
            AgencyName.name,
            Agency.kind,
            Agency.province,
            Agency.valid_from,
            Agency.valid_to,
            Agency.merged_into,
            procedures,
        )
        .join(AgencyName, and_(AgencyName.agency == Agency.code, _held(AgencyName, day)))
        .where(alive, agency_condition(scopes, on))
    )
    for condition in _conditions(wanted):
        statement = statement.where(condition)
    return statement


def _named_on(on: date) -> Any:
    """An agency that begins later goes by its first name until then."""
    return case((Agency.valid_from > on, Agency.valid_from), else_=literal(on, Date))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        or_(
            (" " + AgencyName.folded).contains(" " + word, autoescape=True),
            ("-" + Agency.code).icontains("-" + word, autoescape=True),
        )
        for word in parse(wanted.text)
    ]
    if wanted.province:
        found.append(Agency.province == wanted.province)
    if wanted.kind:
        found.append(Agency.kind == wanted.kind)
    return found


def _held(table: Any, day: Any) -> ColumnElement[bool]:
    return and_(table.valid_from <= day, or_(table.valid_to.is_(None), table.valid_to >= day))


def _row(row: Any, provinces: Mapping[str, str]) -> AgencyRow:
    code, name, kind, province, first, last, into, procedures = row
    return AgencyRow(
        code, name, kind, province, provinces.get(province, province), first, last, into, procedures
    )


def _province_names(on: date) -> dict[str, str]:
    return {view.code: view.name for view in list_provinces(on)}


def _procedures_with(text: str) -> list[str] | None:
    """Some two thousand names are read faster than an index of their words could be kept."""
    words = parse(text)
    if not words:
        return None
    return _matching(db.session.execute(select(Procedure.code, Procedure.name)), words)


def _matching(rows: Any, words: Collection[str]) -> list[str]:
    """The codes of rows in whose name or code every word begins a word; accents may be left out."""
    return [
        code
        for code, name in rows
        if all(f" {word}" in f" {fold(name)}" or code.startswith(word) for word in words)
    ]
