"""What an agency does about what people said: written, published, done, withdrawn; nothing is edited away."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.roles import Role
from app.extensions import db
from app.improvements.actions import Words, publish, write
from app.improvements.models import ImprovementRow, ImprovementVersion
from app.improvements.queries import list_improvements_for_report, list_public_improvements
from app.transactions import transaction
from surveys.improvements import Improvement
from surveys.periods import Quarter
from tests.integration.console.conftest import NOW
from tests.support.audit import recorded
from tests.support.staff import PERSON, Console, words

Desk = Callable[..., Console]
SetNow = Callable[[datetime], None]
LIST = "/quan-tri/viec-cai-tien"
AGENCY, OTHER = "14-SKHCN", "31-SNV"
Q3, Q4 = Quarter(2026, 3), Quarter(2026, 4)
GIVEN = {
    "quarter": "2026-Q3",
    "shortcoming": "Phải khai lại nơi cư trú dù đã có trên VNeID",
    "solution": "Tự điền nơi cư trú ở 12 biểu mẫu",
    "lead": "Phòng Chuyển đổi số",
    "due": "2026-12-15",
}
DONE = {"done_on": "2026-11-19", "done_words": "Mười hai biểu mẫu đã tự điền nơi cư trú."}


def written(console: Console, agency: str = AGENCY, **changes: str) -> str:
    """The address of a new draft."""
    sent = console.post(f"{LIST}/viet/{agency}", **{**GIVEN, **changes})
    return sent.headers["Location"].partition("?")[0]


def seen(console: Console, page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="(\d+)"', console.get(page))
    assert found, page
    return found[1]


def published(console: Console, agency: str = AGENCY, **changes: str) -> str:
    page = written(console, agency, **changes)
    console.post(f"{page}/cong-bo", seen="1")
    return page


def public(app: Flask, place: str = AGENCY, until: Quarter = Q4, limit: int = 10) -> list[str]:
    with app.app_context():
        return [item.shortcoming for item in list_public_improvements(place, until, limit)]


def reported(app: Flask, place: str, quarter: Quarter) -> list[Improvement]:
    with app.app_context():
        return list(list_improvements_for_report(place, quarter))


def test_an_empty_list_teaches_what_to_do_and_an_officer_begins_at_the_own_agency(desk: Desk) -> None:
    console = desk(Role.AGENCY, AGENCY)
    page = words(console.get(LIST))
    assert "Chưa có việc cải tiến nào đang làm" in page and "chọn một điều nhiều người nói" in page
    to = console.client.get(f"{LIST}/viet").headers["Location"]
    assert to == f"{LIST}/viet/{AGENCY}"
    form = console.get(to)
    assert 'value="Sở Khoa học và Công nghệ"' in form and "quý IV năm 2026" in form
    leader = words(desk(Role.PROVINCE, "14").get(f"{LIST}/viet?q=khoa+hoc"))
    assert "Viết cho cơ quan nào?" in leader and "14-SKHCN" in leader


def test_a_draft_is_for_staff_and_a_publication_for_everybody(app: Flask, desk: Desk) -> None:
    console = desk(Role.AGENCY, AGENCY)
    page = written(console)
    assert "Đã lưu bản nháp" in words(console.get(f"{page}?done=written"))
    assert public(app) == []
    console.post(f"{page}/cong-bo", seen=seen(console, page))
    assert public(app) == public(app, "14") == public(app, "VN") == [GIVEN["shortcoming"]]
    assert public(app, OTHER) == public(app, "31") == public(app, until=Quarter(2026, 2)) == []
    assert public(app, limit=0) == []
    line = words(console.get(LIST))
    assert "Phòng Chuyển đổi số" in line and "15/12/2026" in line and "đang làm" in line
    with app.app_context():
        (event,) = recorded(action="improvement-published")
        assert (event.by, event.scope, event.details) == (str(PERSON), AGENCY, {"version": 2})
        assert GIVEN["shortcoming"] not in str(recorded())


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("shortcoming", "Lâu", "Hãy viết một câu trọn ý"),
        ("shortcoming", "x" * 501, "Dài quá 500 ký tự"),
        ("shortcoming", "Ông Pâng gọi 0912 345 678 mãi không được", "Có số điện thoại"),
        ("solution", "Gửi về motcua@sonla.gov.vn để được giúp", "Có thư điện tử"),
        ("lead", "", "Hãy ghi tên cơ quan, bộ phận"),
        ("lead", "Ông Nam, 0912345678", "Có số điện thoại"),
        ("due", "2026-06-30", "Hãy chọn một ngày từ đầu quý ấy"),
        ("due", "2029-01-01", "Hãy chọn một ngày từ đầu quý ấy"),
        ("due", "mai", "Hãy chọn một ngày từ đầu quý ấy"),
        ("quarter", "2027-Q1", "Hãy chọn một quý trong danh sách"),
        ("quarter", "2025-Q3", "Hãy chọn một quý trong danh sách"),
        ("quarter", "x", "Hãy chọn một quý trong danh sách"),
    ],
)
def test_bad_input_is_named_at_its_field_and_nothing_is_kept(
    app: Flask, desk: Desk, field: str, value: str, said: str
) -> None:
    console = desk(Role.AGENCY, AGENCY)
    page = console.post(f"{LIST}/viet/{AGENCY}", 400, **{**GIVEN, field: value}).text
    assert said in words(page)
    assert f'id="{field}-error"' in page
    if field != "solution":
        assert GIVEN["solution"] in page
    with app.app_context():
        assert db.session.query(ImprovementRow).count() == db.session.query(ImprovementVersion).count() == 0


def test_a_change_is_a_version_and_the_old_words_stay_for_staff(app: Flask, desk: Desk) -> None:
    console = desk(Role.AGENCY, AGENCY)
    page = published(console)
    form = console.get(f"{page}/sua")
    assert GIVEN["solution"] in form and "lời mới hiện ra ngay" in words(form)
    console.post(f"{page}/sua", **{**GIVEN, "solution": "Tự điền ở 20 biểu mẫu", "seen": "2"})
    with app.app_context():
        (one,) = list_public_improvements(AGENCY, Q4, 10)
        numbers = list(db.session.scalars(select(ImprovementVersion.number).order_by("number")))
    assert one.solution == "Tự điền ở 20 biểu mẫu" and numbers == [1, 2, 3]
    history = words(console.get(page))
    assert "Bản 3: sửa lời" in history and "Bản 1: viết" in history
    assert GIVEN["solution"] in history and "Lò Thị Mai" in history


def test_whoever_is_later_must_read_first(app: Flask, desk: Desk) -> None:
    console = desk(Role.AGENCY, AGENCY)
    page = published(console)
    changed = {**GIVEN, "solution": "Bỏ hẳn ô nơi cư trú"}
    console.post(f"{page}/sua", **{**changed, "seen": "2"})
    for step, fields in (
        ("sua", {**GIVEN, "seen": "2"}),
        ("sua", {**GIVEN, "seen": ""}),
        ("sua", {**GIVEN, "seen": "9" * 40}),
        ("da-xong", {**DONE, "seen": "2"}),
        ("rut", {"why": "Viết nhầm cơ quan", "seen": "2"}),
    ):
        refused = words(console.post(f"{page}/{step}", 409, **fields).text)
        assert "Việc cải tiến này vừa thay đổi" in refused, step
    with app.app_context():
        assert db.session.scalars(select(ImprovementRow.solution)).one() == "Bỏ hẳn ô nơi cư trú"
        assert db.session.query(ImprovementVersion).count() == 3


def test_what_is_done_says_when_and_how_and_can_be_undone(app: Flask, desk: Desk) -> None:
    console = desk(Role.AGENCY, AGENCY)
    page = published(console)
    for field, value in (("done_on", "2026-11-21"), ("done_on", "2026-06-30"), ("done_words", "xong")):
        console.post(f"{page}/da-xong", 400, **{**DONE, "seen": "2", field: value})
    console.post(f"{page}/da-xong", **DONE, seen="2")
    (one,) = reported(app, AGENCY, Q4)
    assert one.done == date(2026, 11, 19)
    shown = words(console.get(page))
    assert "xong ngày 19/11/2026" in shown and DONE["done_words"] in shown
    console.post(f"{page}/da-xong", 409, **DONE, seen="3")
    console.post(f"{page}/hoan-tac", seen="3")
    (one,) = reported(app, AGENCY, Q4)
    assert one.done is None
    # Neither writing nor publishing is undone so: what was public is withdrawn in public.
    console.post(f"{page}/hoan-tac", 409, seen="4")


def test_what_is_withdrawn_stays_as_withdrawn(app: Flask, desk: Desk) -> None:
    console = desk(Role.AGENCY, AGENCY)
    page = published(console)
    assert "Rút việc cải tiến này?" in words(console.get(f"{page}/rut"))
    console.post(f"{page}/rut", 400, why="", seen="2")
    console.post(f"{page}/rut", why="Việc này của Sở Tư pháp, đã báo sang.", seen="2")
    assert public(app) == [] and reported(app, AGENCY, Q3) == []
    assert GIVEN["shortcoming"] not in console.get(LIST)
    assert GIVEN["shortcoming"] in console.get(f"{LIST}?state=withdrawn")
    shown = words(console.get(page))
    assert "đã rút" in shown and "Việc này của Sở Tư pháp" in shown and GIVEN["solution"] in shown
    for step in ("sua", "cong-bo", "da-xong", "rut"):
        console.post(f"{page}/{step}", 409, **{**GIVEN, **DONE, "why": "Viết nhầm cơ quan", "seen": "3"})
    console.post(f"{page}/hoan-tac", seen="3")
    assert public(app) == [GIVEN["shortcoming"]]


def test_a_report_prints_what_is_new_what_was_done_in_it_and_what_is_still_to_do(
    app: Flask, desk: Desk, set_now: SetNow
) -> None:
    console = desk(Role.AGENCY, AGENCY)
    done_before = published(console, shortcoming="Xong từ quý ba, trước quý tư")
    done_within = published(console, shortcoming="Xong trong quý tư rồi nhé")
    published(console, shortcoming="Quý ba, đến nay vẫn chưa xong", due="2026-09-30")
    published(console, quarter="2026-Q4", shortcoming="Mới nói trong quý tư", due="2027-01-31")
    written(console, shortcoming="Còn là bản nháp, chưa công bố")
    console.post(f"{done_before}/da-xong", **{**DONE, "done_on": "2026-09-30", "seen": "2"})
    console.post(f"{done_within}/da-xong", **{**DONE, "done_on": "2026-10-01", "seen": "2"})
    names = {item.shortcoming for item in reported(app, "14", Q4)}
    assert names == {
        "Xong trong quý tư rồi nhé", "Quý ba, đến nay vẫn chưa xong", "Mới nói trong quý tư"
    }  # fmt: skip
    third = [item.shortcoming for item in reported(app, AGENCY, Q3)]
    assert third[0] == "Quý ba, đến nay vẫn chưa xong", "what is due first comes first"
    assert "Mới nói trong quý tư" not in third and len(third) == 3
    assert reported(app, "31", Q4) == []
    assert "1 việc cải tiến đã công bố mà quá hạn chưa xong" in words(console.get("/quan-tri"))
    assert "quá hạn 51 ngày" in words(console.get(LIST))


def test_a_list_is_found_by_quarter_agency_and_words_without_accents_and_goes_out_as_a_file(
    app: Flask, desk: Desk
) -> None:
    console = desk(Role.PROVINCE, "14")
    published(console)
    published(console, "14-SNV", quarter="2026-Q4", shortcoming='Cổng "treo" buổi sáng, không nộp được')
    for query, hit in (
        ("q=noi+cu+tru", True),
        ("q=nơi+cư", True),
        ("q=treo", False),
        ("quarter=2026-Q3", True),
        ("quarter=2026-Q4", False),
        (f"agency={AGENCY}", True),
        ("state=done", False),
        ("state=published", True),
        ("state=", True),
        ("state=nonsense", False),
    ):
        assert (GIVEN["shortcoming"] in console.get(f"{LIST}?{query}")) is hit, query
    assert "Không có việc nào khớp" in words(console.get(f"{LIST}?q=khongco"))
    rows = list(csv.DictReader(io.StringIO(console.get(f"{LIST}.csv").removeprefix("\ufeff"))))
    assert {row["agency"] for row in rows} == {AGENCY, "14-SNV"} and len(rows) == 2
    first = next(row for row in rows if row["agency"] == AGENCY)
    assert first["shortcoming"] == GIVEN["shortcoming"] and first["due"] == "2026-12-15"
    assert (first["state"], first["version"], first["done_on"]) == ("published", "2", "")
    one = console.get(f"{LIST}.csv?q=treo")
    assert '""treo""' in one and GIVEN["shortcoming"] not in one


def test_another_province_neither_sees_nor_changes_it(app: Flask, desk: Desk) -> None:
    page = published(desk(Role.AGENCY, AGENCY))
    stranger = desk(Role.PROVINCE, "31")
    elsewhere = stranger.get(f"{LIST}?state=")
    assert GIVEN["shortcoming"] not in elsewhere and 'name="quarter"' not in elsewhere
    assert GIVEN["shortcoming"] not in stranger.get(f"{LIST}.csv")
    stranger.get(page, 404)
    for step in ("sua", "cong-bo", "da-xong", "rut", "hoan-tac"):
        stranger.post(f"{page}/{step}", 404, **GIVEN, seen="2")
    stranger.get(f"{LIST}/viet/{AGENCY}", 404)
    auditor = desk(Role.AUDITOR, "14")
    assert "Lịch sử" in auditor.get(page) and "<textarea" not in auditor.get(page)
    auditor.post(f"{page}/rut", 404, why="Viết nhầm cơ quan", seen="2")


def test_those_of_an_agency_that_became_a_part_of_another_come_along(app: Flask, desk: Desk) -> None:
    published(desk(Role.AGENCY, "14-SNV"), "14-SNV")
    with app.app_context(), transaction():
        from app.directory.models import Agency

        gone = db.session.get(Agency, "14-SNV")
        assert gone is not None
        gone.merged_into, gone.valid_to = AGENCY, date(2026, 11, 30)
    assert public(app, AGENCY, Q4) == [GIVEN["shortcoming"]]
    assert public(app, AGENCY, Q3) == [], "when the third quarter could be closed it was still apart"


def test_a_long_list_has_pages_in_the_order_of_what_is_due(app: Flask, desk: Desk) -> None:
    console = desk(Role.AGENCY, AGENCY)
    with app.app_context(), transaction():
        for number in range(53):
            kept = Words("2026-Q3", f"Điều thứ {number:02} mà người dân nói", "Làm ngay", "Sở",
                         NOW.date() + timedelta(days=number))  # fmt: skip
            key = write(AGENCY, kept, by="command:test", now=NOW)
            row = db.session.get_one(ImprovementRow, key)
            publish(row, seen=1, by="command:test", now=NOW)
    first = console.get(LIST)
    assert "Điều thứ 00" in first and "Điều thứ 49" in first and "Điều thứ 50" not in first
    later = re.search(r'rel="next" href="([^"]*)"', first)
    assert later
    second = console.get(later[1].replace("&amp;", "&"))
    assert "Điều thứ 50" in second and "Điều thứ 49" not in second


def test_the_database_lets_nothing_be_done_without_words(app: Flask) -> None:
    from sqlalchemy.exc import IntegrityError

    values: dict[str, Any] = {
        "agency": AGENCY, "number": 1, "quarter": "2026-Q3", "shortcoming": "a", "solution": "b", "lead": "c",
        "due": NOW.date(), "folded": "", "state": "published", "done_words": "",
    }  # fmt: skip
    with app.app_context():
        for wrong in ({"done_on": NOW.date()}, {"state": "gone"}):
            db.session.add(ImprovementRow(**{**values, **wrong}))
            with pytest.raises(IntegrityError):
                db.session.flush()
            db.session.rollback()
