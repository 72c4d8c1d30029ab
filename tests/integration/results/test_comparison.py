"""Places beside each other: what is said of two is what their intervals carry, and no more."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.improvements.actions import Words, publish, write
from app.improvements.models import ImprovementRow
from app.transactions import transaction
from tests.integration.results.conftest import NOW


def words(text: str) -> str:
    return re.sub(r"[ \n]+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def test_a_difference_is_told_where_the_intervals_do_not_touch(published: Flask, client: FlaskClient) -> None:
    """51-SKHCN 90 of 100, 51-SNV 60 of 100, 14-SKHCN 91 of 100."""
    page = words(client.get("/so-sanh?ky=2026-Q3&noi=51-SKHCN&noi=51-SNV").text)
    assert "Sở Khoa học và Công nghệ cao hơn Sở Nội vụ." in page
    assert "90,0" in page and "60,0" in page
    page = words(client.get("/so-sanh?ky=2026-Q3&noi=51-SKHCN&noi=14-SKHCN").text)
    pair = "Sở Khoa học và Công nghệ (Quảng Ngãi) và Sở Khoa học và Công nghệ (Sơn La)"
    assert f"{pair}: chưa thấy khác nhau rõ rệt." in page
    assert "cao hơn S" not in page
    assert "không có nghĩa là hai nơi bằng nhau" in page
    assert "n là số phiếu" in page
    assert "bm" not in page


def test_nothing_is_said_of_a_place_that_may_not_be_judged(published: Flask, client: FlaskClient) -> None:
    """Tư pháp is hidden: no number of it, no word about it."""
    page = words(client.get("/so-sanh?ky=2026-Q3&noi=14-STP&noi=51-SNV").text)
    assert "Sở Tư pháp và Sở Nội vụ: chưa so sánh được, vì ít phiếu" in page
    assert re.search(r"Sở Tư pháp Tỉnh Sơn La\s+bm\s+bm\s+bm", page)
    assert "“bm” (bảo mật thống kê)" in page
    assert not re.search(r"(?<![\d.,])(23|19)(?![\d.,])", page)


def test_a_part_beside_its_whole_is_named_as_such(published: Flask, client: FlaskClient) -> None:
    page = words(client.get("/so-sanh?ky=2026-Q3&noi=VN&noi=14-SNV").text)
    assert "có chung một phần phiếu" in page
    assert "Các nơi này khác loại" in page


@pytest.mark.parametrize(("query", "message"), (
    ("ky=2026-Q3&noi=14-SNV&noi=khong-co", "Không có nơi nào mang mã “khong-co” trong quý III năm 2026."),
    ("ky=2031-Q9&noi=14-SNV", "Chưa công bố kỳ nào có mã “2031-Q9”."),
    ("noi=14-SNV&noi=14-SKHCN&noi=51-SNV&noi=51-SKHCN&noi=14", "Chỉ so sánh được bốn nơi một lúc"),
    ("noi=<b>&noi=😀", "Không có nơi nào mang mã “<b>”"),
))  # fmt: skip
def test_what_cannot_be_followed_is_said_and_the_rest_is_shown(
    published: Flask, client: FlaskClient, query: str, message: str
) -> None:
    response = client.get(f"/so-sanh?{query}")
    assert response.status_code == 400
    assert response.headers["Cache-Control"] == "no-store"
    assert message in words(response.text)
    assert "<b>" not in response.text
    if "14-SNV" in query:
        assert "Sở Nội vụ" in response.text


def test_places_are_found_by_name_added_and_taken_away(published: Flask, client: FlaskClient) -> None:
    page = client.get("/so-sanh?ky=2026-Q3&noi=14-SNV&tim=khoa+hoc").text
    added = "/so-sanh?ky=2026-Q3&amp;noi=14-SNV&amp;noi=51-SKHCN"
    assert f'href="{added}"' in page
    page = client.get(unescape(added)).text
    assert 'href="/so-sanh?ky=2026-Q3&amp;noi=51-SKHCN">Bỏ' in page
    assert "Không thấy nơi nào có tên “zzz”" in client.get("/so-sanh?tim=zzz").text
    assert client.get("/so-sanh?noi=14-SNV&noi=14-SNV").status_code == 200
    full = client.get("/so-sanh?noi=14-SNV&noi=14-SKHCN&noi=51-SNV&noi=51-SKHCN&tim=son").text
    assert "Đã đủ bốn nơi" in full


@pytest.mark.parametrize("path", (
    "/so-sanh", "/so-sanh?ky=2026-Q3&noi=14-SNV&noi=14-STP&noi=VN&noi=51", "/so-sanh?noi=14-SNV&lang=en",
    "/ket-qua/2026-Q3/51", "/", "/lich-cong-bo", "/dinh-chinh",
))  # fmt: skip
def test_new_pages_are_valid_html(published: Flask, client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    html5lib.HTMLParser(strict=True).parse(page)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "style=" not in page
    assert page.count("<h1") == 1


def test_the_map_shows_every_province_of_the_nation_and_nobody_else(
    published: Flask, client: FlaskClient
) -> None:
    page = client.get("/ket-qua").text
    drawing = page[page.index('aria-labelledby="map-title') :].partition("</svg>")[0]
    assert "Sơn" in drawing and "Quảng" in drawing
    rates = re.findall(r">([\d,]+\xa0%)</text>", drawing)
    assert len(rates) == 2
    assert all(rate in page.partition("</svg>")[2] or rate in words(page) for rate in rates)
    assert 'aria-labelledby="map-title' not in client.get("/ket-qua/2026-Q3/14").text


def test_ranks_stand_in_groups_and_the_rest_apart(published: Flask, client: FlaskClient) -> None:
    page = words(client.get("/ket-qua/2026-Q3/51").text)
    part = page[page.index("Xếp hạng theo nhóm") :].partition("Các yếu tố")[0]
    assert re.search(
        r"Cao hơn rõ rệt so với các đơn vị còn lại Sở Khoa học và Công nghệ khoảng hạng 1/2", part
    )
    assert re.search(r"Thấp hơn rõ rệt so với các đơn vị còn lại Sở Nội vụ khoảng hạng 2/2", part)
    assert "Xếp hạng theo nhóm" not in words(client.get("/ket-qua/2026-Q3/14").text)


def test_an_agency_says_what_it_does_about_what_people_said(
    published: Flask, client: FlaskClient, set_now: Callable[[datetime], None]
) -> None:
    """Published words appear within five minutes, though the page itself is kept; drafts never do."""
    assert "Chúng tôi làm" not in client.get("/ket-qua/2026-Q3/14-SNV").text
    given = Words("2026-Q3", "Phải khai lại nơi cư trú", "Tự điền từ dữ liệu dân cư", "Sở Nội vụ", NOW.date())
    with published.app_context(), transaction():
        key = write("14-SNV", given, by="command:test", now=NOW)
    set_now(NOW + timedelta(seconds=300))
    assert "Chúng tôi làm" not in client.get("/ket-qua/2026-Q3/14-SNV").text
    with published.app_context(), transaction():
        row = db.session.get(ImprovementRow, key)
        assert row is not None
        publish(row, seen=row.number, by="command:test", now=NOW)
    set_now(NOW + timedelta(seconds=600))
    for path in ("/ket-qua/2026-Q3/14-SNV", "/ket-qua/2026-Q3/14"):
        page = words(client.get(path).text)
        assert "Ông/Bà nói: Phải khai lại nơi cư trú" in page
        assert "Hẹn xong trước hết ngày 20/10/2026." in page
    assert "Chúng tôi làm" not in client.get("/ket-qua/2026-Q3/14-SKHCN").text
