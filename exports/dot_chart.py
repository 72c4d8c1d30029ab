"""Agencies as dots with their intervals against one target, in the order in which the caller sorted them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from exports.bar_charts import whisker
from exports.row_layout import EDGE, SMALL, RowLayout, RowTexts, count_text, is_wide, lay_out
from exports.shapes import Chart, Circle, Line, Shape, Text
from exports.text_width import text_width
from exports.trend_chart import Share, TargetLine, scale_start
from surveys.printing import NBSP, percent

RADIUS = 5


@dataclass(frozen=True)
class DotRow:
    """A rate from 0 to 1 with its interval. `rate` None: nothing but `printed` and `n` ("bm", "–").

    `note` ("tham khảo", "sáp nhập") follows the name; `firm` False draws an open dot.
    """

    label: str
    rate: Share | None
    low: float | None
    high: float | None
    printed: str
    n: str
    note: str = ""
    firm: bool = True


def dots(
    rows: Sequence[DotRow],
    target: TargetLine | None = None,
    *,
    title: str,
    description: str,
    width: float = 720,
    headings: tuple[str, str] = ("Tỷ lệ", "n"),
) -> Chart:
    """One row for each agency: name, dot with interval, printed rate, n; the target as a dashed line."""
    texts = [
        RowTexts(
            f"{row.label} ({row.note.replace(' ', NBSP)})" if row.note else row.label,
            (row.printed, row.n if is_wide(width) else count_text(row.n)),
        )
        for row in rows
    ]
    place = lay_out(texts, width=width, top=32 if target else 16, mark_height=16, headings=headings)
    # A dot at either end of the scale must not stick out of the drawing.
    place = replace(place, left=place.left + RADIUS + 1, right=place.right - RADIUS - 1)
    drawn = [value for row in rows for value in (row.low, row.rate)]
    start = scale_start([*drawn, target.value if target else None])
    shapes: list[Shape] = list(place.shapes)
    if target is not None:
        shapes += _target(place, target, start, width)
    for row, middle in zip(rows, place.middles, strict=True):
        if row.rate is not None:
            shapes += _dot(row, place, middle, start)
    shapes += _scale(place, start)
    return Chart(width, place.bottom + 26, title, description, tuple(shapes))


def _at(share: Share, start: float) -> float:
    return (float(share) - start) / (1 - start)


def _dot(row: DotRow, place: RowLayout, middle: float, start: float) -> list[Shape]:
    assert row.rate is not None
    ends = (row.low, row.high)
    low, high = (None if end is None else max(0.0, _at(end, start)) for end in ends)
    centre = place.x(_at(row.rate, start))
    return [
        *whisker(place, middle, low, high, 4),
        Circle(centre, middle, RADIUS, "dot" if row.firm else "dot-open"),
    ]


def _target(place: RowLayout, target: TargetLine, start: float, width: float) -> list[Shape]:
    x = place.x(_at(target.value, start))
    name = target.name
    half = text_width(name, SMALL) / 2
    # The name stays inside the drawing and, on a wide one, clear of the headings of the columns.
    limit = (place.right if is_wide(width) else width) - EDGE
    centre = min(max(x, half + EDGE), limit - half)
    # On a narrow drawing the names and numbers stand between the marks: the line spares them.
    spans = [(place.top - 4, place.bottom)]
    if not is_wide(width):
        spans = [(middle - 9, middle + 9) for middle in place.middles]
    lines = [Line(x, upper, x, lower, "target") for upper, lower in spans]
    return [*lines, Text(centre, 12, name, "target-name", SMALL, "middle")]


def _scale(place: RowLayout, start: float) -> list[Shape]:
    """The two ends of the scale, for it seldom begins at 0."""
    y = place.bottom
    return [
        Line(place.left, y, place.right, y, "axis"),
        Text(place.left, y + 18, percent(start, decimals=0), "quiet", SMALL),
        Text(place.right, y + 18, percent(1, decimals=0), "quiet", SMALL, "end"),
    ]
