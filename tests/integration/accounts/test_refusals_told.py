"""What staff are not let do leaves a line in the log, with nothing of a person in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from app.accounts import refused, throttling
from app.accounts.refused import LINES_A_MINUTE, count_refused
from app.accounts.roles import Role
from tests.support import citizens
from tests.support.accounts import NOW, SECOND, SIGN_IN, enrolled, member_client, send, sign_in, wrong_code
from tests.support.citizens import OTHER_AGENCY


@pytest.fixture
def house(app: Flask) -> Flask:
    app.extensions["clock"] = lambda: NOW
    citizens.prepare(app)
    return app


def told(lines: list[Any], event: str = "access_refused") -> list[dict[str, Any]]:
    return [
        {name: value for name, value in line.items() if name not in ("event", "log_level")}
        for line in lines
        if line["event"] == event
    ]


def test_what_is_closed_foreign_or_stale_is_told_by_route_and_role(house: Flask) -> None:
    client = member_client(house, (Role.PROVINCE, "14"))
    with capture_logs() as lines:
        assert client.get("/quan-tri/he-thong").status_code == 404
        assert client.get(f"/quan-tri/co-quan/{OTHER_AGENCY}").status_code == 404
        assert client.post("/quan-tri/phien/ket-thuc-khac", data={"x": "1"}).status_code == 403
    assert told(lines) == [
        {"status": 404, "kind": "NotFound", "endpoint": "console.system", "method": "GET",
         "roles": ["province"]},
        {"status": 404, "kind": "UnknownAgency", "endpoint": "directory_staff.agency", "method": "GET",
         "roles": ["province"]},
        {"status": 403, "kind": "StaleForm", "endpoint": "accounts_staff.own.end_other_sessions",
         "method": "POST", "roles": ["province"]},
    ]  # fmt: skip
    assert all(line["log_level"] == "warning" for line in lines)
    text = repr(lines)
    assert not any(word in text for word in (OTHER_AGENCY, "lan@bo.vn", "Nguyễn", "127.0.0.1"))


def test_failed_tries_are_told_and_so_are_full_counters(
    house: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttling, "ACCOUNT_LIMIT", 2)
    monkeypatch.setattr(throttling, "GRACE_LIMIT", 2)
    enrolled(house)
    client = house.test_client()
    with capture_logs() as lines:
        assert sign_in(client, password="sai mật khẩu rồi").status_code == 400
        assert sign_in(client, second=wrong_code()).status_code == 400
        for _try in range(2):
            fields = {"email": "lan@bo.vn", "password": "sai mật khẩu rồi"}
            last = send(house.test_client(), SIGN_IN, fields)
        assert last.status_code == 429
    assert told(lines, "sign_in_failed")[:2] == [{"step": "password"}, {"step": "code"}]
    assert told(lines)[-1] == {
        "status": 429, "kind": "TooManyTries", "endpoint": "accounts.sign_in", "method": "POST", "roles": [],
    }  # fmt: skip
    assert "lan@bo.vn" not in repr(lines)
    assert SECOND not in repr(lines)


def test_nothing_is_told_of_citizens(house: Flask) -> None:
    client = house.test_client()
    with capture_logs() as lines:
        assert client.get("/k/abc").status_code == 410
        assert client.get("/phieu/khong-co").status_code == 404
        assert client.get("/lien-he/ABCDEFGHIJ").status_code == 404
        assert client.get("/quan-tri/khong-co").status_code == 404
    assert lines == []


def counts(app: Flask, now: datetime = NOW) -> dict[str, int]:
    with app.app_context():
        return {kind.value: n for kind, n in count_refused(now).items()}


def test_refusals_are_counted_by_the_hour_and_shown_for_a_day(
    house: Flask, set_now: Callable[[datetime], None]
) -> None:
    client = member_client(house, (Role.PROVINCE, "14"))
    assert client.get("/quan-tri/he-thong").status_code == 404
    assert sign_in(house.test_client(), password="sai mật khẩu rồi").status_code == 400
    assert client.get("/khong-co").status_code == 404
    assert counts(house) == {"sign-in": 1, "access": 1, "tries": 0}
    operator = member_client(house, (Role.OPERATOR, "nation"), email="may@bo.vn")
    assert "Trang hoặc việc ngoài quyền</dt><dd>1</dd>" in operator.get("/quan-tri/he-thong").text
    hour = timedelta(hours=1)
    assert counts(house, NOW + 23 * hour)["access"] == 1
    assert counts(house, NOW + 24 * hour)["access"] == 0


def test_a_flood_of_refusals_writes_little_and_loses_no_number(
    house: Flask, set_now: Callable[[datetime], None]
) -> None:
    client = member_client(house, (Role.PROVINCE, "14"))
    with capture_logs() as lines:
        for _time in range(LINES_A_MINUTE + 30):
            client.get("/quan-tri/he-thong")
        assert len(lines) == LINES_A_MINUTE
        assert counts(house)["access"] == LINES_A_MINUTE
        set_now(NOW + timedelta(minutes=1))
        client.get("/quan-tri/he-thong")
    assert told(lines, "refusals_left_out") == [{"kind": "access", "count": 30}]
    assert counts(house)["access"] == LINES_A_MINUTE + 31


def test_whether_it_can_be_counted_changes_no_answer(house: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_arguments: object, **_named: object) -> int:
        raise OperationalError("INSERT", {}, Exception("away"))

    client = member_client(house, (Role.PROVINCE, "14"))
    monkeypatch.setattr(refused, "take", away)
    with capture_logs() as lines:
        assert client.get("/quan-tri/he-thong").status_code == 404
    assert [line["event"] for line in lines] == ["access_refused"]
