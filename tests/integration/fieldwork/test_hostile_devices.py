"""Whoever holds a telephone, or only its key: refused with few words, or set aside, and never counted."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.roles import Role
from app.directory.models import Agency
from app.extensions import db
from app.fieldwork.models import (
    Collector,
    Device,
    InboxRecord,
    RoundVillage,
    Team,
    TeamVillage,
    Visit,
    VisitCount,
)
from app.fieldwork.sealing import SealKey
from app.responding.models import Response
from tests.support.phones import API, NOW, ROUND, Phone, a_phone, at, change, said
from tests.support.sealing import seal
from tests.support.staff import Console, person, words

# All that a telephone may ever hear of a record; it keeps the record after each of the refusals.
KEEPS, RECEIPTS = {400, 401, 403, 413, 429, 503}, {200, 201, 202}
START = date(2025, 7, 1)


def counted(app: Flask) -> int:
    """Answers, visits and doors, however they got there."""
    with app.app_context():
        tables = [select(func.count()).select_from(model) for model in (Response, Visit)]
        tables.append(select(func.coalesce(func.sum(VisitCount.n), 0)))
        return sum(int(db.session.scalar(statement) or 0) for statement in tables)


def reasons(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(db.session.scalars(select(InboxRecord.problem)))


@pytest.fixture
def stranger(app: Flask, phone: Phone) -> Phone:
    """A telephone of a team of another province, which nobody has sent here."""
    with app.app_context():
        db.session.add(Agency(code="11365", province="31", kind="commune", valid_from=START))
        db.session.flush()
        db.session.add(Team(id=uuid4(), agency="11365", name="Tổ Hải Phòng", created_at=NOW))
        db.session.commit()
    return a_phone(app, team="Tổ Hải Phòng")


def test_a_team_of_elsewhere_makes_up_nothing_in_a_round_of_others(
    app: Flask, phone: Phone, stranger: Phone
) -> None:
    for record in (stranger.interview(), stranger.door(), stranger.interview(service=None)):
        assert said(stranger.send(record)) == (202, "aside")
    assert reasons(app) == ["other-team"] * 3
    assert counted(app) == 0
    # Nor does who leads that telephone count them in the end: where the round is, he gives out no villages.
    lead = Console(app, person(Role.TEAM_LEAD, "11365"))
    page = lead.get("/quan-tri/thuc-dia/de-rieng")
    assert words(page).count("Tổ của xã khác") == 3
    address = page.split('href="/quan-tri/thuc-dia/de-rieng/')[1].split('"')[0]
    lead.post(f"/quan-tri/thuc-dia/de-rieng/{address}/lay-vao")
    assert counted(app) == 0


def test_what_a_team_asked_before_its_village_was_given_to_another_can_still_count(
    app: Flask, phone: Phone, stranger: Phone
) -> None:
    record = stranger.interview(service=None)
    assert said(stranger.send(record)) == (202, "aside")
    with app.app_context():
        team = db.session.scalars(select(Collector.team).where(Collector.id == stranger.collector)).one()
        db.session.add(TeamVillage(round=ROUND, village=record["village"], team=team))
        db.session.commit()
    lead = Console(app, person(Role.TEAM_LEAD, "11365"))
    page = lead.get("/quan-tri/thuc-dia/de-rieng")
    address = page.split('href="/quan-tri/thuc-dia/de-rieng/')[1].split('"')[0]
    lead.post(f"/quan-tri/thuc-dia/de-rieng/{address}/lay-vao")
    # A visit and its answer.
    assert counted(app) == 2


def test_whom_nobody_offers_is_judged_by_no_household(app: Flask, phone: Phone, stranger: Phone) -> None:
    with app.app_context():
        for code, province, kind in (("03667", "14", "commune"), ("31-SXD", "31", "department")):
            db.session.add(Agency(code=code, province=province, kind=kind, valid_from=START))
        db.session.commit()
    # The neighbours, a department of elsewhere, the commune of elsewhere.
    for agency in ("03667", "31-SXD", "11365"):
        assert said(phone.send(phone.interview(service={"agency": agency}))) == (202, "aside")
    assert reasons(app) == ["other-office"] * 3 and counted(app) == 0
    # A team that goes to the neighbours as well has them on its list.
    with app.app_context():
        team = db.session.scalars(select(Collector.team).where(Collector.id == phone.collector)).one()
        village = "03667-01"
        db.session.add(
            RoundVillage(round=ROUND, village=village, commune="03667", name="Bản", target=1, start=1)
        )
        db.session.flush()
        db.session.add(TeamVillage(round=ROUND, village=village, team=team))
        db.session.commit()
    assert said(phone.send(phone.interview(service={"agency": "03667"}))) == (201, "stored")
    assert said(phone.send(phone.door(village=village))) == (201, "stored")


def flipped(body: bytes, name: str) -> bytes:
    """The envelope with one letter of a value changed."""
    envelope = json.loads(body)
    letters = envelope[name]
    envelope[name] = ("B" if letters[0] == "A" else "A") + letters[1:]
    return json.dumps(envelope, sort_keys=True, separators=(",", ":")).encode()


ALTERED: dict[str, Callable[[Phone, dict[str, Any]], bytes]] = {
    "the content": lambda phone, record: flipped(phone.sealed(record), "c"),
    "the nonce": lambda phone, record: flipped(phone.sealed(record), "n"),
    "the key that it names": lambda phone, record: flipped(phone.sealed(record), "k"),
    "a key that is no point": lambda phone, record: flipped(phone.sealed(record), "e"),
    "another id outside": lambda phone, record: phone.sealed(record).replace(
        record["id"].encode(), str(uuid4()).encode()
    ),
    "another id inside": lambda phone, record: seal(record, str(uuid4()), phone.public),
    "sealed for somebody else": lambda _phone, record: seal(
        record, record["id"], SealKey.derived(b"x" * 32).public
    ),
    "a version to come": lambda phone, record: phone.sealed(record).replace(b'"v":1', b'"v":2'),
    "no seal at all": lambda _phone, record: json.dumps(record).encode(),
    "values of other kinds": lambda _phone, record: json.dumps(
        {"id": record["id"], "c": 7, "e": None, "k": [], "n": {}, "v": True}
    ).encode(),
    "letters that are no base64": lambda phone, record: phone.sealed(record).replace(b'"c":"', b'"c":"%%%'),
}


@pytest.mark.parametrize("what", list(ALTERED))
def test_a_record_that_was_altered_is_kept_as_it_came_and_counts_nothing(
    app: Flask, phone: Phone, what: str
) -> None:
    body = ALTERED[what](phone, phone.interview())
    assert said(phone.send(body)) == (202, "aside")
    assert reasons(app)[0] in ("seal", "unreadable") and counted(app) == 0
    with app.app_context():
        assert db.session.scalars(select(InboxRecord.body)).one() == body


def test_a_record_that_others_have_overheard_adds_nothing_whoever_sends_it(
    app: Flask, phone: Phone, stranger: Phone
) -> None:
    body = phone.sealed(phone.interview())
    assert said(phone.send(body)) == (201, "stored")
    before = counted(app)
    assert said(a_phone(app).send(body)) == (200, "known")
    assert said(stranger.send(body)) == (200, "known")
    # Before it has arrived, it lies aside and takes nothing away from whose it is.
    early = phone.sealed(phone.door())
    assert said(stranger.send(early)) == (202, "aside")
    assert said(phone.send(early)) == (201, "stored")
    assert counted(app) == before + 1


@pytest.mark.parametrize(
    "kind", ["", "application/json", "text/plain", "multipart/form-data; boundary=x", "a/b; charset=utf-16",
             "application/x-www-form-urlencoded"],
)  # fmt: skip
def test_what_a_body_is_called_changes_nothing(app: Flask, phone: Phone, kind: str) -> None:
    for body, status in ((phone.sealed(phone.door()), 201), (b"id=1&v=1", 400), (b"--x\r\n\r\n--x--", 400)):
        headers = phone.headers | ({"Content-Type": kind} if kind else {})
        assert phone.client.post(f"{API}/phieu", data=body, headers=headers).status_code == status
    assert counted(app) == 1


def test_the_last_byte_that_is_taken(app: Flask, phone: Phone) -> None:
    record = phone.door()
    rest = 64 * 1024 - len(json.dumps({"id": record["id"], "x": ""}))
    for more, status in ((0, 202), (1, 413)):
        body = json.dumps({"id": record["id"], "x": "x" * (rest + more)}).encode()
        assert phone.send(body).status_code == status
    assert counted(app) == 0


@pytest.mark.parametrize("state", ["active", "paused", "revoked", "forged"])
@pytest.mark.parametrize(
    "moment", [at(20), at(12, month=12), at(20, month=12), at(1, month=3).replace(year=2027)]
)
def test_whatever_comes_whenever_a_telephone_hears_only_what_it_understands(
    app: Flask, phone: Phone, state: str, moment: Any
) -> None:
    """Within the round, within its days of grace, and after them."""
    if state == "forged":
        phone.token = "token-" + "0" * 32
    else:
        change(app, Device, phone.id, state=state)
    app.extensions["clock"] = lambda: moment
    heard = set()
    for body in (
        phone.sealed(phone.interview(day="2031-01-01", started="1970-01-01T00:00:00Z", seconds=10**12)),
        phone.sealed(phone.door(round="2031-Q1")),
        phone.sealed(phone.door(device=str(uuid4()))),
        phone.sealed(phone.interview(version="9.9")),
        phone.sealed(phone.interview(answers={"satisfaction": [[["x"] * 50]]})),
        b"\0" * 100,
        b"",
        b"[" * 60_000,
    ):
        heard.add(phone.send(body).status_code)
    assert heard <= KEEPS | RECEIPTS
    assert heard <= (RECEIPTS | {400} if state == "active" else KEEPS)
    # Whatever it says of its clock, an interview is of a day of the round, and none of it counts after grace.
    with app.app_context():
        days = set(db.session.scalars(select(Response.day)))
    inside = state == "active" and moment < at(18, month=12)
    assert len(days) == counted(app) // 2 == int(inside)
    assert all(date(2026, 11, 10) <= day <= date(2026, 12, 10) for day in days)
