"""The calendar shows every deadline of the plans, what is next, and how many days are left in Vietnam."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape as unescape_html

from flask.testing import FlaskClient

from app.plans import list_plans
from surveys.plans import deadlines
from tests.support.icalendar_reader import read_calendar, unescaped

SetNow = Callable[[datetime], None]
IN_NOVEMBER = datetime(2026, 11, 22, 3, tzinfo=UTC)


def text_of(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    words = re.sub(r"<[^>]+>", " ", response.text)
    return re.sub(r"\s+", " ", unescape_html(words))


def section(text: str, first: str, after: str) -> str:
    return text[text.index(first) : text.index(after)]


def test_what_is_due_next_comes_first_with_the_days_that_are_left(
    client: FlaskClient, set_now: SetNow
) -> None:
    set_now(IN_NOVEMBER)
    text = text_of(client, "/lich")
    nearest = section(text, "Đến hạn sớm nhất", "Tiếp theo")
    assert text.index("Đến hạn sớm nhất") < text.index("“Trước ngày” không gồm ngày đó")
    assert "trong tháng 11/2026 còn 8 ngày" in nearest
    assert all(f"{place}." in nearest for place in ("Cả nước", "Sơn La", "Hải Phòng", "Quảng Ngãi"))
    assert "trong tháng 12/2026 còn 39 ngày" in section(text, "Tiếp theo", "Lặp lại")
    over = text[text.index("Đã qua") :]
    assert "trước ngày 10/11/2025 đã qua 378 ngày" in over
    assert "trước ngày 20/12/2025" in over
    assert "qua Sở Khoa học và Công nghệ" in over


def test_before_a_day_excludes_that_day_at_midnight_in_vietnam(
    client: FlaskClient, set_now: SetNow
) -> None:
    still, late = datetime(2025, 11, 9, 16, 59, 59, tzinfo=UTC), datetime(2025, 11, 9, 17, tzinfo=UTC)
    set_now(still)
    assert "trước ngày 10/11/2025 hôm nay là ngày cuối" in text_of(client, "/lich?ke-hoach=hai-phong-219")
    set_now(late)
    assert "trước ngày 10/11/2025 đã qua 1 ngày" in text_of(client, "/lich?ke-hoach=hai-phong-219")


def test_within_a_month_includes_its_last_day(
    client: FlaskClient, set_now: SetNow
) -> None:
    set_now(datetime(2026, 11, 30, 16, 59, tzinfo=UTC))
    assert "trong tháng 11/2026 hôm nay là ngày cuối" in text_of(client, "/lich")
    set_now(datetime(2026, 11, 30, 17, tzinfo=UTC))
    assert "trong tháng 11/2026 đã qua 1 ngày" in text_of(client, "/lich")


def test_a_plan_can_be_looked_at_alone_and_its_inferences_are_marked(
    client: FlaskClient, set_now: SetNow
) -> None:
    set_now(IN_NOVEMBER)
    text = text_of(client, "/lich?ke-hoach=quang-ngai-47")
    assert "Văn phòng Ủy ban nhân dân tỉnh suy luận →" in text
    assert "suy luận chu kỳ" in text
    assert "Phụ lục 8a" not in text
    assert "Kế hoạch số 47/KH-UBND tháng 9 năm 2025" in text
    assert "Sở Khoa học và Công nghệ →" in text_of(client, "/lich?ke-hoach=son-la-169")


def test_recurring_reports_say_that_no_day_is_set_and_a_campaign_ends(
    client: FlaskClient, set_now: SetNow
) -> None:
    set_now(datetime(2025, 11, 20, 3, tzinfo=UTC))
    text = text_of(client, "/lich?ke-hoach=thai-nguyen-45")
    weekly = "hằng tuần, từ 30/10/2025 đến 13/12/2025"
    assert f"{weekly} văn bản không quy định thứ trong tuần" in section(text, "Lặp lại", "Đưa vào lịch")
    set_now(IN_NOVEMBER)
    text = text_of(client, "/lich?ke-hoach=thai-nguyen-45")
    assert f"{weekly} đã kết thúc" in text[text.index("Đã qua") :]
    assert "Không còn hạn nào ở phía trước." in text
    assert "hằng quý đang là quý IV năm 2026; văn bản không quy định ngày" in text_of(client, "/lich")


def test_every_duty_of_every_plan_is_on_the_page_with_its_source(
    client: FlaskClient, set_now: SetNow
) -> None:
    set_now(IN_NOVEMBER)
    text = text_of(client, "/lich")
    for due in deadlines(list_plans()):
        assert due.title in text
        assert str(due.source) in text


def test_an_unknown_plan_is_not_found(client: FlaskClient) -> None:
    assert client.get("/lich?ke-hoach=khong-co").status_code == 404
    assert client.get("/lich.ics?ke-hoach=khong-co").status_code == 404


def test_in_english_the_documents_keep_their_vietnamese_names(
    client: FlaskClient, set_now: SetNow
) -> None:
    set_now(IN_NOVEMBER)
    response = client.get("/lich?lang=en")
    assert "within November 2026" in response.text
    assert "before 10 November 2025" in response.text
    assert '<span lang="vi">Kế hoạch số 219/KH-UBND' in response.text
    assert 'href="/lich?ke-hoach=son-la-169&amp;lang=en"' in response.text


def test_the_file_has_each_deadline_on_the_last_day_that_is_in_time(
    client: FlaskClient, set_now: SetNow
) -> None:
    set_now(IN_NOVEMBER)
    response = client.get("/lich.ics")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = read_calendar(response.data)
    dated = {f"{due.plan}.{due.report}@hai-long": due for due in deadlines(list_plans()) if due.deadline}
    assert {event["UID"] for event in calendar.events} == set(dated)
    days = {event["UID"]: event["DTSTART;VALUE=DATE"] for event in calendar.events}
    assert days["hai-phong-219.units_2025@hai-long"] == "20251109"
    assert days["son-la-169.assessment_2026@hai-long"] == "20261130"
    assert days["thai-nguyen-45.final@hai-long"] == "20251219"
    for event in calendar.events:
        due = dated[event["UID"]]
        assert due.deadline is not None
        ends = date.fromisoformat(event["DTEND;VALUE=DATE"])
        assert ends - timedelta(days=1) == due.deadline.last_day
        assert str(due.source) in unescaped(event["DESCRIPTION"])
        assert [alarm["TRIGGER"] for alarm in event.alarms] == ["-P30D", "-P15D", "-P7D", "-P3D", "-P1D"]


def test_a_file_of_one_plan_keeps_the_ids_of_the_whole(
    client: FlaskClient, set_now: SetNow
) -> None:
    set_now(IN_NOVEMBER)
    whole = {event["UID"] for event in read_calendar(client.get("/lich.ics").data).events}
    content = client.get("/lich.ics?ke-hoach=hai-phong-219").data
    part = {event["UID"] for event in read_calendar(content).events}
    assert part == {uid for uid in whole if uid.startswith("hai-phong-219.")}
    assert len(part) == 4
