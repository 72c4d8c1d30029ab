"""A form on paper as a record: from what was keyed in to plain values, or to the fields that are wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import exists, select, update

from app.audit.actions import take_turn
from app.catalogue.queries import get_questionnaire
from app.extensions import db
from app.fieldwork.interpreting import add_doors, write_judged
from app.fieldwork.judging import Judgement, Reason, judge_form
from app.fieldwork.languages import LANGUAGES
from app.fieldwork.models import Collector, Round, RoundVillage, Team, Visit
from app.fieldwork.paper.models import PaperTally
from app.fieldwork.paper.rules import BadForm, NotCounted
from app.fieldwork.records import FieldRecord, Interview
from app.fieldwork.work import list_services
from app.walls import widened
from surveys.answers import as_raw, read_answers
from surveys.doors import ANSWERED
from surveys.periods import ZONE, local_day
from surveys.problems import Problem
from surveys.questionnaire import Questionnaire

HEAD: Final = (
    "village", "collector", "day", "started", "minutes", "language", "interpreter", "service", "slip",
)  # fmt: skip
# The letters that slips are made of: none that looks like another.
SLIP_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SLIP_LENGTH: Final = 8
_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]) ?[:hg.] ?([0-5][0-9])")
_MINUTES: Final = re.compile(r"[1-9][0-9]?|1[0-7][0-9]|180")
_SLIP: Final = re.compile(f"[{SLIP_LETTERS}]{{{SLIP_LENGTH}}}")
_DAY: Final = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form as it was read: `head` by the names in HEAD, `answers` as the strings of a survey form."""

    head: Mapping[str, str]
    answers: Mapping[str, tuple[str, ...]]

    def fields(self) -> dict[str, tuple[str, ...]]:
        """Everything by name; a question's name has a mark before it so that it is no field of the head."""
        head = {name: (self.head.get(name, ""),) for name in HEAD}
        return head | {f"q:{name}": tuple(sorted(values)) for name, values in self.answers.items() if values}

    @classmethod
    def of(cls, fields: Mapping[str, Sequence[str]]) -> Sheet:
        head = {name: next(iter(fields.get(name, ())), "") for name in HEAD}
        marked = {name[2:]: tuple(values) for name, values in fields.items() if name.startswith("q:")}
        return cls(head, marked)

    @classmethod
    def typed(cls, head: Mapping[str, str], answers: Mapping[str, Sequence[str]]) -> Sheet:
        """What means the same is the same: 8h05 and 08:05, 5/11/2026 and 2026-11-05, "k7m2-9qxa"."""
        tidy = {name: " ".join(head.get(name, "").split()) for name in HEAD}
        if found := _TIME.fullmatch(tidy["started"].lower()):
            tidy["started"] = f"{int(found[1]):02}:{found[2]}"
        if found := _DAY.fullmatch(tidy["day"]):
            tidy["day"] = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
        tidy["minutes"] = re.sub("^0+(?=[0-9])", "", tidy["minutes"])
        tidy["slip"] = re.sub(r"[\s-]", "", tidy["slip"]).upper()
        texts = {name: tuple(value.strip() for value in values) for name, values in answers.items()}
        return cls(tidy, {name: values for name, values in texts.items() if any(values)})


@dataclass(frozen=True, slots=True)
class Choices:
    """What a form of a commune may name: villages of the round, members of teams, offices; words by key."""

    villages: Mapping[str, str]
    collectors: Mapping[str, str]
    services: Mapping[str, str]


def choices_of(row: Round, commune: str, on: date) -> Choices:
    villages = select(RoundVillage.village, RoundVillage.name).where(
        RoundVillage.round == row.code, RoundVillage.commune == commune
    )
    # Who has left meanwhile may have filled in a form before.
    members = (
        select(Collector.id, Collector.code, Team.name)
        .join(Team, Team.id == Collector.team)
        .where(Team.agency == commune)
        .order_by(Collector.code, Team.name)
    )
    return Choices(
        {row.village: row.name for row in db.session.execute(villages.order_by(RoundVillage.name))},
        {str(key): f"{code}, {team}" for key, code, team in db.session.execute(members)},
        {view.code: view.name for view in list_services({commune}, on)},
    )


def check_form(row: Round, sheet: Sheet, choices: Choices, *, now: datetime) -> FieldRecord:
    """The record that a form makes. Raises BadForm with every field that is wrong."""
    head = sheet.head
    form = get_questionnaire(row.questionnaire, row.version)
    wrong: dict[str, Problem | None] = dict.fromkeys(_wrong_in_head(row, head, choices, now))
    reading = read_answers(form, sheet.answers, phase=None, assigned=())
    wrong |= {f"q:{problem.question_id}": problem for problem in reading.problems}
    day = _day(head["day"])
    if wrong or day is None:
        raise BadForm(wrong)
    return FieldRecord(
        id=str(uuid4()),
        round=row.code,
        village=head["village"],
        collector=UUID(head["collector"]),
        device=None,
        outcome=ANSWERED,
        day=day,
        interview=Interview(
            questionnaire=row.questionnaire,
            version=row.version,
            answers=as_raw(reading.answers),
            service=head["service"] or None,
            started=_instant(day, head["started"]),
            seconds=int(head["minutes"]) * 60 if head["minutes"] else None,
            language=head["language"],
            interpreter=head["interpreter"] == "yes",
            slip=head["slip"] or None,
        ),
    )


def judged_form(row: Round, sheet: Sheet, choices: Choices, *, now: datetime) -> Judgement:
    """What the rules of every record say of it. Raises BadForm or NotCounted."""
    judgement = judge_form(check_form(row, sheet, choices, now=now), received_at=now)
    if judgement.reason is Reason.UNKNOWN_AGENCY:
        raise BadForm({"service": None})
    if judgement.reason is not None:
        raise NotCounted(judgement.reason.value)
    return judgement


def count_form(row: Round, sheet: Sheet, choices: Choices, *, now: datetime) -> None:
    """An answer and a visit without a telephone. Raises BadForm or NotCounted. Does not commit."""
    judgement = judged_form(row, sheet, choices, now=now)
    # Staff write no visits and no answers; what two people have read alike is written as if it had been sent.
    with widened():
        write_judged([judgement])
        _join_doors(row.code, judgement.visit or {})


def count_tally(tally: PaperTally, doors: Mapping[str, int]) -> None:
    """The doors of a sheet that counts from now on, by outcome. Does not commit."""
    door = (tally.round, tally.village, tally.collector)
    with widened():
        add_doors({(*door, outcome, tally.day): n for outcome, n in doors.items() if n})
        _join_doors(tally.round, {name: getattr(tally, name) for name in ("village", "collector", "day")})


def _join_doors(code: str, visit: Mapping[str, Any]) -> None:
    """Interviews on paper enter the rates with the doors of their day, whichever of both came first.

    Of a form and a tally that are settled at one moment the second must see the first.
    """
    take_turn()
    own = [getattr(Visit, name) == visit[name] for name in ("village", "collector", "day")]
    same = [getattr(PaperTally, name) == visit[name] for name in ("village", "collector", "day")]
    counted = exists().where(PaperTally.round == code, *same, PaperTally.settled_at.is_not(None))
    db.session.execute(
        update(Visit)
        .where(Visit.round == code, *own, Visit.device.is_(None), counted)
        .values(tallied=True)
        .execution_options(synchronize_session=False)
    )


def in_order(names: Sequence[str], form: Questionnaire) -> list[str]:
    """Names of fields as they stand on the paper."""
    places = {name: at for at, name in enumerate((*HEAD, *(f"q:{q.id}" for q in form.questions)))}
    return sorted(names, key=lambda name: places.get(name, len(places)))


def who_where_when(row: Round, head: Mapping[str, str], choices: Choices, now: datetime) -> dict[str, bool]:
    """Which of the fields that every sheet has hold what they may."""
    day = _day(head["day"])
    return {
        "village": head["village"] in choices.villages,
        "collector": head["collector"] in choices.collectors,
        "day": day is not None and row.first_day <= day <= min(row.last_day, local_day(now)),
    }


def _wrong_in_head(row: Round, head: Mapping[str, str], choices: Choices, now: datetime) -> list[str]:
    right = who_where_when(row, head, choices, now) | {
        "started": not head["started"] or _TIME.fullmatch(head["started"]) is not None,
        "minutes": not head["minutes"] or _MINUTES.fullmatch(head["minutes"]) is not None,
        "language": head["language"] in LANGUAGES,
        "interpreter": head["interpreter"] in ("", "yes"),
        "service": not head["service"] or head["service"] in choices.services,
        "slip": not head["slip"] or _SLIP.fullmatch(head["slip"]) is not None,
    }
    return [name for name in HEAD if not right[name]]


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


def _instant(day: date, text: str) -> datetime | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    return datetime.combine(day, time(), ZONE) + timedelta(hours=int(found[1]), minutes=int(found[2]))
