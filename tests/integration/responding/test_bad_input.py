from __future__ import annotations

import io
import unicodedata

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.responding.models import KeptAside, Response
from tests.support.citizens import AGENCY, FORM, post, sheet

PATH = f"/phieu/{AGENCY}"


def count(app: Flask) -> int:
    with app.app_context():
        return sum(
            db.session.scalar(select(func.count()).select_from(table)) or 0 for table in (Response, KeptAside)
        )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"satisfaction": "6"}, "Hãy chọn một mức từ 1 đến 5"),
        ({"satisfaction": "tốt"}, "Hãy chọn trong các phương án có trên phiếu"),
        ({"submit_time": "never"}, "Hãy chọn trong các phương án có trên phiếu"),
        ({"satisfaction": ["5", "1"]}, "Hãy chỉ chọn một phương án"),
        ({"comment": ["a", "b"]}, "Hãy gửi góp ý trong một ô"),
        ({"comment": "x" * 501}, "Góp ý dài quá 500 ký tự"),
        ({"comment": "a\0b"}, "Góp ý có ký tự không đọc được"),
        ({"satisfaction": ""}, "Hãy chọn một mức"),
    ],
)
def test_each_wrong_answer_has_its_own_words_beside_its_question(
    house: Flask, changes: dict[str, str | list[str]], words: str
) -> None:
    page = post(house.test_client(), PATH, {**sheet("5"), **changes})
    assert page.status_code == 400
    assert page.text.count(words) == 2  # in the summary and beside the question
    assert count(house) == 0


@pytest.mark.parametrize("encoded", [b"%ED%A0%80", b"\xed\xa0\x80", b"%FF", b"%E1%BA"])
def test_bytes_that_are_no_unicode_are_refused_and_not_replaced(house: Flask, encoded: bytes) -> None:
    body = f"id={sheet()['id']}&satisfaction=5&comment=".encode() + encoded
    page = house.test_client().post(PATH, data=body, content_type=FORM)
    assert page.status_code == 400
    assert "Góp ý có ký tự không đọc được" in page.text
    assert count(house) == 0


def test_decomposed_vietnamese_is_stored_composed(house: Flask) -> None:
    words = "Ý kiến về thủ tục ở Đồng Nai"
    assert (
        post(house.test_client(), PATH, sheet("5", comment=unicodedata.normalize("NFD", words))).status_code
        == 303
    )
    with house.app_context():
        assert db.session.scalars(select(Response.comment)).one() == words


def test_a_file_in_place_of_a_field_is_refused_in_words(house: Flask) -> None:
    page = house.test_client().post(PATH, data={**sheet("5"), "comment": (io.BytesIO(b"x"), "a.txt")})
    assert page.status_code == 400
    assert "Phiếu không nhận tệp" in page.text
    assert count(house) == 0


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""]
)
def test_another_content_type_is_refused(house: Flask, content_type: str) -> None:
    page = house.test_client().post(PATH, data=b"{}", content_type=content_type)
    assert page.status_code == 415
    assert "Định dạng không được nhận" in page.text


def test_a_body_beyond_the_limit_is_refused(house: Flask) -> None:
    page = post(house.test_client(), PATH, sheet("5", comment="x" * 100_000))
    assert page.status_code == 413
    assert "Nội dung quá dài" in page.text
    assert count(house) == 0


def test_a_body_of_unannounced_length_is_refused_since_nobody_knows_whether_it_is_whole(house: Flask) -> None:
    body = f"id={sheet()['id']}&satisfaction=5".encode()
    chunked = {"wsgi.input_terminated": True, "CONTENT_LENGTH": None}
    page = house.test_client().post(
        PATH, input_stream=io.BytesIO(body), content_type=FORM, environ_overrides=chunked
    )
    assert page.status_code == 411
    assert "Yêu cầu không ghi độ dài" in page.text
    assert count(house) == 0


def test_half_a_body_from_a_broken_connection_is_not_stored(house: Flask) -> None:
    """The server ends the body where the line broke, as if that were all."""
    body = f"id={sheet()['id']}&satisfaction=5&comment=R%E1%BA%A5t".encode()
    broken = {"wsgi.input_terminated": True, "CONTENT_LENGTH": str(len(body) + 20)}
    page = house.test_client().post(
        PATH, input_stream=io.BytesIO(body), content_type=FORM, environ_overrides=broken
    )
    assert page.status_code == 400
    assert "bị đứt giữa chừng" in page.text
    assert count(house) == 0


@pytest.mark.parametrize("encoded", [b"%ZZ", b"100%", b"%1", b"%u1EA5"])
def test_a_broken_escape_is_refused_and_not_stored_as_words(house: Flask, encoded: bytes) -> None:
    body = f"id={sheet()['id']}&satisfaction=5&comment=".encode() + encoded
    page = house.test_client().post(PATH, data=body, content_type=FORM)
    assert page.status_code == 400
    assert "Nội dung gửi lên bị hỏng" in page.text
    assert count(house) == 0


@pytest.mark.parametrize("response_id", ["", "1", "00000000-0000-1000-8000-000000000000", "Z" * 36])
def test_an_id_that_is_no_random_uuid_is_refused(house: Flask, response_id: str) -> None:
    page = post(house.test_client(), PATH, {"id": response_id, "satisfaction": "5"})
    assert page.status_code == 400
    assert "Phiếu thiếu mã" in page.text


def test_two_ids_or_two_hundred_fields_are_refused(house: Flask) -> None:
    client = house.test_client()
    assert post(client, PATH, sheet("5", id=[sheet()["id"], sheet()["id"]])).status_code == 400
    page = post(client, PATH, {**sheet("5"), "x": ["1"] * 300})
    assert page.status_code == 400
    assert "quá nhiều mục" in page.text
    assert count(house) == 0


def test_only_posts_that_a_browser_calls_cross_site_are_refused_whatever_their_origin(house: Flask) -> None:
    client = house.test_client()
    refused = post(client, PATH, sheet("5"), headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    for headers in (
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": "https://khac.vn"},
        {"Sec-Fetch-Site": "none"},
    ):
        assert post(client, PATH, sheet("5"), headers=headers).status_code == 303
    assert client.get(PATH, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
