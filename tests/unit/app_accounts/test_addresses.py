"""One mailbox has one spelling here, and no other spelling becomes it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.queries import is_email, is_new_email, normal_email


@pytest.mark.parametrize(
    "text",
    [
        "lan@bo.vn",
        " Lan@Bo.VN ",
        "nguyen-thi.lan_2@so-kh.haiphong.gov.vn",
        "o'hara@bo.vn",
        "lan@xn--b-rxa.vn",
    ],
)
def test_plain_addresses_are_taken_whatever_their_case(text: str) -> None:
    assert is_new_email(normal_email(text))
    assert normal_email(text) == text.strip().lower()


@pytest.mark.parametrize(
    "text",
    [
        "", "lan", "lan@", "@bo.vn", "lan@bo", "lan@bo.vn.", "lan@.bo.vn", "lan@bo..vn", "lan.@bo.vn",
        ".lan@bo.vn", "la..n@bo.vn", "lan+1@bo.vn", "lan+@bo.vn", '"lan"@bo.vn', "lan(x)@bo.vn", "lan @bo.vn",
        "lan@bo.vn (x)", "lan@[127.0.0.1]", "lan@127.0.0.1", "lan@-bo.vn", "lan@bo-.vn", "a@b@bo.vn",
        "lan@bo.vn\n",
        "lan%x@bo.vn", "<lan@bo.vn>", "lan@bo.vn,mai@bo.vn", "lan;mai@bo.vn", "a" * 65 + "@bo.vn",
        "lan@" + "b" * 64 + ".vn",
    ],
)  # fmt: skip
def test_other_spellings_are_given_to_nobody(text: str) -> None:
    given = text if text.endswith("\n") else normal_email(text)
    assert not is_new_email(given)


# Kelvin, full width, Cyrillic, dotless, a ligature, a soft hyphen, a mark above, an invisible blank, a small
# k of mathematics, a full stop of Chinese, and a word from right to left.
LOOKALIKES = ("\u212aim", "\uff4bim", "k\u0456m", "k\u0131m", "\ufb01m", "k\u00adim", "ki\u0307m",
              "k\u200bim", "\U0001d424im", "kim\u3002", "\u202ekim")  # fmt: skip


@pytest.mark.parametrize("local", LOOKALIKES)
def test_what_only_looks_like_an_address_is_another_one(local: str) -> None:
    for text in (f"{local}@bo.vn", f"kim@{local}.vn"):
        assert normal_email(text) not in ("kim@bo.vn", "kim@kim.vn")
        assert not is_new_email(normal_email(text))


@given(st.text(max_size=30))
def test_nothing_becomes_plain_that_was_not(text: str) -> None:
    normal = normal_email(text)
    assert normal.isascii() <= text.strip().isascii()
    assert not is_new_email(normal) or is_email(normal)


letters = st.text('aAbB.+ \u212aKk\uff4b@"-', max_size=10)


@given(letters, letters)
def test_two_that_may_be_given_are_one_mailbox_only_where_they_are_the_same(one: str, two: str) -> None:
    first, second = normal_email(f"{one}@bo.vn"), normal_email(f"{two}@bo.vn")

    def mailbox(text: str) -> str:
        """As the most generous of servers might read it."""
        local, _at, domain = unicodedata.normalize("NFKC", text).casefold().strip(" .").rpartition("@")
        return f"{local.partition('+')[0].strip(chr(34))}@{domain}"

    if is_new_email(first) and is_new_email(second) and mailbox(first) == mailbox(second):
        assert first == second
