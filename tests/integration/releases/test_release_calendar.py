"""The release calendar: what comes when, what is late, and a day that the ministry moves."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.extensions import db
from app.releases import rules
from app.releases.actions import announce_day
from app.releases.queries import list_coming, list_released
from app.transactions import transaction
from surveys.periods import Quarter
from tests.support.accounts import NOW as AT
from tests.support.accounts import enrolled, signed_in, token_on
from tests.support.editions import close_and_publish
from tests.support.icalendar_reader import read_calendar

SetNow = Callable[[datetime], None]
Q4 = Quarter(2026, 4)
USUAL = date(2027, 1, 25)


def words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def move(day: date, now: datetime, period: Quarter = Q4) -> None:
    with transaction():
        announce_day(period, day, reason="Lũ lụt ở miền Trung", by="command:test", now=now)


def test_twelve_months_ahead_every_quarter_and_month_has_its_day(
    published: Flask, client: FlaskClient
) -> None:
    page = words(client.get("/lich-cong-bo").text)
    assert re.search(r"quý IV năm 2026 25/01/2027 (tháng|quý)", page), "the usual day has no note"
    assert re.search(r"tháng 10 năm 2026 13/11/2026 (tháng|quý)", page)
    assert "tuần" not in page.partition("Mười hai tháng tới")[2].partition("Đã công bố")[0]
    with published.app_context():
        codes = [item.period.code for item in list_coming(datetime(2026, 10, 20, 3, tzinfo=UTC))]
    assert [code for code in codes if "Q" in code] == ["2026-Q4", "2027-Q1", "2027-Q2"]
    assert len([code for code in codes if "Q" not in code]) == 12


def test_what_was_due_before_the_first_publication_is_not_late(published: Flask, client: FlaskClient) -> None:
    page = words(client.get("/lich-cong-bo").text)
    assert "quý II năm 2026 20/10/2026 trước khi có lịch" in page
    assert "quý III năm 2026 20/10/2026 đúng hẹn" in page
    assert "trễ" not in page


def test_what_is_overdue_says_by_how_many_days(
    published: Flask, client: FlaskClient, set_now: SetNow
) -> None:
    set_now(datetime(2027, 1, 30, 3, tzinfo=UTC))
    page = words(client.get("/lich-cong-bo").text)
    assert "quý IV năm 2026 25/01/2027 trễ 5 ngày" in page
    home = words(client.get("/").text)
    assert "quý IV năm 2026" not in home
    assert "Kỳ sắp công bố: tháng 1 năm 2027, ngày 17/02/2027" in home


def test_what_was_published_late_keeps_its_mark(
    published: Flask, client: FlaskClient, set_now: SetNow
) -> None:
    late = datetime(2027, 1, 28, 3, tzinfo=UTC)
    set_now(late)
    with published.app_context():
        from tests.support.tallies import TallyWriter

        with transaction():
            writer = TallyWriter("2026-Q4")
            writer.rated("14-SKHCN", (60, 31, 4, 3, 2))
            writer.write()
        close_and_publish("2026-Q4", late)
        assert [item.late for item in list_released(1)] == [3]
    assert "quý IV năm 2026 28/01/2027 trễ 3 ngày" in words(client.get("/lich-cong-bo").text)


def test_a_moved_day_is_told_with_its_reason_and_in_the_trail(published: Flask, client: FlaskClient) -> None:
    assert "25/01/2027" in client.get("/lich-cong-bo").text
    with published.app_context():
        move(date(2027, 2, 2), AT)
        event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.position.desc()).limit(1)).one()
        assert (event.action, event.subject) == ("release-day-announced", "2026-Q4")
        assert '"before":"2027-01-25"' in event.details.replace(" ", "")
    page = words(client.get("/lich-cong-bo").text)
    assert "quý IV năm 2026 02/02/2027 thường lệ là 25/01/2027; lý do: Lũ lụt ở miền Trung" in page
    assert "Ngày công bố: 02/02/2027." in words(client.get("/ket-qua/2026-Q4/14").text)


@pytest.mark.parametrize(("day", "error"), (
    (date(2026, 11, 19), rules.DayNotPossible),
    (date(2027, 1, 10), rules.DayNotPossible),
    (date(2028, 1, 10), rules.DayNotPossible),
    (USUAL, rules.SameDay),
))  # fmt: skip
def test_no_day_that_has_passed_or_comes_too_early_or_holds_already(
    published: Flask, day: date, error: type[Exception]
) -> None:
    with published.app_context(), pytest.raises(error):
        move(day, AT)


def test_what_is_published_and_what_does_not_come_has_no_other_day(published: Flask) -> None:
    with published.app_context():
        with pytest.raises(rules.AlreadyReleased):
            move(date(2026, 12, 1), AT, Quarter(2026, 3))
        with pytest.raises(rules.UnknownPeriod):
            move(date(2026, 12, 1), AT, Quarter(2026, 1))


def test_the_file_for_calendars_has_one_event_a_period_that_keeps_its_name(
    published: Flask, client: FlaskClient
) -> None:
    response = client.get("/lich-cong-bo.ics")
    assert response.mimetype == "text/calendar"
    before = {event["UID"]: event for event in read_calendar(response.data).inside}
    with published.app_context():
        move(date(2027, 2, 2), AT)
    after = {event["UID"]: event for event in read_calendar(client.get("/lich-cong-bo.ics").data).inside}
    assert before.keys() == after.keys()
    key = "2026-Q4.cong-bo@hai-long"
    assert (before[key]["DTSTART;VALUE=DATE"], after[key]["DTSTART;VALUE=DATE"]) == ("20270125", "20270202")


def test_the_ministry_moves_a_day_by_its_form(published: Flask) -> None:
    person = enrolled(published, "bo@bo.vn", (Role.MINISTRY, "nation")).id
    client = signed_in(published, person)
    path = "/quan-tri/lich-cong-bo/2026-Q4"
    token = token_on(client.get(path).text)
    wrong = client.post(path, data={"csrf_token": token, "day": "x", "reason": ""})
    assert wrong.status_code == 400
    assert "Hãy chọn một ngày" in wrong.text
    assert "Hãy ghi lý do" in wrong.text
    early = client.post(path, data={"csrf_token": token, "day": "2026-11-01", "reason": "Sớm hơn"})
    assert early.status_code == 400
    assert "Ngày công bố phải từ hôm nay" in early.text
    done = client.post(path, data={"csrf_token": token, "day": "2027-02-02", "reason": "Lũ lụt"})
    assert done.status_code == 303
    page = client.get(done.headers["Location"]).text
    assert "Đã báo ngày công bố mới" in page
    assert "Lũ lụt" in page
    assert client.get("/quan-tri/lich-cong-bo/2026-Q3").status_code == 404
    assert client.get("/quan-tri/lich-cong-bo/x").status_code == 404


def test_only_who_answers_for_the_nation_moves_a_day(published: Flask) -> None:
    """The right alone, held for one province, is not enough: the day holds for every place."""
    client = signed_in(published, enrolled(published, "tinh@bo.vn", (Role.MINISTRY, "14")).id)
    assert "Báo ngày khác" not in client.get("/quan-tri/lich-cong-bo").text
    assert client.get("/quan-tri/lich-cong-bo/2026-Q4").status_code == 404
    nation = signed_in(published, enrolled(published, "bo@bo.vn", (Role.MINISTRY, "nation")).id)
    assert "Báo ngày khác" in nation.get("/quan-tri/lich-cong-bo").text
