"""Published versions of questionnaires."""

from __future__ import annotations

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class PublishedQuestionnaire(Model):
    """One version, kept as it was published. Its fingerprint shows any later change of the content."""

    __tablename__ = "questionnaires"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    # The definition as canonical JSON, from which the questionnaire is built again.
    definition: Mapped[str] = mapped_column(Text)
