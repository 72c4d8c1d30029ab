"""A comment as it may be published: what redaction covers, and the words that a person covers besides.

The comment itself is never changed. Covers are positions of words in the redacted text; they hold for that
text only, so whoever keeps them keeps its fingerprint beside them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from surveys.collation import fold

COVERED: Final = "[đã che]"
"""What stands in place of the words that a person covered."""

_MARK: Final = r"\[đã che[^\]\n]*\]"
_PIECE: Final = re.compile(rf"(\s*)({_MARK}|(?:(?!{_MARK})\S)+)")
_EDGES: Final = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True, slots=True)
class Piece:
    """One word, or one mark in place of what is covered. `gap` is the space before it, as it was written."""

    index: int
    gap: str
    text: str
    is_mark: bool


def pieces_of(redacted: str) -> list[Piece]:
    """The words of a redacted text, in their order; marks of redaction are pieces of their own."""
    return [
        Piece(index, gap, text, re.fullmatch(_MARK, text) is not None)
        for index, (gap, text) in enumerate(_PIECE.findall(redacted))
    ]


def covered(pieces: Sequence[Piece], covers: Collection[int]) -> list[Piece]:
    """The pieces as they are shown: each run of covered words is one mark, which does not say how many."""
    shown: list[Piece] = []
    in_run = False
    for piece in pieces:
        hidden = piece.index in covers and not piece.is_mark
        if not hidden:
            shown.append(piece)
        elif not in_run:
            shown.append(Piece(piece.index, piece.gap, COVERED, True))
        in_run = hidden
    return shown


def text_of(pieces: Sequence[Piece]) -> str:
    return "".join(piece.gap + piece.text for piece in pieces).strip()


def find_words(pieces: Sequence[Piece], phrase: str) -> frozenset[int]:
    """Where a phrase stands, each time that it does; accents, capitals and punctuation do not matter."""
    wanted = [word for part in phrase.split() if (word := _bare(part))]
    words = [(piece.index, _bare(piece.text)) for piece in pieces if not piece.is_mark]
    found: set[int] = set()
    for start in range(len(words) - len(wanted) + 1 if wanted else 0):
        run = words[start : start + len(wanted)]
        if [word for _, word in run] == wanted:
            found.update(index for index, _ in run)
    return frozenset(found)


def fingerprint(text: str) -> str:
    """Tells one text from another; a text whose redaction has become better has another one."""
    return hashlib.sha256(text.encode()).hexdigest()


def _bare(word: str) -> str:
    return _EDGES.sub("", fold(word))
