"""Revisions in the open: what changed and why, the feed, and how long each address may be kept."""

from __future__ import annotations

import csv
import gzip
import io
import re
from datetime import timedelta
from html import unescape
from xml.etree.ElementTree import fromstring

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.editions.listing import get_edition
from app.transactions import transaction
from tests.integration.results.conftest import NOW
from tests.support.editions import close_and_publish
from tests.support.tallies import TallyWriter

NS = "{http://www.w3.org/2005/Atom}"


def words(text: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


@pytest.fixture
def revised(published: Flask) -> Flask:
    """Eleven answers of a file came late."""
    with published.app_context():
        with transaction():
            writer = TallyWriter("2026-Q3")
            writer.rated("14-SKHCN", (11, 0, 0, 0, 0), channel="import")
            writer.write()
        close_and_publish("2026-Q3.r1", NOW, reason="Phiếu đến muộn & <b>")
    return published


def test_a_page_says_from_which_frozen_set_it_was_made(published: Flask, client: FlaskClient) -> None:
    page = client.get("/ket-qua/2026-Q3/14-SKHCN").text
    with published.app_context():
        sha256 = get_edition("2026-Q3").sha256
    block = words(page[page.index('aria-labelledby="h-edition"') :])
    assert "Kỳ công bố Mã 2026-Q3 Chốt số liệu 20/10/2026 10:00 Công bố 20/10/2026 10:00" in block
    assert f"{sha256[:12]}… {sha256}" in block
    assert "đính chính" not in block.partition("Hài Lòng –")[0]
    assert 'href="/ket-qua/2026-Q3.r0/14-SKHCN"' in page


def test_the_edition_before_stays_readable_and_leads_to_the_new_one(
    revised: Flask, client: FlaskClient
) -> None:
    old = client.get("/ket-qua/2026-Q3.r0/14-SKHCN")
    assert "trên 100 phiếu" in words(old.text)
    assert "Bản này đã được đính chính. Xem bản mới" in words(old.text).partition("hài lòng Trong quý")[0]
    assert 'href="/ket-qua/2026-Q3/14-SKHCN">Xem bản mới' in old.text
    assert 'href="/ket-qua/2026-Q3.r0/14"' in old.text, "its links stay in the edition"
    new = client.get("/ket-qua/2026-Q3/14-SKHCN").text
    assert "trên 111 phiếu" in words(new)
    assert "Bản này đã được đính chính." not in new
    assert "Bản đính chính lần 1. Đã đổi gì" in words(new).partition("hài lòng Trong quý")[0]
    assert "Phiếu đến muộn &amp; &lt;b&gt;" in new
    assert "Bản công bố lần đầu" in new


def test_only_what_was_overtaken_may_be_kept_for_long(revised: Flask, client: FlaskClient) -> None:
    kept = {path: client.get(path).headers["Cache-Control"] for path in (
        "/ket-qua/2026-Q3", "/ket-qua/2026-Q3.r1", "/ket-qua/2026-Q3.r0", "/ket-qua/2026-Q2.r0",
    )}  # fmt: skip
    assert list(kept.values()) == ["public, max-age=300"] * 2 + [
        "public, max-age=2592000, immutable", "public, max-age=300",
    ]  # fmt: skip
    tag = client.get("/ket-qua/2026-Q3").headers["ETag"]
    assert client.get("/ket-qua/2026-Q3", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("path", (
    "/ket-qua/2026-Q3.r2", "/ket-qua/2026-Q1.r0", "/ket-qua/2026-Q3.r00", "/ket-qua/2026-Q3.r0.r0",
    "/ket-qua/14.r0", "/dinh-chinh/2026-Q3", "/dinh-chinh/2026-Q3.r2", "/dinh-chinh/x", "/dinh-chinh/x.csv",
    "/dinh-chinh/2026-Q3.r0",
))  # fmt: skip
def test_what_was_never_published_is_not_found(revised: Flask, client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_log_names_every_number_that_changed(revised: Flask, client: FlaskClient) -> None:
    log = words(client.get("/dinh-chinh").text)
    assert "Quý III năm 2026 (đính chính lần 1)" in log
    assert "Phiếu đến muộn & <b>" in log
    page = words(client.get("/dinh-chinh/2026-Q3.r1").text)
    changed = r"Sở Khoa học và Công nghệ Tỷ lệ hài lòng 91,0\s% \([^)]*\); n = 100 91,9\s% \([^)]*\); n = 111"
    assert re.search(changed, page)
    assert re.search(
        r"Tệp đã xác minh nguồn, sau khi có kết quả – từ [\d,]+\s% trở lên \([^)]*\); n = 11", page
    )
    content = client.get("/dinh-chinh/2026-Q3.r1.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert {row["ma_noi"] for row in rows} == {"VN", "14", "14-SKHCN"}
    assert all(row["truoc"] != row["sau"] for row in rows)


def test_the_table_of_changes_names_questions_in_the_language_of_the_page(
    published: Flask, client: FlaskClient
) -> None:
    with published.app_context():
        with transaction():
            writer = TallyWriter("2026-Q3")
            writer.rated("14-SKHCN", (20, 10, 5, 3, 2), channel="import", question="access")
            writer.write()
        close_and_publish("2026-Q3.r1", NOW, reason="Phiếu đến muộn")
    english = words(client.get("/dinh-chinh/2026-Q3.r1?lang=en").text)
    assert "Tìm và truy cập dịch vụ" not in english
    assert "Finding and reaching the service" in english


def test_a_hidden_number_stays_hidden_in_the_table_of_changes(revised: Flask, client: FlaskClient) -> None:
    """Xây dựng has 7 answers and Tư pháp 23: neither edition shows them, so no difference does."""
    content = client.get("/dinh-chinh/2026-Q3.r1.csv").data.decode("utf-8-sig")
    assert "14-SXD" not in content
    assert "14-STP" not in content


def test_the_feed_has_every_publication_and_revision(revised: Flask, client: FlaskClient) -> None:
    response = client.get("/ket-qua.atom")
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    entries = fromstring(response.data).findall(NS + "entry")
    titles = [entry.findtext(NS + "title") for entry in entries]
    assert sorted(map(str, titles)) == [
        "Kết quả quý II năm 2026", "Kết quả quý III năm 2026", "Kết quả quý III năm 2026 (đính chính lần 1)",
    ]  # fmt: skip
    revision = next(entry for entry in entries if "lần 1" in str(entry.findtext(NS + "title")))
    assert "Lý do đính chính: Phiếu đến muộn & <b>" in str(revision.findtext(NS + "content"))


@pytest.mark.parametrize("path", (
    "/lich", "/phuong-phap", "/ket-qua.atom", "/lich-cong-bo.ics", "/lich.ics", "/dinh-chinh/2026-Q3.r1.csv",
    "/toan-ven/2026-Q3.csv",
))  # fmt: skip
def test_what_programs_fetch_again_and_again_is_sent_where_it_has_changed(
    revised: Flask, client: FlaskClient, path: str
) -> None:
    first = client.get(path)
    assert first.data
    # A calendar bears the time at which it was made.
    revised.extensions["clock"] = lambda: NOW + timedelta(minutes=5)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(path, headers={"If-None-Match": '"x"'}).data == first.data


@pytest.mark.parametrize("path", ("/", "/ket-qua", "/lich", "/lich-cong-bo", "/phuong-phap", "/dinh-chinh"))
def test_what_everybody_reads_is_sent_compressed(revised: Flask, client: FlaskClient, path: str) -> None:
    sent = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert sent.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(sent.data).decode() == client.get(path).text


def test_the_english_feed_leads_to_english_pages(revised: Flask, client: FlaskClient) -> None:
    feed = fromstring(client.get("/ket-qua.atom?lang=en").data)
    links = [str(link.get("href")) for link in feed.iter(NS + "link")]
    assert all(link.endswith("?lang=en") for link in links)
    assert links[0] == feed.findtext(NS + "id")


def test_the_way_in_tells_the_newest_quarter_in_one_sentence(revised: Flask, client: FlaskClient) -> None:
    page = words(client.get("/").text)
    nation = words(client.get("/ket-qua").text)
    rate = re.search(r"([\d,]+\s%) hài lòng", nation)
    assert rate is not None
    assert f"{rate[1]} hài lòng" in page
    assert "Cả nước, quý III năm 2026: trên" in page
    assert "Kỳ sắp công bố: tháng 10 năm 2026, ngày 13/11/2026" in page


def test_the_way_in_speaks_english_too(published: Flask, client: FlaskClient) -> None:
    page = client.get("/?lang=en").text
    assert '<html lang="en">' in page
    assert "Q3 2026" in words(page)
    assert 'href="/ket-qua?lang=en"' in page


def test_before_anything_is_published_the_way_in_says_so(country: Flask, client: FlaskClient) -> None:
    page = words(client.get("/").text)
    assert "Chưa có kỳ nào được công bố." in page
    assert "Chưa có kỳ nào được công bố." in words(client.get("/lich-cong-bo").text)
    assert "Chưa có bản đính chính nào." in words(client.get("/dinh-chinh").text)
    assert fromstring(client.get("/ket-qua.atom").data).findall(NS + "entry") == []
