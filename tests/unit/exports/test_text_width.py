"""Estimated widths: never too small for the fonts in use, and lines that fit by them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase.ttfonts import TTFontFile

from exports.fonts import find_family, needed_characters, vietnamese_letters
from exports.text_width import shorten, text_width, wrap

WORDS = st.text(
    sorted(vietnamese_letters()) + list("abcdeghiklmnopqrstuvxyABCDEGHKLMNOPQSTUVXY0123456789 ,.%()")
)
SANS = Path("/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf")


def test_no_character_is_wider_in_the_font_of_documents_than_estimated() -> None:
    face = TTFontFile(str(find_family().faces[0]))
    narrow = [
        character for character in needed_characters()
        if face.charWidths[ord(character)] > text_width(character, 1000)
    ]  # fmt: skip
    assert narrow == []


def test_no_letter_is_wider_in_a_plain_sans_serif_than_estimated() -> None:
    if not SANS.is_file():
        pytest.skip("Máy này thiếu Liberation Sans")
    face = TTFontFile(str(SANS))
    narrow = [
        letter for letter in vietnamese_letters() if face.charWidths[ord(letter)] > text_width(letter, 1000)
    ]
    assert narrow == []


@given(WORDS, st.floats(40, 400), st.integers(1, 3))
def test_every_line_fits_its_room(text: str, room: float, lines: int) -> None:
    found = wrap(text, room, 14, lines)
    assert len(found) <= lines
    assert all(text_width(line, 14) <= room for line in found)


@given(WORDS)
def test_a_text_with_room_enough_stays_whole(text: str) -> None:
    assert shorten(text, 1e9, 14) == text
    assert " ".join(wrap(text, 1e9, 14, 2)) == text


def test_a_long_text_ends_with_three_dots_and_no_loose_comma() -> None:
    assert shorten("Sở Nông nghiệp, Môi trường", text_width("Sở Nông nghiệp, M", 14), 14) == "Sở Nông nghiệp…"


def test_bold_takes_more_room() -> None:
    assert text_width("Sở Y tế", 14, bold=True) > text_width("Sở Y tế", 14)
