"""How people prove who they are: password, code of an authenticator, recovery code."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CursorResult, delete, update

from app.accounts import passwords, secrecy, sessions, totp
from app.accounts.models import Invitation, Person, RecoveryCode
from app.accounts.queries import find_person
from app.audit.actions import record
from app.errors import UnknownInvitation
from app.extensions import db

ENROLMENT = "enrolment"
PASSWORD = "password"  # noqa: S105  (the kind of an invitation)


def find_by_password(email: str, password: str) -> Person | None:
    """The person with this address and password. Nobody can tell from the time taken which one was wrong.

    The row decides in the end, and is held: while the hash was looked at, somebody may have reset it.
    """
    person = find_person(email)
    kept = None if person is None or person.disabled_at is not None else person.password_hash
    if not passwords.matches(password, kept) or person is None or kept is None:
        return None
    anew = passwords.hash_password(password) if passwords.is_outdated(kept) else kept
    result = db.session.execute(
        update(Person)
        .where(Person.id == person.id, Person.password_hash == kept, Person.disabled_at.is_(None))
        .values(password_hash=anew)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return person if result.rowcount == 1 else None


def accept_second_factor(person: Person, text: str, *, now: datetime) -> bool:
    """A code of the authenticator or a recovery code; either counts once."""
    if secrecy.looks_like_recovery_code(text):
        return spend_recovery_code(person.id, text, now=now)
    return spend_code(person, text, now=now)


def spend_code(person: Person, text: str, *, now: datetime) -> bool:
    """Whether the code is right and was never accepted before: the row decides, however many ask at once."""
    if person.totp_secret is None:
        return False
    step = totp.matching_step(secrecy.decrypt(person.totp_secret, person.id), text, now)
    if step is None:
        return False
    result = db.session.execute(
        update(Person)
        .where(Person.id == person.id, Person.totp_last_step < step)
        .values(totp_last_step=step)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def spend_recovery_code(person: UUID, text: str, *, now: datetime) -> bool:
    result = db.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.code_hash == secrecy.recovery_hash(text, person),
            RecoveryCode.person == person,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    if result.rowcount != 1:
        return False
    record("recovery-code.used", by=str(person), subject=str(person), now=now)
    return True


def renew_recovery_codes(person: UUID) -> list[str]:
    """Ten new codes in place of the old ones. Only hashes are kept, so this is the only time to read them."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person == person))
    codes = [secrecy.new_recovery_code() for _ in range(secrecy.RECOVERY_CODES)]
    for code in codes:
        db.session.add(RecoveryCode(code_hash=secrecy.recovery_hash(code, person), person=person))
    db.session.flush()
    return codes


def set_password(person: Person, password_hash: str, *, now: datetime) -> None:
    """Takes a hash, so that nothing slow is done while the row is held."""
    person.password_hash = password_hash
    person.password_changed_at = now
    db.session.flush()


def set_authenticator(person: Person, secret: bytes, *, step: int) -> None:
    """Takes a new seed; the code that confirmed it is spent."""
    person.totp_secret = secrecy.encrypt(secret, person.id)
    person.totp_last_step = step
    db.session.flush()


def forget_secrets(person: Person, *, both_factors: bool) -> None:
    """The password opens nothing any more; nor do, where both are meant, the authenticator and its codes."""
    person.password_hash = None
    if both_factors:
        person.totp_secret = None
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.person == person.id))
    db.session.flush()


def enrol(
    invitation: Invitation, person: Person, password_hash: str, secret: bytes, *, step: int, now: datetime
) -> list[str]:
    """Accepts an invitation with both factors and returns the recovery codes. Raises UnknownInvitation."""
    sessions.hold(person.id)
    _use(invitation, now=now)
    set_password(person, password_hash, now=now)
    set_authenticator(person, secret, step=step)
    sessions.end_all(person.id)
    codes = renew_recovery_codes(person.id)
    record("person.enrolled", by=str(person.id), subject=str(person.id), now=now)
    return codes


def reset_password(invitation: Invitation, person: Person, password_hash: str, *, now: datetime) -> None:
    """Takes a new password, after the second factor was shown. Raises UnknownInvitation."""
    _use(invitation, now=now)
    set_password(person, password_hash, now=now)
    sessions.end_all(person.id)
    record("password.reset", by=str(person.id), subject=str(person.id), now=now)


def _use(invitation: Invitation, *, now: datetime) -> None:
    """Of two who accept at once, one does."""
    result = db.session.execute(
        update(Invitation)
        .where(
            Invitation.code_hash == invitation.code_hash,
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    if result.rowcount != 1:
        raise UnknownInvitation
