"""Villages as people type them: what is read, what is named as wrong, and that no line is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given, settings
from hypothesis import strategies as st

from app.fieldwork.villages import VillageLine, read_villages, village_code

COMMUNES = {"03646", "04111"}


@pytest.fixture(autouse=True, scope="module")
def words() -> Iterator[None]:
    """Messages need an application, and nothing of ours."""
    app = Flask(__name__)
    Babel(app, default_locale="vi")
    with app.test_request_context():
        yield


def test_a_table_with_headings_is_read_whatever_separates_its_columns() -> None:
    for mark in (",", ";", "\t"):
        head = mark.join(("xã", "số", "tên", "cần làm"))
        rows = ("3646", "1", "Bản Mòng", "20"), ("04111", "12", '"Tổ 2, khu B"', "5")
        text = "\n".join([f"\ufeff{head}", *(mark.join(row) for row in rows), ""])
        good, bad = read_villages(text, COMMUNES)
        assert bad == []
        assert good == [
            VillageLine("03646-01", "03646", "Bản Mòng", 20),
            VillageLine("04111-12", "04111", "Tổ 2, khu B", 5),
        ]


def test_where_there_is_one_commune_its_column_may_be_left_out() -> None:
    good, bad = read_villages("1, Bản Mòng, 20\n03646, 2, Bản Cá, 10", COMMUNES, "03646")
    assert [line.village for line in good] == ["03646-01", "03646-02"] and bad == []


def test_every_bad_line_is_named_by_its_number_and_why() -> None:
    lines = [
        "99999, 1, Bản A, 20",
        "03646, 0, Bản B, 20",
        "03646, 1000, Bản C, 20",
        "03646, 3, , 20",
        "03646, 4, Bản D, 0",
        "03646, 5, Bản E, nhiều",
        "03646, 6, Bản F, 5",
        "03646, 6, Bản G, 5",
        "một dòng lạ 1",
        '03646, 7, "Bản H, 5',
    ]
    good, bad = read_villages("\n".join(lines), COMMUNES)
    assert [line.name for line in good] == ["Bản F"]
    assert [line.number for line in bad] == [1, 2, 3, 4, 5, 6, 8, 9, 10]
    assert "dòng 7" in bad[6].why and "99999" in bad[0].why


def test_numbers_have_two_digits_or_three() -> None:
    assert [village_code("03646", number) for number in (7, 42, 100)] == ["03646-07", "03646-42", "03646-100"]


@settings(max_examples=25)
@given(st.lists(st.text(max_size=20), max_size=12))
def test_no_line_that_says_something_is_lost(lines: list[str]) -> None:
    """Each is read or named, but for a first line without a digit, which is a heading."""
    text = "\n".join(lines)
    good, bad = read_villages(text, COMMUNES, "03646")
    told = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    heading = bool(told) and text.lstrip("\ufeff").splitlines()[0].strip() == told[0].strip()
    most = len(told)
    least = most - (1 if heading and not any(letter.isdigit() for letter in told[0]) else 0)
    assert least <= len(good) + len(bad) <= most
