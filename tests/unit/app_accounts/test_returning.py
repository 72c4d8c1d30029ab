"""Signing in leads back into the console and nowhere else."""

from __future__ import annotations

import pytest

from app.accounts.returning import way_back
from tests.support.bypasses import BYPASSES


@pytest.mark.parametrize(
    "address",
    [
        *BYPASSES,
        "",
        "\t//evil.vn",
        "/quan-tri/x\r\nSet-Cookie: a=b",
        "/quan-tri/x\n",
        "\u202e/quan-tri/x",
        "/quan-tri/\0x",
        "/quan-tri/" + "a" * 600,
    ],
)
def test_other_places_are_refused(address: str) -> None:
    assert way_back(address) == ""


def test_there_are_at_least_fifty_forms() -> None:
    assert len(BYPASSES) >= 50


@pytest.mark.parametrize(
    "address",
    [
        "/quan-tri/nguoi-dung",
        "/quan-tri/phien",
        "/quan-tri/nhat-ky?nguoi=a%20b&trang=2",
        "/quan-tri/co-quan/14-SKHCN",
    ],
)
def test_pages_of_the_console_are_kept(address: str) -> None:
    assert way_back(address) == address
