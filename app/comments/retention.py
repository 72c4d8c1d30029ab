"""A contact is kept only as long as somebody may still answer it."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement

from app.comments.models import Contact
from app.config import Config
from app.retention import Rule


def _too_old(config: Config, today: date) -> ColumnElement[bool]:
    return Contact.day < today - timedelta(days=config.contact_days)


rules = [Rule(Contact.metadata.tables["contacts"], "CONTACT_DAYS", _too_old)]
