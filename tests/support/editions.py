"""Editions for tests that are about something else: closed and published in one go."""

from __future__ import annotations

from datetime import datetime

from app.demo.editions import publish_everything
from app.editions.closing import close
from app.editions.publishing import publish
from app.results import queries
from app.transactions import transaction
from surveys.editions import EditionCode


def publish_all(now: datetime) -> list[str]:
    """Counts what waits, then publishes every quarter that may be closed."""
    queries.prepare(now)
    return publish_everything(by="command:test", now=now)


def close_and_publish(code: str, now: datetime, *, reason: str = "") -> str:
    """Returns the hash."""
    sha256 = close(EditionCode.parse(code), by="command:test", now=now, reason=reason)
    with transaction():
        publish(code, by="command:test", now=now)
    return sha256
