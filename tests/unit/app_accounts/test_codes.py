"""Codes that people type: long enough to be kept as a plain hash, and read however they are typed."""

from __future__ import annotations

from app.accounts.secrecy import looks_like_recovery_code, new_recovery_code, spaced
from app.comments.codes import CODE, contact_code, new_nonce

# Of base32, every letter.
BITS = 5


def test_codes_that_are_kept_as_plain_hashes_have_112_bits_or_more() -> None:
    codes = ((new_recovery_code(), contact_code(b"k", new_nonce())) for _ in range(500))
    for made in zip(*codes, strict=True):
        assert {len(code) for code in made} == {25}
        assert min(map(len, made)) * BITS >= 112
        assert len(set(made)) == 500
        # Every place holds every letter: none is spent on filling up.
        assert all(len({code[place] for code in made}) == 32 for place in range(25))


def test_codes_are_read_as_they_are_shown_and_so_are_the_shorter_ones_of_before() -> None:
    code = new_recovery_code()
    assert looks_like_recovery_code(spaced(code))
    assert looks_like_recovery_code(f" {spaced(code).lower()} ")
    assert looks_like_recovery_code("ABCDE-FGHIJ-KLMNO-PQRST")
    assert not looks_like_recovery_code("123456")
    assert not looks_like_recovery_code(code[:-1])
    assert not looks_like_recovery_code("ABCDE-FGHIJ-KLMNO-PQRS1")
    assert CODE.fullmatch(contact_code(b"k", new_nonce()))
    assert CODE.fullmatch("A" * 20)
    assert CODE.fullmatch("A" * 22) is None
