from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import urlencode

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.comments.models import Contact
from app.extensions import db
from tests.support import citizens
from tests.support.citizens import AGENCY, post
from tests.support.contacts import code_on, filled, leave

FORM = f"/lien-he?agency={AGENCY}"


@pytest.fixture
def visitor(app: Flask, set_now: Callable[[datetime], None]) -> Iterator[FlaskClient]:
    set_now(citizens.NOW)
    citizens.prepare(app)
    yield app.test_client()


def contacts(client: FlaskClient) -> list[Contact]:
    with client.application.app_context():
        return list(db.session.scalars(select(Contact)))


def test_consent_is_not_ticked_beforehand_and_nothing_is_kept_without_it(visitor: FlaskClient) -> None:
    page = visitor.get(FORM).text
    assert re.search(r'type="checkbox"[^>]*>', page)
    assert "checked" not in page
    fields = filled(visitor)
    del fields["consent"]
    refused = post(visitor, FORM, fields)
    assert refused.status_code == 400
    assert "Cần Ông/Bà đồng ý" in refused.text
    assert "Xin gọi buổi chiều" in refused.text
    assert contacts(visitor) == []


def test_a_contact_is_kept_with_agency_day_and_the_words_agreed_to_and_its_code_is_shown_once(
    visitor: FlaskClient,
) -> None:
    page = post(visitor, FORM, filled(visitor))
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "no-store"
    code = code_on(page.text)
    (contact,) = contacts(visitor)
    assert (contact.agency, contact.day.isoformat()) == (AGENCY, "2026-11-20")
    assert (contact.address, contact.message) == ("0912 345 678", "Xin gọi buổi chiều")
    assert contact.consent_text in unescape(visitor.get(FORM).text)
    assert code.encode() not in contact.code_hash


def test_the_code_shows_and_withdraws_the_contact_for_good(visitor: FlaskClient) -> None:
    code = code_on(post(visitor, FORM, filled(visitor)).text)
    typed = visitor.get("/lien-he", query_string={"code": " ".join(re.findall(".{5}", code.lower()))})
    assert (typed.status_code, typed.headers["Location"]) == (303, f"/lien-he/{code}")
    assert "0912 345 678" in visitor.get(f"/lien-he/{code}").text
    assert "Đã xóa" in post(visitor, f"/lien-he/{code}", {}).text
    assert contacts(visitor) == []
    assert visitor.get(f"/lien-he/{code}").status_code == 404
    assert post(visitor, f"/lien-he/{code}", {}).status_code == 404


def test_sending_the_form_twice_leaves_one_contact_and_one_code(visitor: FlaskClient) -> None:
    fields = filled(visitor)
    assert code_on(post(visitor, FORM, fields).text) == code_on(post(visitor, FORM, fields).text)
    assert len(contacts(visitor)) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"address": ""}, "Hãy ghi số điện thoại hoặc địa chỉ thư điện tử"),
        ({"address": "gọi tôi"}, "Hãy ghi số điện thoại hoặc địa chỉ thư điện tử"),
        ({"address": "a@b.vn" + "x" * 300}, "Hãy ghi số điện thoại hoặc địa chỉ thư điện tử"),
        ({"message": "x" * 1001}, "Lời nhắn dài quá 1.000 ký tự"),
        ({"message": "a\0b"}, "Có ký tự không đọc được"),
        ({"nonce": "1"}, "Trang này đã cũ"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_kept(
    visitor: FlaskClient, changes: dict[str, str], words: str
) -> None:
    page = post(visitor, FORM, filled(visitor, **changes))
    assert page.status_code == 400
    assert words in page.text
    html5lib.HTMLParser(strict=True).parse(page.text)
    assert contacts(visitor) == []


def test_an_empty_form_names_what_is_needed(visitor: FlaskClient) -> None:
    page = post(visitor, FORM, {})
    assert page.status_code == 400
    assert "Hãy ghi số điện thoại" in page.text
    assert "Cần Ông/Bà đồng ý" in page.text


def test_an_old_page_is_made_fresh_so_that_sending_again_succeeds(visitor: FlaskClient) -> None:
    page = post(visitor, FORM, filled(visitor, nonce="cũ"))
    assert "vừa được làm mới" in page.text
    fresh = re.search(r'name="nonce" value="([0-9a-f]{32})"', page.text)
    assert fresh
    assert post(visitor, FORM, filled(visitor, nonce=fresh[1])).status_code == 200
    assert len(contacts(visitor)) == 1


def test_a_field_sent_twice_or_a_file_or_another_format_is_refused_in_words(visitor: FlaskClient) -> None:
    fields = filled(visitor)
    for page, code, words in (
        (post(visitor, FORM, [*fields.items(), ("address", "a@b.vn")]), 400, "Có ô được gửi hai lần"),
        (visitor.post(FORM, data={**fields, "message": (io.BytesIO(b"x"), "a.txt")}), 400, "không nhận tệp"),
        (visitor.post(FORM, json=fields), 415, "Định dạng không được nhận"),
        (post(visitor, FORM, {**fields, "message": "x" * 70_000}), 413, "Nội dung quá dài"),
    ):
        assert (page.status_code, words in page.text) == (code, True)
        assert page.headers["Cache-Control"] == "no-store"
    assert contacts(visitor) == []


def test_half_a_contact_from_a_broken_connection_is_not_kept(visitor: FlaskClient) -> None:
    body = urlencode(filled(visitor)).encode()
    for length, code in ((str(len(body) + 9), 400), (None, 411)):
        broken = {"wsgi.input_terminated": True, "CONTENT_LENGTH": length}
        page = visitor.post(
            FORM, input_stream=io.BytesIO(body), content_type=citizens.FORM, environ_overrides=broken
        )
        assert page.status_code == code
    assert contacts(visitor) == []


def test_letters_that_are_no_unicode_are_named_and_never_break_the_page(visitor: FlaskClient) -> None:
    body = urlencode({**filled(visitor), "message": "MARK"}).encode().replace(b"MARK", b"%ED%A0%80%FF")
    page = visitor.post(FORM, data=body, content_type=citizens.FORM)
    assert (page.status_code, "Có ký tự không đọc được" in page.text) == (400, True)
    assert contacts(visitor) == []


def test_another_site_cannot_speak_for_a_person(visitor: FlaskClient) -> None:
    page = post(visitor, FORM, filled(visitor), headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 403
    assert contacts(visitor) == []


def test_an_unknown_agency_or_code_is_not_found(visitor: FlaskClient) -> None:
    assert post(visitor, "/lien-he?agency=99-KHONG", filled(visitor)).status_code == 404
    assert post(visitor, "/lien-he", filled(visitor)).status_code == 404
    assert visitor.get("/lien-he/" + "A" * 20).status_code == 404
    assert visitor.get("/lien-he/x").status_code == 404


@pytest.mark.parametrize("path", ["/lien-he", "/lien-he?province=14", FORM, FORM + "&lang=en"])
def test_pages_are_valid_html(visitor: FlaskClient, path: str) -> None:
    html5lib.HTMLParser(strict=True).parse(visitor.get(path).text)


def test_above_the_budget_of_a_minute_nothing_that_was_typed_is_lost(
    visitor: FlaskClient, set_now: Callable[[datetime], None]
) -> None:
    app = visitor.application
    app.extensions["hailong"] = replace(app.extensions["hailong"], contacts_per_minute=2)
    for _ in range(2):
        leave(visitor)
    fields = filled(visitor, message="Giấy tờ của tôi bị mất")
    page = post(visitor, FORM, fields)
    assert (page.status_code, page.headers["Retry-After"]) == (429, "10")
    html5lib.HTMLParser(strict=True).parse(page.text)
    shown = unescape(page.text)
    assert "hãy đợi một phút rồi bấm Gửi lần nữa" in shown
    for text in ("0912 345 678", "Giấy tờ của tôi bị mất", fields["nonce"]):
        assert text in shown
    assert re.search(r'name="consent" value="y" checked', shown)
    assert len(contacts(visitor)) == 2
    # Another agency is not concerned, and a minute later the same form goes through.
    leave(visitor, citizens.OTHER_AGENCY)
    set_now(citizens.NOW + timedelta(minutes=1))
    assert post(visitor, FORM, fields).status_code == 200
    assert len(contacts(visitor)) == 4


def test_a_mistake_uses_nothing_of_the_budget(visitor: FlaskClient) -> None:
    app = visitor.application
    app.extensions["hailong"] = replace(app.extensions["hailong"], contacts_per_minute=1)
    assert post(visitor, FORM, filled(visitor, address="gọi tôi")).status_code == 400
    assert post(visitor, FORM, filled(visitor)).status_code == 200


def test_the_privacy_page_says_how_long_a_contact_is_kept_here(visitor: FlaskClient) -> None:
    app = visitor.application
    app.extensions["hailong"] = replace(app.extensions["hailong"], contact_done_days=14, contact_days=90)
    page = unescape(visitor.get("/rieng-tu").text)
    assert "xóa 14 ngày sau khi xong việc, chậm nhất 90 ngày sau khi để lại" in page


def test_codes_that_nobody_was_given_are_slow_to_guess_and_a_true_one_still_opens(
    visitor: FlaskClient, set_now: Callable[[datetime], None]
) -> None:
    code = leave(visitor)
    app = visitor.application
    app.extensions["hailong"] = replace(app.extensions["hailong"], unknown_tokens_per_minute=3)
    app.extensions.pop("contact_limits")
    guesses = [f"/lien-he/{letter * 20}" for letter in "ABCDE"]
    assert [visitor.get(path).status_code for path in guesses] == [404, 404, 404, 429, 429]
    assert post(visitor, guesses[0], {}).status_code == 429
    assert visitor.get(f"/lien-he/{code}").status_code == 200
    set_now(citizens.NOW + timedelta(minutes=1))
    assert visitor.get(guesses[0]).status_code == 404
