"""Agencies begin, are renamed and merge; what was true before stays readable. Nothing here commits."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.directory.models import Agency, AgencyName, AgencyProcedure
from app.directory.naming import KINDS, clean
from app.directory.queries import UnknownAgency, get_procedure, get_province, predecessors_of
from app.extensions import db
from surveys.collation import fold
from surveys.periods import quarter_of_day


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


def close_agency(*, code: str, on: date) -> None:
    """The agency ends without a successor; `on` is the first day on which it is no more.

    Its answers stay under its code and its figures stand apart. Raises UnknownAgency or CannotChange.
    """
    agency = _living(code, on)
    if agency.valid_from >= on:
        raise CannotChange(f"{code} chỉ có từ ngày {agency.valid_from:%d/%m/%Y}.")
    agency.valid_to = on - timedelta(days=1)
    db.session.flush()


def reopen_agency(*, code: str, now: datetime) -> date:
    """Takes back the end of an agency, a merger or a closing, and returns the day of which that was.

    Procedures that were handed over stay with the other agency too: nobody can tell any more which of them
    it had before. Raises UnknownAgency, or CannotChange once the figures of the quarter may be closed.
    """
    agency = db.session.get(Agency, code)
    if agency is None:
        raise UnknownAgency(code)
    if agency.valid_to is None:
        raise CannotChange(f"{code} đang hoạt động.")
    first_day_without = agency.valid_to + timedelta(days=1)
    _refuse_closed_quarter(first_day_without, now)
    agency.valid_to = agency.merged_into = None
    db.session.flush()
    return first_day_without


def withdraw_name(*, code: str, now: datetime) -> date:
    """Takes back the latest renaming and returns the day from which that name had held.

    Raises UnknownAgency, or CannotChange for the only name or once the figures of its quarter may be closed.
    """
    statement = select(AgencyName).where(AgencyName.agency == code).order_by(AgencyName.valid_from)
    names = db.session.scalars(statement).all()
    if not names:
        raise UnknownAgency(code)
    if len(names) == 1:
        raise CannotChange(f"{code} chỉ có một tên.")
    before, latest = names[-2:]
    _refuse_closed_quarter(latest.valid_from, now)
    begun = latest.valid_from
    before.valid_to = latest.valid_to
    db.session.delete(latest)
    db.session.flush()
    return begun


def _refuse_closed_quarter(day: date, now: datetime) -> None:
    """What figures may already have been made from is not changed behind them."""
    quarter = quarter_of_day(day)
    if quarter.is_closable(now):
        raise CannotChange(
            f"Thay đổi này thuộc {quarter.label}, quý đã đến hạn chốt số liệu, nên không hoàn tác được. "
            "Hãy ghi một thay đổi mới với ngày mới."
        )


def add_procedure_to(*, code: str, procedure: str) -> bool:
    """The agency handles the procedure from now on; False where it already did.

    Raises UnknownProcedure.
    """
    get_procedure(procedure)
    if db.session.get(AgencyProcedure, (code, procedure)) is not None:
        return False
    db.session.add(AgencyProcedure(agency=code, procedure=procedure))
    db.session.flush()
    return True


def remove_procedure_from(*, code: str, procedure: str) -> bool:
    """The agency no longer handles the procedure; answers about it stay. False where it did not."""
    link = db.session.get(AgencyProcedure, (code, procedure))
    if link is None:
        return False
    db.session.delete(link)
    db.session.flush()
    return True


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
