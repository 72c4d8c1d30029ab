"""Two short lists side by side, such as strengths and shortcomings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, Table

from exports.fonts import BOLD, REGULAR
from exports.page import WIDTH
from exports.tables import GRID, HEAD_GROUND
from exports.texts import clean

_HEAD: Final = ParagraphStyle("column-head", fontName=BOLD, fontSize=11, leading=13.5, bulletFontName=REGULAR)
_ITEM: Final = ParagraphStyle(
    "column-item", fontName=REGULAR, bulletFontName=REGULAR, fontSize=11, leading=13.5, spaceAfter=2,
    leftIndent=11, firstLineIndent=-11,
)  # fmt: skip

_ONLY: Final = ParagraphStyle("column-only", parent=_ITEM, leftIndent=0, firstLineIndent=0)


def two_columns(left: tuple[str, Sequence[str]], right: tuple[str, Sequence[str]]) -> Any:
    """A heading and its items on each side; items are numbered, for one speaks of the second point."""
    heads = [Paragraph(escape(clean(head)), _HEAD) for head, _ in (left, right)]
    style = [
        ("GRID", (0, 0), (-1, -1), 0.5, GRID),
        ("BACKGROUND", (0, 0), (-1, 0), HEAD_GROUND),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("FONT", (0, 0), (-1, -1), REGULAR),
    ]
    cells = [heads, [_items(left[1]), _items(right[1])]]
    return Table(cells, colWidths=[WIDTH / 2] * 2, style=style, spaceBefore=2, spaceAfter=6)


def _items(texts: Sequence[str]) -> list[Paragraph]:
    if len(texts) == 1:
        return [Paragraph(escape(clean(texts[0])), _ONLY)]
    return [Paragraph(escape(clean(f"{at}. {text}")), _ITEM) for at, text in enumerate(texts, start=1)]
