"""Answers as they are kept: nothing in these tables names a person, a link, a device or an instant."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Boolean, Date, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class Response(Model):
    """One completed answer sheet.

    `answers` is canonical JSON (question id to value). The row has no serial number: on SQLite the table
    is ordered by its random key, and `day` is the local day of receipt, the finest time that is kept.
    """

    __tablename__ = "responses"
    __table_args__ = (
        Index("ix_responses_id", "id"),
        Index(
            "ix_responses_waiting",
            "agency",
            "id",
            sqlite_where=text("tallied = 0"),
            postgresql_where=text("NOT tallied"),
        ),
        Index("ix_responses_quarter", "quarter", "agency", "day"),
        {"sqlite_with_rowid": False},
    )

    agency: Mapped[str] = mapped_column(String(40), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    questionnaire: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(20))
    procedure: Mapped[str | None] = mapped_column(String(8))
    phase: Mapped[str] = mapped_column(String(16))
    channel: Mapped[str] = mapped_column(String(16))
    # What an imported file itself called the channel.
    source_channel: Mapped[str | None] = mapped_column(String(40))
    quarter: Mapped[str] = mapped_column(String(7))
    day: Mapped[date] = mapped_column(Date)
    language: Mapped[str] = mapped_column(String(8))
    # The number of a village in field work, for the design effect; nothing else of the place.
    cluster: Mapped[str | None] = mapped_column(String(40))
    answers: Mapped[str] = mapped_column(Text)
    comment: Mapped[str | None] = mapped_column(Text)
    # Seconds from opening to sending in steps of five, at most ten minutes; empty where it is unknown.
    fill_seconds: Mapped[int | None] = mapped_column()
    # Why the answer was set aside for review, empty for one that counts.
    quarantine: Mapped[str] = mapped_column(String(40), default="")
    test: Mapped[bool] = mapped_column(Boolean, default=False)
    # Whether the tallies already know this row.
    tallied: Mapped[bool] = mapped_column(Boolean, default=False)


class KeptAside(Model):
    """Another content sent under the id of a stored answer: never counted, never thrown away."""

    __tablename__ = "kept_aside"

    agency: Mapped[str] = mapped_column(String(40), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    content_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    channel: Mapped[str] = mapped_column(String(16))
    body: Mapped[str] = mapped_column(Text)
