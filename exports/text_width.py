"""How wide a text is before anything is drawn, so that labels keep apart on every reader's machine.

Nobody knows which font a browser will take. The table holds the widest advance of each character among
DejaVu Sans, Arial, Times and IBM Plex Serif in hundredths of the font size, so a text that fits by it fits.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

BOLD: Final = 1.09

_GROUPS: Final = {
    32: "'.,ijl \u00a0",
    36: ":;I|·‘’",
    40: "()-/[]t",
    44: "!fr",
    52: '*J°“”"',
    56: "?csz",
    60: "_`kvxy§–",
    64: "$0123456789FLabdeghnopqu{}đ₫√",
    68: "EPSTơư",
    72: "BZ",
    76: "ACKRUVXY\\",
    80: "&DGHNOQĐ",
    84: "#+<=>^w~±×÷−≤≥",
    88: "Ư",
    92: "MƠ",
    100: "Wm½—…→%@",
}
_ADVANCE: Final = {character: width for width, group in _GROUPS.items() for character in group}
_UNKNOWN: Final = 104


_HORN: Final = "\u031b"


@lru_cache(maxsize=4096)
def _advance(character: str) -> int:
    """A letter is as wide as its base, for marks stand above or below it; only a horn makes it wider."""
    if character in _ADVANCE:
        return _ADVANCE[character]
    parts = unicodedata.normalize("NFD", character)
    base = unicodedata.normalize("NFC", parts[0] + _HORN) if _HORN in parts else parts[0]
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
