"""Tables of a document: plain texts in, a table that repeats its head and never splits a row out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable, Table

from exports.fonts import BOLD, REGULAR, width_of
from exports.letterhead import wrapped
from surveys.printing import MINUS

SIZE: Final = 10.5
LEADING: Final = 13
PADDING: Final = 4
FOOT_ROOM: Final = 8
GRID: Final = HexColor("#6B7680")
HEAD_GROUND: Final = HexColor("#F1EFEA")

Align = Literal["text", "number", "centre"]


@dataclass(frozen=True)
class Column:
    """`share` of the width of the table. Numbers stand right, their decimal commas under each other."""

    heading: str
    share: float
    align: Align = "text"


def make_table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    width: float,
    bold_rows: Sequence[int] = (),
    foot: Flowable | None = None,
) -> Any:
    """A reportlab Table of already printed texts; `bold_rows` are the indexes of totals.

    A row with nothing but a first text is a line over the rows below it and spans the table. `foot` stands
    under the last row, without a border, and never on another page than that row.
    """
    spanning = [at for at, row in enumerate(rows) if len(row) > 1 and not any(row[1:])]
    widths = _widths(columns, [row for at, row in enumerate(rows) if at not in spanning], width)
    cells = [[_cell(column.heading, BOLD, room) for column, room in zip(columns, widths, strict=True)]]
    for at, row in enumerate(rows):
        face = BOLD if at in bold_rows else REGULAR
        rooms = [width] * len(widths) if at in spanning else widths
        cells.append([_cell(text, face, room) for text, room in zip(row, rooms, strict=True)])
    style = [*_base_style(columns, len(rows)), *_comma_paddings(columns, rows)]
    style += [("FONTNAME", (0, at + 1), (-1, at + 1), BOLD) for at in bold_rows]
    style += [("SPAN", (0, at + 1), (-1, at + 1)) for at in spanning]
    style += [("ALIGN", (0, at + 1), (-1, at + 1), "LEFT") for at in spanning]
    style += [("NOSPLIT", (0, at + 1), (0, at + 2)) for at in spanning if at < len(rows) - 1]
    if len(rows) > 2:
        # The last row alone on a page would be a row of numbers without the company that explains them.
        style.append(("NOSPLIT", (0, len(rows) - 1), (0, -1)))
    if foot is not None:
        cells.append([foot, *[""] * (len(columns) - 1)])
        style += [
            ("SPAN", (0, -1), (-1, -1)), ("LEFTPADDING", (0, -1), (-1, -1), 0),
            ("RIGHTPADDING", (0, -1), (-1, -1), 0), ("BOTTOMPADDING", (0, -1), (-1, -1), FOOT_ROOM),
        ]  # fmt: skip
    return Table(cells, colWidths=widths, repeatRows=1, style=style, spaceBefore=2, spaceAfter=2)


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: float) -> list[float]:
    """The widths by share, but none so narrow that a word crosses its border: the others give the room."""
    whole = sum(column.share for column in columns)
    wanted = [column.share / whole * width for column in columns]
    texts = zip(*([column.heading for column in columns], *rows), strict=True)
    needed = [max(_widest_word(text) for text in column) + 2 * PADDING + 0.5 for column in texts]
    lacking = sum(max(need - want, 0) for need, want in zip(needed, wanted, strict=True))
    spare = sum(max(want - need, 0) for need, want in zip(needed, wanted, strict=True))
    given = min(lacking / spare, 1.0) if spare else 0.0
    return [
        need if need > want else want - (want - need) * given
        for need, want in zip(needed, wanted, strict=True)
    ]


def _widest_word(text: str) -> float:
    # Ordinary spaces and line ends only: a no-break space must hold.
    return max(width_of(word, BOLD, SIZE) for word in re.split(r"[ \n]", text))


def _cell(text: str, face: str, room: float) -> str:
    return "\n".join(
        line for part in text.split("\n") for line in wrapped(part, face, SIZE, room - 2 * PADDING)
    )


def _base_style(columns: Sequence[Column], last: int) -> list[tuple[Any, ...]]:
    aligned = {"text": "LEFT", "number": "RIGHT", "centre": "CENTER"}
    return [
        ("FONT", (0, 0), (-1, -1), REGULAR, SIZE, LEADING),
        ("FONT", (0, 0), (-1, 0), BOLD, SIZE, LEADING),
        ("BACKGROUND", (0, 0), (-1, 0), HEAD_GROUND),
        ("GRID", (0, 0), (-1, last), 0.5, GRID),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        *(("ALIGN", (at, 1), (at, -1), aligned[column.align]) for at, column in enumerate(columns)),
        ("ALIGN", (0, 0), (-1, 0), "CENTER"),
    ]


def _comma_paddings(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[tuple[Any, ...]]:
    """Room behind numbers with fewer decimals than their column's longest, so that commas line up."""
    found: list[tuple[Any, ...]] = []
    for at, column in enumerate(columns):
        if column.align != "number":
            continue
        tails = [_tail(row[at]) for row in rows]
        longest = max((tail for tail in tails if tail is not None), default=0.0)
        for down, tail in enumerate(tails):
            if tail is not None and longest - tail > 0.1:
                found.append(("RIGHTPADDING", (at, down + 1), (at, down + 1), PADDING + longest - tail))
    return found


def _tail(text: str) -> float | None:
    """The width behind the comma of a plain number or percentage; None for a range, a mark, a word."""
    number, comma, tail = text.partition(",")
    plain = number.lstrip(f"+{MINUS}").replace(".", "").isdigit()
    if not comma or not plain or not tail.rstrip("%\u00a0").isdigit():
        return None
    return width_of(tail, REGULAR, SIZE)
