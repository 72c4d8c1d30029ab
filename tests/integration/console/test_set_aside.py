"""Quarantined answers in the console: numbers in tens, and a decision about a group by two persons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from flask import Flask

from app.accounts.roles import Role
from app.extensions import db
from app.results.models import QuarantineReview
from app.transactions import transaction
from tests.support.staff import PERSON, Console, words
from tests.support.tallies import TallyWriter

Desk = Callable[..., Console]
SetNow = Callable[[datetime], None]
NOW = datetime(2026, 10, 5, 3, 0, tzinfo=UTC)
LIST = "/quan-tri/de-rieng"
GROUP = f"{LIST}/2026-Q3/14-SKHCN/too-fast"


@pytest.fixture
def aside(app: Flask, desk: Desk, set_now: SetNow) -> Desk:
    """The third quarter is over and not yet to be closed."""
    with app.app_context(), transaction():
        quarter = TallyWriter("2026-Q3")
        quarter.values("14-SKHCN", "_set_aside", {"too-fast": 23, "honeypot": 4, "two-agencies": 31})
        quarter.values("14-SKHCN", "_set_aside", {"too-fast": 14}, channel="web")
        quarter.values("14-SNV", "_set_aside", {"no-time": 10})
        quarter.values("31-SKHCN", "_set_aside", {"too-fast": 50})
        quarter.write()
    set_now(NOW)
    return desk


def test_staff_see_groups_in_tens_and_no_small_number(aside: Desk) -> None:
    page = words(aside().get(LIST))
    assert "quý III năm 2026" in page
    assert "14-SKHCN Gửi nhanh hơn thời gian đọc hết phiếu 30+ chưa xem xét" in page
    assert "14-SKHCN Điền vào ô ẩn mà người đọc không thấy dưới 10 chưa xem xét" in page
    assert "37" not in page and "hai cơ quan 3" not in page and "31-SKHCN" not in page
    assert "31-SKHCN" in words(aside(Role.MINISTRY, "nation").get(LIST))


def test_each_quarter_shows_its_own_groups(app: Flask, aside: Desk) -> None:
    with app.app_context(), transaction():
        earlier = TallyWriter("2026-Q2")
        earlier.values("14-SNV", "_set_aside", {"honeypot": 64})
        earlier.write()
    page = words(aside().get(f"{LIST}?quarter=2026-Q2"))
    assert "14-SNV Điền vào ô ẩn mà người đọc không thấy 60+" in page and "14-SKHCN" not in page
    assert "60+" not in words(aside().get(LIST))


def test_the_home_page_names_groups_that_can_still_be_decided(
    app: Flask, aside: Desk, set_now: SetNow
) -> None:
    line = "2 nhóm phiếu để riêng chờ xem xét Trước ngày 11/10/2026"
    assert line in words(aside().get("/quan-tri"))
    assert "để riêng chờ xem xét" not in words(aside(Role.AGENCY, "14-SKHCN").get("/quan-tri"))
    set_now(datetime(2026, 10, 10, 17, 0, tzinfo=UTC))
    assert "để riêng chờ xem xét" not in words(aside().get("/quan-tri"))


def test_what_was_decided_about_another_group_decides_nothing_here(app: Flask, aside: Desk) -> None:
    def decided(quarter: str, agency: str, reason: str) -> None:
        with app.app_context(), transaction():
            db.session.add(
                QuarantineReview(
                    quarter=quarter, agency=agency, reason=reason, number=1, act="release", why="g",
                    approval=uuid4(), proposed_by="a", decided_by="b", decided_at=NOW,
                )
            )  # fmt: skip

    decided("2026-Q2", "14-SKHCN", "too-fast")
    decided("2026-Q3", "14-SKHCN", "honeypot")
    decided("2026-Q3", "31-SKHCN", "too-fast")
    console = aside()
    assert "2 nhóm phiếu để riêng chờ xem xét" in words(console.get("/quan-tri"))
    assert "14-SKHCN Gửi nhanh hơn thời gian đọc hết phiếu 30+ chưa xem xét" in words(console.get(LIST))
    decided("2026-Q3", "14-SKHCN", "too-fast")
    assert "1 nhóm phiếu để riêng chờ xem xét" in words(console.get("/quan-tri"))
    assert "đọc hết phiếu 30+ đưa vào số liệu" in words(console.get(LIST))


def test_a_review_is_proposed_here_and_decided_elsewhere(app: Flask, aside: Desk) -> None:
    console = aside()
    page = words(console.get(GROUP))
    assert "đưa vào số liệu" in page and "loại khỏi số liệu" in page and "Trước ngày 11/10/2026" in page
    sent = console.post(GROUP, act="release", reason="Ngày hội một cửa")
    proposal = words(console.get(sent.headers["Location"]))
    assert "Đã gửi đề xuất" in proposal and "Ngày hội một cửa" in proposal
    assert "đưa vào số liệu: Sở Khoa học và Công nghệ, quý III năm 2026" in proposal
    assert "Không phiếu nào bị xóa hay sửa" in proposal
    assert "Tỉnh Sơn La (14)" in proposal and "37" not in proposal
    again = console.get(GROUP)
    assert "đang chờ quyết định" in words(again) and "<textarea" not in again
    assert "Việc này đã được đề xuất" in words(console.post(GROUP, 409, act="leave-out", reason="x").text)


def test_bad_input_is_answered_at_the_field_and_nothing_is_lost(aside: Desk) -> None:
    console = aside()
    page = console.post(GROUP, 400, act="delete", reason="Ngày hội <một> cửa").text
    assert "Hãy chọn một trong các đề xuất" in words(page)
    assert "Ngày hội &lt;một&gt; cửa" in page
    page = console.post(GROUP, 400, act="release", reason=" ").text
    assert "Hãy ghi lý do" in words(page) and "checked" in page
    small = f"{LIST}/2026-Q3/14-SKHCN/honeypot"
    assert "đưa vào số liệu" not in words(console.get(small))
    console.post(small, 400, act="release", reason="x")


@pytest.mark.parametrize(
    "path",
    [
        "2026-Q3/31-SKHCN/too-fast",
        "2026-Q3/14-SKHCN/two-agencies",
        "2026-Q3/14-SKHCN/budget",
        "2026-Q2/14-SKHCN/too-fast",
        "2026-Q9/14-SKHCN/too-fast",
        "x/14-SKHCN/too-fast",
    ],
)
def test_what_is_not_there_or_not_mine_is_not_found(aside: Desk, path: str) -> None:
    aside().get(f"{LIST}/{path}", 404)
    aside().post(f"{LIST}/{path}", 404, act="leave-out", reason="x")


def test_outside_the_days_of_a_review_there_is_no_form(aside: Desk, set_now: SetNow) -> None:
    for at, said in (
        (datetime(2026, 9, 30, 16, 0, tzinfo=UTC), "Quý chưa hết"),
        (datetime(2026, 10, 11, 3, 0, tzinfo=UTC), "Quý đã đến hạn chốt"),
    ):
        set_now(at)
        page = aside().get(GROUP)
        assert said in words(page) and "<textarea" not in page
        aside().post(GROUP, 400, act="release", reason="x")
    assert "không quyết định lại được" in words(aside().get(LIST))


def test_a_released_group_can_be_left_out_again(app: Flask, aside: Desk) -> None:
    with app.app_context(), transaction():
        db.session.add(
            QuarantineReview(
                agency="14-SKHCN", quarter="2026-Q3", reason="too-fast", number=1, act="release",
                why="Đã xem", approval=PERSON, proposed_by="person-1", decided_by=str(PERSON), decided_at=NOW,
            )
        )  # fmt: skip
    page = aside().get(GROUP)
    assert "05/10/2026 10:00, đưa vào số liệu: person-1 đề xuất, Lò Thị Mai chấp thuận" in words(page)
    assert 'value="leave-out"' in page and 'value="release"' not in page


def test_without_answers_the_page_says_what_comes_here(desk: Desk) -> None:
    assert "Không có phiếu nào để riêng" in words(desk().get(LIST))
