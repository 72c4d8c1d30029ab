"""A contact is kept only as long as somebody may still answer it, or its owner read what became of it."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement

from app.comments.counting import keep_counts
from app.comments.models import Contact, WithdrawnContact
from app.config import Config
from app.retention import Rule


def _too_old(config: Config, today: date) -> ColumnElement[bool]:
    return Contact.day < today - timedelta(days=config.contact_days)


def _long_done(config: Config, today: date) -> ColumnElement[bool]:
    return Contact.done_on < today - timedelta(days=config.contact_done_days)


def _long_withdrawn(config: Config, today: date) -> ColumnElement[bool]:
    return WithdrawnContact.withdrawn_on < today - timedelta(days=config.contact_done_days)


_contacts = Contact.metadata.tables["contacts"]
rules = [
    Rule(_contacts, "CONTACT_DAYS", _too_old, keep_counts),
    Rule(_contacts, "CONTACT_DONE_DAYS", _long_done, keep_counts),
    Rule(Contact.metadata.tables["withdrawn_contacts"], "CONTACT_DONE_DAYS", _long_withdrawn),
]
