"""Whose identity at the provider it is: bound at the first sign-in by a verified address, then for good."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.accounts import sessions
from app.accounts.models import Person, ProviderIdentity
from app.accounts.oidc.provider import Identity
from app.accounts.queries import find_person
from app.audit.actions import record
from app.extensions import db

BY = "command:oidc"


class NotInvited(Exception):
    """Nobody here has this identity or address, or may not come in: which of these is not told."""


class NotVerified(Exception):
    """The provider does not say that the address is the person's, so nobody can be found by it."""


class OtherIdentity(Exception):
    """The person is known under another identity of this provider: addresses are given to new people."""

    def __init__(self, person: Person) -> None:
        super().__init__()
        self.person = person


def person_of(identity: Identity, *, now: datetime) -> Person:
    """Binds the identity where it is the first. Raises NotInvited, NotVerified or OtherIdentity.

    The person is held until the end of the transaction. What was found before that is asked again: a reset
    may have forgotten the identity meanwhile, or somebody may have shut the person out.
    """
    bound = _bound(identity)
    if bound is None and not identity.verified_email:
        raise NotVerified
    person = _let_in(_held(bound or _id_of(identity.verified_email)))
    still = _bound(identity)
    if still != bound and still != person.id:
        raise NotInvited
    if still is None:
        _bind(person, identity, now=now)
    return person


def _bound(identity: Identity) -> UUID | None:
    """Whose identity it is."""
    return db.session.scalar(
        select(ProviderIdentity.person).where(
            ProviderIdentity.issuer == identity.issuer, ProviderIdentity.subject == identity.subject
        )
    )


def _id_of(email: str) -> UUID | None:
    person = find_person(email)
    return person.id if person else None


def _held(person: UUID | None) -> Person | None:
    return sessions.held(person) if person else None


def _let_in(person: Person | None) -> Person:
    """Who has accepted the invitation and is not disabled."""
    if person is None or person.disabled_at is not None or person.totp_secret is None:
        raise NotInvited
    return person


def _bind(person: Person, identity: Identity, *, now: datetime) -> None:
    own = select(ProviderIdentity).where(
        ProviderIdentity.person == person.id, ProviderIdentity.issuer == identity.issuer
    )
    if db.session.scalar(own) is not None:
        raise OtherIdentity(person)
    try:
        with db.session.begin_nested():
            db.session.add(
                ProviderIdentity(
                    issuer=identity.issuer, subject=identity.subject, person=person.id, bound_at=now
                )
            )
    except IntegrityError:
        # Somebody else was bound in this very moment.
        raise OtherIdentity(person) from None
    record("oidc.bound", by=str(person.id), subject=str(person.id), now=now)


def note_refusal(person: Person, *, now: datetime) -> None:
    record("oidc.other-identity", by=BY, subject=str(person.id), now=now)


def unbind(person: Person) -> None:
    """The next sign-in by the provider binds anew. For a person who is reset."""
    db.session.execute(delete(ProviderIdentity).where(ProviderIdentity.person == person.id))
