"""Reviewing comments: covering words, publishing, taking back, and hiding, which needs two persons.

Every act changes the layer beside an answer and none the answer. Nothing here commits.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, update

from app.accounts.roles import Permission
from app.approvals.actions import propose
from app.approvals.kinds import Approved, Kind, register
from app.approvals.queries import find_waiting
from app.approvals.rules import AlreadyProposed
from app.audit.actions import record
from app.directory.search import searchable
from app.extensions import db
from app.moderation.models import CommentLayer
from app.moderation.queries import CommentRow, find_layer
from app.moderation.rules import NothingToUndo, State, TextHasChanged
from app.moderation.staff_words import describe
from surveys.covering import Piece, covered, fingerprint, text_of


def note_read(subject: str, *, scope: str, comments: int, by: str, now: datetime) -> None:
    """One event for a page, however many comments it shows."""
    record("comments-read", by=by, subject=subject, scope=scope, details={"comments": comments}, now=now)


def cover(row: CommentRow, covers: Collection[int], *, by: str, now: datetime) -> None:
    """Covers exactly these words; what was published waits for a review again. Raises TextHasChanged."""
    kept = frozenset(piece.index for piece in row.words if not piece.is_mark) & frozenset(covers)
    _change(row, state=State.WAITING.value, decided_by=None, **_layer(row.words, kept))
    _record("comment-covered", row, by, now, words=len(kept))


def publish(row: CommentRow, *, seen: str, by: str, now: datetime) -> None:
    """Lets the text be published as the reviewer has seen it. Raises TextHasChanged or AlreadyProposed."""
    if seen != row.seen:
        raise TextHasChanged
    if find_waiting(Kind.HIDE_COMMENT, str(row.id)) is not None:
        raise AlreadyProposed
    _change(row, state=State.PUBLISHED.value, decided_by=by, **_layer(row.words, row.covers))
    _record("comment-published", row, by, now)


def take_back(row: CommentRow, *, by: str, now: datetime) -> None:
    """A comment that was published or hidden waits for a review again. Raises NothingToUndo."""
    if find_layer(row.id).state == State.WAITING.value:
        raise NothingToUndo
    _change(row, state=State.WAITING.value, decided_by=None)
    _record("comment-review-undone", row, by, now)


def propose_hiding(row: CommentRow, *, scope: str, reason: str, by: str, now: datetime) -> UUID:
    """Hiding keeps a comment out of every publication. Raises NoReason or AlreadyProposed."""
    payload = {"agency": row.agency, "quarter": row.quarter}
    return propose(
        Kind.HIDE_COMMENT, subject=str(row.id), scope=scope, payload=payload, reason=reason, by=by, now=now
    )


def hide(act: Approved) -> None:
    """The handler: what the second person has approved. Raises UnknownComment."""
    layer = find_layer(UUID(act.subject))
    layer.state, layer.decided_by = State.HIDDEN.value, act.decided_by
    db.session.flush()
    record("comment-hidden", by=act.decided_by, subject=act.subject, scope=layer.agency, now=act.now)


def _layer(words: Sequence[Piece], covers: frozenset[int]) -> dict[str, str]:
    """What is kept of a text with its covers, so that what was seen is what is shown and searched."""
    return {
        "covers": json.dumps(sorted(covers)),
        "fingerprint": fingerprint(text_of(words)),
        "folded": searchable(text_of(covered(words, covers))),
    }


def _change(row: CommentRow, **values: object) -> None:
    """Only while nobody else has changed what this reviewer saw: one statement both asks and changes."""
    statement = update(CommentLayer).where(CommentLayer.id == row.id, _as_seen(row))
    changed = db.session.execute(statement.values(**values))
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an update returns a cursor
        raise TextHasChanged


def _as_seen(row: CommentRow) -> ColumnElement[bool]:
    if row.is_stale:
        return CommentLayer.fingerprint != fingerprint(text_of(row.words))
    return CommentLayer.covers == json.dumps(sorted(row.covers))


def _record(action: str, row: CommentRow, by: str, now: datetime, **details: int) -> None:
    record(action, by=by, subject=str(row.id), scope=row.agency, details=details, now=now)


register(Kind.HIDE_COMMENT, hide, describe=describe, needs=Permission.COMMENTS_DECIDE)
