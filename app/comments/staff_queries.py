"""Contacts as staff see them. A list names nobody; only one contact, opened, shows how to reach its owner."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select

from app.comments.clocks import Clock, State, done_clock, reply_clock, state_of
from app.comments.models import Contact, WithdrawnContact
from app.comments.queries import UnknownContact
from app.directory.scopes import agency_condition
from app.directory.staff_queries import names_of_agencies
from app.extensions import db
from app.ui.paging import Page, paged

OPEN: Final = "open"
WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One line of the list: what and when, never who."""

    id: UUID
    agency: str
    agency_name: str
    day: date
    has_message: bool
    replied_on: date | None
    done_on: date | None
    reply: Clock
    done: Clock
    theme: str = ""
    ended: str = ""

    @property
    def number(self) -> str:
        return str(self.id)[:8]

    @property
    def state(self) -> State:
        return state_of(self.replied_on, self.done_on)


@dataclass(frozen=True, slots=True)
class WithdrawnRow:
    number: str
    agency: str
    agency_name: str
    day: date


@dataclass(frozen=True, slots=True)
class Whole:
    """One contact with everything that its owner wrote and staff did."""

    row: ContactRow
    address: str
    message: str
    consent_text: str
    answer: str
    outcome: str
    passed_to: str | None = None
    passed_to_name: str = ""


def page_of_contacts(
    scopes: Collection[str],
    on: date,
    arguments: Mapping[str, str],
    *,
    state: str,
    agency: str,
    theme: str | None = None,
) -> Page:
    """What is due first comes first; of those that are done the newest. An empty theme is one of its own."""
    statement = _of_agency(_rows_of(scopes, on), agency)
    if theme is not None:
        statement = statement.where(Contact.theme == theme)
    if state == State.DONE:
        statement = statement.where(Contact.done_on.is_not(None))
    else:
        statement = statement.where(Contact.done_on.is_(None))
    if state == State.NEW:
        statement = statement.where(Contact.replied_on.is_(None))
    elif state == State.REPLIED:
        statement = statement.where(Contact.replied_on.is_not(None))
    page = paged(statement, (Contact.due_on, Contact.id), arguments, descending=state == State.DONE)
    names = names_of_agencies({row[1] for row in page.rows}, on)
    return Page([_row(row, names, on) for row in page.rows], page.earlier, page.later)


def page_of_withdrawn(
    scopes: Collection[str], on: date, arguments: Mapping[str, str], *, agency: str
) -> Page:
    statement: Any = select(
        WithdrawnContact.id, WithdrawnContact.agency, WithdrawnContact.withdrawn_on
    ).where(agency_condition(scopes, on, WithdrawnContact.agency))
    if agency:
        statement = statement.where(WithdrawnContact.agency == agency)
    keys = (WithdrawnContact.withdrawn_on, WithdrawnContact.id)
    page = paged(statement, keys, arguments, descending=True)
    names = names_of_agencies({code for _id, code, _day in page.rows}, on)
    rows = [WithdrawnRow(str(id_)[:8], code, names.get(code, code), day) for id_, code, day in page.rows]
    return Page(rows, page.earlier, page.later)


def get_whole(contact: UUID, scopes: Collection[str], on: date) -> Whole:
    """Raises UnknownContact, also outside the scopes."""
    statement = select(Contact).where(Contact.id == contact, agency_condition(scopes, on, Contact.agency))
    found = db.session.scalar(statement)
    if found is None:
        raise UnknownContact
    columns = (
        found.id, found.agency, found.day, bool(found.message), found.replied_on, found.done_on, found.theme,
        found.ended,
    )  # fmt: skip
    other = found.passed_to
    names = names_of_agencies({code for code in (found.agency, other) if code}, on)
    row = _row(columns, names, on)
    return Whole(
        row, found.address, found.message, found.consent_text, found.answer, found.outcome, other,
        names.get(other, other) if other else "",
    )  # fmt: skip


def find_withdrawn(contact: UUID, scopes: Collection[str], on: date) -> date | None:
    """The day on which its owner took a contact back."""
    statement = select(WithdrawnContact.withdrawn_on).where(
        WithdrawnContact.id == contact, agency_condition(scopes, on, WithdrawnContact.agency)
    )
    return db.session.scalar(statement)


def count_open(scopes: Collection[str], on: date) -> tuple[int, int, int]:
    """How many contacts wait for a reply or an end; how many are due today, and how many are overdue."""
    statement = select(
        func.count(),
        func.count().filter(Contact.due_on == on),
        func.count().filter(Contact.due_on < on),
    ).where(Contact.done_on.is_(None), agency_condition(scopes, on, Contact.agency))
    waiting, due, late = db.session.execute(statement).one()
    return waiting, due, late


def _rows_of(scopes: Collection[str], on: date) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Contact.id, Contact.agency, Contact.day, Contact.message != "", Contact.replied_on, Contact.done_on,
        Contact.theme, Contact.ended,
    )  # fmt: skip
    return select(*columns).where(agency_condition(scopes, on, Contact.agency))


def _of_agency(statement: Select[Any], agency: str) -> Select[Any]:
    return statement.where(Contact.agency == agency) if agency else statement


def _row(columns: Any, names: Mapping[str, str], today: date) -> ContactRow:
    id_, agency, day, has_message, replied_on, done_on, theme, ended = columns
    return ContactRow(
        id=id_,
        agency=agency,
        agency_name=names.get(agency, agency),
        day=day,
        has_message=bool(has_message),
        replied_on=replied_on,
        done_on=done_on,
        reply=reply_clock(day, replied_on, today),
        done=done_clock(day, done_on, today),
        theme=theme,
        ended=ended,
    )
