"""Writes about people: each names its actor and is recorded in its own transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from app import keys
from app.accounts import sessions
from app.accounts.credentials import ENROLMENT, PASSWORD, forget_secrets
from app.accounts.identity import NATION_SCOPE, Grant
from app.accounts.models import GrantRow, Invitation, Person
from app.accounts.oidc.people import unbind
from app.accounts.queries import find_person, is_new_email, normal_email
from app.accounts.secrecy import new_token
from app.audit.actions import record
from app.errors import Conflict
from app.extensions import db
from app.walls import widened
from surveys.collation import fold

MOST_NAME: Final = 200
INVITATION_LASTS: Final = timedelta(hours=72)
RESET_LASTS: Final = timedelta(minutes=60)


class AlreadyInvited(Exception):
    """There is a person with this address already; an address belongs to one person for ever."""


class BadAddress(ValueError):
    """What was given is no address of mail, or one that has another spelling."""


class IsDisabled(Exception):
    """Whoever is disabled gets no way in; the person has to be enabled first."""


class GrantsMoved(Conflict):
    """Somebody else changed these rights after the page was shown; the request was meant for others."""

    def words(self) -> tuple[str, str]:
        return (
            _("Quyền của người này vừa được đổi"),
            _("Chưa có gì được lưu. Hãy mở lại trang của người này, xem quyền hiện nay rồi làm lại."),
        )


class OwnAccount(Exception):
    """Nobody changes their own rights or shuts themselves out: somebody else has to do it."""


def create_person(
    email: str, name: str, grants: Collection[Grant], *, by: str, now: datetime
) -> tuple[Person, str]:
    """Adds a person and returns the one-time code with which they enrol.

    Raises BadAddress or AlreadyInvited.
    """
    address = normal_email(email)
    if not is_new_email(address):
        raise BadAddress(email)
    # An address is one for the whole country.
    with widened():
        is_known = find_person(address) is not None
    if is_known:
        raise AlreadyInvited
    person = Person(email=address, name=name, folded=fold(f"{name} {address}"), created_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError:
        # Somebody else was quicker.
        raise AlreadyInvited from None
    _write_grants(person.id, grants)
    code = _issue(person.id, ENROLMENT, now + INVITATION_LASTS)
    _record("person.invited", person, by=by, now=now, grants=told(grants))
    return person, code


def reset(person: Person, *, lost_authenticator: bool, by: str, now: datetime) -> tuple[str, timedelta]:
    """Ends what is open and returns a one-time code for a new password, or for both factors.

    With it comes how long it lasts: who has never enrolled is invited anew and has as long as the first time.

    What is to be replaced is worth nothing from here on, also where nobody uses the code. An identity at a
    provider is forgotten: the next sign-in there binds anew.

    A new password alone still asks for the second factor. Raises IsDisabled.
    """
    person = sessions.held(person.id)
    if person.disabled_at is not None:
        raise IsDisabled
    sessions.end_all(person.id)
    unbind(person)
    whole = lost_authenticator or person.totp_secret is None
    lasts = INVITATION_LASTS if person.password_changed_at is None else RESET_LASTS
    forget_secrets(person, both_factors=whole)
    code = _issue(person.id, ENROLMENT if whole else PASSWORD, now + lasts)
    _record("person.reset", person, by=by, now=now, both_factors=whole)
    return code, lasts


def disable(person: Person, *, by: str, now: datetime) -> None:
    """Shuts a person out from the next request on. Raises OwnAccount."""
    if by == str(person.id):
        raise OwnAccount
    person = sessions.held(person.id)
    if person.disabled_at is None:
        person.disabled_at = now
        db.session.execute(delete(Invitation).where(Invitation.person == person.id))
        sessions.end_all(person.id)
        db.session.flush()
        _record("person.disabled", person, by=by, now=now)


def enable(person: Person, *, by: str, now: datetime) -> None:
    person = sessions.held(person.id)
    if person.disabled_at is not None:
        person.disabled_at = None
        db.session.flush()
        _record("person.enabled", person, by=by, now=now)


def change_grants(person: Person, grants: Collection[Grant], *, seen: str, by: str, now: datetime) -> None:
    """Replaces what a person may do, which was `seen` before (as `told`); who is signed in signs in again.

    Raises OwnAccount or GrantsMoved.
    """
    if by == str(person.id):
        raise OwnAccount
    person = sessions.held(person.id)
    before = set(sessions.grants_of(person.id))
    if told(before) != seen:
        raise GrantsMoved
    if before == set(grants):
        return
    db.session.execute(delete(GrantRow).where(GrantRow.person == person.id))
    _write_grants(person.id, grants)
    sessions.end_all(person.id)
    _record("person.grants-changed", person, by=by, now=now, before=told(before), after=told(grants))


def _write_grants(person: UUID, grants: Collection[Grant]) -> None:
    for grant in set(grants):
        db.session.add(GrantRow(person=person, role=grant.role.value, scope=grant.scope))
    db.session.flush()


def _issue(person: UUID, kind: str, expires_at: datetime) -> str:
    """A new code; those that were issued before are worth nothing any more."""
    db.session.execute(delete(Invitation).where(Invitation.person == person))
    code = new_token()
    db.session.add(
        Invitation(code_hash=keys.token_hash(code), person=person, kind=kind, expires_at=expires_at)
    )
    db.session.flush()
    return code


def _record(action: str, person: Person, *, by: str, now: datetime, **details: str | bool) -> None:
    scope = _scope_of(sessions.grants_of(person.id))
    record(action, by=by, subject=str(person.id), scope=scope, details=details, now=now)


def _scope_of(grants: Collection[Grant]) -> str:
    """Who may read of it in the trail: those of the one part of the tree, or the nation."""
    scopes = {grant.scope for grant in grants}
    return scopes.pop() if len(scopes) == 1 else NATION_SCOPE


def told(grants: Collection[Grant]) -> str:
    """Grants in one line, the same for the same grants."""
    return " ".join(sorted(f"{grant.role.value}:{grant.scope}" for grant in grants))
