"""Keeping and withdrawing contacts: respondents' own acts, without audit event, actor or log line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from sqlalchemy import delete

from app import keys
from app.comments.clocks import due_on
from app.comments.codes import code_hash, contact_code
from app.comments.models import Contact, WithdrawnContact
from app.extensions import db


@dataclass(frozen=True, slots=True)
class ContactWish:
    """What a person wrote in order to be contacted, and the words of the consent that was ticked."""

    agency: str
    address: str
    message: str
    consent_text: str


def code_of(nonce: str) -> str:
    """The code that a form is answered with; sent again, the same one, though the key was rotated since."""
    codes = [contact_code(key, nonce) for key in keys.verifying_keys("contact")]
    return next((code for code in codes if db.session.get(Contact, code_hash(code))), codes[0])


def keep_contact(wish: ContactWish, *, code: str, day: date) -> None:
    """Keeps the contact under the hash of its code; the same form sent again changes nothing."""
    key = code_hash(code)
    if db.session.get(Contact, key) is None:
        db.session.add(
            Contact(
                code_hash=key,
                id=uuid4(),
                agency=wish.agency,
                day=day,
                address=wish.address,
                message=wish.message,
                consent_text=wish.consent_text,
                due_on=due_on(day, None, None),
            )
        )
        db.session.flush()


def withdraw_contact(code: str, *, day: date) -> bool:
    """Deletes the contact; False where there was none under this code.

    Staff who were busy with it learn that it was withdrawn, and nothing of what it held.
    """
    statement = (
        delete(Contact).where(Contact.code_hash == code_hash(code)).returning(Contact.id, Contact.agency)
    )
    gone = db.session.execute(statement).one_or_none()
    if gone is None:
        return False
    db.session.add(WithdrawnContact(id=gone.id, agency=gone.agency, withdrawn_on=day))
    db.session.flush()
    return True
