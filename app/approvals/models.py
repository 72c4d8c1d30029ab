"""Acts for two persons: proposed by one, decided by another."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.instants import Instant

_WAITING = text("decision IS NULL")


class ApprovalRow(Model):
    """One proposal and what became of it. Of one thing, only one proposal of a kind waits at a time."""

    __tablename__ = "approvals"
    __table_args__ = (
        Index(
            "uq_approvals_waiting",
            "kind",
            "subject",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index("ix_approvals_proposed_at", "proposed_at", "id"),
        Index("ix_approvals_decided_at", "decided_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    kind: Mapped[str] = mapped_column(String(24))
    subject: Mapped[str] = mapped_column(String(120))
    scope: Mapped[str] = mapped_column(String(40))
    # What the feature that owns the act needs in order to do it, as JSON.
    payload: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(String(80))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    # Empty while it waits.
    decision: Mapped[str | None] = mapped_column(String(12))
    decision_reason: Mapped[str | None] = mapped_column(Text)
