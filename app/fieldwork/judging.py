"""What a record is worth: an answer with its visit, a door to count, or something that lies aside.

Nothing is refused here and nothing written; every reason why a record lies aside stands in `Reason`.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

from app import keys
from app.catalogue.queries import UnknownQuestionnaire, get_questionnaire
from app.fieldwork.enrolling import REVOKED
from app.fieldwork.facts import Facts, facts_of
from app.fieldwork.models import Device, Round
from app.fieldwork.records import FieldRecord, Interview, NoEnvelope, Unreadable, read_envelope, read_record
from app.fieldwork.sealing import BrokenSeal, open_sealed
from app.responding.records import ResponseRecord, split_comment
from surveys.answers import Reading, as_raw, read_answers
from surveys.periods import clamp_interview_day, local_day, quarter_of_day
from surveys.questionnaire import Questionnaire
from surveys.scoring import Channel

# The answer with which a household says that a team did it for them: a lead looks at such a visit, because
# who helped must not ask how it was.
HELPED: Final = ("operator", "team")
_SLIP_LETTERS: Final = re.compile(r"[^0-9A-Z]")


class Reason(StrEnum):
    """Why a record lies aside for a supervisor."""

    SEAL = "seal"
    UNREADABLE = "unreadable"
    OTHER_CONTENT = "other-content"
    UNKNOWN_ROUND = "unknown-round"
    UNKNOWN_VILLAGE = "unknown-village"
    UNKNOWN_VERSION = "unknown-version"
    UNKNOWN_AGENCY = "unknown-agency"
    UNKNOWN_DEVICE = "unknown-device"
    OTHER_DEVICE = "other-device"
    OTHER_COLLECTOR = "other-collector"
    OTHER_TEAM = "other-team"
    """A team works in its own commune; elsewhere it has to have been sent.

    What it asked before its villages were given to another waits until its lead says that it was there.
    """
    OTHER_OFFICE = "other-office"
    """No telephone there offers this office: one that does is not ours, or is made to speak about others."""
    REVOKED_DEVICE = "revoked-device"
    ROUND_OVER = "round-over"
    ROUND_PARTED = "round-parted"
    """The time of review is over as well: nothing may join a visit and an answer of this round any more."""
    ANSWERS = "answers"
    FAILED = "failed"
    """Something that nobody has thought of; the log says what kind of error it was."""


# What a person may decide not to mind; the other reasons say that there is nothing that could be counted.
FORGIVABLE: Final = frozenset(
    {Reason.ROUND_OVER, Reason.REVOKED_DEVICE, Reason.OTHER_DEVICE, Reason.OTHER_COLLECTOR}
)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A record as it lies in the inbox. `device` is who sent it, None for a record from a file."""

    id: str
    sha256: str
    body: bytes
    device: UUID | None
    received_at: datetime

    @property
    def key(self) -> tuple[str, str]:
        return self.id, self.sha256


@dataclass(frozen=True, slots=True)
class Judgement:
    """Exactly one of `reason`, `answer` (with its `visit`) and `door` (the key of a count) is there."""

    reason: Reason | None = None
    round: str | None = None
    answer: ResponseRecord | None = None
    visit: Mapping[str, Any] | None = None
    door: tuple[str, str, UUID, str, date] | None = None


class _LeftAside(Exception):
    def __init__(self, reason: Reason) -> None:
        self.reason = reason


def judge(group: Sequence[Arrived], forgiven: Collection[Reason] = ()) -> list[Judgement]:
    """One judgement for each, in their order. `forgiven`: what a person has decided not to mind."""
    read = [_read(arrived) for arrived in group]
    facts = facts_of([record for record in read if isinstance(record, FieldRecord)])
    return [
        Judgement(record) if isinstance(record, Reason) else _judged(arrived, record, facts, forgiven)
        for arrived, record in zip(group, read, strict=True)
    ]


def judge_form(record: FieldRecord, *, received_at: datetime) -> Judgement:
    """The same for a form on paper, which two people have read alike: no telephone vouches for it.

    It may be keyed in after the time for telephones to send, as long as visits and answers are joined.
    """
    arrived = Arrived(record.id, "", b"", None, received_at)
    return _judged(arrived, record, facts_of([record]), {Reason.ROUND_OVER})


def slip_hash(code: str) -> bytes:
    """What is kept of the code on a household's slip, however it was typed.

    Codes are short enough to be tried, so it takes a key.
    """
    return slip_hashes(code)[0]


def slip_hashes(code: str) -> tuple[bytes, ...]:
    """The same, and what was kept under keys that are being rotated out."""
    letters = _SLIP_LETTERS.sub("", unicodedata.normalize("NFKC", code).upper()).encode()
    return tuple(hmac.digest(key, letters, "sha256") for key in keys.verifying_keys("field-slip"))


def _read(arrived: Arrived) -> FieldRecord | Reason:
    try:
        return read_record(open_sealed(read_envelope(arrived.body)), record_id=arrived.id)
    except BrokenSeal:
        return Reason.SEAL
    except (NoEnvelope, Unreadable):
        return Reason.UNREADABLE


def _judged(arrived: Arrived, record: FieldRecord, facts: Facts, forgiven: Collection[Reason]) -> Judgement:
    try:
        for reason in _objections(arrived, record, facts):
            if reason not in forgiven:
                raise _LeftAside(reason)
        period = facts.rounds[record.round]
        day, clamped = clamp_interview_day(record.day, period.first_day, period.last_day, arrived.received_at)
        if record.interview is None:
            door = (record.round, record.village, record.collector, record.outcome, day)
            return Judgement(round=record.round, door=door)
        answer, helped = _answer(record, record.interview, facts, day)
        visit = _visit(arrived, record, record.interview, facts, day, clamped=clamped, helped=helped)
        visit |= {"answer_agency": answer.agency, "answer_id": answer.id}
        return Judgement(round=record.round, answer=answer, visit=visit)
    except _LeftAside as aside:
        return Judgement(aside.reason, round=record.round)


def _objections(arrived: Arrived, record: FieldRecord, facts: Facts) -> Iterator[Reason]:
    """What speaks against counting a record, the gravest first."""
    period = facts.rounds.get(record.round)
    if period is None:
        yield Reason.UNKNOWN_ROUND
        return
    if (record.round, record.village) not in facts.communes:
        yield Reason.UNKNOWN_VILLAGE
    device = facts.devices.get(record.device) if record.device is not None else None
    if (device is None and record.device is not None) or record.collector not in facts.teams:
        yield Reason.UNKNOWN_DEVICE
        return
    if not facts.works_there(record):
        yield Reason.OTHER_TEAM
    if device is not None:
        yield from _objections_to(device, arrived, record)
    if period.parted_at is not None:
        yield Reason.ROUND_PARTED
    if local_day(arrived.received_at) > period.last_day + timedelta(days=period.grace_days):
        yield Reason.ROUND_OVER


def _objections_to(device: Device, arrived: Arrived, record: FieldRecord) -> Iterator[Reason]:
    # Records that were made before a telephone was replaced are brought by the one in its place.
    if arrived.device is not None and arrived.device not in (device.id, device.replaced_by):
        yield Reason.OTHER_DEVICE
    if device.collector != record.collector:
        yield Reason.OTHER_COLLECTOR
    if arrived.device is None and device.state == REVOKED:
        yield Reason.REVOKED_DEVICE


def _answer(
    record: FieldRecord, interview: Interview, facts: Facts, day: date
) -> tuple[ResponseRecord, bool]:
    """The response, and whether the household says that a team did it for them."""
    questionnaire = _questionnaire(interview, facts.rounds[record.round])
    reading = _reading(questionnaire, interview)
    named = interview.service is not None
    agency = interview.service or facts.communes[record.round, record.village]
    office = facts.offices.get(agency)
    if office is None or not office.life.holds(day):
        raise _LeftAside(Reason.UNKNOWN_AGENCY)
    if not facts.offers(record, agency):
        raise _LeftAside(Reason.OTHER_OFFICE)
    answers, comment = split_comment(reading.answers)
    question, value = HELPED
    response = ResponseRecord(
        agency=agency,
        id=record.id,
        questionnaire=questionnaire.code,
        version=questionnaire.version,
        procedure=None,
        phase=reading.phase.value,
        channel=(Channel.FIELD if named else Channel.FIELD_UNNAMED).value,
        source_channel=None,
        quarter=quarter_of_day(day).code,
        day=day,
        language=interview.language,
        cluster=record.village,
        answers=answers,
        comment=comment,
        # How long it took stands with the visit alone, or it would join the two for ever.
        fill_seconds=None,
    )
    return response, reading.answers.get(question) == value


def _questionnaire(interview: Interview, period: Round) -> Questionnaire:
    """The version in which it was asked: a telephone may still hold an earlier one of the same code."""
    if interview.questionnaire != period.questionnaire:
        raise _LeftAside(Reason.UNKNOWN_VERSION)
    try:
        return get_questionnaire(interview.questionnaire, interview.version)
    except UnknownQuestionnaire:
        raise _LeftAside(Reason.UNKNOWN_VERSION) from None


def _reading(questionnaire: Questionnaire, interview: Interview) -> Reading:
    if not all(questionnaire.has(question) for question in interview.answers):
        raise _LeftAside(Reason.ANSWERS)
    # Which rows were drawn is decided from the id again when the sheet is counted.
    reading = read_answers(questionnaire, as_raw(interview.answers), phase=None, assigned=())
    if not reading.ok:
        raise _LeftAside(Reason.ANSWERS)
    return reading


def _visit(
    arrived: Arrived, record: FieldRecord, interview: Interview, facts: Facts, day: date,
    *, clamped: bool, helped: bool,
) -> dict[str, Any]:  # fmt: skip
    """The row of the visit; a start on another day than the record's is a time that nobody knows."""
    began = interview.started
    plausible = began is not None and local_day(began) == day and began <= arrived.received_at
    return {
        "id": uuid4(),
        "round": record.round,
        "village": record.village,
        "team": facts.teams[record.collector][0],
        "collector": record.collector,
        "device": record.device,
        "day": day,
        "started_at": began if plausible else None,
        "seconds": interview.seconds,
        "clock": clamped or (began is not None and not plausible),
        "language": interview.language,
        "interpreter": interview.interpreter,
        "helped": helped,
        "slip_hash": slip_hash(interview.slip) if interview.slip else None,
    }
