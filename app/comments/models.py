"""Contacts that people leave for a reply, apart from every answer."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import Date, Index, Integer, LargeBinary, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class Contact(Model):
    """What a person wrote in order to be called back, and what became of it.

    Its code is kept only as a hash and withdraws it; `id` is another random number, the one that staff and
    the trail see. Nothing finer than days is kept.
    """

    __tablename__ = "contacts"
    __table_args__ = (Index("ix_contacts_due_on", "due_on", "id"),)

    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid4)
    agency: Mapped[str] = mapped_column(String(40), index=True)
    day: Mapped[date] = mapped_column(Date)
    address: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    consent_text: Mapped[str] = mapped_column(Text)
    # The last day of the clock that runs; for one that is done the day on which it was.
    due_on: Mapped[date] = mapped_column(Date)
    replied_on: Mapped[date | None] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    # What the agency says to the person, who reads it with the code, and what it has done about it.
    answer: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(Text, default="")
    # What it is about, chosen by staff, and how it ended (`themes.py`).
    theme: Mapped[str] = mapped_column(String(12), default="")
    ended: Mapped[str] = mapped_column(String(12), default="")
    # The agency whose matter it is; how to reach the person was not given to it.
    passed_to: Mapped[str | None] = mapped_column(String(40))


class WithdrawnContact(Model):
    """That there was a contact and its owner took it back, so that nobody goes on looking for it."""

    __tablename__ = "withdrawn_contacts"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    agency: Mapped[str] = mapped_column(String(40), index=True)
    withdrawn_on: Mapped[date] = mapped_column(Date)


class FeedbackCount(Model):
    """How many contacts stood where when they were deleted: numbers, with nothing of a contact in them."""

    __tablename__ = "feedback_counts"

    quarter: Mapped[str] = mapped_column(String(7), primary_key=True)
    agency: Mapped[str] = mapped_column(String(40), primary_key=True)
    theme: Mapped[str] = mapped_column(String(12), primary_key=True)
    # A `surveys.feedback.FeedbackStatus`.
    status: Mapped[str] = mapped_column(String(20), primary_key=True)
    timing: Mapped[str] = mapped_column(String(8), primary_key=True)
    n: Mapped[int] = mapped_column(Integer)
