"""A record as the telephone wrote it: from the bytes inside the seal to plain values, or to why not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from app.fieldwork.languages import LANGUAGES
from surveys.doors import ANSWERED, CLOSED
from surveys.questions import has_control

UUID4: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
INTERVIEW, DOOR = "interview", "door"
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SLIP: Final = 40
_MOST_SECONDS: Final = 24 * 60 * 60


class NoEnvelope(ValueError):
    """The body is no JSON object with an id that a telephone draws."""


class Unreadable(ValueError):
    """What was sealed is no record of version 1."""


@dataclass(frozen=True, slots=True)
class Interview:
    """`answers` as JSON holds them; `service` is the agency that the household named, if it named one.

    `started` and `seconds` are None only on paper, where nobody may have looked at a clock.
    """

    questionnaire: str
    version: str
    answers: Mapping[str, object]
    service: str | None
    started: datetime | None
    seconds: int | None
    language: str
    interpreter: bool
    slip: str | None


@dataclass(frozen=True, slots=True)
class FieldRecord:
    """One interview, or one door at which there was none (`interview` is None then).

    `device` is None for a form on paper.
    """

    id: str
    round: str
    village: str
    collector: UUID
    device: UUID | None
    outcome: str
    day: date
    interview: Interview | None


def read_envelope(body: bytes) -> dict[str, Any]:
    """The envelope of a body, of which nothing but the id has been looked at. Raises NoEnvelope."""
    try:
        envelope = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise NoEnvelope from error
    name = envelope.get("id") if isinstance(envelope, dict) else None
    if not isinstance(name, str) or UUID4.fullmatch(name) is None:
        raise NoEnvelope
    return dict(envelope)


def read_record(plain: bytes, *, record_id: str) -> FieldRecord:
    """The record whose envelope has this id. Raises Unreadable."""
    try:
        data = json.loads(plain.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(data, dict) or data.get("record") != 1 or data.get("id") != record_id:
        raise Unreadable
    kind, outcome = data.get("kind"), data.get("outcome")
    if (kind, outcome) != (INTERVIEW, ANSWERED) and not (kind == DOOR and outcome in CLOSED):
        raise Unreadable
    return FieldRecord(
        id=record_id,
        round=_code(data.get("round")),
        village=_code(data.get("village")),
        collector=_uuid(data.get("collector")),
        device=_uuid(data.get("device")),
        outcome=str(outcome),
        day=_day(data.get("day")),
        interview=_interview(data) if kind == INTERVIEW else None,
    )


def _interview(data: Mapping[str, Any]) -> Interview:
    answers = _one_of(data.get("answers"), lambda value: isinstance(value, dict))
    language = _one_of(data.get("language"), lambda value: value in LANGUAGES)
    interpreter = _one_of(data.get("interpreter"), lambda value: isinstance(value, bool))
    seconds = _one_of(data.get("seconds"), lambda value: type(value) is int)
    service = _one_of(data.get("service"), lambda value: value is None or isinstance(value, dict))
    slip = _one_of(data.get("slip"), lambda value: value is None or isinstance(value, str))
    if slip and (len(slip) > _SLIP or has_control(slip)):
        raise Unreadable
    return Interview(
        questionnaire=_code(data.get("questionnaire")),
        version=_code(data.get("version")),
        answers=answers,
        service=None if service is None else _code(service.get("agency")),
        started=_instant(data.get("started")),
        # A clock that was put back or forward meanwhile says nothing about the interview.
        seconds=min(max(seconds, 0), _MOST_SECONDS),
        language=language,
        interpreter=interpreter,
        slip=slip or None,
    )


def _one_of(value: Any, allowed: Callable[[Any], bool]) -> Any:
    try:
        if allowed(value):
            return value
    except TypeError as error:
        raise Unreadable from error
    raise Unreadable


def _code(value: object) -> str:
    if not isinstance(value, str) or _CODE.fullmatch(value) is None:
        raise Unreadable
    return value


def _uuid(value: object) -> UUID:
    try:
        return UUID(_code(value))
    except ValueError as error:
        raise Unreadable from error


def _day(value: object) -> date:
    if not isinstance(value, str) or _DAY.fullmatch(value) is None:
        raise Unreadable
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Unreadable from error


def _instant(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is None or moment.tzinfo is None:
            raise Unreadable
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable from error
