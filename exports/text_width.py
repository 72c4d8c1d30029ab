"""How wide a text is before anything is drawn, so that labels keep apart on every reader's machine.

Nobody knows which font a browser will take. The table is generous: it holds the advances of a wide
sans-serif in hundredths of the font size, so a text that fits by it fits in Times, Arial and Noto Sans.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

BOLD: Final = 1.09

_GROUPS: Final = {
    29: "ijl'|",
    33: ".,:; !()[]‘’/I\u00a0",
    41: "ftrJ-",
    55: 'szckvxy“”"*',
    64: "aeghnoupqbd0123456789LFTE?_đ–ơư",
    70: "SYZPBXKVACR~$#",
    80: "DGHNUOQĐ&w+=<>≥≤×÷ƠƯ",
    90: "mM",
    100: "W—₫%@…",
}
_ADVANCE: Final = {character: width for width, group in _GROUPS.items() for character in group}
_UNKNOWN: Final = 100


@lru_cache(maxsize=4096)
def _advance(character: str) -> int:
    """A letter is as wide as its base: tone and letter marks stand above, below or at its shoulder."""
    if character in _ADVANCE:
        return _ADVANCE[character]
    base = unicodedata.normalize("NFD", character)[0]
    return _ADVANCE.get(base, _UNKNOWN)


def text_width(text: str, size: float, bold: bool = False) -> float:
    """An upper estimate of the width of one line, in the unit of `size`."""
    return sum(map(_advance, text)) * size / 100 * (BOLD if bold else 1)


def wrap(text: str, room: float, size: float, lines: int, bold: bool = False) -> list[str]:
    """The text in at most `lines` lines of width `room`, the last one shortened with "…" if it must be.

    A single word that is too long is shortened as well; an empty text has no line.
    """
    found: list[str] = []
    words = text.split(" ")
    while words and len(found) < lines:
        taken = 1
        while taken < len(words) and text_width(" ".join(words[: taken + 1]), size, bold) <= room:
            taken += 1
        last = len(found) == lines - 1
        line = " ".join(words if last else words[:taken])
        found.append(shorten(line, room, size, bold))
        words = words[taken:]
    return [line for line in found if line]


def shorten(text: str, room: float, size: float, bold: bool = False) -> str:
    """The text, cut and ended with "…" where it is wider than `room`."""
    if text_width(text, size, bold) <= room:
        return text
    kept = text
    while kept and text_width(kept.rstrip(" ,;-–") + "…", size, bold) > room:
        kept = kept[:-1]
    return kept.rstrip(" ,;-–") + "…"
