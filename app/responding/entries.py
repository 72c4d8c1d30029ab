"""One answer on its way into the database, and what can become of it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from app.responding.records import ResponseRecord

# Other contents under one id that are kept; whoever sends more of them gains nothing and fills no disk.
ASIDE_LIMIT: Final = 20


class Outcome(StrEnum):
    """What became of one answer. Every outcome is durable before anybody hears of it."""

    NEW = "new"
    SAME = "same"
    """The id is known with the same content: a resend, nothing was added."""
    ASIDE = "aside"
    """The id is known with other content, which is kept aside and never counted."""
    SPENT = "spent"
    """The one-time link was spent by another answer; nothing was stored."""


@dataclass(slots=True)
class Entry:
    """`token_hash` is the one-time link to spend in the same transaction."""

    record: ResponseRecord
    token_hash: bytes | None = None
    outcome: Outcome | None = None
    failure: Exception | None = None
    # A bare lock is the cheapest thing that one thread can wait for and another can open.
    done: threading.Lock = field(default_factory=threading.Lock)


def settle(entry: Entry, *, inserted: bool, known: Sequence[Any] | None) -> bool:
    """Sets the outcome; True where the content has to be kept aside.

    `known` is the content stored under the entry's id before it, None where there is none: then the
    link had been spent by another answer.
    """
    if inserted:
        entry.outcome = Outcome.NEW
    elif known is None:
        entry.outcome = Outcome.SPENT
    elif tuple(known) == entry.record.content:
        entry.outcome = Outcome.SAME
    else:
        entry.outcome = Outcome.ASIDE
    return entry.outcome is Outcome.ASIDE
