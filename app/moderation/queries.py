"""Comments as staff see them: the text as it would be published, its agency and its quarter, nothing else.

No score, channel, procedure, language or day stands beside a comment, and the order is that of random ids.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from app.directory.scopes import agency_condition
from app.directory.search import parse
from app.directory.staff_queries import names_of_agencies
from app.extensions import db
from app.moderation.models import CommentLayer
from app.moderation.rules import State, UnknownComment
from app.responding.models import Response
from app.ui.paging import Page, paged
from surveys.covering import Piece, covered, fingerprint, pieces_of, text_of
from surveys.redaction import redact


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a person may read comments that were reviewed, and where also those that were not."""

    reading: frozenset[str]
    deciding: frozenset[str]
    on: date

    def condition(self) -> ColumnElement[bool]:
        """Whoever may not decide sees what was reviewed: no pattern recognises the name of a person."""
        reviewed = CommentLayer.state == State.PUBLISHED.value
        return or_(
            agency_condition(self.deciding, self.on, CommentLayer.agency),
            agency_condition(self.reading, self.on, CommentLayer.agency) & reviewed,
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which comments are asked for; what is empty does not restrict."""

    quarter: str
    state: str = ""
    agency: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class CommentRow:
    """`words` are all pieces, `shown` those that would be published.

    `is_stale`: redaction covers other things than it did when somebody last looked at the text.
    """

    id: UUID
    agency: str
    agency_name: str
    quarter: str
    state: State
    covers: frozenset[int]
    words: Sequence[Piece]
    is_stale: bool
    decided_by: str | None

    @property
    def number(self) -> str:
        return str(self.id)[:8]

    @property
    def shown(self) -> Sequence[Piece]:
        return covered(self.words, self.covers)

    @property
    def seen(self) -> str:
        """What a reviewer agrees to when publishing: exactly this text."""
        return fingerprint(text_of(self.shown))


def list_quarters_of(reach: Reach) -> list[str]:
    """The quarters in which this person has comments to read, the newest first."""
    statement = select(CommentLayer.quarter).where(reach.condition()).distinct()
    return sorted(db.session.scalars(statement), reverse=True)


def page_of_comments(wanted: Wanted, reach: Reach, arguments: Mapping[str, str]) -> Page:
    page = paged(_comments(wanted, reach), (CommentLayer.id,), arguments)
    return Page(_rows(page.rows, reach.on), page.earlier, page.later)


def get_comment(comment: UUID, scopes: Collection[str], on: date) -> CommentRow:
    """Raises UnknownComment, also outside the scopes."""
    condition = agency_condition(scopes, on, CommentLayer.agency)
    found = db.session.execute(_columns().where(CommentLayer.id == comment, condition)).all()
    if not found:
        raise UnknownComment(str(comment))
    return _rows(found, on)[0]


def find_layer(comment: UUID) -> CommentLayer:
    """Raises UnknownComment."""
    layer = db.session.scalar(select(CommentLayer).where(CommentLayer.id == comment))
    if layer is None:
        raise UnknownComment(str(comment))
    return layer


def count_waiting(scopes: Collection[str], on: date) -> int:
    statement = select(func.count()).where(
        CommentLayer.state == State.WAITING.value, agency_condition(scopes, on, CommentLayer.agency)
    )
    return db.session.scalar(statement) or 0


def list_published(quarter: str) -> list[tuple[UUID, str]]:
    """The ids of all comments of a quarter that are published, each with its agency; in the order of ids."""
    statement = select(CommentLayer.id, CommentLayer.agency).where(
        CommentLayer.quarter == quarter, CommentLayer.state == State.PUBLISHED.value
    )
    return [(id_, agency) for id_, agency in db.session.execute(statement.order_by(CommentLayer.id))]


def read_published(comments: Sequence[UUID]) -> list[str]:
    """Their texts as they are published, in the order given; none of one that waits for a review again."""
    rows = db.session.execute(_columns().where(CommentLayer.id.in_(comments)))
    found = {layer.id: _row(layer, text, "") for layer, text in rows}
    shown = (found[comment] for comment in comments if comment in found)
    return [text_of(row.shown) for row in shown if row.state is State.PUBLISHED]


def _comments(wanted: Wanted, reach: Reach) -> Select[Any]:
    statement = _columns().where(CommentLayer.quarter == wanted.quarter, reach.condition())
    if wanted.state:
        statement = statement.where(CommentLayer.state == wanted.state)
    if wanted.agency:
        statement = statement.where(CommentLayer.agency == wanted.agency)
    for word in parse(wanted.text):
        statement = statement.where((" " + CommentLayer.folded).contains(" " + word, autoescape=True))
    return statement


def _columns() -> Select[Any]:
    columns: tuple[Any, ...] = (CommentLayer, Response.comment)
    return select(*columns).join(
        Response, (Response.agency == CommentLayer.agency) & (Response.id == CommentLayer.response)
    )


def _rows(found: Sequence[Any], on: date) -> list[CommentRow]:
    names = names_of_agencies({layer.agency for layer, _text in found}, on)
    return [_row(layer, text, names.get(layer.agency, layer.agency)) for layer, text in found]


def _row(layer: CommentLayer, text: str, agency_name: str) -> CommentRow:
    redacted = redact(text).text
    stale = fingerprint(redacted) != layer.fingerprint
    return CommentRow(
        id=layer.id,
        agency=layer.agency,
        agency_name=agency_name,
        quarter=layer.quarter,
        state=State.WAITING if stale else State(layer.state),
        covers=frozenset() if stale else frozenset(json.loads(layer.covers)),
        words=pieces_of(redacted),
        is_stale=stale,
        decided_by=layer.decided_by,
    )
