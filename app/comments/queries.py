"""Reads of contacts: only by the code that its owner holds."""

from __future__ import annotations

from app.comments.codes import code_hash
from app.comments.models import Contact
from app.errors import NotFound
from app.extensions import db


class UnknownContact(NotFound):
    """No contact is kept under this code: it never was, or it was withdrawn."""


def get_contact(code: str) -> Contact:
    """Raises UnknownContact, also for what cannot be a code."""
    contact = db.session.get(Contact, code_hash(code))
    if contact is None:
        raise UnknownContact
    return contact
