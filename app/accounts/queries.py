"""Reads of people and invitations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from app import keys
from app.accounts.identity import Grant
from app.accounts.models import GrantRow, Invitation, Person, RecoveryCode
from app.accounts.roles import Role
from app.errors import NotFound, UnknownInvitation
from app.extensions import db
from app.ui.paging import Page, paged
from app.walls import widened
from surveys.collation import collation_key, fold

MOST_EMAIL: Final = 254
_IS_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_EMAIL: Final = re.compile(r"[^@\s\x00-\x20\x7f]+@[^@\s\x00-\x20\x7f]+\.[^@\s\x00-\x20\x7f]+")

_ATOM: Final = r"[a-z0-9_'-]+"
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NEW_EMAIL: Final = re.compile(
    rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?![0-9]+$){_LABEL}", flags=re.ASCII
)


class UnknownPerson(NotFound):
    """Nobody has this id or address, or the person is not the caller's to see."""


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as lists and pages show them; no secret."""

    id: UUID
    email: str
    name: str
    grants: tuple[Grant, ...]
    is_disabled: bool
    has_enrolled: bool
    created_at: datetime


def normal_email(text: str) -> str:
    """The spelling under which an address is kept and looked for.

    What was not written in plain letters never becomes so: the sign for kelvin would be a k, and whoever has
    a mailbox of that name at a provider would be somebody else here.
    """
    given = text.strip()
    normal = unicodedata.normalize("NFC", given).lower()
    return given if normal.isascii() and not given.isascii() else normal


def is_email(text: str) -> bool:
    """Whether an address may belong to somebody here."""
    return len(text) <= MOST_EMAIL and _EMAIL.fullmatch(text) is not None


def is_new_email(text: str) -> bool:
    """Whether an address, already in its normal spelling, may be given to somebody new.

    There is one spelling for one mailbox: no quotes, no name of a domain but in plain letters, and nothing
    behind a plus. Otherwise one mailbox could have two accounts, and be two persons.
    """
    return len(text) <= MOST_EMAIL and _NEW_EMAIL.fullmatch(text) is not None


def find_person(email: str) -> Person | None:
    address = normal_email(email)
    if not is_email(address):
        return None
    return db.session.scalar(select(Person).where(Person.email == address))


def get_person(person: UUID | str) -> Person:
    """Raises UnknownPerson."""
    try:
        key = UUID(str(person))
    except ValueError as error:
        raise UnknownPerson from error
    found = db.session.get(Person, key)
    if found is None:
        raise UnknownPerson
    return found


def get_person_by_email(email: str) -> Person:
    """Raises UnknownPerson."""
    person = find_person(email)
    if person is None:
        raise UnknownPerson
    return person


def view_of(person: Person, grants: tuple[Grant, ...]) -> PersonView:
    return PersonView(
        id=person.id,
        email=person.email,
        name=person.name,
        grants=grants,
        is_disabled=person.disabled_at is not None,
        has_enrolled=person.password_changed_at is not None,
        created_at=person.created_at,
    )


def list_people() -> list[PersonView]:
    """Everybody, in the order of the alphabet."""
    people = list(db.session.scalars(select(Person)))
    grants = _grants_by_person([person.id for person in people])
    views = [view_of(person, grants[person.id]) for person in people]
    return sorted(views, key=lambda view: (collation_key(view.name), view.email))


def page_of_people(search: str, scopes: Collection[str] | None, arguments: Mapping[str, str]) -> Page:
    """Those whose name or address has all words of the search and who hold something within the scopes."""
    statement = select(Person)
    for word in fold(search).split():
        statement = statement.where(Person.folded.contains(word, autoescape=True))
    if scopes is not None:
        held = select(GrantRow.person).where(GrantRow.scope.in_(scopes))
        statement = statement.where(Person.id.in_(held))
    page = paged(statement, (Person.folded, Person.email), arguments)
    people = [row[0] for row in page.rows]
    grants = _grants_by_person([person.id for person in people])
    return replace(page, rows=[view_of(person, grants[person.id]) for person in people])


def list_scopes() -> list[str]:
    """Every scope that somebody holds."""
    return list(db.session.scalars(select(GrantRow.scope).distinct().order_by(GrantRow.scope)))


def _grants_by_person(people: Collection[UUID]) -> dict[UUID, tuple[Grant, ...]]:
    grants: dict[UUID, list[Grant]] = {person: [] for person in people}
    rows = select(GrantRow).where(GrantRow.person.in_(people)).order_by(GrantRow.role, GrantRow.scope)
    for row in db.session.scalars(rows):
        grants[row.person].append(Grant(Role(row.role), row.scope))
    return {person: tuple(held) for person, held in grants.items()}


def names_of(people: Collection[str]) -> dict[str, str]:
    """What the ids of the trail are called; what is no person, such as a command, is left out."""
    ids = [UUID(text) for text in people if _IS_ID.fullmatch(text)]
    statement = select(Person.id, Person.name).where(Person.id.in_(ids))
    # Whoever may read of an act may read who did it, though the person works elsewhere.
    with widened():
        return {str(person): name for person, name in db.session.execute(statement)}


def get_invitation(code: str, *, now: datetime) -> tuple[Invitation, Person]:
    """A living invitation and whom it is for. Raises UnknownInvitation."""
    row = db.session.execute(
        select(Invitation, Person)
        .join(Person, Person.id == Invitation.person)
        .where(
            Invitation.code_hash == keys.token_hash(code),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
            Person.disabled_at.is_(None),
        )
    ).first()
    if row is None:
        raise UnknownInvitation
    invitation, person = row
    return invitation, person


def count_recovery_codes(person: UUID) -> int:
    """How many are left."""
    statement = select(func.count()).where(RecoveryCode.person == person, RecoveryCode.used_at.is_(None))
    return db.session.scalar(statement) or 0
