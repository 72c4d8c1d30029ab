"""Contacts that people leave for a reply, apart from every answer."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class Contact(Model):
    """What a person wrote in order to be called back. Its code is kept only as a hash and withdraws it."""

    __tablename__ = "contacts"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    agency: Mapped[str] = mapped_column(String(40), index=True)
    day: Mapped[date] = mapped_column(Date)
    address: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    consent_text: Mapped[str] = mapped_column(Text)
