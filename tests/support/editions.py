"""Editions for tests that are about something else: closed and published in one go."""

from __future__ import annotations

from datetime import datetime

from app.demo.editions import publish_everything
from app.editions.closing import close
from app.editions.listing import PublishedFigures
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


def revise_all(now: datetime, *, only: str = "") -> list[str]:
    """Counts what waits, then publishes the next revision of every published quarter, oldest first.

    Where nothing is published yet, everything is. `only` names the one quarter that is revised.
    """
    queries.prepare(now)
    if not PublishedFigures().editions():
        return publish_all(now)
    codes = []
    for edition in reversed([row for row in PublishedFigures().editions() if row.kind == "quarter"]):
        if only not in ("", edition.period):
            continue
        code = EditionCode.parse(edition.code).next_revision.code
        close_and_publish(code, now, reason="Phiếu đến muộn")
        codes.append(code)
    return codes
