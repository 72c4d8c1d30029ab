"""A sheet on which an interviewer with paper counts doors: a stroke for each, no more of any household.

One page of A4 for each collector, village and day. Two people key in the numbers at the right.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from exports.fonts import BOLD, ITALIC, REGULAR, register_fonts
from exports.letterhead import wrapped
from exports.paper_words import MOST_TALLIES, TallyWords
from exports.sheet_blocks import (
    GAP,
    INK,
    LEADING,
    LEFT,
    QUIET,
    RIGHT,
    ROOM,
    RULE,
    SIZE,
    TOP,
    Block,
    fields_line,
    paragraph,
    said,
)
from exports.texts import clean

STROKES: Final = 40
_MARK: Final = 5.4 * mm
_EACH_ROW: Final = 20
_GROUP: Final = 5
_GROUP_GAP: Final = 2.4 * mm
_TOTAL: Final[float] = 20 * mm


@dataclass(frozen=True)
class TallySheet:
    """`round` and `place` stand in the head, as does `demo` where the service only demonstrates."""

    language: str
    round: str
    place: str
    words: TallyWords
    demo: str = ""


def tally_sheet(sheet: TallySheet, count: int) -> bytes:
    """So many equal pages as PDF. Raises ValueError for none or over 100."""
    if not 0 < count <= MOST_TALLIES:
        raise ValueError(f"From 1 to {MOST_TALLIES} sheets are printed at once, not {count}.")
    register_fonts()
    blocks = _blocks(sheet.words)
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, pageCompression=1, lang=sheet.language, invariant=1)
    canvas.setTitle(clean(sheet.words.title))
    for _page in range(count):
        canvas.setFillColor(INK)
        canvas.setStrokeColor(INK)
        y = TOP - _head(canvas, sheet)
        for block in blocks:
            block.draw(canvas, y)
            y -= block.height + GAP
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _head(canvas: Any, sheet: TallySheet) -> float:
    canvas.setFont(BOLD, 14)
    canvas.drawString(LEFT, TOP - 14, clean(sheet.words.title))
    canvas.setFont(REGULAR, 9.5)
    canvas.setFillColor(QUIET)
    below = " · ".join(clean(text) for text in (sheet.round, sheet.place, sheet.demo) if text)
    canvas.drawString(LEFT, TOP - 32, wrapped(below, REGULAR, 9.5, ROOM)[0])
    canvas.setFillColor(INK)
    return 46


def _blocks(words: TallyWords) -> list[Block]:
    return [
        *(fields_line(line) for line in words.fields),
        said(clean(words.told)),
        *(_strokes(name, meaning, words.total) for name, meaning in words.rows),
        paragraph([(ITALIC, line) for line in wrapped(clean(words.end), ITALIC, SIZE, ROOM)]),
    ]


def _strokes(name: str, meaning: str, total: str) -> Block:
    """What a door came to; boxes to strike out one by one, in fives; a large one for their number."""
    lines: Sequence[str] = wrapped(clean(meaning), REGULAR, SIZE, ROOM)
    above = (1 + len(lines)) * LEADING + 4
    rows = STROKES // _EACH_ROW
    high = rows * _MARK + (rows - 1) * 2

    def draw(canvas: Any, y: float) -> None:
        canvas.setFont(BOLD, SIZE)
        canvas.drawString(LEFT, y - 11, clean(name))
        canvas.setFont(REGULAR, SIZE)
        for at, line in enumerate(lines, 1):
            canvas.drawString(LEFT, y - 11 - at * LEADING, line)
        top = y - above
        canvas.setLineWidth(0.7)
        canvas.setStrokeColor(RULE)
        for at in range(STROKES):
            row, column = divmod(at, _EACH_ROW)
            x = LEFT + column * _MARK + column // _GROUP * _GROUP_GAP
            canvas.rect(x, top - (row + 1) * _MARK - row * 2, _MARK, _MARK)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1)
        canvas.roundRect(RIGHT - _TOTAL, top - high, _TOTAL, high, 3)
        canvas.drawRightString(RIGHT - _TOTAL - 5, top - high / 2 - 4, clean(total))

    return Block(above + high + 2, draw)
