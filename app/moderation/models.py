"""What staff decided about comments: a layer beside the answers, which stay as they were sent."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import Boolean, Index, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class CommentLayer(Model):
    """One comment as staff see it.

    `id` is random and stands in addresses and in the trail, so that neither names an answer. `covers` are the
    words that a person covered, as JSON, in the text that `fingerprint` names. No instant is kept.
    """

    __tablename__ = "comment_layers"
    __table_args__ = (
        Index("ix_comment_layers_quarter", "quarter", "id"),
        Index("ix_comment_layers_state", "state", "agency"),
    )

    agency: Mapped[str] = mapped_column(String(40), primary_key=True)
    response: Mapped[str] = mapped_column(String(36), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid4)
    quarter: Mapped[str] = mapped_column(String(7))
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    covers: Mapped[str] = mapped_column(Text, default="[]")
    fingerprint: Mapped[str] = mapped_column(String(64))
    # What a search compares: the text as it is shown, without accents.
    folded: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(String(80))


class CommentCell(Model):
    """How many answers an agency had in a quarter when its comments were last handed to staff."""

    __tablename__ = "comment_cells"

    quarter: Mapped[str] = mapped_column(String(7), primary_key=True)
    agency: Mapped[str] = mapped_column(String(40), primary_key=True)
    answers: Mapped[int] = mapped_column(Integer)
    # Whether the rest was handed over when the quarter could be closed.
    closed: Mapped[bool] = mapped_column(Boolean, default=False)
