"""What staff did: one row an act, each bound to the one before it by a hash."""

from __future__ import annotations

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class AuditEvent(Model):
    """One act. Triggers of both databases refuse to change or delete a row.

    Every column is kept as the text that was hashed, the instant too, so that no conversion of a database
    can make a true event look altered, or an altered one true.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_at", "at"),
        Index("ix_audit_events_by", "by", "position"),
        Index("ix_audit_events_action", "action", "position"),
        Index("ix_audit_events_subject", "subject", "position"),
        Index("ix_audit_events_scope", "scope", "position"),
    )

    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    # ISO 8601, UTC, always with microseconds: the order of the texts is the order of the instants.
    at: Mapped[str] = mapped_column(String(32))
    # The id of a person, or `command:<name>`.
    by: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(120))
    # The part of the tree that may read of it: `nation`, a province, an agency, or empty for the system.
    scope: Mapped[str] = mapped_column(String(40))
    details: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
