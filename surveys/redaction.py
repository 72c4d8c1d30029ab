"""Hides what could name a person in a free comment.

This is a help for the person who approves comments, not a replacement: no pattern recognises a
person's name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

# A number may follow a full stop or comma of the sentence ("ĐT.0912…"), but not one that stands inside
# a longer number ("1.000.000").
_NOT_INSIDE = r"(?<!\d)(?<!\d[.])"
_NOT_INSIDE_DECIMAL = r"(?<!\d)(?<!\d[.,])"
# What people put between the digits of a number.
_GAP = r"[ .\-\u2010-\u2015]?"
# The same where a bracket was opened before the first digit: it closes somewhere in between.
_GAP_IN_BRACKET = r"[ .\-\u2010-\u2015)]{0,2}"


def _mobile(gap: str) -> str:
    """The nine digits of a mobile number after its 0 or +84."""
    first = rf"(?:3{gap}[2-9]|5{gap}[25689]|7{gap}[06-9]|8{gap}[1-9]|9{gap}\d)"
    return first + rf"(?:{gap}\d){{7}}(?!\d)"


PATTERNS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("thư điện tử", r"(?<![\w.])[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"),
        (
            "mã hồ sơ",
            r"(?<![\w.])(?:\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}|[A-Z]\d{2}(?:\.\d{1,4}){1,4})-\d{6}-\d{3,7}(?!\d)",
        ),
        ("mã số thuế", r"(?i)(?<=mst)[ :]*\d{10}(?:-\d{3})?(?!\d)"),
        ("số căn cước", _NOT_INSIDE + r"0\d{2}[ .]?[0-9]\d{2}[ .]?\d{3}[ .]?\d{3}(?!\d)"),
        (
            "số điện thoại",
            _NOT_INSIDE + rf"\(?(?:\+?84|0)\)?{_GAP}(?:\(0\){_GAP})?" + _mobile(_GAP),
        ),
        # "(0912) 345 678": a mobile number written as if it had an area code.
        (
            "số điện thoại",
            rf"\({_GAP}(?:\+?84|0){_GAP}" + _mobile(_GAP_IN_BRACKET),
        ),
        (
            "số điện thoại",
            _NOT_INSIDE + rf"(?:\(?0|\+?84{_GAP})2\d{{1,2}}\)?(?:{_GAP}\d){{7,8}}(?!\d)",
        ),
        ("biển số xe", r"(?<!\w)\d{2}[A-ZĐ]{1,2}\d?[ \-]\d{3}[.]?\d{2}(?!\d)"),
        ("số hộ chiếu", r"(?<!\w)[A-Z]\d{7,8}(?!\w)"),
        ("số chứng minh nhân dân", _NOT_INSIDE_DECIMAL + r"\d{9}(?![\d])"),
        ("dãy số dài", _NOT_INSIDE_DECIMAL + r"\d{8,16}(?![\d])"),
        # Accounts and cards are written in fours, sums of money in threes.
        ("dãy số dài", _NOT_INSIDE_DECIMAL + r"\d{4}(?:[ \-]\d{4}){2,4}(?![\d])"),
    )
)
"""Applied in this order: a dossier code goes before the numbers inside it, and a tax code, known by the
word before it, before the telephone numbers that many tax codes look like."""


@dataclass(frozen=True)
class Redacted:
    """The text that may be shown to the approving person, and how often each kind was hidden."""

    text: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def _mark(kind: str, found: re.Match[str]) -> str:
    """The replacement; a separator that belongs to the match stays in the sentence."""
    secret = found[0].lstrip(" :")
    return f"{found[0].removesuffix(secret)}[đã che {kind}]"


def _plain(letter: str) -> str:
    category = unicodedata.category(letter)
    return "" if category == "Cf" else " " if category == "Zs" else letter


def redact(text: str) -> Redacted:
    """The text in NFC with every match replaced by its kind, as "[đã che số điện thoại]".

    Letters that nobody sees go first, and every space becomes a plain one: either could hide a number.

    Repeated until nothing matches: a replacement can free the edge of what stood beside it. Each
    round removes digits or an "@", and the replacements hold neither, so it ends.
    """
    shown = "".join(_plain(letter) for letter in unicodedata.normalize("NFC", text))
    counts: Counter[str] = Counter()
    changed = True
    while changed:
        changed = False
        for kind, pattern in PATTERNS:
            shown, found = pattern.subn(partial(_mark, kind), shown)
            if found:
                counts[kind] += found
                changed = True
    return Redacted(shown, dict(counts))
