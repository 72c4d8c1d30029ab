"""Results pages as people read them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session, scoped_session

from app.directory import choosing
from app.directory.models import Unit
from app.editions import comparison_views, views
from app.plans import target_for
from app.results import queries
from app.results.models import QuarterState
from surveys.comparison import Sample, compare
from surveys.criteria import judge
from surveys.printing import NBSP, change_text, interval_text, percent, thresholds_note
from tests.integration.results.conftest import BEGIN, NOW
from tests.support.editions import close_and_publish, publish_all, revise_all
from tests.support.tallies import TallyWriter

PAGES = ("/ket-qua", "/ket-qua/2026-Q3/14", "/ket-qua/2026-Q3/14-SKHCN", "/ket-qua/2026-Q3/14-SXD",
         "/ket-qua/2026-Q4", "/phuong-phap", "/phuong-phap?lang=en", "/tim?q=noi+vu", "/tim")  # fmt: skip


class _Words(HTMLParser):
    """What a reader sees and hears, without tags."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def words(page: str) -> str:
    parser = _Words()
    parser.feed(page)
    return re.sub(r"[ \n]+", " ", " ".join(parser.parts))


def test_the_answer_stands_first_in_the_words_of_the_method(published: Flask, client: FlaskClient) -> None:
    page = words(client.get("/ket-qua/2026-Q3/14-SKHCN").text)
    found = queries.get_figures("14-SKHCN", "2026-Q3")
    target = target_for("14", 2026)
    assert target is not None
    cell = found.official
    verdict = judge(cell.rate, cell.interval, target, n=cell.n, n_eff=cell.n_eff, response_rate=None)
    assert f"91,0{NBSP}% hài lòng" in page
    assert "trên 100 phiếu" in page
    assert cell.interval is not None
    assert interval_text(cell.interval, against=(target.limit,)) in page
    assert f"Chỉ tiêu từ 95{NBSP}% trở lên: {verdict.verdict} – {verdict.words}" in page
    assert f"tăng: {change_text(compare(Sample.simple(70, 100), Sample.simple(91, 100)))}" in page
    assert page.index("91,0") < page.index("Năm mức hài lòng")
    assert thresholds_note() in page
    assert "Kế hoạch số 169/KH-UBND" in page


def test_every_channel_stands_apart_with_its_n(published: Flask, client: FlaskClient) -> None:
    page = words(client.get("/ket-qua/2026-Q3/14-SKHCN").text)
    assert "Kênh mở – không phải số liệu chính thức" in page
    assert re.search(r"Mã QR tại cơ quan 73,2\s%\s+58,1–84,3\s%\s+41", page)
    assert "Vừa nộp xong" in page
    assert "Gửi nhanh hơn thời gian đọc hết phiếu 12" in page


def test_a_hidden_place_prints_no_number_anywhere(published: Flask, client: FlaskClient) -> None:
    """7 and 23 answers, 5 and 19 satisfied, in the page of the place, of its province and of the nation."""
    for path in ("/ket-qua/2026-Q3/14-STP", "/ket-qua/2026-Q3/14-SXD"):
        page = re.sub(r"[0-9a-f]{12,64}|[\d.,]+\s(kB|MB|byte)", "", words(client.get(path).text))
        assert "bảo mật thống kê: có quá ít phiếu" in page
        assert not re.search(r"(?<![\d.,])(23|19|7)(?![\d.,])", page.partition("Cách đọc")[0])
        assert percent(19 / 23) not in page
    province = words(client.get("/ket-qua/2026-Q3/14?kind=all").text)
    # A hash may hold any digits, and the size of a file too.
    province = re.sub(r"[0-9a-f]{12,64}|[\d.,]+\s(kB|MB|byte)", "", province)
    for name in ("Sở Tư pháp", "Sở Xây dựng"):
        assert re.search(name + r"\s+bm\s+bm\s+bm\s+bm\s+bm", province), name
    assert not re.search(r"(?<![\d.,])23(?![\d.,])", province)


def test_the_nation_is_named_only_when_every_province_has_figures(
    published: Flask, client: FlaskClient, session: scoped_session[Session]
) -> None:
    assert "<h1>Cả nước</h1>" in client.get("/ket-qua").text
    session.add(Unit(code="19", valid_from=BEGIN, name="Tỉnh Thái Nguyên", level="province"))
    session.execute(update(QuarterState).values(moves=7))
    session.commit()
    revise_all(NOW)
    assert "<h1>2/3 tỉnh, thành phố có số liệu</h1>" in client.get("/ket-qua").text
    for path in ("/ket-qua", "/ket-qua/2026-Q4", "/ket-qua/2026-Q3/14"):
        assert "Cả nước" not in client.get(path).text, path


def test_agencies_are_filtered_by_kind_and_sorted(published: Flask, client: FlaskClient) -> None:
    def order(query: str) -> list[str]:
        page = client.get("/ket-qua/2026-Q3/14" + query).text
        return re.findall(r'<tr><th scope="row"><a href="[^"]*/([^/"]+)">', page.partition("h-data")[0])

    assert order("") == ["14-SKHCN", "14-SNV", "14-STP", "14-SXD"]
    assert order("?kind=commune") == ["03646"]
    assert order("?kind=all&sort=name") == ["14-SKHCN", "14-SNV", "14-STP", "14-SXD", "03646"]
    assert order("?kind=nonsense&sort=nonsense") == order("")


def test_ranks_are_shown_where_the_plan_asks(published: Flask, client: FlaskClient) -> None:
    assert "Khoảng hạng" in client.get("/ket-qua/2026-Q3/51").text
    assert "Khoảng hạng" not in client.get("/ket-qua/2026-Q3/14").text


def test_the_open_quarter_tells_only_a_rounded_number(
    published: Flask, client: FlaskClient, session: scoped_session[Session]
) -> None:
    writer = TallyWriter("2026-Q4")
    writer.rated("14-SKHCN", (30, 8, 0, 0, 0))
    writer.rated("14-SNV", (3, 1, 0, 0, 0))
    writer.rated("14-SNV", (90, 0, 0, 0, 0), channel="qr")
    writer.write()
    session.commit()
    page = words(client.get("/ket-qua/2026-Q4/14-SKHCN").text)
    assert "ít nhất 30 phiếu" in page
    assert "38" not in page
    assert "Ngày công bố: 25/01/2027. Lịch công bố" in page
    assert "ít nhất 40 phiếu" in words(client.get("/ket-qua/2026-Q4").text)
    assert "chưa đến 10 phiếu" in words(client.get("/ket-qua/2026-Q4/14-SNV").text)


@pytest.mark.parametrize("path", (
    "/ket-qua/2026-Q3/khong-co", "/ket-qua/2026-Q5", "/ket-qua/2026-q3", "/ket-qua/2026-Q3/..",
    "/ket-qua/2031-Q1", "/ket-qua/2019-Q1", "/ket-qua/x/14", "/ket-qua/2026-Q4/khong-co", "/ket-qua/%00",
    "/ket-qua/2026-Q3/%00", "/ket-qua/2026-Q3/%ED%A0%80", "/ket-qua/%FF%FE", "/ket-qua/9999-Q4",
    "/ket-qua/1900-Q1/14", "/ket-qua/２０２６-Q3", "/ket-qua/2026-Q3/Ấ😀", "/ket-qua/" + "a" * 5000,
))  # fmt: skip
def test_what_does_not_exist_is_not_found(published: Flask, client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "Không tìm thấy trang" in response.text


def test_the_code_of_a_place_leads_to_its_latest_quarter(published: Flask, client: FlaskClient) -> None:
    assert client.get("/ket-qua/2026-Q3/VN").headers["Location"] == "/ket-qua/2026-Q3"
    assert client.get("/ket-qua/14-SNV").headers["Location"] == "/ket-qua/2026-Q3/14-SNV"


def test_an_empty_service_says_when_there_will_be_results(country: Flask, client: FlaskClient) -> None:
    response = client.get("/ket-qua")
    assert response.status_code == 200
    assert "Chưa có quý nào để công bố" in response.text


def test_names_are_found_with_and_without_accents(published: Flask, client: FlaskClient) -> None:
    for text in ("sở nội vụ sơn la", "so noi vu son la"):
        page = client.get("/tim", query_string={"q": text}).text
        assert "/ket-qua/2026-Q3/14-SNV" in page
        assert "14-SKHCN" not in page
    assert "/ket-qua/2026-Q3/51" in client.get("/tim?q=quang+ngai").text
    assert "Không thấy cơ quan nào" in client.get("/tim?q=zzz").text
    assert "&lt;b&gt;" in client.get("/tim?q=<b>").text


def test_where_more_is_found_than_is_shown_the_page_says_so(
    published: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {"/tim?q=so": views, "/so-sanh?tim=so": comparison_views, "/phieu?q=so": choosing}
    for path, module in pages.items():
        assert "Còn nơi khác" not in client.get(path).text
        monkeypatch.setattr(module, "MOST_FOUND", 2)
        page = client.get(path).text
        assert "Còn nơi khác cũng có những chữ này" in page
        assert len(re.findall(r"<li><a[^>]*>(?:Thêm |Sở )", page)) == 2


def test_a_place_whose_channels_show_nothing_says_why(published: Flask, client: FlaskClient) -> None:
    page = words(client.get("/ket-qua/2026-Q3/14-SXD").text)
    assert "Từng kênh Số phiếu của từng kênh ở nơi này được bảo mật thống kê. Cách đọc" in page


def test_who_has_lost_the_way_is_shown_others(client: FlaskClient) -> None:
    page = client.get("/ket-qua/2026-Q5?lang=en").text
    for path in ("/tim", "/lich-cong-bo", "/phieu"):
        assert f'href="{path}?lang=en"' in page
    assert 'href="/tim' not in client.get("/quan-tri/khong-co").text


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_valid_html(published: Flask, client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    html5lib.HTMLParser(strict=True).parse(page)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "style=" not in page
    assert page.count("<h1") == 1


def test_a_closed_page_is_kept_compressed_and_sent_once(published: Flask, client: FlaskClient) -> None:
    first = client.get("/ket-qua/2026-Q3/14", headers={"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert first.headers["Vary"] == "Accept-Encoding"
    again = client.get("/ket-qua/2026-Q3/14", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    plain = client.get("/ket-qua/2026-Q3/14")
    assert "Content-Encoding" not in plain.headers
    assert "Tỉnh Sơn La" in plain.text


def test_a_kept_page_is_made_again_when_its_period_is_revised(
    published: Flask, client: FlaskClient, session: scoped_session[Session]
) -> None:
    assert "trên 100 phiếu" in client.get("/ket-qua/2026-Q3/14-SKHCN").text
    writer = TallyWriter("2026-Q3")
    writer.rated("14-SKHCN", (11, 0, 0, 0, 0), channel="import")
    writer.write()
    session.commit()
    close_and_publish("2026-Q3.r1", NOW, reason="Phiếu đến muộn")
    assert "trên 111 phiếu" in client.get("/ket-qua/2026-Q3/14-SKHCN").text
    assert "trên 111 phiếu" in client.get("/ket-qua/2026-Q3.r1/14-SKHCN").text


def test_an_unexpected_address_is_never_kept_for_others(published: Flask, client: FlaskClient) -> None:
    assert "evil" in client.get("/ket-qua/2026-Q3/14?utm=evil").text
    assert "evil" not in client.get("/ket-qua/2026-Q3/14").text


def test_the_method_prints_the_thresholds_of_the_code(client: FlaskClient) -> None:
    for path in ("/phuong-phap", "/phuong-phap?lang=en"):
        page = words(client.get(path).text)
        assert "10–29" in page
        assert "30–49" in page
        assert "1565/QĐ-TTg" in page


def test_a_link_in_english_stays_in_english(published: Flask, client: FlaskClient) -> None:
    page = client.get("/ket-qua/2026-Q3/14-SKHCN?lang=en").text
    assert '<html lang="en">' in page
    assert "91.0%" in page
    assert "/ket-qua/2026-Q3/14?lang=en" in page
    assert "Very satisfied" in page
    assert "Finding and reaching the service" in page


def test_before_the_eleventh_a_quarter_is_open_and_then_it_waits_for_two_persons(
    counted: Flask, client: FlaskClient, set_now: Callable[[datetime], None]
) -> None:
    set_now(datetime(2026, 10, 10, 16, 59, 59, tzinfo=UTC))
    assert "chưa khép lại" in client.get("/ket-qua/2026-Q3").text
    begun = datetime(2026, 10, 10, 17, tzinfo=UTC)
    set_now(begun)
    assert "đang được kiểm tra và chưa công bố" in client.get("/ket-qua/2026-Q3").text
    publish_all(begun)
    assert "Năm mức hài lòng" in client.get("/ket-qua/2026-Q3").text
