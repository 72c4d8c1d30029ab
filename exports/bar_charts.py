"""Bars: the five levels of satisfaction, the factors, and the bands of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from exports.row_layout import (
    EDGE,
    GAP,
    LEADING,
    SIZE,
    SMALL,
    RowLayout,
    RowTexts,
    count_text,
    is_wide,
    lay_out,
)
from exports.shapes import Chart, Line, Path, Point, Rect, Shape, Text
from exports.text_width import shorten, text_width
from surveys.scoring import LEVEL_LABELS, LEVELS

BAR: Final = 24
SWATCH: Final = 13
LEVEL_NAMES: Final = tuple(LEVEL_LABELS[level] for level in LEVELS)
SATISFIED_NAMES: Final = ("Hài lòng", "Chưa hài lòng")
HATCH: Final = {3: (), 2: ((1, 8),), 1: ((1, 5), (-1, 5))}
"""Strokes that tell the levels apart without colour: (slope, distance); 5 and 4 differ by darkness."""

Share = Fraction | float


@dataclass(frozen=True)
class LevelRow:
    """One bar of 100 %. `shares` are five (5 to 1), or two (satisfied, not) where a cell shows no more.

    `printed` has one text for each share. Where nothing may be shown `shares` is empty and `mark` ("bm",
    "–") stands in place of the bar.
    """

    label: str
    shares: tuple[Share, ...]
    printed: tuple[str, ...]
    n: str
    mark: str = ""


@dataclass(frozen=True)
class Bar:
    """A share with its interval; `value` None draws `printed` alone ("bm", "–")."""

    label: str
    value: Share | None
    low: float | None
    high: float | None
    printed: str
    n: str


@dataclass(frozen=True)
class Band:
    """A band of time and its share. `within`: the whole band lies inside the target."""

    label: str
    share: Share | None
    printed: str
    within: bool = True


def levels_bar(
    rows: Sequence[LevelRow],
    *,
    title: str,
    description: str,
    width: float = 720,
    names: Sequence[str] = LEVEL_NAMES,
    pair: tuple[str, str] = SATISFIED_NAMES,
) -> Chart:
    """100 % bars of the five levels, 5 at the left; the names of the levels stand once, above the bars."""
    five = any(len(row.shares) == len(LEVELS) for row in rows)
    key, top = _level_key(names, width) if five else ([], 4.0)
    texts = [RowTexts(row.label, ("" if row.mark == row.n else count_text(row.n),)) for row in rows]
    place = lay_out(texts, width=width, top=top, mark_height=BAR)
    shapes: list[Shape] = [*key, *place.shapes]
    for row, middle in zip(rows, place.middles, strict=True):
        if len(row.shares) == len(LEVELS):
            shapes += _five_levels(row, place, middle)
        elif row.shares:
            shapes += _two_parts(row, place, middle, pair)
        else:
            shapes.append(Text(place.left + 4, middle + SIZE * 0.35, row.mark, "quiet", SIZE))
    return Chart(width, place.bottom + 4, title, description, tuple(shapes))


def _level_key(names: Sequence[str], width: float) -> tuple[list[Shape], float]:
    """The five names with a sample each, in the order of the bars, and the height they take."""
    shapes: list[Shape] = []
    x, y = float(EDGE), 4.0
    for level, name in zip(LEVELS, names, strict=True):
        room = SWATCH + 6 + text_width(name, SMALL)
        if x > EDGE and x + room > width - EDGE:
            x, y = float(EDGE), y + LEADING + 2
        shapes += level_box(level, x, y, SWATCH, SWATCH)
        shapes.append(Text(x + SWATCH + 6, y + SWATCH - 2, name, "ink", SMALL))
        x += room + GAP + 2
    return shapes, y + SWATCH + 14


def _five_levels(row: LevelRow, place: RowLayout, middle: float) -> list[Shape]:
    shapes: list[Shape] = []
    passed = 0.0
    for level, share, printed in zip(LEVELS, row.shares, row.printed, strict=True):
        x, width = place.x(passed), (place.right - place.left) * float(share)
        if width > 0:
            shapes += level_box(level, x, middle - BAR / 2, width, BAR)
            shapes += _inside(printed, level, x, width, middle)
        passed += float(share)
    return shapes


def level_box(level: int, x: float, y: float, width: float, height: float) -> list[Shape]:
    """A box in the colour and texture of a level."""
    box: list[Shape] = [Rect(x, y, width, height, f"level-{level}")]
    strokes = [
        stroke
        for slope, distance in HATCH.get(level, ())
        for stroke in diagonals(x, y, width, height, slope, distance)
    ]
    if level == 3:
        strokes = _points(x, y, width, height)
    return [*box, Path(tuple(strokes), "texture")] if strokes else box


def diagonals(
    x: float, y: float, width: float, height: float, slope: int, distance: float
) -> list[tuple[Point, ...]]:
    """Lines of 45° clipped to a box."""
    found: list[tuple[Point, ...]] = []
    start = distance / 2
    while start < width + height:
        # The line runs from (start, 0) to (start - height, height) before it is clipped and mirrored.
        upper = (min(start, width), max(0.0, start - width))
        lower = (max(0.0, start - height), min(start, height))
        ends = [(x + (at if slope > 0 else width - at), y + down) for at, down in (upper, lower)]
        if abs(ends[0][0] - ends[1][0]) > 0.5:
            found.append(tuple(ends))
        start += distance * 2**0.5
    return found


def _points(x: float, y: float, width: float, height: float, distance: float = 6) -> list[tuple[Point, ...]]:
    """Short strokes that read as dots."""
    found: list[tuple[Point, ...]] = []
    down, odd = y + distance / 2, False
    while down < y + height - 1:
        across = x + (distance if odd else distance / 2)
        while across + 1 < x + width - 1:
            found.append(((across, down), (across + 1, down)))
            across += distance
        down, odd = down + distance, not odd
    return found


def _inside(printed: str, level: int, x: float, width: float, middle: float) -> list[Shape]:
    """The number in its segment where it fits, on a plain ground where there is a texture."""
    room = text_width(printed, SMALL)
    if room + 6 > width:
        return []
    centre = x + width / 2
    text = Text(centre, middle + SMALL * 0.35, printed, f"on-{level}", SMALL, "middle")
    if level > 3:
        return [text]
    return [Rect(centre - room / 2 - 1, middle - 9, room + 2, 18, f"under-{level}"), text]


def _two_parts(row: LevelRow, place: RowLayout, middle: float, pair: tuple[str, str]) -> list[Shape]:
    """Satisfied and not, for a cell whose five levels are not shown."""
    shapes: list[Shape] = []
    passed = 0.0
    parts = zip(("bar", "rest"), row.shares, row.printed, pair, strict=True)
    for css, share, printed, name in parts:
        x, width = place.x(passed), (place.right - place.left) * float(share)
        if width > 0:
            shapes.append(Rect(x, middle - BAR / 2, width, BAR, css))
        for text in (f"{name} {printed}", printed):
            if text_width(text, SMALL) + 6 <= width:
                at = x + width / 2
                shapes.append(Text(at, middle + SMALL * 0.35, text, "on-4" if css == "bar" else "ink", SMALL,
                                   "middle"))  # fmt: skip
                break
        passed += float(share)
    return shapes


def factor_bars(rows: Sequence[Bar], *, title: str, description: str, width: float = 720) -> Chart:
    """Shares as bars from 0 to 100 %, the interval as a thin line through the end, n behind."""
    texts = [RowTexts(row.label, (row.printed, count_text(row.n))) for row in rows]
    place = lay_out(texts, width=width, top=4, mark_height=18)
    shapes: list[Shape] = [*place.shapes, *_base(place, width)]
    for row, middle in zip(rows, place.middles, strict=True):
        if row.value is None:
            continue
        shapes.append(Rect(place.left, middle - 8, (place.right - place.left) * float(row.value), 16, "bar"))
        shapes += whisker(place, middle, row.low, row.high, 5)
    return Chart(width, place.bottom + 4, title, description, tuple(shapes))


def _base(place: RowLayout, width: float) -> list[Shape]:
    """The line on which bars stand; on a narrow drawing it would run through the names."""
    return [Line(place.left, place.top, place.left, place.bottom, "axis")] if is_wide(width) else []


def whisker(
    place: RowLayout, middle: float, low: float | None, high: float | None, reach: float
) -> list[Shape]:
    """A horizontal interval with short ends; nothing where there is none."""
    if low is None or high is None:
        return []
    left, right = place.x(low), place.x(high)
    return [
        Line(left, middle, right, middle, "interval"),
        Line(left, middle - reach, left, middle + reach, "interval"),
        Line(right, middle - reach, right, middle + reach, "interval"),
    ]


def time_bands(
    rows: Sequence[Band], *, title: str, description: str, target: str = "", width: float = 720
) -> Chart:
    """Bands of time from short to long; a dashed line, named by `target`, ends those inside the target."""
    inside = sum(row.within for row in rows)
    limited = bool(target) and 0 < inside < len(rows)
    texts = [RowTexts(row.label, (row.printed,)) for row in rows]
    if limited:
        # The limit takes a row of its own, without a name at the left.
        texts.insert(inside, RowTexts("", ("",)))
    place = lay_out(texts, width=width, top=4, mark_height=20)
    middles = [middle for at, middle in enumerate(place.middles) if not limited or at != inside]
    longest = max((float(row.share) for row in rows if row.share is not None), default=0) or 1.0
    shapes: list[Shape] = [*place.shapes, *_base(place, width)]
    for row, middle in zip(rows, middles, strict=True):
        if row.share is not None and row.share > 0:
            reach = (place.right - place.left) * float(row.share) / longest
            shapes.append(Rect(place.left, middle - 9, reach, 18, "bar" if row.within else "rest"))
    if limited:
        y = place.middles[inside] + 6
        name = shorten(target, width - 2 * EDGE, SMALL)
        shapes.append(Line(EDGE, y, width - EDGE, y, "target"))
        shapes.append(Text(width - EDGE, y - 5, name, "target-name", SMALL, "end"))
    return Chart(width, place.bottom + 4, title, description, tuple(shapes))
