"""Days announced for the release of a period."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.instants import Instant


class ReleaseDate(Model):
    """A day announced for the release of a period instead of the usual one; the last number holds."""

    __tablename__ = "release_dates"

    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    announced_by: Mapped[str] = mapped_column(String(80))
    announced_at: Mapped[datetime] = mapped_column(Instant)
