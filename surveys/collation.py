"""Vietnamese alphabetical order and search without accents.

The alphabet decides first (a ă â b c d đ e ê …), then the tones (ngang, huyền, hỏi, ngã, sắc, nặng),
then capitals after small letters, as in the Vietnamese locale of the Unicode CLDR.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

LETTERS: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES: Final = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
LETTER_MARKS: Final = frozenset("\u0302\u0306\u031b")

_RANK: Final = {letter: rank for rank, letter in enumerate(LETTERS)}
_SEPARATOR, _DIGIT, _LETTER, _FOREIGN = range(4)

CollationKey = tuple[tuple[tuple[int, int], ...], tuple[int, ...], tuple[int, ...], str]


def _clusters(text: str) -> list[tuple[str, int]]:
    """Each base character with its letter-forming marks, composed, and the tone it carries."""
    clusters: list[tuple[str, int]] = []
    for character in unicodedata.normalize("NFD", text):
        if character in TONES and clusters:
            clusters[-1] = (clusters[-1][0], TONES[character])
        elif character in LETTER_MARKS and clusters:
            base, tone = clusters[-1]
            letter = unicodedata.normalize("NFC", base + character)
            # A foreign î is an i here: only the marks of our own alphabet make a letter.
            clusters[-1] = (letter if letter.lower() in _RANK else base, tone)
        elif not unicodedata.combining(character):
            clusters.append((character, 0))
    return clusters


def _primary(character: str) -> tuple[int, int]:
    lower = character.lower()
    if lower in _RANK:
        return (_LETTER, _RANK[lower])
    if character.isdigit():
        return (_DIGIT, unicodedata.digit(character, 0))
    return (_FOREIGN, ord(character)) if character.isalpha() else (_SEPARATOR, 0)


@lru_cache(maxsize=16_384)
def collation_key(text: str) -> CollationKey:
    """A key for `sorted`: NFC and NFD spellings, and any punctuation between words, compare alike.

    The text itself comes last so that two different texts never share a key.
    """
    primary: list[tuple[int, int]] = []
    tones: list[int] = []
    capitals: list[int] = []
    for character, tone in _clusters(text.strip()):
        weight = _primary(character)
        if weight[0] == _SEPARATOR and primary and primary[-1][0] == _SEPARATOR:
            continue  # " - " between two words weighs as much as one space.
        primary.append(weight)
        tones.append(tone)
        capitals.append(int(character != character.lower()))
    return tuple(primary), tuple(tones), tuple(capitals), unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Lower case without accents, đ as d, single spaces: what a search compares."""
    decomposed = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(plain.split())
