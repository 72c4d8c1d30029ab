"""Rows of a horizontal drawing: a name, room for the marks, and texts at the end, on any width.

On a wide drawing the name stands left of the marks and the end texts in columns right of them; on a narrow
one the name and the end texts share a line above the marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from exports.shapes import Shape, Text
from exports.text_width import shorten, text_width, wrap

SIZE: Final = 14
SMALL: Final = 12
LEADING: Final = 18
GAP: Final = 12
EDGE: Final = 2
WIDE_FROM: Final = 520
LABEL_SHARE: Final = 0.4
LABEL_LINES: Final = 2


@dataclass(frozen=True)
class RowTexts:
    """The name of a row and the texts at its end, one for each column."""

    label: str
    ends: tuple[str, ...]


@dataclass(frozen=True)
class RowLayout:
    """Where the marks of each row go: between `left` and `right`, around `middles`."""

    left: float
    right: float
    middles: tuple[float, ...]
    top: float
    bottom: float
    shapes: tuple[Shape, ...]

    def x(self, share: float) -> float:
        """The place of a share of the room, 0 at the left end and 1 at the right one."""
        return self.left + (self.right - self.left) * share


def is_wide(width: float) -> bool:
    return width >= WIDE_FROM


def count_text(n: str) -> str:
    """A number of answers where no heading says so: "n = 1.204"; a mark such as "bm" stays alone."""
    return f"n = {n}" if n[:1].isdigit() else n


def lay_out(
    rows: Sequence[RowTexts],
    *,
    width: float,
    top: float,
    mark_height: float,
    headings: tuple[str, ...] = (),
) -> RowLayout:
    """Names and end texts placed; `headings` stand over the columns of a wide drawing."""
    if is_wide(width):
        return _wide(rows, width, top, mark_height, headings)
    return _narrow(rows, width, top, mark_height)


def _wide(
    rows: Sequence[RowTexts], width: float, top: float, mark_height: float, headings: tuple[str, ...]
) -> RowLayout:
    columns = _columns(rows, headings)
    taken = sum(room + GAP for room in columns)
    widest = max((text_width(row.label, SIZE) for row in rows), default=0)
    label_room = min(widest, LABEL_SHARE * width)
    left, right = label_room + GAP, width - taken - EDGE
    ends = _column_ends(columns, width)
    shapes: list[Shape] = [
        Text(end, top, heading, "quiet", SMALL, "end") for end, heading in zip(ends, headings, strict=False)
    ]
    y = top + (10 if headings else 0)
    middles = []
    for row in rows:
        lines = wrap(row.label, label_room, SIZE, LABEL_LINES)
        height = max(mark_height, len(lines) * LEADING) + 6
        middle = y + height / 2
        shapes += _label(lines, row.label, 0, middle)
        shapes += [
            Text(end, middle + SIZE * 0.35, text, "ink", SIZE, "end")
            for end, text in zip(ends, row.ends, strict=True)
            if text
        ]
        middles.append(middle)
        y += height
    return RowLayout(left, right, tuple(middles), top + (10 if headings else 0), y, tuple(shapes))


def _columns(rows: Sequence[RowTexts], headings: tuple[str, ...]) -> list[float]:
    count = max((len(row.ends) for row in rows), default=0)
    return [
        max(
            [text_width(row.ends[at], SIZE) for row in rows]
            + ([text_width(headings[at], SMALL)] if at < len(headings) else [])
        )
        for at in range(count)
    ]


def _column_ends(columns: Sequence[float], width: float) -> list[float]:
    ends: list[float] = []
    at = width - EDGE
    for room in reversed(columns):
        ends.insert(0, at)
        at -= room + GAP
    return ends


def _narrow(rows: Sequence[RowTexts], width: float, top: float, mark_height: float) -> RowLayout:
    shapes: list[Shape] = []
    middles = []
    y = top
    for row in rows:
        # A hidden row says "bm" once.
        end = shorten(" · ".join(text for text in dict.fromkeys(row.ends) if text), width * 0.6, SIZE)
        room = width - 2 * EDGE - (text_width(end, SIZE) + GAP if end else 0)
        lines = wrap(row.label, room, SIZE, LABEL_LINES)
        shapes += _label(lines, row.label, EDGE, y + len(lines) * LEADING / 2)
        if end:
            shapes.append(Text(width - EDGE, y + LEADING * 0.5 + SIZE * 0.35, end, "ink", SIZE, "end"))
        y += max(len(lines), 1) * LEADING + 2
        middles.append(y + mark_height / 2)
        y += mark_height + GAP
    return RowLayout(EDGE, width - EDGE, tuple(middles), top, y, tuple(shapes))


def _label(lines: Sequence[str], whole: str, x: float, middle: float) -> list[Shape]:
    """The lines of a name around `middle`; where it had to be cut, the whole name hangs on its first line."""
    first = middle - (len(lines) - 1) * LEADING / 2 + SIZE * 0.35
    cut = " ".join(lines) != whole
    return [
        Text(x, first + at * LEADING, line, "ink", SIZE, full=whole if cut and not at else "")
        for at, line in enumerate(lines)
    ]
