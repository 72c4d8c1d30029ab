"""What happens to a complete answer: its record, the reasons to set it aside for review, and the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import current_app

from app import keys
from app.budgets import MinuteBudget
from app.responding.entries import Outcome
from app.responding.records import ResponseRecord, received_on, rounded_fill, split_comment
from app.responding.sheets import Sheet
from app.responding.signing import Stamps, read_stamp, receipt
from app.responding.store import response_store
from app.responding.submissions import Submission
from surveys.answers import Reading


class Gate:
    """What one application remembers between requests: derived keys, the stamp of this second, budgets."""

    def __init__(self) -> None:
        config = keys.configuration()
        self.stamp_key = keys.signing_key("form-time")
        self.stamp_keys = tuple(keys.verifying_keys("form-time"))
        self.receipt_key = keys.signing_key("receipt")
        self.minimum_fill_seconds = config.minimum_fill_seconds
        self.stamps = Stamps()
        self.open_answers = MinuteBudget(config.open_answers_per_minute)
        self.unknown_tokens = MinuteBudget(config.unknown_tokens_per_minute)

    def stamp(self, now: datetime) -> str:
        return self.stamps.stamp(self.stamp_key, int(now.timestamp()))

    def knows(self, stamp: str) -> bool:
        return read_stamp(self.stamp_keys, stamp) is not None


def gate() -> Gate:
    extensions = current_app.extensions
    known: Gate | None = extensions.get("responding_gate")
    if known is None:
        known = extensions.setdefault("responding_gate", Gate())
    return known


@dataclass(frozen=True, slots=True)
class Received:
    outcome: Outcome
    receipt: str
    language: str


def receive(
    sheet: Sheet,
    submission: Submission,
    reading: Reading,
    *,
    response_id: UUID,
    language: str,
    token_hash: bytes | None,
    now: datetime,
) -> Received:
    """Stores a complete answer and returns once it is durable. Raises StoreUnavailable."""
    fill = _fill_seconds(submission, now)
    answers, comment = split_comment(reading.answers)
    day, quarter = received_on(now)
    record = ResponseRecord(
        agency=sheet.agency,
        id=str(response_id),
        questionnaire=sheet.questionnaire.code,
        version=sheet.questionnaire.version,
        procedure=sheet.procedure,
        phase=reading.phase.value,
        channel=sheet.channel,
        source_channel=None,
        quarter=quarter,
        day=day,
        language=language,
        cluster=None,
        answers=answers,
        comment=comment,
        fill_seconds=rounded_fill(fill),
        quarantine=_quarantine(sheet, submission, fill, now),
    )
    outcome = response_store().store(record, token_hash)
    return Received(outcome, receipt(gate().receipt_key, record.id), language)


def _fill_seconds(submission: Submission, now: datetime) -> float | None:
    """None where the signed time is missing, forged or of the future."""
    opened = read_stamp(gate().stamp_keys, submission.stamp)
    if opened is None or now.timestamp() < opened:
        return None
    return now.timestamp() - opened


def _quarantine(sheet: Sheet, submission: Submission, fill: float | None, now: datetime) -> str:
    """Why a person should look at the answer first; empty for one that counts. Nothing is refused."""
    within_budget = sheet.one_time or gate().open_answers.take(int(now.timestamp()), sheet.agency)
    if submission.honeypot:
        return "honeypot"
    if fill is None:
        return "no-time"
    if fill < gate().minimum_fill_seconds:
        return "too-fast"
    return "" if within_budget else "budget"
