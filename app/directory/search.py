"""Words that people type in a hurry, and how well a name answers them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.directory.naming import kind_rank, short_name
from app.directory.records import AgencyView
from surveys.collation import fold

# Longer texts are no names of agencies; the limit keeps a query small.
MOST_CHARACTERS: Final = 100
MOST_WORDS: Final = 10

_PUNCTUATION: Final = re.compile(r"[^\w.-]+")


def parse(text: str) -> list[str]:
    """The folded words of a search text, each once."""
    words = _PUNCTUATION.sub(" ", fold(text[:MOST_CHARACTERS])).split()
    return list(dict.fromkeys(word for word in words if word.strip("._-")))[:MOST_WORDS]


def searchable(text: str) -> str:
    """A text as a search compares it: words without accents and punctuation, of any length."""
    return " ".join(_PUNCTUATION.sub(" ", fold(text)).split())


@dataclass(frozen=True)
class Match:
    """A search: its words, and the folded names of the provinces by code."""

    words: Sequence[str]
    provinces: Mapping[str, str]

    def provinces_with(self, word: str) -> list[str]:
        return [code for code, name in self.provinces.items() if f" {word}" in f" {name}"]

    def rank(self, view: AgencyView) -> tuple[int, int, str, str]:
        """Smaller is better: text in the name, province in the text, all words in the name, the rest."""
        name, text = f" {fold(view.name)}", f" {' '.join(self.words)}"
        if text in name:
            quality = 0
        elif f" {fold(short_name(view.province_name))} " in f"{text} ":
            quality = 1
        else:
            quality = 2 if all(f" {word}" in name for word in self.words) else 3
        return quality, kind_rank(view.kind), name, view.code
