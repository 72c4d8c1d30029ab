"""Contacts in the console: two clocks, no name in a list, every look noted, and what its owner sees of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.roles import Role
from app.comments.models import Contact
from app.extensions import db
from tests.integration.console.conftest import NOW
from tests.support.audit import recorded
from tests.support.citizens import post
from tests.support.contacts import ADDRESS, MESSAGE, leave
from tests.support.staff import PERSON, Console, words

Desk = Callable[..., Console]
SetNow = Callable[[datetime], None]
LIST = "/quan-tri/lien-he"
AGENCY = "14-SKHCN"
FRIDAY = NOW
DAY = timedelta(days=1)


def ids(app: Flask) -> list[str]:
    with app.app_context():
        return [str(id_) for id_ in db.session.scalars(select(Contact.id).order_by(Contact.due_on))]


def lines(page: str) -> list[str]:
    """The rows of the list as they are read."""
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [words(row) for row in body.split("</tr>") if row.strip()]


def test_an_empty_list_says_where_contacts_come_from(desk: Desk) -> None:
    page = words(desk(Role.AGENCY, AGENCY).get(LIST))
    assert "Không có ai đang chờ trả lời" in page and "/lien-he" in page


def test_a_list_shows_when_and_how_long_but_neither_name_nor_number(app: Flask, desk: Desk) -> None:
    console = desk(Role.AGENCY, AGENCY)
    leave(app.test_client(), AGENCY, message="Tôi là Lò Văn Pâng, số 0987 654 321")
    page = console.get(LIST)
    (line,) = lines(page)
    assert ids(app)[0][:8] in line
    assert "20/11/2026" in line and "có lời nhắn" in line and "chờ trả lời" in line
    assert "còn 2 ngày làm việc" in line and "còn 15 ngày" in line
    for secret in (ADDRESS, "Pâng", "0987"):
        assert secret not in page
    with app.app_context():
        assert recorded(action="contact-read") == []


@pytest.mark.parametrize(
    ("now", "reply", "done"),
    [
        ("2026-11-20T03:00", "còn 2 ngày làm việc", "còn 15 ngày"),
        # Over the weekend no working day goes by.
        ("2026-11-22T03:00", "còn 2 ngày làm việc", "còn 13 ngày"),
        ("2026-11-23T16:59", "còn 1 ngày làm việc", "còn 12 ngày"),
        ("2026-11-24T16:59", "hết hạn hôm nay", "còn 11 ngày"),
        ("2026-11-24T17:00", "quá hạn 1 ngày làm việc", "còn 10 ngày"),
        ("2026-11-28T03:00", "quá hạn 3 ngày làm việc", "còn 7 ngày"),
        ("2026-12-05T16:59", "quá hạn 8 ngày làm việc", "hết hạn hôm nay"),
        ("2026-12-05T17:00", "quá hạn 8 ngày làm việc", "quá hạn 1 ngày"),
    ],
)
def test_both_clocks_turn_at_midnight_in_viet_nam(
    app: Flask, desk: Desk, set_now: SetNow, now: str, reply: str, done: str
) -> None:
    console = desk(Role.AGENCY, AGENCY)
    leave(app.test_client(), AGENCY)
    set_now(datetime.fromisoformat(now).replace(tzinfo=UTC))
    (line,) = lines(console.get(LIST))
    assert f"{reply} {done}" in line


def test_opening_one_shows_how_to_reach_its_owner_and_is_noted(app: Flask, desk: Desk) -> None:
    console = desk(Role.AGENCY, AGENCY)
    leave(app.test_client(), AGENCY)
    (contact,) = ids(app)
    page = words(console.get(f"{LIST}/{contact}"))
    assert ADDRESS in page and MESSAGE in page and "Tôi đồng ý để" in page
    assert "hạn hết ngày 24/11/2026" in page and "hạn hết ngày 05/12/2026" in page
    console.get(f"{LIST}/{contact}")
    with app.app_context():
        events = recorded(action="contact-read")
    assert [(event.by, event.subject, event.scope) for event in events] == [
        (str(PERSON), contact, AGENCY)
    ] * 2
    assert all(ADDRESS not in str(event) and not event.details for event in events)


def test_what_is_due_first_comes_first(app: Flask, desk: Desk, set_now: SetNow) -> None:
    console = desk(Role.PROVINCE, "14")
    for ahead in (3, 0, 4):
        set_now(FRIDAY + ahead * DAY)
        leave(app.test_client(), AGENCY)
    set_now(FRIDAY + 5 * DAY)
    days = [re.findall(r"\d\d/\d\d/2026", line)[0] for line in lines(console.get(LIST))]
    assert days == ["20/11/2026", "23/11/2026", "24/11/2026"]
    # Once replied to, the clock of the fifteen days is the next.
    console.post(f"{LIST}/{ids(app)[0]}/da-tra-loi")
    days = [re.findall(r"\d\d/\d\d/2026", line)[0] for line in lines(console.get(LIST))]
    assert days == ["23/11/2026", "24/11/2026", "20/11/2026"]


def test_a_contact_goes_from_new_to_replied_to_done_and_its_owner_reads_it(
    app: Flask, desk: Desk, set_now: SetNow
) -> None:
    console, visitor = desk(Role.AGENCY, AGENCY), app.test_client()
    code = leave(visitor, AGENCY)
    (contact,) = ids(app)
    seen = words(visitor.get(f"/lien-he/{code}").text)
    assert "Đã nhận ngày 20/11/2026" in seen and "chậm nhất hết ngày 24/11/2026" in seen
    set_now(FRIDAY + 3 * DAY)
    done = console.post(f"{LIST}/{contact}/da-tra-loi", answer="Chúng tôi đã gọi và hẹn trả kết quả.")
    assert "Đã ghi là đã trả lời" in words(console.get(done.location))
    (line,) = lines(console.get(LIST))
    assert "đã trả lời đúng hạn còn 12 ngày" in line
    seen = words(visitor.get(f"/lien-he/{code}").text)
    assert "đã trả lời ngày 23/11/2026" in seen and "hẹn trả kết quả" in seen
    set_now(FRIDAY + 20 * DAY)
    console.post(
        f"{LIST}/{contact}/da-xong", theme="deadline", outcome="Đã trả kết quả.",
        answer="Chúng tôi đã gọi và hẹn trả kết quả.",
    )  # fmt: skip
    assert "Không có ai đang chờ" in words(console.get(LIST))
    (line,) = lines(console.get(f"{LIST}?state=done"))
    assert "đã xong đúng hạn trễ 5 ngày" in line
    for language, word in (("vi", "Đã xử lý xong ngày 10/12/2026"), ("en", "10 December 2026")):
        page = visitor.get(f"/lien-he/{code}?lang={language}")
        assert word in words(page.text) and "Đã trả kết quả." in page.text
        assert "Set-Cookie" not in page.headers and page.headers["Cache-Control"] == "no-store"
    with app.app_context():
        actions = [event.action for event in recorded(subject=contact)]
    assert [action for action in actions if action != "contact-read"] == [
        "contact-replied",
        "contact-finished",
    ]


def test_each_step_can_be_taken_back(app: Flask, desk: Desk) -> None:
    console, visitor = desk(Role.AGENCY, AGENCY), app.test_client()
    code = leave(visitor, AGENCY)
    (contact,) = ids(app)
    console.post(f"{LIST}/{contact}/hoan-tac", 409)
    console.post(f"{LIST}/{contact}/da-tra-loi", answer="Nhầm người")
    console.post(f"{LIST}/{contact}/da-xong", theme="deadline", outcome="Nhầm việc", answer="Nhầm người")
    console.post(f"{LIST}/{contact}/hoan-tac")
    assert "Nhầm việc" not in visitor.get(f"/lien-he/{code}").text
    console.post(f"{LIST}/{contact}/hoan-tac")
    page = visitor.get(f"/lien-he/{code}").text
    assert "Nhầm người" not in page and "chậm nhất hết ngày 24/11/2026" in words(page)
    (line,) = lines(console.get(LIST))
    assert "chờ trả lời còn 2 ngày làm việc" in line


def test_a_step_is_taken_once(app: Flask, desk: Desk) -> None:
    console = desk(Role.AGENCY, AGENCY)
    leave(app.test_client(), AGENCY)
    (contact,) = ids(app)
    console.post(f"{LIST}/{contact}/da-tra-loi")
    console.post(f"{LIST}/{contact}/da-tra-loi", 409)
    console.post(f"{LIST}/{contact}/da-xong", theme="deadline", outcome="Đã xong việc")
    console.post(f"{LIST}/{contact}/da-xong", 409, theme="deadline", outcome="Đã xong việc")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Hãy ghi ngắn gọn việc đã làm"),
        ("ok", "Hãy ghi ngắn gọn việc đã làm"),
        ("Đã gọi (0912) 345 678", "Có số điện thoại: hãy bỏ"),
        ("Đã gửi thư cho lan@tinh.vn", "Có thư điện tử: hãy bỏ"),
        ("x" * 1001, "Dài quá 1.000 ký tự"),
        ("Đã \0 xong", "Có ký tự không đọc được"),
    ],
)
def test_a_note_says_what_was_done_and_names_nobody(app: Flask, desk: Desk, text: str, reason: str) -> None:
    console = desk(Role.AGENCY, AGENCY)
    leave(app.test_client(), AGENCY)
    (contact,) = ids(app)
    console.post(f"{LIST}/{contact}/da-tra-loi")
    page = console.post(f"{LIST}/{contact}/da-xong", 400, theme="deadline", outcome=text, answer="Đã hẹn lại")
    assert reason in words(page.text) and "Đã hẹn lại" in page.text
    assert 'class="problems"' in page.text, "what is wrong is said above all forms, too"
    assert len(lines(console.get(LIST))) == 1


def test_contacts_of_others_are_not_found(app: Flask, desk: Desk) -> None:
    console = desk(Role.AGENCY, "14-SNV")
    leave(app.test_client(), AGENCY)
    (contact,) = ids(app)
    assert "Không có ai đang chờ" in words(console.get(LIST))
    console.get(f"{LIST}/{contact}", 404)
    console.post(f"{LIST}/{contact}/da-tra-loi", 404)
    with app.app_context():
        assert recorded(action="contact-read") == []


def test_a_withdrawn_contact_is_gone_at_once_and_staff_learn_it(app: Flask, desk: Desk) -> None:
    console, visitor = desk(Role.AGENCY, AGENCY), app.test_client()
    code = leave(visitor, AGENCY)
    (contact,) = ids(app)
    console.get(f"{LIST}/{contact}")
    post(visitor, f"/lien-he/{code}", {})
    gone = words(console.get(f"{LIST}/{contact}", 410))
    assert "Người gửi đã rút ngày 20/11/2026" in gone
    assert ADDRESS not in gone and MESSAGE not in gone
    console.post(f"{LIST}/{contact}/da-tra-loi", 404)
    assert "Không có ai đang chờ" in words(console.get(LIST))
    (line,) = lines(console.get(f"{LIST}?state=withdrawn"))
    assert "người gửi đã rút ngày 20/11/2026" in line
    elsewhere = desk(Role.AGENCY, "14-SNV")
    elsewhere.get(f"{LIST}/{contact}", 404)
    assert contact[:8] not in elsewhere.get(f"{LIST}?state=withdrawn")


def test_states_and_agencies_filter_and_nonsense_does_not_break(app: Flask, desk: Desk) -> None:
    console = desk(Role.PROVINCE, "14")
    for agency in (AGENCY, "14-SNV"):
        leave(app.test_client(), agency)
    assert len(lines(console.get(LIST))) == 2
    assert len(lines(console.get(f"{LIST}?agency=14-SNV"))) == 1
    assert "Không có liên hệ nào khớp" in words(console.get(f"{LIST}?agency=14-SNV&state=replied"))
    for nonsense in ("?state=x", "?after=%5B%22x%22,1%5D", "?before=%5B%222026-11-24%22,%22x%22%5D"):
        assert len(lines(console.get(LIST + nonsense))) == 2
    console.get(f"{LIST}/khong-phai-ma", 404)


def test_long_lists_page_by_key(app: Flask, desk: Desk) -> None:
    console, visitor = desk(Role.PROVINCE, "14"), app.test_client()
    for number in range(52):
        leave(visitor, AGENCY if number % 2 else "14-SNV")
    first = console.get(LIST)
    assert len(lines(first)) == 50
    later = re.search(r'rel="next" href="([^"]*)"', first)
    assert later
    assert len(lines(console.get(later[1].replace("&amp;", "&")))) == 2


@pytest.mark.parametrize(("role", "sees"), [(Role.AGENCY, True), (Role.TEAM_LEAD, False)])
def test_the_home_names_who_waits_and_what_is_late(
    app: Flask, desk: Desk, set_now: SetNow, role: Role, sees: bool
) -> None:
    console = desk(role, AGENCY)
    leave(app.test_client(), AGENCY)
    page = words(console.get("/quan-tri"))
    assert ("1 liên hệ của người dân chờ trả lời hoặc xử lý xong" in page) is sees
    assert "hôm nay" not in page and "đã quá hạn" not in page
    set_now(FRIDAY + 3 * DAY)
    leave(app.test_client(), AGENCY)
    set_now(FRIDAY + 5 * DAY)
    page = words(console.get("/quan-tri"))
    told = "2 liên hệ của người dân chờ trả lời hoặc xử lý xong 1 đã quá hạn 1 hết hạn hôm nay"
    assert (told in page) is sees


def test_a_year_whose_holidays_are_not_known_loses_nothing(app: Flask, desk: Desk, set_now: SetNow) -> None:
    console, visitor = desk(Role.AGENCY, AGENCY), app.test_client()
    set_now(datetime(2030, 12, 31, 3, 0, tzinfo=UTC))
    code = leave(visitor, AGENCY)
    (line,) = lines(console.get(LIST))
    assert "thiếu lịch nghỉ lễ của năm còn 15 ngày" in line
    assert "trong 2 ngày làm việc" in words(visitor.get(f"/lien-he/{code}").text)
    with app.app_context():
        assert db.session.scalars(select(Contact.due_on)).one() == date(2030, 12, 31)


def test_a_year_that_is_only_calculated_says_so(app: Flask, desk: Desk, set_now: SetNow) -> None:
    console = desk(Role.AGENCY, AGENCY)
    set_now(datetime(2027, 3, 1, 3, 0, tzinfo=UTC))
    leave(app.test_client(), AGENCY)
    (contact,) = ids(app)
    assert "chưa có thông báo nghỉ lễ chính thức" in words(console.get(f"{LIST}/{contact}"))


def finished(console: Console, contact: str, status: int = 303, **changes: str) -> str:
    fields = {"theme": "fees", "ended": "answered", "outcome": "Đã giải thích.", "answer": "", **changes}
    return words(console.post(f"{LIST}/{contact}/da-xong", status, **fields).text)


def test_staff_say_what_it_is_about_at_any_time_and_find_it_again(app: Flask, desk: Desk) -> None:
    console = desk(Role.AGENCY, AGENCY)
    leave(app.test_client(), AGENCY)
    (contact,) = ids(app)
    assert "Hãy chọn một nhóm vấn đề" in words(console.post(f"{LIST}/{contact}/nhom", 400, theme="x").text)
    assert len(lines(console.get(f"{LIST}?theme=none"))) == 1
    console.post(f"{LIST}/{contact}/nhom", theme="attitude")
    (line,) = lines(console.get(f"{LIST}?theme=attitude"))
    assert "Thái độ phục vụ" in line
    assert "Không có liên hệ nào khớp" in words(console.get(f"{LIST}?theme=none"))
    assert "Hãy chọn một nhóm vấn đề" in finished(console, contact, 400, theme="")
    finished(console, contact, theme="fees")
    console.post(f"{LIST}/{contact}/nhom", theme="guidance")
    assert "Hướng dẫn, thông tin" in words(console.get(f"{LIST}/{contact}"))
    with app.app_context():
        assert [event.details for event in recorded(action="contact-sorted")] == [{}, {}]


def test_a_transfer_passes_on_the_matter_and_not_the_way_to_its_owner(app: Flask, desk: Desk) -> None:
    console, visitor = desk(Role.AGENCY, AGENCY), app.test_client()
    code = leave(visitor, AGENCY)
    (contact,) = ids(app)
    for other in ("", AGENCY, "99-KHONG", "14-SNV\0"):
        said = finished(console, contact, 400, ended="transferred", passed_to=other)
        assert "Hãy ghi mã của một cơ quan khác" in said
    assert "Hãy chọn cách kết thúc" in finished(console, contact, 400, ended="burnt")
    finished(console, contact, ended="transferred", passed_to="14-SNV")
    assert "chuyển nội dung cho cơ quan khác: Sở Nội vụ" in words(console.get(f"{LIST}/{contact}"))
    page = visitor.get(f"/lien-he/{code}").text
    assert "cơ quan đã chuyển nội dung cho Sở Nội vụ" in words(page) and "/lien-he?agency=14-SNV" in page
    other_desk = desk(Role.AGENCY, "14-SNV")
    assert ADDRESS not in other_desk.get(f"{LIST}?state=done")
    other_desk.get(f"{LIST}/{contact}", 404)
    # Taken back, nothing of the transfer is left.
    desk(Role.AGENCY, AGENCY).post(f"{LIST}/{contact}/hoan-tac")
    assert "Sở Nội vụ" not in words(visitor.get(f"/lien-he/{code}").text)


def test_what_is_out_of_scope_is_said_to_its_owner(app: Flask, desk: Desk) -> None:
    console, visitor = desk(Role.AGENCY, AGENCY), app.test_client()
    code = leave(visitor, AGENCY)
    (contact,) = ids(app)
    finished(console, contact, ended="out-of-scope", passed_to="14-SNV")
    assert "không thuộc phạm vi của mình" in words(visitor.get(f"/lien-he/{code}").text)
    (line,) = lines(console.get(f"{LIST}?state=done"))
    assert "không thuộc phạm vi" in line
    with app.app_context():
        assert db.session.scalars(select(Contact.passed_to)).one() is None


@pytest.mark.parametrize("step", ["", "da-tra-loi", "da-xong"])
def test_every_field_of_a_contact_has_an_id_of_its_own(app: Flask, desk: Desk, step: str) -> None:
    console = desk(Role.AGENCY, AGENCY)
    leave(app.test_client(), AGENCY)
    (contact,) = ids(app)
    if step:
        console.post(f"{LIST}/{contact}/{step}", theme="fees", outcome="Đã giải thích.", answer="")
    found = re.findall(r' id="([^"]*)"', console.get(f"{LIST}/{contact}"))
    assert len(found) == len(set(found)), sorted(found)
