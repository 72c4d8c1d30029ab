"""Files of answers that staff upload. The files themselves lie in DATA_DIR/uploads."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.instants import Instant


class Import(Model):
    """An uploaded file, and what became of its rows.

    `scopes` are the parts of the tree, separated by spaces, about which it may bring answers. `run` names
    the worker that has it; whoever finds its beat too old may take it over.
    """

    __tablename__ = "imports"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    person: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    scopes: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(8))
    size: Mapped[int] = mapped_column(BigInteger)
    rows: Mapped[int] = mapped_column(Integer)
    mapping: Mapped[str | None] = mapped_column(Text)
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    run: Mapped[UUID | None] = mapped_column(Uuid)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    beat_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    # Why the file as a whole was refused in the end.
    problem: Mapped[str | None] = mapped_column(Text)
    done: Mapped[int] = mapped_column(Integer, default=0)
    new: Mapped[int] = mapped_column(Integer, default=0)
    known: Mapped[int] = mapped_column(Integer, default=0)
    aside: Mapped[int] = mapped_column(Integer, default=0)
    failed: Mapped[int] = mapped_column(Integer, default=0)
    # JSON: how many rows were rejected for which reason, without anything that the rows say.
    reasons: Mapped[str | None] = mapped_column(Text)
