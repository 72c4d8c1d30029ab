"""What agencies do about what people told them, each with every version that it ever had."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.instants import Instant

_STATES: Final = "state IN ('draft', 'published', 'withdrawn')"
_DONE: Final = "(done_on IS NULL) = (done_words = '')"


class _Words:
    """What a version says; the row of the improvement repeats its newest."""

    agency: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12))
    quarter: Mapped[str] = mapped_column(String(7))
    shortcoming: Mapped[str] = mapped_column(Text)
    solution: Mapped[str] = mapped_column(Text)
    lead: Mapped[str] = mapped_column(String(200))
    due: Mapped[date] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    done_words: Mapped[str] = mapped_column(Text, default="")


class ImprovementRow(_Words, Model):
    """One improvement as it stands, `number` being that of its newest version.

    `folded` is what a search compares. Everybody may read those that are `published`.
    """

    __tablename__ = "improvements"
    __table_args__ = (
        CheckConstraint(_STATES, name="state"),
        CheckConstraint(_DONE, name="done"),
        Index("ix_improvements_due", "due", "id"),
        Index("ix_improvements_agency", "agency", "quarter"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    number: Mapped[int] = mapped_column(Integer, default=1)
    folded: Mapped[str] = mapped_column(Text)


class ImprovementVersion(_Words, Model):
    """What was written, when and by whom. No action changes or deletes a row."""

    __tablename__ = "improvement_versions"
    __table_args__ = (CheckConstraint(_STATES, name="state"), CheckConstraint(_DONE, name="done"))

    improvement: Mapped[UUID] = mapped_column(Uuid, ForeignKey("improvements.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    act: Mapped[str] = mapped_column(String(12))
    why: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Instant)
