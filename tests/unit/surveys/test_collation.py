from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.collation import collation_key, fold

PROVINCES_IN_ORDER = [
    "An Giang", "Bắc Ninh", "Cà Mau", "Cao Bằng", "Cần Thơ", "Đà Nẵng", "Đắk Lắk", "Điện Biên",
    "Đồng Nai", "Đồng Tháp", "Gia Lai", "Hà Nội", "Hà Tĩnh", "Hải Phòng", "Huế", "Hưng Yên",
    "Khánh Hòa", "Lai Châu", "Lạng Sơn", "Lào Cai", "Lâm Đồng", "Nghệ An", "Ninh Bình", "Phú Thọ",
    "Quảng Ngãi", "Quảng Ninh", "Quảng Trị", "Sơn La", "Tây Ninh", "Thái Nguyên", "Thanh Hóa",
    "Thành phố Hồ Chí Minh", "Tuyên Quang", "Vĩnh Long",
]  # fmt: skip


def in_order(names: list[str]) -> list[str]:
    """Sorted from the wrong end, so that equal keys would not pass as ordered."""
    backwards = names[::-1]
    return sorted(backwards, key=collation_key)


def test_the_34_provinces_stand_in_the_order_of_the_alphabet() -> None:
    assert len(PROVINCES_IN_ORDER) == 34
    assert in_order(PROVINCES_IN_ORDER) == PROVINCES_IN_ORDER


@pytest.mark.parametrize(
    "ordered",
    [
        list("aăâbcdđeêghiklmnoôơpqrstuưvxy"),
        ["ma", "mà", "mả", "mã", "má", "mạ"],
        ["a", "ạ", "ă", "ặ", "â", "ậ", "b"],
        ["da", "dy", "đa", "đy", "e"],
        ["mà", "ma b"],
        ["An", "An Giang", "Ăn"],
        ["Sở Công Thương", "Sở Y tế", "Ủy ban"],
        ["Xã A", "Xã B 2", "Xã B C"],
        ["hà", "Hà", "hả"],
    ],
)
def test_letters_come_first_then_tones_then_capitals(ordered: list[str]) -> None:
    assert in_order(ordered) == ordered


def test_both_spellings_of_unicode_sort_alike() -> None:
    decomposed = [unicodedata.normalize("NFD", name) for name in PROVINCES_IN_ORDER]
    assert in_order(decomposed) == decomposed


def test_a_dash_between_words_weighs_as_one_space() -> None:
    assert collation_key("Bà Rịa - Vũng Tàu")[:3] == collation_key("Bà Rịa Vũng Tàu")[:3]


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=12), st.text(max_size=12))
def test_different_texts_never_share_a_key(one: str, two: str) -> None:
    same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", two)
    assert (collation_key(one) == collation_key(two)) is same


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Sở Khoa học và Công nghệ", "so khoa hoc va cong nghe"),
        ("ĐỒNG ĐĂNG", "dong dang"),
        ("  Đắk   Lắk ", "dak lak"),
        (unicodedata.normalize("NFD", "Quảng Ngãi"), "quang ngai"),
    ],
)
def test_search_knows_no_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_the_two_ways_to_place_a_tone_are_one_in_search() -> None:
    assert fold("Khánh Hòa") == fold("Khánh Hoà")
