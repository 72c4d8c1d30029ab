"""Words that people type in a hurry, and how well a name answers them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.directory.naming import kind_rank
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


@dataclass(frozen=True)
class Match:
    """A search: its words, and the folded names of the provinces by code."""

    words: Sequence[str]
    provinces: Mapping[str, str]

    def provinces_with(self, word: str) -> list[str]:
        return [code for code, name in self.provinces.items() if f" {word}" in f" {name}"]

    def rank(self, view: AgencyView) -> tuple[int, int, str, str]:
        """Smaller is better: the whole text in the name, all words in it, the rest; then by kind."""
        name = " " + fold(view.name)
        if " " + " ".join(self.words) in name:
            quality = 0
        else:
            quality = 1 if all(f" {word}" in name for word in self.words) else 2
        return quality, kind_rank(view.kind), name, view.code
