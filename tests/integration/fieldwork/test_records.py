"""A record arrives: durable, counted once, and told so in the words that the telephone waits for."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.fieldwork.models import Device, FieldReceipt, InboxRecord, Round, Visit, VisitCount
from app.responding.models import KeptAside, Response
from tests.support import citizens
from tests.support.phones import COMMUNE, NOW, ROUND, TODAY, VILLAGE, Phone, a_phone, at, change, said
from tests.support.sealing import seal


def rows(app: Flask, model: type) -> list[Any]:
    with app.app_context():
        return list(db.session.scalars(select(model)))


def problems(app: Flask) -> list[str]:
    return sorted(row.problem for row in rows(app, InboxRecord))


def test_an_interview_becomes_an_answer_and_a_visit(app: Flask, phone: Phone) -> None:
    record = phone.interview(
        slip="K7-42", language="thai", interpreter=True,
        answers={"filed_online": "yes", "satisfaction": 4, "operator": "team", "comment": "Mạng chậm"},
        # Earlier releases of the app sent it.
        offsets=[4, 9, 15, 40],
    )  # fmt: skip
    body = phone.sealed(record)
    response = phone.send(body)
    sha256 = hashlib.sha256(body).hexdigest()
    assert response.status_code == 201
    assert json.loads(response.text) == {"id": record["id"], "sha256": sha256, "state": "stored"}
    (answer,), (visit,) = rows(app, Response), rows(app, Visit)
    assert (answer.agency, answer.id, answer.channel) == (citizens.AGENCY, record["id"], "field")
    assert (answer.questionnaire, answer.version, answer.phase) == ("TAI_NHA", "1.0", "after-result")
    assert (answer.quarter, answer.day, answer.language) == ("2026-Q4", TODAY, "thai")
    assert (answer.cluster, answer.comment, answer.test) == (VILLAGE, "Mạng chậm", False)
    assert json.loads(answer.answers) == {"filed_online": "yes", "satisfaction": 4, "operator": "team"}
    # What took how long stands with the visit alone.
    assert answer.fill_seconds is None
    assert (visit.answer_agency, visit.answer_id) == (citizens.AGENCY, record["id"])
    assert (visit.round, visit.village, visit.day, visit.clock) == (ROUND, VILLAGE, TODAY, False)
    assert (visit.collector, visit.device) == (phone.collector, phone.id)
    assert (visit.seconds, visit.language, visit.interpreter, visit.helped) == (94, "thai", True, True)
    assert visit.started_at is not None and visit.slip_hash is not None
    assert str(visit.id) != record["id"]
    assert [(row.id, row.sha256) for row in rows(app, FieldReceipt)] == [(record["id"], sha256)]
    assert rows(app, InboxRecord) == []


def test_a_resend_is_known_and_adds_nothing(app: Flask, phone: Phone) -> None:
    body, door = phone.sealed(phone.interview()), phone.sealed(phone.door())
    assert [said(phone.send(one)) for one in (body, door, body, door)] == [
        (201, "stored"), (201, "stored"), (200, "known"), (200, "known"),
    ]  # fmt: skip
    assert len(rows(app, Response)) == len(rows(app, Visit)) == 1
    assert [row.n for row in rows(app, VisitCount)] == [1]
    # Also weeks later, when the round has long been over.
    app.extensions["clock"] = lambda: at(30, month=12)
    assert said(phone.send(body)) == (200, "known")


def test_a_door_is_a_number_and_nothing_else(app: Flask, phone: Phone) -> None:
    for outcome in ("refused", "refused", "absent", "helped"):
        assert said(phone.send(phone.door(outcome))) == (201, "stored")
    counted = {(row.village, row.outcome, row.day): row.n for row in rows(app, VisitCount)}
    assert counted == {
        (VILLAGE, "refused", TODAY): 2, (VILLAGE, "absent", TODAY): 1, (VILLAGE, "helped", TODAY): 1,
    }  # fmt: skip
    assert rows(app, Response) == rows(app, Visit) == rows(app, InboxRecord) == []


def test_a_service_that_nobody_can_name_counts_for_the_commune_apart(app: Flask, phone: Phone) -> None:
    assert said(phone.send(phone.interview(service=None))) == (201, "stored")
    (answer,) = rows(app, Response)
    assert (answer.agency, answer.channel) == (COMMUNE, "field-unnamed")


def test_who_filed_nothing_online_gives_an_answer_without_a_rating(app: Flask, phone: Phone) -> None:
    answers = {"filed_online": "no", "why_not": ["no_network", "no_need"], "want_help": "later"}
    assert said(phone.send(phone.interview(answers=answers, service=None))) == (201, "stored")
    (answer,) = rows(app, Response)
    assert json.loads(answer.answers)["why_not"] == ["no_need", "no_network"]


def test_other_content_under_a_known_id_lies_aside_and_is_never_counted(app: Flask, phone: Phone) -> None:
    record = phone.interview()
    assert said(phone.send(record)) == (201, "stored")
    other = record | {"answers": {"filed_online": "yes", "satisfaction": 1}}
    assert said(phone.send(other)) == (202, "aside")
    assert said(phone.send(record | {"seconds": 4})) == (202, "aside")
    assert problems(app) == ["other-content"] * 2
    assert json.loads(rows(app, Response)[0].answers)["satisfaction"] == 5
    assert len(rows(app, Visit)) == 1 and rows(app, KeptAside) == []


def test_whoever_sends_ever_more_contents_under_one_id_fills_no_disk(app: Flask, phone: Phone) -> None:
    record = phone.door()
    for seconds in range(24):
        phone.send(record | {"serial": seconds})
    assert problems(app) == ["other-content"] * 20
    assert [row.n for row in rows(app, VisitCount)] == [1]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"round": "2031-Q1"}, "unknown-round"),
        ({"village": "03646-99"}, "unknown-village"),
        ({"version": "9.9"}, "unknown-version"),
        ({"questionnaire": "COT_LOI"}, "unknown-version"),
        ({"device": str(uuid4())}, "unknown-device"),
        ({"collector": str(uuid4())}, "unknown-device"),
        ({"service": {"agency": "99-KHONG"}}, "unknown-agency"),
        ({"answers": {"filed_online": "yes"}}, "answers"),
        ({"answers": {"filed_online": "yes", "satisfaction": 6}}, "answers"),
        ({"answers": {"filed_online": "no", "stranger": 1}}, "answers"),
        ({"record": 2}, "unreadable"),
        ({"kind": "door"}, "unreadable"),
        ({"outcome": "refused"}, "unreadable"),
        ({"day": "20.11.2026"}, "unreadable"),
        ({"started": "yesterday"}, "unreadable"),
        ({"language": "fr"}, "unreadable"),
        ({"answers": []}, "unreadable"),
        ({"service": {"agency": "\0"}}, "unreadable"),
    ],
)
def test_what_cannot_be_counted_lies_aside_with_its_reason(
    app: Flask, phone: Phone, changes: dict[str, Any], reason: str
) -> None:
    record = phone.interview(**changes)
    body = phone.sealed(record)
    for _again in range(2):
        assert said(phone.send(body)) == (202, "aside")
    (aside,) = rows(app, InboxRecord)
    assert (aside.problem, aside.body, aside.device) == (reason, body, phone.id)
    assert rows(app, Response) == rows(app, Visit) == rows(app, FieldReceipt) == []


def test_a_seal_that_does_not_open_lies_aside(app: Flask, phone: Phone) -> None:
    record = phone.interview()
    for body in (
        phone.sealed(record).replace(b'"v":1', b'"v":2'),
        seal(record, str(uuid4()), phone.public),
        b'{"id":"5f0c2c9e-9d0a-4c53-8a3e-0d4d3c1f7b11"}',
    ):
        assert said(phone.send(body)) == (202, "aside")
    assert problems(app) == ["seal", "seal", "unreadable"]


def test_a_round_takes_records_for_its_days_of_grace(app: Flask, phone: Phone) -> None:
    app.extensions["clock"] = lambda: at(17, 16, 12)
    assert said(phone.send(phone.door())) == (201, "stored")
    # One second into the next local day.
    app.extensions["clock"] = lambda: at(17, 17, 12)
    assert said(phone.send(phone.door())) == (202, "aside")
    assert problems(app) == ["round-over"]


@pytest.mark.parametrize(
    ("day", "started", "kept", "clock"),
    [
        ("2026-11-20", "2026-11-20T02:30:00Z", date(2026, 11, 20), False),
        ("2026-11-10", "2026-11-09T17:00:00Z", date(2026, 11, 10), False),
        ("2026-11-09", "2026-11-09T16:59:59Z", date(2026, 11, 10), True),
        ("2026-11-21", "2026-11-20T17:00:00Z", date(2026, 11, 20), True),
        ("2019-01-01", "2019-01-01T00:00:00Z", date(2026, 11, 10), True),
        ("2099-01-01", "2099-01-01T00:00:00Z", date(2026, 11, 20), True),
        # The clock was moved between the beginning and the end.
        ("2026-11-20", "2026-11-19T02:30:00Z", date(2026, 11, 20), True),
        ("2026-11-20", "2026-11-20T03:00:01Z", date(2026, 11, 20), True),
    ],
)
def test_the_day_is_the_one_that_the_telephone_declares_within_the_round(
    app: Flask, phone: Phone, day: str, started: str, kept: date, clock: bool
) -> None:
    assert said(phone.send(phone.interview(day=day, started=started))) == (201, "stored")
    (visit,), (answer,) = rows(app, Visit), rows(app, Response)
    assert (visit.day, visit.clock, answer.day) == (kept, clock, kept)
    assert (visit.started_at is None) is clock


def test_a_record_is_of_the_telephone_that_made_it(app: Flask, phone: Phone) -> None:
    other = a_phone(app)
    assert said(other.send(phone.door())) == (202, "aside")
    assert said(phone.send(phone.door(collector=str(other.collector)))) == (202, "aside")
    assert problems(app) == ["other-collector", "other-device"]
    # The telephone in the place of a lost one brings what the lost one had exported.
    change(app, Device, phone.id, state="revoked", replaced_by=other.id)
    assert said(other.send(phone.door())) == (201, "stored")


def test_a_team_may_be_given_other_villages_while_it_is_out(app: Flask, phone: Phone) -> None:
    idle = a_phone(app, team="Tổ khác")
    assert said(idle.send(idle.door())) == (201, "stored")


def test_a_longer_round_is_noticed_at_once(app: Flask, phone: Phone) -> None:
    app.extensions["clock"] = lambda: at(20, month=12)
    assert said(phone.send(phone.door())) == (202, "aside")
    change(app, Round, ROUND, last_day=TODAY + timedelta(days=40))
    assert said(phone.send(phone.door())) == (201, "stored")


def test_an_answer_of_somebody_else_under_the_id_is_left_as_it_is(app: Flask, phone: Phone) -> None:
    record = phone.interview()
    with app.app_context():
        db.session.add(
            Response(
                agency=citizens.OTHER_AGENCY, id=record["id"], questionnaire="COT_LOI", version="1.0",
                phase="after-result", channel="web", quarter="2026-Q4", day=NOW.date(), language="vi",
                answers="{}",
            )
        )  # fmt: skip
        db.session.commit()
    assert said(phone.send(record)) == (202, "aside")
    assert problems(app) == ["other-content"]
    assert rows(app, FieldReceipt) == [] and len(rows(app, Response)) == 1
