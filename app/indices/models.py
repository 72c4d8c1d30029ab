"""Numbers that others made about places: kept with their source, printed apart from every number of ours."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.instants import Instant


class ExternalIndexRow(Model):
    """One value of one indicator (`indicators.py`) for one place and period, as its source wrote it.

    `last_day` is that of the period: a report prints what ended within its quarter.
    """

    __tablename__ = "external_indices"
    __table_args__ = (Index("ix_external_indices_last_day", "last_day"),)

    indicator: Mapped[str] = mapped_column(String(20), primary_key=True)
    place: Mapped[str] = mapped_column(String(40), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    last_day: Mapped[date] = mapped_column(Date)
    value: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(Text)
    imported_by: Mapped[str] = mapped_column(String(80))
    imported_at: Mapped[datetime] = mapped_column(Instant)
