"""Which acts need two persons, and what the feature that owns an act does once it is approved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeAlias
from uuid import UUID


class Kind(StrEnum):
    PUBLISH_EDITION = "publish-edition"
    HIDE_COMMENT = "hide-comment"
    REMOVE_QUARANTINED = "remove-quarantined"
    CHANGE_THRESHOLDS = "change-thresholds"
    VERIFY_SOURCE = "verify-source"


class Decision(StrEnum):
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Approved:
    """What a handler is told: the act, who wanted it and who let it happen."""

    id: UUID
    kind: Kind
    subject: str
    scope: str
    payload: Mapping[str, Any]
    proposed_by: str
    decided_by: str
    now: datetime


Handler: TypeAlias = Callable[[Approved], None]

_handlers: Final[dict[Kind, Handler]] = {}


def register(kind: Kind, handler: Handler) -> None:
    """Says what happens when an act of this kind is approved. The handler flushes and records its event.

    It runs in the transaction of the decision: where it raises, the proposal goes on waiting.
    """
    assert _handlers.get(kind, handler) is handler, f"two features want to do “{kind}”"
    _handlers[kind] = handler


def handler_of(kind: Kind) -> Handler:
    """A kind without a handler is a mistake in the code: it could be proposed but never done."""
    return _handlers[kind]
