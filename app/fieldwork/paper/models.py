"""Forms on paper by their numbers, sheets on which doors are counted, and what has been keyed in of both."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Integer, String, Text, Uuid
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


class PaperTally(Model):
    """The doors of one collector in one village on one day, as a sheet of paper counts them.

    `first` and `second` are what two people keyed in (canonical JSON), emptied when the sheet counts.
    `interviews` is how many it says there were, to be held against the forms that have come back.
    """

    __tablename__ = "field_paper_tallies"

    round: Mapped[str] = mapped_column(ForeignKey("field_rounds.code"), primary_key=True)
    village: Mapped[str] = mapped_column(String(9), primary_key=True)
    collector: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    first: Mapped[str] = mapped_column(Text, default="")
    first_by: Mapped[str | None] = mapped_column(String(80))
    second: Mapped[str] = mapped_column(Text, default="")
    second_by: Mapped[str | None] = mapped_column(String(80))
    interviews: Mapped[int | None] = mapped_column(Integer)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
