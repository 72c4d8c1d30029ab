"""Units, agencies and procedures, each with the days on which it was valid."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class Unit(Model):
    """A province or commune as one decision named it. A new name or level is a new row, from its day on."""

    __tablename__ = "units"

    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    valid_to: Mapped[date | None] = mapped_column(Date)
    parent_code: Mapped[str | None] = mapped_column(String(5), index=True)
    name: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(String(12))


class Agency(Model):
    """An agency under the code by which its answers are kept for ever; names have days of their own."""

    __tablename__ = "agencies"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    province: Mapped[str] = mapped_column(String(5), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    # The agency that took over the whole of this one, where there is such a one.
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("agencies.code"))


class AgencyName(Model):
    """What an agency was called from one day to another; `folded` is how people type it in a hurry."""

    __tablename__ = "agency_names"
    __table_args__ = (Index("ix_agency_names_folded", "folded"),)

    agency: Mapped[str] = mapped_column(ForeignKey("agencies.code"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    valid_to: Mapped[date | None] = mapped_column(Date)
    name: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)


class Procedure(Model):
    """An administrative procedure by its national code `x.xxxxxx`."""

    __tablename__ = "procedures"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(String(40), default="")
    source: Mapped[str] = mapped_column(Text, default="")


class AgencyProcedure(Model):
    """Which agency handles which procedure, and how many dossiers a year it had where that is known."""

    __tablename__ = "agency_procedures"

    agency: Mapped[str] = mapped_column(ForeignKey("agencies.code"), primary_key=True)
    procedure: Mapped[str] = mapped_column(ForeignKey("procedures.code"), primary_key=True)
    dossiers: Mapped[int | None] = mapped_column(Integer)
    dossiers_year: Mapped[int | None] = mapped_column(Integer)
