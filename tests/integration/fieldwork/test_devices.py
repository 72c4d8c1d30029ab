"""Who a telephone is, what it is given, and what it says of itself."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.extensions import db
from app.fieldwork.models import Device, Round
from app.fieldwork.reports import missing_from
from app.fieldwork.sealing import decoded, seal_keys
from tests.support import citizens
from tests.support.phones import (
    API,
    COMMUNE,
    NOW,
    OTHER_VILLAGE,
    ROUND,
    TODAY,
    VILLAGE,
    Phone,
    a_phone,
    change,
    invited,
    said,
)


def enrol(client: FlaskClient, code: object, label: object = "Máy của Mai") -> TestResponse:
    return client.post(f"{API}/ghi-danh", json={"code": code, "label": label})


def test_a_code_becomes_a_token_once(app: Flask, phone: Phone) -> None:
    change(app, Device, phone.id, state="invited", token_hash=None)
    code = invited(app, phone)
    response = enrol(app.test_client(), code)
    assert response.status_code == 200
    told = json.loads(response.text)
    assert told["device"] == str(phone.id) and told["team"] == "Tổ CNSCĐ Tô Hiệu"
    assert told["collector"] == {"id": str(phone.collector), "code": "TV-01"}
    assert len(decoded(told["token"])) == 32
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"
    assert enrol(app.test_client(), code).status_code == 410
    phone.token = told["token"]
    assert phone.get("viec").status_code == 200
    with app.app_context():
        kept = db.session.get(Device, phone.id)
        assert kept is not None and (kept.state, kept.label) == ("active", "Máy của Mai")
        assert told["token"].encode() not in (kept.token_hash or b"")


def test_a_new_code_ends_the_token_that_the_telephone_had(app: Flask, phone: Phone) -> None:
    code = invited(app, phone)
    assert phone.get("viec").status_code == 200
    assert enrol(app.test_client(), code).status_code == 200
    assert phone.get("viec").status_code == 401


def test_a_code_ends_with_its_day_and_with_its_telephone(app: Flask, phone: Phone) -> None:
    late = invited(app, phone, until=NOW)
    assert enrol(app.test_client(), late).status_code == 410
    code = invited(app, phone)
    change(app, Device, phone.id, state="revoked")
    assert enrol(app.test_client(), code).status_code == 410
    assert enrol(app.test_client(), "never made").status_code == 410


@pytest.mark.parametrize("code", [None, 7, ["a"], "a\0b", "\ud800", "a" * 201])
def test_what_is_no_code_is_told_so(app: Flask, phone: Phone, code: object) -> None:
    assert enrol(app.test_client(), code).status_code == 400
    assert enrol(app.test_client(), "a", code if code is not None else 7).status_code == 400


def test_guessing_is_slow_for_everybody_together(app: Flask, phone: Phone) -> None:
    answers = [enrol(app.test_client(), f"guess {number}") for number in range(302)]
    assert [answer.status_code for answer in answers[:300]] == [410] * 300
    assert [answer.status_code for answer in answers[300:]] == [429] * 2
    assert 0 < int(answers[300].headers["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("state", "status"), [("active", 200), ("paused", 401), ("invited", 401), ("revoked", 403)]
)
def test_only_an_active_telephone_is_let_in(app: Flask, phone: Phone, state: str, status: int) -> None:
    change(app, Device, phone.id, state=state)
    record = phone.door()
    assert phone.get("viec").status_code == status
    assert phone.say({}).status_code == (204 if status == 200 else status)
    assert phone.send(record).status_code == (201 if status == 200 else status)
    if status != 200:
        # What it keeps arrives once it may send again.
        change(app, Device, phone.id, state="active")
        assert said(phone.send(record)) == (201, "stored")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic dGVzdA==", "Bearer x", "Bearer " + "a" * 200]
)
def test_who_holds_no_token_is_a_stranger(app: Flask, phone: Phone, header: str) -> None:
    for path in ("viec", "phieu", "tinh-trang"):
        method = "GET" if path == "viec" else "POST"
        headers = {"Authorization": header} if header else {}
        response = app.test_client().open(f"{API}/{path}", method=method, data=b"", headers=headers)
        assert response.status_code == 401 and response.headers["WWW-Authenticate"] == "Bearer"


def test_the_work_of_a_telephone_is_what_its_team_does(app: Flask, phone: Phone) -> None:
    phone.send(phone.interview())
    work = json.loads(phone.get("viec").text)
    with app.app_context():
        key = seal_keys()[0]
    assert work["key"]["id"] == key.id and decoded(work["key"]["public"]) == key.public
    assert work["collector"] == {"id": str(phone.collector), "code": "TV-01"}
    assert (work["team"], work["now"]) == ("Tổ CNSCĐ Tô Hiệu", "2026-11-20T03:00:00Z")
    (one,) = work["rounds"]
    assert one["questionnaire"] == {"code": "TAI_NHA", "version": "1.0"}
    assert (one["code"], one["first_day"], one["last_day"]) == (ROUND, "2026-11-10", "2026-12-10")
    assert (one["grace_days"], one["step"], one["title"]) == (7, 4, "Đợt quý IV")
    assert one["villages"] == [
        {"village": VILLAGE, "name": "Tổ 1", "target": 20, "start": 2, "done": 1},
        {"village": OTHER_VILLAGE, "name": "Bản Mòng", "target": 20, "start": 3, "done": 0},
    ]
    assert [service["agency"] for service in one["services"]] == [COMMUNE, citizens.AGENCY]


def test_work_that_has_not_changed_costs_no_body(app: Flask, phone: Phone) -> None:
    first = phone.get("viec")
    app.extensions["clock"] = lambda: NOW + timedelta(minutes=5)
    same = phone.get("viec", **{"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    phone.send(phone.interview())
    other = phone.get("viec", **{"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200 and other.headers["ETag"] != first.headers["ETag"]


def test_a_round_leaves_the_work_after_its_days_of_grace(app: Flask, phone: Phone) -> None:
    assert json.loads(a_phone(app, team="Tổ khác").get("viec").text)["rounds"] == []
    change(app, Round, ROUND, last_day=TODAY - timedelta(days=7))
    assert len(json.loads(phone.get("viec").text)["rounds"]) == 1
    change(app, Round, ROUND, last_day=TODAY - timedelta(days=8))
    assert json.loads(phone.get("viec").text)["rounds"] == []


def test_a_questionnaire_is_for_everybody_and_for_ever(app: Flask, phone: Phone) -> None:
    response = app.test_client().get(f"{API}/phieu-hoi/TAI_NHA/1.0")
    assert response.status_code == 200 and "immutable" in response.headers["Cache-Control"]
    definition = json.loads(response.text)
    assert definition["consent"]["agree"]["vi"] == "Đồng ý" and len(definition["questions"]) == 10
    assert app.test_client().get(f"{API}/phieu-hoi/TAI_NHA/9.9").status_code == 404


def test_the_network_is_ours(app: Flask) -> None:
    response = app.test_client().get(f"{API}/con-day")
    assert (response.status_code, response.data) == (204, b"")
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_what_a_telephone_holds_and_what_arrived_are_held_against_each_other(
    app: Flask, phone: Phone
) -> None:
    arrived, aside, lost = phone.door(), phone.door(round="2031"), phone.door()
    for record in (arrived, aside):
        phone.send(record)
    report = {
        "created": 3, "ready": 3, "acknowledged": 0, "waiting": [one["id"] for one in (arrived, aside, lost)],
        "persisted": True, "usage": 40_000, "quota": 10**9, "app": "1.4.0",
    }  # fmt: skip
    assert phone.say(report).status_code == 204
    with app.app_context():
        assert missing_from([phone.id, uuid4()]) == {phone.id: (lost["id"],)}
        kept = db.session.get(Device, phone.id)
        assert kept is not None and json.loads(kept.report or "")["created"] == 3
        assert kept.reported_at == NOW


def test_what_a_telephone_no_longer_speaks_of_has_not_arrived_by_that(app: Flask, phone: Phone) -> None:
    first, second = phone.door(), phone.door()
    phone.say({"created": 2, "ready": 2, "waiting": [first["id"], second["id"]]})
    # It was cleared, or it lies.
    assert phone.say({}).status_code == 204
    with app.app_context():
        assert missing_from([phone.id])[phone.id] == tuple(sorted([first["id"], second["id"]]))
    phone.send(first)
    third = phone.door()
    phone.say({"waiting": [third["id"]]})
    with app.app_context():
        assert missing_from([phone.id])[phone.id] == tuple(sorted([second["id"], third["id"]]))
    # Nor does it grow for ever.
    for _report in range(5):
        phone.say({"waiting": [str(uuid4()) for _ in range(200)]})
    with app.app_context():
        assert len(missing_from([phone.id])[phone.id]) == 700


@pytest.mark.parametrize(
    "changes",
    [
        {"created": -1}, {"created": "3"}, {"created": True}, {"created": 2**60}, {"waiting": "all"},
        {"waiting": ["x"]}, {"waiting": [str(uuid4()) for _ in range(201)]}, {"app": "\0"}, {"app": "v" * 41},
        {"persisted": 1}, {"usage": None},
    ],
)  # fmt: skip
def test_what_is_no_report_is_not_kept(app: Flask, phone: Phone, changes: dict[str, Any]) -> None:
    assert phone.say(changes).status_code == 400
    with app.app_context():
        kept = db.session.get(Device, phone.id)
        assert kept is not None and kept.report is None
