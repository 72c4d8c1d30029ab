"""One answer as it is handed to the store, and what makes two of them the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Final

import orjson

from surveys.canonical import canonical_json
from surveys.periods import Quarter, local_day
from surveys.questions import Answer

# The one question with a column of its own, because its words are read and redacted by people.
COMMENT: Final = "comment"
FILL_STEP: Final = 5
FILL_CAP: Final = 600


@dataclass(frozen=True, slots=True)
class ResponseRecord:
    """A row of `responses`, in the order of its columns; `answers` is canonical JSON without the comment."""

    agency: str
    id: str
    questionnaire: str
    version: str
    procedure: str | None
    phase: str
    channel: str
    source_channel: str | None
    quarter: str
    day: date
    language: str
    cluster: str | None
    answers: str
    comment: str | None
    fill_seconds: int | None = None
    quarantine: str = ""
    test: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return self.agency, self.id

    @property
    def content(self) -> tuple[str, str, str | None, str, str, str | None]:
        """What a resend must repeat to be the same answer.

        The day is not part of it (a resend after midnight is still the same answer), nor is anything
        that the server decided at receipt.
        """
        return self.questionnaire, self.version, self.procedure, self.phase, self.answers, self.comment

    @property
    def body(self) -> str:
        """The content as text, as it is kept aside."""
        return canonical_json(dict(zip(CONTENT_COLUMNS, self.content, strict=True)))

    @property
    def content_hash(self) -> str:
        return hashlib.sha256(self.body.encode()).hexdigest()


COLUMNS: Final = tuple(field.name for field in fields(ResponseRecord))
CONTENT_COLUMNS: Final = ("questionnaire", "version", "procedure", "phase", "answers", "comment")


def split_comment(answers: Mapping[str, Answer]) -> tuple[str, str | None]:
    """The column `answers` and the column `comment` (None where nothing was written).

    The text is the one that `canonical_json` makes, by a faster way.
    """
    comment = answers.get(COMMENT)
    kept = {question: answer for question, answer in answers.items() if question != COMMENT}
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode(), str(comment) if comment else None


def received_on(now: datetime) -> tuple[date, str]:
    """The local day and the quarter of an answer received at `now`; nothing finer is kept."""
    day = local_day(now)
    return day, Quarter(day.year, (day.month + 2) // 3).code


def rounded_fill(seconds: float | None) -> int | None:
    """Filling time in steps of five seconds, at most ten minutes, so that it points at nobody."""
    if seconds is None:
        return None
    return min(FILL_CAP, int(seconds) // FILL_STEP * FILL_STEP)
