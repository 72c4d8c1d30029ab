"""What the review of a round keeps."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Float, ForeignKey, Index, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.instants import Instant


class Flag(Model):
    """An indicator by which a collector stands out (surveys/interviews.py): it opens a review, no more.

    `state` is open, explained or confirmed; `numbers` is canonical JSON of what a reviewer needs to see.
    """

    __tablename__ = "field_flags"
    __table_args__ = (Index("ix_field_flags_round", "round", "collector", "indicator", unique=True),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    round: Mapped[str] = mapped_column(ForeignKey("field_rounds.code"))
    collector: Mapped[UUID] = mapped_column(Uuid)
    indicator: Mapped[str] = mapped_column(String(24))
    p: Mapped[float] = mapped_column(Float)
    q: Mapped[float] = mapped_column(Float)
    numbers: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(10))
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    # What was found out; emptied when the time for review is over.
    note: Mapped[str] = mapped_column(Text, default="")
