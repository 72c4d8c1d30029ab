"""What forms on paper are made of: blocks that stay together on a page, and the boxes in them.

Boxes are large enough for a thick pen on a knee, and each stands before its words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm

from exports.faces import draw_face
from exports.fonts import ITALIC, REGULAR, width_of
from exports.letterhead import wrapped
from exports.texts import clean
from surveys.questions import Option, Question

BOX: Final = 6 * mm
LEFT: Final = 18 * mm
RIGHT: Final = A4[0] - 15 * mm
TOP: Final = A4[1] - 14 * mm
BOTTOM: Final = 17 * mm
ROOM: Final = RIGHT - LEFT
SIZE: Final = 11
LEADING: Final = 14.6
GAP: Final = 9
_FACE: Final = 11 * mm
NUMBER_ROOM: Final = 8 * mm
FIRST_HEAD: Final[float] = 22 * mm
LATER_HEAD: Final[float] = 13 * mm
INK, QUIET, RULE = HexColor("#1B2733"), HexColor("#52606D"), HexColor("#6B7680")


@dataclass(frozen=True)
class Block:
    """What stays together on a page: its height, and how it is drawn from its upper edge."""

    height: float
    draw: Callable[[Any, float], None]


def paginated(blocks: Sequence[Block]) -> list[list[Block]]:
    pages: list[list[Block]] = [[]]
    left = TOP - BOTTOM - FIRST_HEAD
    for block in blocks:
        if pages[-1] and block.height > left:
            pages.append([])
            left = TOP - BOTTOM - LATER_HEAD
        pages[-1].append(block)
        left -= block.height + GAP
    return pages


def fields_line(line: Sequence[tuple[str, float]]) -> Block:
    """Words with a dotted line behind each, to be filled in with a pen."""

    def draw(canvas: Any, y: float) -> None:
        x = LEFT
        canvas.setFont(REGULAR, SIZE)
        for words, share in line:
            end = x + ROOM * share - 8
            canvas.drawString(x, y - 14, clean(words))
            canvas.setDash(1, 2)
            canvas.line(min(end, x + width_of(clean(words), REGULAR, SIZE) + 4), y - 16, end, y - 16)
            canvas.setDash()
            x += ROOM * share

    return Block(18, draw)


def said(text: str) -> Block:
    """What is read aloud: in a frame of its own."""
    lines = wrapped(text, ITALIC, SIZE, ROOM - 16)
    height = len(lines) * LEADING + 10

    def draw(canvas: Any, y: float) -> None:
        canvas.setStrokeColor(RULE)
        canvas.roundRect(LEFT, y - height, ROOM, height, 4)
        canvas.setStrokeColor(INK)
        canvas.setFont(ITALIC, SIZE)
        for at, line in enumerate(lines):
            canvas.drawString(LEFT + 8, y - 5 - 11 - at * LEADING, line)

    return Block(height, draw)


def paragraph(lines: Sequence[tuple[str, str]], indent: float = 0) -> Block:
    def draw(canvas: Any, y: float) -> None:
        for at, (face, line) in enumerate(lines):
            canvas.setFont(face, SIZE)
            canvas.drawString(LEFT + indent, y - 11 - at * LEADING, line)

    return Block(len(lines) * LEADING, draw)


def answers_block(question: Question, language: str) -> Block:
    if question.type == "text":
        return _writing()
    if question.type == "scale":
        return _scale(question, language)
    return _options(question.options, language)


def _writing() -> Block:
    """Two lines to write on."""

    def draw(canvas: Any, y: float) -> None:
        canvas.setDash(1, 2)
        for below in (18, 38):
            canvas.line(LEFT + NUMBER_ROOM, y - below, RIGHT, y - below)
        canvas.setDash()

    return Block(40, draw)


def _options(options: Sequence[Option], language: str) -> Block:
    """Boxes in as many columns of equal width as the longest answer allows, at most three."""
    texts = [clean(option.label.get(language)) for option in options]
    room = ROOM - NUMBER_ROOM
    longest = max(width_of(text, REGULAR, SIZE) for text in texts) + BOX + 16
    columns = max(1, min(3, len(texts), int(room // longest)))
    column = room / columns
    wraps = [wrapped(text, REGULAR, SIZE, column - BOX - 10) for text in texts]
    rows = [range(start, min(start + columns, len(texts))) for start in range(0, len(texts), columns)]
    heights = [max(BOX + 5, max(len(wraps[at]) for at in row) * LEADING + 4) for row in rows]

    def draw(canvas: Any, y: float) -> None:
        canvas.setFont(REGULAR, SIZE)
        for row, height in zip(rows, heights, strict=True):
            for place, at in enumerate(row):
                x = LEFT + NUMBER_ROOM + place * column
                draw_box(canvas, x, y)
                for below, line in enumerate(wraps[at]):
                    canvas.drawString(x + BOX + 6, y - 12.5 - below * LEADING, line)
            y -= height

    return Block(sum(heights), draw)


def _scale(question: Question, language: str) -> Block:
    """Five faces side by side, best first as everywhere, the word and the box under each."""
    column = (ROOM - NUMBER_ROOM) / 5
    words = [wrapped(clean(o.label.get(language)), REGULAR, SIZE, column - 4) for o in question.levels]
    deep = max(len(lines) for lines in words) * LEADING
    others = _options(question.options, language) if question.options else Block(0, lambda _canvas, _y: None)
    height = _FACE + deep + BOX + 10

    def draw(canvas: Any, y: float) -> None:
        for at, (level, lines) in enumerate(zip(question.levels, words, strict=True)):
            centre = LEFT + NUMBER_ROOM + column * (at + 0.5)
            draw_face(canvas, int(level.value), centre - _FACE / 2, y, _FACE)
            canvas.setFont(REGULAR, SIZE)
            for below, line in enumerate(lines):
                canvas.drawCentredString(centre, y - _FACE - 12 - below * LEADING, line)
            draw_box(canvas, centre - BOX / 2, y - _FACE - deep - 5)
        others.draw(canvas, y - height)

    return Block(height + others.height, draw)


def draw_box(canvas: Any, left: float, top: float) -> None:
    canvas.setLineWidth(1)
    canvas.roundRect(left, top - BOX, BOX, BOX, 2)
