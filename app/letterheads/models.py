"""How each agency heads and signs its documents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.instants import Instant


class LetterheadRow(Model):
    """What an agency has set; an empty text leaves the matter to the rules of `editions/heads.py`.

    `signer` and `recipients` hold one line a line. `number` counts the versions, of which only the newest is
    kept: a document that was issued holds its own head.
    """

    __tablename__ = "letterheads"

    agency: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, default=1)
    symbol: Mapped[str] = mapped_column(String(30), default="")
    signer: Mapped[str] = mapped_column(Text, default="")
    signer_name: Mapped[str] = mapped_column(String(80), default="")
    recipients: Mapped[str] = mapped_column(Text, default="")
    archive: Mapped[str] = mapped_column(String(40), default="")
    changed_by: Mapped[str] = mapped_column(String(80))
    changed_at: Mapped[datetime] = mapped_column(Instant)
