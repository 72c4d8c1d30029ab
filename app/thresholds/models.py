"""Sets of thresholds, each in force from the first day of a quarter."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.instants import Instant


class ThresholdSet(Model):
    """What two persons decided. Rows are only added; of several for one quarter the last one holds."""

    __tablename__ = "threshold_sets"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    first_quarter: Mapped[str] = mapped_column(String(7))
    # The whole set as JSON, so that a later default changes nothing that was decided.
    thresholds: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    approval: Mapped[UUID] = mapped_column(Uuid)
    proposed_by: Mapped[str] = mapped_column(String(80))
    decided_by: Mapped[str] = mapped_column(String(80))
    decided_at: Mapped[datetime] = mapped_column(Instant)
