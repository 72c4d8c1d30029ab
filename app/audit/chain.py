"""The chain itself: how an event is written down before it is hashed, and where a chain is broken."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

from surveys.periods import ZONE

Detail: TypeAlias = str | int | bool | None

START: Final = "0" * 64
"""What the first event names as the hash before it."""


class Link(NamedTuple):
    """An event exactly as the database keeps it, in the order of the columns."""

    position: int
    at: str
    by: str
    action: str
    subject: str
    scope: str
    details: str
    previous_hash: str
    hash: str


class Break(StrEnum):
    """In what way a chain is not what was written."""

    ALTERED = "altered"
    MISSING = "missing"
    INSERTED = "inserted"
    UNLINKED = "unlinked"
    HEAD_LOST = "head-lost"


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a chain; an empty chain has position 0 and the hash START."""

    position: int = 0
    hash: str = START


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far a chain is intact. `broken_at` is the first position that is not; None for a whole chain."""

    head: Head
    broken_at: int | None = None
    reason: Break | None = None


def canonical_details(details: Mapping[str, Detail]) -> str:
    return json.dumps(dict(details), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def instant_text(instant: datetime) -> str:
    """UTC with microseconds, whatever zone the instant came in."""
    assert instant.tzinfo is not None, "an instant without a zone is none"
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def day_start_text(day: date) -> str:
    """The first instant of a day in Vietnam."""
    return instant_text(datetime.combine(day, time.min, ZONE))


def day_end_text(day: date) -> str:
    """The first instant that is no longer in the day."""
    return day_start_text(day + timedelta(days=1))


def hash_of(link: Link) -> str:
    """SHA-256 of every field but the hash itself, as a JSON array in the order of the columns."""
    content = json.dumps(link[:-1], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def linked(head: Head, *, at: str, by: str, action: str, subject: str, scope: str, details: str) -> Link:
    """The event that follows `head`."""
    bare = Link(head.position + 1, at, by, action, subject, scope, details, head.hash, "")
    return bare._replace(hash=hash_of(bare))


def verify_chain(links: Iterable[Link], kept: Head | None = None) -> Verdict:
    """Follows a chain in the order of its positions up to the first link that does not hold.

    `kept` is a head that was noted earlier, elsewhere; position 0 where only its hash was noted. Without
    one, a chain whose end was cut off, or that was written anew from some link on, looks whole.
    """
    head = Head()
    met = kept is None or kept.hash == START
    for link in links:
        reason = _broken(link, head)
        if reason is not None:
            place = link.position if reason is Break.INSERTED else head.position + 1
            return Verdict(head, place, reason)
        head = Head(link.position, link.hash)
        if kept is not None and kept.position == link.position and kept.hash != link.hash:
            return Verdict(head, link.position, Break.HEAD_LOST)
        met = met or (kept is not None and kept.hash == link.hash)
    if not met:
        return Verdict(head, head.position + 1, Break.HEAD_LOST)
    return Verdict(head)


def _broken(link: Link, head: Head) -> Break | None:
    expected = head.position + 1
    if link.position != expected:
        return Break.MISSING if link.position > expected else Break.INSERTED
    if not all(isinstance(field, str) for field in link[1:]) or hash_of(link) != link.hash:
        return Break.ALTERED
    return None if link.previous_hash == head.hash else Break.UNLINKED
