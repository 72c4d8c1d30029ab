"""Answers at a one-stop fair come too fast: set aside, reviewed by two officers, counted, told to all."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from app.accounts.roles import Role
from app.responding.store import response_store
from app.results.queries import prepare
from tests.support import citizens
from tests.support.accounts import enrolled, send, signed_in
from tests.support.citizens import AGENCY, OTHER_AGENCY, hidden_fields, post
from tests.support.editions import publish_all
from tests.support.staff import words

SetNow = Callable[[datetime], None]
FAIR = datetime(2026, 9, 15, 3, 0, tzinfo=UTC)
REVIEW = datetime(2026, 10, 5, 3, 0, tzinfo=UTC)
CLOSED = datetime(2026, 10, 12, 3, 0, tzinfo=UTC)
GROUP = f"/quan-tri/de-rieng/2026-Q3/{AGENCY}/too-fast"
PUBLIC = "/toan-ven/2026-Q3.csv"


def answer(client: FlaskClient, set_now: SetNow, agency: str, seconds: int, count: int) -> None:
    """People open the form of an agency and send it after so many seconds."""
    for number in range(count):
        begun = FAIR + timedelta(minutes=number)
        set_now(begun)
        hidden = hidden_fields(client.get(f"/phieu/{agency}").text)
        set_now(begun + timedelta(seconds=seconds))
        sent = post(client, f"/phieu/{agency}", {**hidden, "satisfaction": "4"})
        assert sent.status_code == 303


def counted(app: Flask, set_now: SetNow, now: datetime) -> None:
    set_now(now)
    with app.app_context():
        prepare(now)


def told(client: FlaskClient, place: str, by: str) -> dict[str, str]:
    """A row of the public file: by channel "web", or by reason "too-fast"."""
    text = client.get(PUBLIC).get_data().decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text))
    return next(row for row in rows if row["place"] == place and by in (row["channel"], row["reason"]))


def test_a_group_is_reviewed_by_two_officers_and_the_public_table_follows(
    app: Flask, set_now: SetNow, runner: FlaskCliRunner
) -> None:
    citizens.prepare(app)
    citizen = app.test_client()
    answer(citizen, set_now, AGENCY, 1, 14)
    answer(citizen, set_now, AGENCY, 60, 12)
    answer(citizen, set_now, OTHER_AGENCY, 1, 13)
    response_store(app).close()

    # The quarter is over: one officer of the province finds the group and proposes to let it count.
    counted(app, set_now, REVIEW)
    officers = [
        signed_in(app, enrolled(app, f"{name}@sonla.vn", (Role.PROVINCE, "14"), now=REVIEW).id, now=REVIEW)
        for name in ("mot", "hai")
    ]
    home = words(officers[0].get("/quan-tri").text)
    assert "1 nhóm phiếu để riêng chờ xem xét" in home
    assert "10+ chưa xem xét" in words(officers[0].get("/quan-tri/de-rieng").text)
    proposed = send(officers[0], GROUP, {"act": "release", "reason": "Ngày hội một cửa, máy tính bảng"})
    assert proposed.status_code == 303
    proposal = proposed.headers["Location"].partition("?")[0]

    # The first cannot decide; nothing has changed, and of the open quarter nobody is told.
    assert "Chấp thuận" not in words(officers[0].get(proposal).text)
    assert citizen.get(PUBLIC).status_code == 404
    assert "1 việc chờ bạn phê duyệt" in words(officers[1].get("/quan-tri").text)
    approved = send(officers[1], f"{proposal}/chap-thuan", {"reason": "Đã xem biên bản"}, page=proposal)
    assert approved.status_code == 303
    assert "đưa vào số liệu" in words(officers[1].get(GROUP).text)
    verified = runner.invoke(args=["tally", "verify", "--processes", "1"])
    assert verified.exit_code == 0, verified.output

    # The quarter is published: everybody sees what counts, what was released, and what nobody released.
    set_now(CLOSED)
    with app.app_context():
        publish_all(CLOSED)
    web = told(citizen, "14", "web")
    assert (web["answered"], web["counted"], web["set_aside"]) == ("26", "26", "0")
    fast = told(citizen, "14", "too-fast")
    assert (fast["set_aside"], fast["released_by_decision"]) == ("0", "14")
    other = told(citizen, "31", "too-fast")
    assert (other["set_aside"], other["left_out_by_decision"], other["released_by_decision"]) == (
        "13",
        "0",
        "0",
    )
    assert "26" in words(citizen.get("/toan-ven/2026-Q3/14").text)
    closed = signed_in(app, enrolled(app, "ba@sonla.vn", (Role.PROVINCE, "14"), now=CLOSED).id, now=CLOSED)
    assert "Quý đã đến hạn chốt" in words(closed.get(GROUP).text)
