"""Which passwords are too easy to guess."""

from __future__ import annotations

import unicodedata

import pytest

from app.accounts import passwords
from app.accounts.passwords import is_guessable

PERSONAL = ("Nguyễn Thị Lan", "Lan", "lan.nguyen@haiphong.gov.vn", "haiphong")


@pytest.mark.parametrize(
    "password",
    [
        "matkhau123456",
        "Mật khẩu của tôi 2026",
        "HaiLong@123456",
        "hài lòng hài lòng",
        "qwertyuiop123",
        "poiuytrewq2026",
        "aaaaaaaaaaaaaaaa",
        "123456789012",
        "abcdefghijkl",
        "P@ssw0rd1234!",
        "sonoivu@2026!!",
        "Sở Nội vụ 1234",
        "UBND-HaiPhong-2026",
        "anhyeuem1234567",
        "lan.nguyen2026!",
        "NguyenThiLan1990",
        "Việt Nam vô địch",
    ],
)
def test_what_anybody_would_try_first_is_refused(password: str) -> None:
    assert is_guessable(password, PERSONAL)


@pytest.mark.parametrize(
    "password",
    [
        "bò xanh đọc báo sáng",
        "correct horse battery staple",
        "Xk9#mQ2$vL7p",
        "mưa to thì ở nhà",
        "ngựa tím leo cột điện",
    ],
)
def test_what_takes_long_to_guess_is_taken_without_capitals_or_signs(password: str) -> None:
    assert not is_guessable(password, PERSONAL)


def test_the_own_name_is_refused_only_to_its_owner() -> None:
    assert is_guessable("quỳnh trâm quỳnh trâm", ("Quỳnh Trâm", "Quỳnh", "Trâm"))
    assert not is_guessable("quỳnh trâm quỳnh trâm", ())


def test_the_same_letters_are_the_same_password_however_they_are_composed() -> None:
    password = "bò xanh đọc báo sáng"
    kept = passwords.hash_password(unicodedata.normalize("NFD", password))
    assert kept.startswith("$argon2id$")
    assert passwords.matches(password, kept)
    assert not passwords.matches(password + " ", kept)


def test_the_costs_are_not_below_the_floor() -> None:
    assert passwords.MEMORY_KIBIBYTES >= 19 * 1024
    assert passwords.PASSES >= 2
    assert not passwords.is_outdated(passwords.hash_password("x"))


def test_nobody_has_the_password_of_nobody() -> None:
    assert not passwords.matches("a password that nobody has", None)
