"""Forms on paper by their numbers, and what has been keyed in of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.instants import Instant


class PaperForm(Model):
    """A form that was printed. Its number begins with its commune, whose forms are counted by themselves.

    Once it counts, `settled_at` says since when, and the same number never counts again in this round.
    """

    __tablename__ = "field_paper_forms"

    round: Mapped[str] = mapped_column(ForeignKey("field_rounds.code"), primary_key=True)
    number: Mapped[str] = mapped_column(String(12), primary_key=True)
    printed_at: Mapped[datetime] = mapped_column(Instant)
    printed_by: Mapped[str] = mapped_column(String(80))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_by: Mapped[str | None] = mapped_column(String(80))


class PaperKeying(Model):
    """What one person keyed in of a form (canonical JSON); it goes when the form counts."""

    __tablename__ = "field_paper_keyings"

    round: Mapped[str] = mapped_column(ForeignKey("field_rounds.code"), primary_key=True)
    number: Mapped[str] = mapped_column(String(12), primary_key=True)
    keyed_by: Mapped[str] = mapped_column(String(80), primary_key=True)
    keyed_at: Mapped[datetime] = mapped_column(Instant)
    body: Mapped[str] = mapped_column(Text)
