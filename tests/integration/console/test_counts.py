"""Numbers of answers for staff: what everybody may know once the quarter is closed, tens before that."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask

from app.accounts.roles import Role
from app.transactions import transaction
from tests.support.staff import Console, words
from tests.support.tallies import TallyWriter

Desk = Callable[..., Console]


@pytest.fixture
def counted(app: Flask, desk: Desk) -> Desk:
    """A closed quarter with an agency to hide, and one that is open."""
    with app.app_context(), transaction():
        closed = TallyWriter("2026-Q3")
        closed.rated("14-SKHCN", (30, 40, 15, 10, 5))
        closed.rated("14-SNV", (3, 2, 1, 1, 0))
        closed.rated("14-STP", (10, 8, 3, 1, 1))
        closed.rated("31-SKHCN", (80, 15, 3, 1, 1))
        closed.write()
        open_one = TallyWriter("2026-Q4")
        open_one.rated("14-SKHCN", (20, 15, 5, 5, 2))
        open_one.rated("14-SKHCN", (3, 0, 0, 0, 0), channel="qr")
        open_one.rated("14-SNV", (5, 4, 0, 0, 0))
        open_one.values("14-SKHCN", "_set_aside", {"too-fast": 13, "honeypot": 4}, channel="web")
        open_one.rated("31-SKHCN", (50, 0, 0, 0, 0))
        open_one.write()
    return desk


def row(page: str, name: str) -> list[str]:
    """The cells of one line of the table."""
    line = page[page.index(f">{name}<") :]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", line[: line.index("</tr>")], flags=re.DOTALL)
    return [" ".join(unescape(re.sub("<[^>]*>", " ", cell)).split()) for cell in cells]


def test_an_open_quarter_is_told_in_tens(counted: Desk) -> None:
    page = counted().get("/quan-tri/so-phieu")
    assert "quý IV năm 2026" in words(page)
    link, qr, aside = row(page, "Sở Khoa học và Công nghệ")
    assert (link, qr) == ("40+", "bm")
    assert (
        aside == ("Gửi nhanh hơn thời gian đọc hết phiếu: 10+; Điền vào ô ẩn mà người đọc không thấy: bm")
        or aside == "Điền vào ô ẩn mà người đọc không thấy: bm; Gửi nhanh hơn thời gian đọc hết phiếu: 10+"
    )
    assert row(page, "Sở Nội vụ")[0] == "bm"
    assert "47" not in words(page)


def test_an_open_number_stands_for_a_day(app: Flask, counted: Desk) -> None:
    """Whoever reloads the page must not see the next answer arrive."""
    console = counted()
    before = words(console.get("/quan-tri/so-phieu"))
    with app.app_context(), transaction():
        more = TallyWriter("2026-Q4")
        more.rated("14-STC", (60, 0, 0, 0, 0))
        more.write()
    assert words(console.get("/quan-tri/so-phieu")) == before


def test_a_closed_quarter_hides_what_the_public_page_hides(counted: Desk) -> None:
    page = counted().get("/quan-tri/so-phieu?quarter=2026-Q3")
    assert row(page, "Sở Khoa học và Công nghệ")[0] == "100"
    assert row(page, "Sở Nội vụ")[0] == "bm"
    assert row(page, "Sở Tư pháp")[0] == "bm"
    assert "23" not in words(page)


def test_a_closed_quarter_hides_how_few_were_set_aside(app: Flask, counted: Desk) -> None:
    with app.app_context(), transaction():
        more = TallyWriter("2026-Q3")
        more.values("14-SKHCN", "_set_aside", {"too-fast": 31, "honeypot": 4}, channel="web")
        more.values("14-SNV", "_set_aside", {"honeypot": 5}, channel="web")
        more.write()
    page = counted().get("/quan-tri/so-phieu?quarter=2026-Q3")
    assert "Điền vào ô ẩn mà người đọc không thấy: bm" in row(page, "Sở Khoa học và Công nghệ")[-1]
    assert "Gửi nhanh hơn thời gian đọc hết phiếu: 31" in row(page, "Sở Khoa học và Công nghệ")[-1]
    assert row(page, "Sở Nội vụ")[-1] == "Điền vào ô ẩn mà người đọc không thấy: bm"


def test_a_closed_quarter_hides_a_small_way_beside_a_large_one(app: Flask, counted: Desk) -> None:
    with app.app_context(), transaction():
        more = TallyWriter("2026-Q2")
        for agency in ("14-SKHCN", "14-STP"):
            more.rated(agency, (30, 40, 15, 10, 5))
            more.rated(agency, (3, 1, 0, 0, 0), channel="qr")
        more.write()
    page = counted().get("/quan-tri/so-phieu?quarter=2026-Q2")
    link, qr, *_aside = row(page, "Sở Khoa học và Công nghệ")
    assert (link, qr) == ("100", "bm")


def test_a_closed_quarter_shows_an_agency_only_itself(counted: Desk) -> None:
    own = words(counted(Role.AGENCY, "14-SNV").get("/quan-tri/so-phieu?quarter=2026-Q3"))
    assert "Sở Nội vụ" in own and "Sở Khoa học" not in own and "Sở Tư pháp" not in own


def test_each_sees_the_places_of_ones_own(counted: Desk) -> None:
    own = words(counted(Role.AGENCY, "14-SNV").get("/quan-tri/so-phieu"))
    assert "Sở Nội vụ" in own and "Sở Khoa học" not in own
    auditor = counted(Role.AUDITOR, "31").get("/quan-tri/so-phieu?province=14")
    assert row(auditor, "Sở Khoa học và Công nghệ")[0] == "50+"
    nation = words(counted(Role.MINISTRY, "nation").get("/quan-tri/so-phieu"))
    assert "Tỉnh Sơn La" in nation and "Thành phố Hải Phòng" in nation and "Sở" not in nation
    below = counted(Role.MINISTRY, "nation").get("/quan-tri/so-phieu?province=31")
    assert row(below, "Sở Khoa học và Công nghệ")[0] == "50+"


@pytest.mark.parametrize("quarter", ("2026-Q9", "1999-Q1", "x" * 300, ""))
def test_an_unknown_quarter_is_the_newest(counted: Desk, quarter: str) -> None:
    assert "quý IV năm 2026" in words(counted().get(f"/quan-tri/so-phieu?quarter={quarter}"))


def test_without_answers_the_page_says_how_they_come(desk: Desk) -> None:
    page = words(desk().get("/quan-tri/so-phieu"))
    assert "Chưa có phiếu nào" in page
    assert "quý IV năm 2026" in page and "quý III năm 2026" not in page, "what is closed has figures or none"
