"""When the review of a round is over, nothing that is stored leads from a visit to its answer, or back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from app.extensions import db
from app.fieldwork.inbox import take_in
from app.fieldwork.judging import Arrived
from app.fieldwork.models import Device, InboxRecord, Round, Visit
from app.responding.models import Response
from app.responding.rewriting import rewrite_tables
from app.retention import count_expired, part, purge
from app.transactions import transaction
from surveys.periods import quarter_of_day
from tests.attacks.conftest import Drill
from tests.support.phones import NOW, OTHER_VILLAGE, ROUND, VILLAGE, Phone, a_phone, prepare, said
from tests.support.relinking import VISITS, Pair, relinked

OVER = datetime(2027, 2, 9, 3, tzinfo=UTC)
LAST_JOINED = datetime(2027, 2, 8, 16, 59, 59, tzinfo=UTC)
CHANCE = (0.4, 0.6)


@pytest.fixture
def superuser(request: pytest.FixtureRequest, app: Flask) -> str:
    config = app.extensions["hailong"]
    if config.is_sqlite:
        return ""
    return f"{request.getfixturevalue('postgres_server')}{make_url(config.database_url).database}"


def interviewed(app: Flask, drill: Drill, count: int) -> list[Pair]:
    """Households answer one after the other, each in a transaction of its own: best for who attacks."""
    phones = [a_phone(app), a_phone(app)]
    kinds = [("vi", "self"), ("thai", "team"), ("mong", "family")]
    pairs = []
    for number in range(count):
        phone, (language, operator) = phones[number % 2], drill.draw.choice(kinds)
        cell = drill.draw.randrange(2)
        record = phone.interview(
            village=(VILLAGE, OTHER_VILLAGE)[cell], language=language, slip=f"S{number}",
            seconds=drill.draw.randrange(30, 400), day=f"2026-11-{11 + number * 9 // count:02}",
            answers={"filed_online": "yes", "satisfaction": drill.draw.randint(1, 5), "operator": operator},
        )  # fmt: skip
        sha256 = f"{number:064x}"
        take_in([Arrived(record["id"], sha256, phone.sealed(record), phone.id, NOW)])
        visit = db.session.scalars(select(Visit.id).where(Visit.answer_id == record["id"])).one()
        pairs.append(Pair(cell, record["id"], visit.bytes))
    return pairs


def parted(app: Flask, *, now: datetime) -> dict[str, int]:
    with transaction():
        return part(by="command:test", now=now)


def test_nothing_joins_a_visit_and_its_answer_any_more(
    app: Flask, drill: Drill, tmp_path: Path, superuser: str
) -> None:
    prepare(app)
    with app.app_context():
        pairs = interviewed(app, drill, drill.scaled(80, 1_000))
        before = relinked(pairs, tmp_path, superuser, VISITS)
        assert fit(pairs) == [1] * len(pairs)
        assert parted(app, now=LAST_JOINED)["field_visits"] == 0
        assert parted(app, now=OVER)["field_visits"] == len(pairs)
        rewrite_tables()
        after = relinked(pairs, tmp_path, superuser, VISITS)
        fitting, everybody = fit(pairs), list(everybody_of(pairs))
    best = max(before, key=lambda name: abs(before[name] - 0.5))
    worst = max(after, key=lambda name: abs(after[name] - 0.5))
    drill.report(
        n=len(pairs), before={best: round(before[best], 3)}, after={worst: round(after[worst], 3)},
        fitting=min(fitting),
    )  # fmt: skip
    # Every visit of a village and quarter fits every answer of it, whatever both are compared by.
    assert fitting == everybody and min(fitting) >= 20
    assert abs(before[best] - 0.5) > 0.2, before
    low, high = CHANCE
    assert {name: value for name, value in after.items() if not low <= value <= high} == {}


def fit(pairs: list[Pair]) -> list[int]:
    """For each answer, how many visits could be its own by everything that both tables hold."""
    visits = db.session.scalars(select(Visit)).all()
    answers = {row.id: row for row in db.session.scalars(select(Response))}
    return [sum(fits(visit, answers[pair.answer]) for visit in visits) for pair in pairs]


def fits(visit: Visit, answer: Response) -> bool:
    if visit.answer_id is not None:
        return visit.answer_id == answer.id
    operator = json.loads(answer.answers).get("operator")
    return (
        visit.village == answer.cluster
        and (visit.day == answer.day or visit.day <= answer.day)
        and quarter_of_day(visit.day).code == answer.quarter
        and visit.language in ("", answer.language)
        and (not visit.helped or operator == "team")
        and answer.fill_seconds is None
        and visit.started_at is None
        and visit.slip_hash is None
    )


def everybody_of(pairs: list[Pair]) -> Iterator[int]:
    for pair in pairs:
        yield sum(other.cell == pair.cell for other in pairs)


def test_what_is_left_of_a_visit_is_coarse(app: Flask) -> None:
    prepare(app)
    phone = a_phone(app)
    phone.send(phone.interview(day="2026-11-14", seconds=94, slip="A1", language="thai"))
    with app.app_context():
        parted(app, now=OVER)
        (visit,) = db.session.scalars(select(Visit))
        assert (visit.answer_agency, visit.answer_id, visit.slip_hash, visit.started_at) == (None,) * 4
        # The first day of the round, which is later than the first of the quarter.
        assert (visit.day, visit.seconds, visit.language, visit.helped) == (date(2026, 11, 10), 60, "", False)
        assert (visit.collector, visit.device, visit.village) == (phone.collector, phone.id, VILLAGE)
        round_ = db.session.get(Round, ROUND)
        assert round_ is not None and round_.parted_at == OVER
        assert parted(app, now=OVER + timedelta(days=1)) == {"field_visits": 0, "field_devices": 0}


def test_records_aside_go_with_the_round_and_later_ones_are_never_counted(app: Flask) -> None:
    prepare(app)
    phone = a_phone(app)
    phone.send(phone.interview(answers={"filed_online": "yes"}))
    phone.send(phone.interview(round="2031"))
    with app.app_context():
        parted(app, now=OVER)
        assert [row.problem for row in db.session.scalars(select(InboxRecord))] == ["unknown-round"]
    app.extensions["clock"] = lambda: OVER
    assert said(phone.send(phone.interview())) == (202, "aside")
    with app.app_context():
        problems = sorted(row.problem for row in db.session.scalars(select(InboxRecord)))
        assert problems == ["round-parted", "unknown-round"]


def test_a_report_forgets_the_records_that_have_arrived(app: Flask) -> None:
    prepare(app)
    phone = a_phone(app)
    here, there = phone.door(), phone.door()
    phone.say({"created": 2, "waiting": [here["id"], there["id"]]})
    phone.send(here)
    with app.app_context():
        assert parted(app, now=NOW)["field_devices"] == 1
        device = db.session.get(Device, phone.id)
        assert device is not None and json.loads(device.report or "")["waiting"] == [there["id"]]
        assert parted(app, now=NOW)["field_devices"] == 0


def test_a_record_aside_that_nobody_takes_in_is_deleted_in_the_end(app: Flask) -> None:
    prepare(app)
    phone = a_phone(app)
    phone.send(phone.door(round="2031"))
    with app.app_context():
        assert count_expired(now=NOW + timedelta(days=180))["field_inbox"] == 0
        with transaction():
            assert purge(by="command:test", now=NOW + timedelta(days=183))["field_inbox"] == 1
        assert db.session.scalar(text("SELECT count(*) FROM field_inbox")) == 0


def test_the_key_of_a_visit_is_nobodys_id(app: Flask) -> None:
    prepare(app)
    phone: Phone = a_phone(app)
    record = phone.interview()
    phone.send(record)
    with app.app_context():
        (visit,) = db.session.scalars(select(Visit))
        assert visit.id.version == 4 and visit.id != UUID(record["id"])
