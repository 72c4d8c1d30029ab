"""Codes of authenticators, against the vectors of RFC 6238."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.accounts import totp

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(second: int, code: str) -> None:
    now = datetime.fromtimestamp(second, UTC)
    assert totp.code_at(SECRET, totp.step_of(now)) == code
    assert totp.matching_step(SECRET, code, now) == second // 30


@pytest.mark.parametrize(("off", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(off: int, accepted: bool) -> None:
    now = datetime(2026, 11, 20, 3, tzinfo=UTC)
    code = totp.code_at(SECRET, totp.step_of(now) + off)
    assert (totp.matching_step(SECRET, code, now) is not None) is accepted


def test_spaces_do_not_matter_but_nothing_else_is_taken() -> None:
    now = datetime.fromtimestamp(59, UTC)
    assert totp.matching_step(SECRET, " 287 082\n", now) == 1
    for wrong in ("", "28708", "2870820", "28708٢", "287082x", "२८७०८२", "-287082"):
        assert totp.matching_step(SECRET, wrong, now) is None


def test_a_step_that_was_spent_is_not_matched_again() -> None:
    now = datetime.fromtimestamp(59, UTC)
    assert totp.matching_step(SECRET, "287082", now, after=1) is None


def test_the_address_names_the_product_and_the_person() -> None:
    assert totp.address(SECRET, "lan@bo.vn") == (
        "otpauth://totp/H%C3%A0i%20L%C3%B2ng%3Alan%40bo.vn"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=H%C3%A0i+L%C3%B2ng"
    )
