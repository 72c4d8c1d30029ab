"""What could name a person is hidden; what only looks like it stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.redaction import PATTERNS, redact


@pytest.mark.parametrize(
    ("kind", "text", "secret"),
    [
        ("thư điện tử", "Gửi về nguyen.van-a+1@tinh.sonla.gov.vn nhé", "nguyen.van-a+1@tinh.sonla.gov.vn"),
        ("thư điện tử", "mail: ABC_9@gmail.com.", "ABC_9@gmail.com"),
        ("mã hồ sơ", "Hồ sơ 000.00.53.H48-220921-0099 bị trễ", "000.00.53.H48-220921-0099"),
        ("mã hồ sơ", "Hồ sơ H48.53-250701-0099 bị trễ", "H48.53-250701-0099"),
        ("mã hồ sơ", "Công an: G01.899.108.000-250701-0001", "G01.899.108.000-250701-0001"),
        ("số căn cước", "CCCD 014095012345 của tôi", "014095012345"),
        ("số căn cước", "số 014 095 012 345", "014 095 012 345"),
        ("số căn cước", "số 014.095.012.345", "014.095.012.345"),
        ("số điện thoại", "gọi 0912345678", "0912345678"),
        ("số điện thoại", "gọi 0912 345 678 giúp", "0912 345 678"),
        ("số điện thoại", "gọi 0912.345.678", "0912.345.678"),
        ("số điện thoại", "gọi 091-234-5678", "091-234-5678"),
        ("số điện thoại", "gọi +84 912 345 678", "+84 912 345 678"),
        ("số điện thoại", "gọi 84912345678", "84912345678"),
        ("số điện thoại", "ĐT.0352345678", "0352345678"),
        ("số điện thoại", "máy bàn 0225 3822 123", "0225 3822 123"),
        ("số điện thoại", "máy bàn (024) 38251234", "(024) 38251234"),
        ("số điện thoại", "máy bàn +84 24 38251234", "+84 24 38251234"),
        ("số điện thoại", "gọi 09 12 34 56 78", "09 12 34 56 78"),
        ("số điện thoại", "gọi (+84) 912 345 678", "(+84) 912 345 678"),
        ("số điện thoại", "gọi +84 (0)912 345 678", "+84 (0)912 345 678"),
        ("số điện thoại", "gọi 0912\u2011345\u2011678", "0912\u2011345\u2011678"),
        ("số điện thoại", "gọi (0912) 345 678", "(0912) 345 678"),
        ("số điện thoại", "gọi (0912) 345.678 nhé", "(0912) 345.678"),
        ("số điện thoại", "gọi (091) 234-5678", "(091) 234-5678"),
        ("số điện thoại", "gọi (0912)345678", "(0912)345678"),
        ("số điện thoại", "gọi (0912)-345-678", "(0912)-345-678"),
        ("số điện thoại", "gọi ( 0912) 345 678", "( 0912) 345 678"),
        ("số điện thoại", "gọi (+84912) 345 678", "(+84912) 345 678"),
        ("số điện thoại", "số (09) 12345678", "(09) 12345678"),
        ("dãy số dài", "tài khoản 1903 4567 8901", "1903 4567 8901"),
        ("mã số thuế", "MST: 0200123456", "0200123456"),
        ("mã số thuế", "mst 0200123456-001", "0200123456-001"),
        ("biển số xe", "xe 26A-123.45", "26A-123.45"),
        ("biển số xe", "xe máy 15B1 12345", "15B1 12345"),
        ("biển số xe", "xe 29LĐ-123.45", "29LĐ-123.45"),
        ("số hộ chiếu", "hộ chiếu C1234567", "C1234567"),
        ("số hộ chiếu", "hộ chiếu P12345678", "P12345678"),
        ("số chứng minh nhân dân", "CMND 123456789", "123456789"),
        ("dãy số dài", "tài khoản 19001234567890", "19001234567890"),
        ("dãy số dài", "sổ 12345678", "12345678"),
    ],
)
def test_what_names_a_person_is_hidden(kind: str, text: str, secret: str) -> None:
    assert secret in text
    shown = redact(text)
    assert shown.counts == {kind: 1}
    assert shown.text == text.replace(secret, f"[đã che {kind}]")


@pytest.mark.parametrize("hidden", ["0912\u200b345678", "0912\u00a0345\u00a0678", "0\u202e912345678"])
def test_letters_that_nobody_sees_and_odd_spaces_hide_no_number(hidden: str) -> None:
    assert redact(f"gọi {hidden} nhé").text == "gọi [đã che số điện thoại] nhé"


@pytest.mark.parametrize(
    "text",
    [
        "Lệ phí 1.000.000 đồng",
        "Các năm 2024 2025",
        "Lệ phí 1.000.000.000 đồng, phí 25.000đ",
        "Thủ tục 1.000028 và 2.000535",
        "Thủ tục 1.001612.000.00.00.H48",
        "Hạn 30/11/2026, nộp ngày 15-8-2025",
        "Quý IV năm 2025, giai đoạn 2025 - 2026",
        "Quyết định số 1565/QĐ-TTg ngày 18/7/2025",
        "Kế hoạch 169/KH-UBND, Thông tư 11/2025/TT-BKHCN",
        "Gọi tổng đài 1022 lúc 8 giờ 30 phút",
        "Tôi chờ 45 ngày, đi lại 03 lần, hài lòng 92,5 %",
        "Xã có 3.321 hộ, phường 21548",
        "Phiên bản 1.0.12, tầng 2, phòng 205",
        "Đề án 06, Nghị định 42/2022/NĐ-CP",
        "Trang dichvucong.gov.vn lỗi @ trang chủ",
        "VNeID mức 2, iPhone 15",
        "Phụ lục (05) 12 tháng, (03) 45 ngày",
        "Mục (08) 1.000.000 đồng",
        "Điều 3 (khoản 5) 2024 2025",
        "",
    ],
)
def test_ordinary_numbers_stay(text: str) -> None:
    assert redact(text).text == text
    assert redact(text).counts == {}


def test_several_secrets_in_one_comment_are_counted_by_kind() -> None:
    shown = redact("Gọi 0912345678 hoặc 0352345678, thư a@b.vn, CCCD 014095012345")
    assert shown.counts == {"số điện thoại": 2, "thư điện tử": 1, "số căn cước": 1}
    assert shown.total == 4
    assert not any(character.isdigit() for character in shown.text)


def test_decomposed_letters_are_composed_before_anything_is_sought() -> None:
    decomposed = unicodedata.normalize("NFD", "Xe 29LĐ-123.45 của bà Hằng")
    shown = redact(decomposed).text
    assert shown == "Xe [đã che biển số xe] của bà Hằng"
    assert unicodedata.is_normalized("NFC", shown)


LETTERS = st.text(alphabet="0123456789 .,-+@()[]:AHĐhàmstMSTv", max_size=60)


@given(LETTERS)
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact(text)
    again = redact(once.text)
    assert again.text == once.text
    assert again.counts == {}


@given(LETTERS)
def test_nothing_that_matches_a_pattern_is_left(text: str) -> None:
    shown = redact(text).text
    assert not any(pattern.search(shown) for _, pattern in PATTERNS)
