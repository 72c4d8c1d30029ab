"""One-time links: batches, and tokens of which only a hash is kept."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Boolean, Date, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class LinkBatch(Model):
    """What a set of links stands for: an agency, a procedure and the moment at which people are asked."""

    __tablename__ = "link_batches"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    agency: Mapped[str] = mapped_column(ForeignKey("agencies.code"), index=True)
    procedure: Mapped[str | None] = mapped_column(ForeignKey("procedures.code"))
    questionnaire: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(20))
    phase: Mapped[str] = mapped_column(String(16))
    # Either `link`, or `link-open` where staff of the judged agency could have downloaded the links.
    channel: Mapped[str] = mapped_column(String(16))
    quarter: Mapped[str] = mapped_column(String(7), index=True)
    issued: Mapped[int] = mapped_column(Integer)
    expires_on: Mapped[date] = mapped_column(Date)
    revoked: Mapped[bool] = mapped_column(Boolean, default=False)


class Link(Model):
    """One link. Spending it leaves its batch and the fact, no day, so that it leads to no answer."""

    __tablename__ = "links"
    __table_args__ = ({"sqlite_with_rowid": False},)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    batch: Mapped[str] = mapped_column(ForeignKey("link_batches.id"), index=True)
    spent: Mapped[bool] = mapped_column(Boolean, default=False)
