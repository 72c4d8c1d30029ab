"""Which acts need two persons, and what the feature that owns an act does once it is approved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeAlias
from uuid import UUID

from app.accounts.roles import Permission


class Kind(StrEnum):
    PUBLISH_EDITION = "publish-edition"
    HIDE_COMMENT = "hide-comment"
    REMOVE_QUARANTINED = "remove-quarantined"
    CHANGE_THRESHOLDS = "change-thresholds"
    VERIFY_SOURCE = "verify-source"
    REMOVE_FIELD_CASES = "remove-field-cases"


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
    reason: str
    proposed_by: str
    decided_by: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Description:
    """A proposal in words, in the language of the page: what it is about, and what exactly would happen.

    `undo` says how the act is taken back, or why it cannot be; `url` is the page of the subject.
    """

    subject: str
    effects: tuple[str, ...] = ()
    undo: str = ""
    url: str = ""


Handler: TypeAlias = Callable[[Approved], None]
Describer: TypeAlias = Callable[[str, Mapping[str, Any]], Description]
"""From the subject and the payload of a proposal."""


@dataclass(frozen=True, slots=True)
class Act:
    """What the feature that owns a kind does and says; `needs` is what the second person must hold."""

    handler: Handler
    describe: Describer | None
    needs: Permission


_acts: Final[dict[Kind, Act]] = {}


def register(
    kind: Kind,
    handler: Handler,
    *,
    describe: Describer | None = None,
    needs: Permission = Permission.APPROVALS_DECIDE,
) -> None:
    """Says what happens when an act of this kind is approved. The handler flushes and records its event.

    It runs in the transaction of the decision: where it raises, the proposal goes on waiting. Without
    `describe` the pages name the subject by its code.
    """
    act = Act(handler, describe, needs)
    assert _acts.get(kind, act) == act, f"two features want to do “{kind}”"
    _acts[kind] = act


def handler_of(kind: Kind) -> Handler:
    """A kind without a handler is a mistake in the code: it could be proposed but never done."""
    return _acts[kind].handler


def needs_of(kind: Kind) -> Permission:
    """What somebody must hold, over the scope of a proposal, in order to decide on one of this kind."""
    return _acts[kind].needs if kind in _acts else Permission.APPROVALS_DECIDE


def describe(kind: Kind, subject: str, payload: Mapping[str, Any]) -> Description:
    known = _acts.get(kind)
    if known is None or known.describe is None:
        return Description(subject)
    return known.describe(subject, payload)
