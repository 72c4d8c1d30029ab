"""Keeping and withdrawing contacts: respondents' own acts, without audit event, actor or log line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete

from app.comments.codes import code_hash
from app.comments.models import Contact
from app.extensions import db


@dataclass(frozen=True, slots=True)
class ContactWish:
    """What a person wrote in order to be contacted, and the words of the consent that was ticked."""

    agency: str
    address: str
    message: str
    consent_text: str


def keep_contact(wish: ContactWish, *, code: str, day: date) -> None:
    """Keeps the contact under the hash of its code; the same form sent again changes nothing."""
    key = code_hash(code)
    if db.session.get(Contact, key) is None:
        db.session.add(
            Contact(
                code_hash=key,
                agency=wish.agency,
                day=day,
                address=wish.address,
                message=wish.message,
                consent_text=wish.consent_text,
            )
        )
        db.session.flush()


def withdraw_contact(code: str) -> bool:
    """Deletes the contact; False where there was none under this code."""
    result = db.session.execute(delete(Contact).where(Contact.code_hash == code_hash(code)))
    return bool(result.rowcount)  # type: ignore[attr-defined]
