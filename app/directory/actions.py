"""Agencies begin, are renamed and merge; what was true before stays readable. Nothing here commits."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from app.directory.models import Agency, AgencyName, AgencyProcedure
from app.directory.naming import KINDS, clean
from app.directory.queries import UnknownAgency, get_province, predecessors_of
from app.extensions import db
from surveys.collation import fold


class CannotChange(ValueError):
    """A change that contradicts what is known of the agency; the message says how, in Vietnamese."""


def add_agency(*, code: str, name: str, kind: str, province: str, on: date) -> None:
    """A new agency from a day on. Raises CannotChange for a code that is taken, and UnknownProvince."""
    get_province(province, on)
    if kind not in KINDS:
        raise CannotChange(f"Không có loại cơ quan “{kind}”.")
    if db.session.get(Agency, code) is not None:
        raise CannotChange(f"Mã cơ quan {code} đã có.")
    db.session.add(Agency(code=code, province=province, kind=kind, valid_from=on))
    db.session.flush()
    _add_name(code, name, on)


def rename_agency(*, code: str, name: str, on: date) -> None:
    """Gives an agency another name from the day `on`; the name before ends on the day before.

    A second renaming on the same day corrects the first. Raises UnknownAgency or CannotChange.
    """
    _living(code, on)
    statement = select(AgencyName).where(AgencyName.agency == code).order_by(AgencyName.valid_from.desc())
    latest = db.session.scalars(statement).first()
    if latest is not None and latest.valid_from > on:
        raise CannotChange(f"{code} đã có tên khác từ ngày {latest.valid_from:%d/%m/%Y}.")
    if latest is not None and latest.name == clean(name):
        return
    if latest is not None and latest.valid_from == on:
        latest.name, latest.folded = _stored_name(name)
    else:
        if latest is not None:
            latest.valid_to = on - timedelta(days=1)
        _add_name(code, name, on)
    db.session.flush()


def merge_agency(*, code: str, into: str, on: date) -> None:
    """The whole of an agency becomes part of another; `on` is the first day on which it is no more.

    Its answers stay under its code, its procedures are handled by the other from then on. Raises
    UnknownAgency, or CannotChange for a merger with itself or in a circle.
    """
    agency = _living(code, on)
    _living(into, on)
    if into == code or code in {view.code for view in predecessors_of(into, date.max)}:
        raise CannotChange(
            f"{code} không thể sáp nhập vào {into}: hai mã này là một hoặc đã sáp nhập trước đó."
        )
    if agency.valid_from >= on:
        raise CannotChange(f"{code} chỉ có từ ngày {agency.valid_from:%d/%m/%Y}.")
    agency.valid_to, agency.merged_into = on - timedelta(days=1), into
    hand_over_procedures(code, into)
    db.session.flush()


def _living(code: str, on: date) -> Agency:
    agency = db.session.get(Agency, code)
    if agency is None or on < agency.valid_from or (agency.valid_to is not None and on > agency.valid_to):
        raise UnknownAgency(code)
    return agency


def hand_over_procedures(code: str, into: str) -> None:
    """The counts of dossiers stay behind: they were counted for another agency."""
    statement = select(AgencyProcedure.procedure)
    handled = set(db.session.scalars(statement.where(AgencyProcedure.agency == into)))
    for procedure in db.session.scalars(statement.where(AgencyProcedure.agency == code)).all():
        if procedure not in handled:
            db.session.add(AgencyProcedure(agency=into, procedure=procedure))


def _add_name(code: str, name: str, on: date) -> None:
    stored, folded = _stored_name(name)
    db.session.add(AgencyName(agency=code, valid_from=on, name=stored, folded=folded))
    db.session.flush()


def _stored_name(name: str) -> tuple[str, str]:
    stored = clean(name)
    if not stored:
        raise CannotChange("Tên cơ quan trống.")
    return stored, fold(stored)
