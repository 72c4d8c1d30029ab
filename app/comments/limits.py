"""What one application lets through in a minute: contacts of one agency, and codes that nobody was given."""

from __future__ import annotations

from flask import current_app

from app import keys
from app.budgets import MinuteBudget


class Limits:
    """Counts in memory; no address is remembered, everybody shares."""

    def __init__(self) -> None:
        config = keys.configuration()
        self.contacts = MinuteBudget(config.contacts_per_minute)
        self.unknown_codes = MinuteBudget(config.unknown_tokens_per_minute)


def limits() -> Limits:
    extensions = current_app.extensions
    known: Limits | None = extensions.get("contact_limits")
    if known is None:
        known = extensions.setdefault("contact_limits", Limits())
    return known
