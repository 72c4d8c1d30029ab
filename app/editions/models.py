"""Editions, and what agencies object to in them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, Index, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.instants import Instant


class Edition(Model):
    """That a folder of frozen figures exists, and since when it is public. Only publishing changes a row.

    `sha256` is the hash of its manifest. The figures themselves are files (docs/adr/0013-editions.md).
    """

    __tablename__ = "editions"
    __table_args__ = (Index("ix_editions_published", "kind", "last_day", "revision"),)

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    period: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(8))
    revision: Mapped[int] = mapped_column(Integer)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    sha256: Mapped[str] = mapped_column(String(64))
    # Why a revision was made; empty for the edition as it was first published.
    reason: Mapped[str] = mapped_column(Text)
    closed_at: Mapped[datetime] = mapped_column(Instant)
    closed_by: Mapped[str] = mapped_column(String(80))
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    published_by: Mapped[str | None] = mapped_column(String(80))
    approval: Mapped[UUID | None] = mapped_column(Uuid)


class Objection(Model):
    """What an agency says against its figures before they are released, and what it was answered.

    Neither text is ever changed.
    """

    __tablename__ = "objections"
    __table_args__ = (Index("ix_objections_edition", "edition", "agency"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    edition: Mapped[str] = mapped_column(String(16))
    # The place whose figures are meant: an agency, or the code of a province.
    agency: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(80))
    written_at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(String(80))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
