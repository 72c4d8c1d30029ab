"""What the review of a round keeps."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Float, ForeignKey, Index, Integer, String, Text, Uuid
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


class BackCheck(Model):
    """A second visit that was drawn or made, and how many stable facts agreed.

    `collector` made the first visit, `checked_by` the second. `visit` is emptied when the round's visits
    and answers are parted; what was answered at either visit stands nowhere here.
    """

    __tablename__ = "field_backchecks"
    __table_args__ = (
        Index("ix_field_backchecks_visit", "visit", unique=True),
        Index("ix_field_backchecks_round", "round", "collector"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    round: Mapped[str] = mapped_column(ForeignKey("field_rounds.code"))
    village: Mapped[str] = mapped_column(String(9))
    collector: Mapped[UUID] = mapped_column(Uuid)
    visit: Mapped[UUID | None] = mapped_column(Uuid)
    # random, flagged, or shown: a household that was not drawn and had its slip.
    reason: Mapped[str] = mapped_column(String(12))
    drawn_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    checked_by: Mapped[UUID | None] = mapped_column(Uuid)
    entered_by: Mapped[str | None] = mapped_column(String(80))
    agreed: Mapped[int] = mapped_column(Integer, default=0)
    disagreed: Mapped[int] = mapped_column(Integer, default=0)
