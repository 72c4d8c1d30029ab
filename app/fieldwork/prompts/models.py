"""What an interviewer reads out or plays in the language of a household, as a province supplies it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.instants import Instant


class PromptFile(Model):
    """The content of words or of a voice, stored once under its hash and never changed.

    It lies in the database: whatever copies the database or serves from another host has it too.
    """

    __tablename__ = "field_prompt_files"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(30))
    size: Mapped[int] = mapped_column(Integer)
    # Of a voice, where its file says it.
    seconds: Mapped[int | None] = mapped_column(Integer)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Prompt(Model):
    """Which content belongs to a part of a questionnaire's version in a language, for a province's teams.

    `part` is "intro" or the id of a question, `kind` is "text" or "voice".
    """

    __tablename__ = "field_prompts"

    province: Mapped[str] = mapped_column(String(2), primary_key=True)
    questionnaire: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    part: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(5), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("field_prompt_files.sha256"), index=True)
    put_by: Mapped[str] = mapped_column(String(80))
    put_at: Mapped[datetime] = mapped_column(Instant)
