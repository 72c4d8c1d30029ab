"""The rate over several quarters: points with intervals, the targets of the years, gaps that are seen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from exports.row_layout import EDGE, SMALL, is_wide
from exports.shapes import Chart, Circle, Line, Path, Shape, Text
from exports.text_width import shorten, text_width, wrap
from surveys.printing import NBSP, percent

Share = Fraction | float
RADIUS: Final = 5
HEAD: Final = 40
NOTE_LINE: Final = 15


@dataclass(frozen=True)
class TrendPoint:
    """A quarter. `rate` None: `printed` ("bm", "–") is written in the gap.

    `label` is the quarter, `group` the year, written once under its quarters. `broken`: the series
    breaks before this point, with `note` ("gián đoạn", "sáp nhập") at the break. `firm` False: open dot.
    """

    label: str
    group: str
    rate: Share | None
    low: float | None
    high: float | None
    printed: str
    n: str
    broken: bool = False
    note: str = ""
    firm: bool = True


@dataclass(frozen=True)
class TargetLine:
    """A target from 0 to 1 with its name ("chỉ tiêu 95 %"), over the points `first` to `last`."""

    value: Share
    name: str
    first: int = 0
    last: int | None = None


@dataclass(frozen=True)
class _Frame:
    left: float
    right: float
    top: float
    bottom: float
    start: float
    count: int

    @property
    def step(self) -> float:
        return (self.right - self.left) / self.count

    def x(self, index: int) -> float:
        return self.left + self.step * (index + 0.5)

    def y(self, share: Share) -> float:
        return self.bottom - (self.bottom - self.top) * (float(share) - self.start) / (1 - self.start)


def trend(
    points: Sequence[TrendPoint],
    targets: Sequence[TargetLine] = (),
    *,
    title: str,
    description: str,
    width: float = 720,
    n_name: str = "n",
) -> Chart:
    """The rate of each quarter with its interval; neighbours are joined, a gap or a break never is."""
    frame = _frame(points, targets, width)
    shapes: list[Shape] = [*_scale(frame, targets), *_targets(targets, frame), *_breaks(points, frame)]
    shapes += [Path(run, "series") for run in _runs(points, frame)]
    for index, point in enumerate(points):
        rules = [frame.y(target.value) for target in targets if _covers(target, index)]
        shapes += _point(index, point, frame, rules)
    shapes += _foot(points, frame)
    shapes.append(Text(EDGE, frame.bottom + 34, n_name, "quiet", SMALL))
    lowest = max((shape.y for shape in shapes if isinstance(shape, Text)), default=0.0)
    return Chart(width, lowest + 6, title, description, tuple(shapes))


def _frame(points: Sequence[TrendPoint], targets: Sequence[TargetLine], width: float) -> _Frame:
    drawn = [value for point in points for value in (point.low, point.rate)]
    start = scale_start([*drawn, *(target.value for target in targets)])
    height = 200 if is_wide(width) else 180
    names = [target.name for target in targets]
    left = max([text_width(percent(1, decimals=0), SMALL) + 8, *(_name_room(name) for name in names[:-1])])
    right = max([EDGE + 14.0, *(_name_room(name) for name in names[-1:])])
    frame = _Frame(left, width - right, HEAD, HEAD + height, start, max(len(points), 1))
    # Notes that would run into each other take lines of their own above the drawing.
    more = NOTE_LINE * max((level for _, _, level in _notes(points, frame)), default=0)
    return replace(frame, top=HEAD + more, bottom=HEAD + more + height)


def scale_start(values: Sequence[Share | None]) -> float:
    """Where a scale that ends at 100 % begins: at the whole twentieth below everything drawn."""
    # A mark at the very edge would look like the frame, so a little room stays under it.
    lowest = min((float(value) for value in values if value is not None), default=0.0) - 0.01
    return max(0.0, min(0.8, math.floor(lowest * 20) / 20))


def _name_room(name: str) -> float:
    return max((text_width(line, SMALL) for line in _name_lines(name)), default=0) + 10


def _name_lines(name: str) -> list[str]:
    """The name of a target in two lines, for the margins are narrow: "chỉ tiêu" and "95 %"."""
    return wrap(name, text_width("chỉ tiêu", SMALL) + 1, SMALL, 3)


def _covers(target: TargetLine, index: int) -> bool:
    return target.first <= index and (target.last is None or index <= target.last)


def _scale(frame: _Frame, targets: Sequence[TargetLine]) -> list[Shape]:
    """A line at the foot and the ends of the scale, for it seldom begins at 0."""
    named = [frame.y(target.value) for target in targets[:-1]]
    return [
        Line(frame.left, frame.bottom, frame.right, frame.bottom, "axis"),
        *(
            Text(frame.left - 6, frame.y(end) + 4, percent(end, decimals=0), "quiet", SMALL, "end")
            for end in (frame.start, 1)
            if all(abs(frame.y(end) - y) > 26 for y in named)
        ),
    ]


def _targets(targets: Sequence[TargetLine], frame: _Frame) -> list[Shape]:
    """Dashed lines; the last one is named in the right margin, those before in the left one."""
    shapes: list[Shape] = []
    for at, target in enumerate(targets):
        y = frame.y(target.value)
        last = frame.count - 1 if target.last is None else target.last
        ends = frame.x(target.first) - frame.step / 2, frame.x(last) + frame.step / 2
        shapes.append(Line(ends[0], y, ends[1], y, "target"))
        lines = _name_lines(target.name)
        of_right = at == len(targets) - 1
        for row, line in enumerate(lines):
            baseline = y + SMALL * 0.35 + (row - (len(lines) - 1) / 2) * 15
            x = frame.right + 6 if of_right else frame.left - 6
            shapes.append(Text(x, baseline, line, "target-name", SMALL, "start" if of_right else "end"))
    return shapes


def _runs(points: Sequence[TrendPoint], frame: _Frame) -> Iterator[tuple[tuple[tuple[float, float], ...]]]:
    """The unbroken stretches of at least two points."""
    run: list[tuple[float, float]] = []
    for index, point in enumerate(points):
        if point.rate is None or point.broken:
            if len(run) > 1:
                yield (tuple(run),)
            run = []
        if point.rate is not None:
            run.append((frame.x(index), frame.y(point.rate)))
    if len(run) > 1:
        yield (tuple(run),)


def _point(index: int, point: TrendPoint, frame: _Frame, rules: Sequence[float]) -> list[Shape]:
    """The mark of a quarter; `rules` are the heights of the target lines there, which spare its number."""
    x = frame.x(index)
    if point.rate is None:
        return [Text(x, frame.bottom - 10, point.printed, "quiet", SMALL, "middle")]
    shapes: list[Shape] = []
    y = frame.y(point.rate)
    upper, lower = y - RADIUS, y + RADIUS
    if point.low is not None and point.high is not None:
        low, high = frame.y(max(point.low, frame.start)), frame.y(point.high)
        upper, lower = min(upper, high), max(lower, low)
        shapes += [
            Line(x, low, x, high, "interval"),
            Line(x - 4, low, x + 4, low, "interval"),
            Line(x - 4, high, x + 4, high, "interval"),
        ]
    shapes.append(Circle(x, y, RADIUS, "dot" if point.firm else "dot-open"))
    printed = _fitting((point.printed, point.printed.replace(f"{NBSP}%", "")), frame.step)
    # Above the mark; where a target line would run through the number, below it or above the line.
    crossed = [rule for rule in rules if upper - 20 < rule < upper - 2]
    baseline = upper - 6
    if crossed:
        baseline = lower + 15 if lower + 20 < frame.bottom else min(crossed) - 5
    return [*shapes, Text(x, baseline, printed, "ink", SMALL, "middle")] if printed else shapes


def _fitting(texts: Sequence[str], room: float) -> str:
    return next((text for text in texts if text_width(text, SMALL) <= room), "")


def _breaks(points: Sequence[TrendPoint], frame: _Frame) -> list[Shape]:
    """A dotted line before each point at which the series breaks, and the reasons above."""
    lines = [frame.x(index) - frame.step / 2 for index, point in enumerate(points) if point.broken]
    notes = _notes(points, frame)
    return [
        *(Line(x, 18, x, frame.bottom, "break") for x in lines),
        *(Text(x, 12 + NOTE_LINE * level, note, "quiet", SMALL, "middle") for x, note, level in notes),
    ]


def _notes(points: Sequence[TrendPoint], frame: _Frame) -> list[tuple[float, str, int]]:
    """The centre of each note and the first line, counted from 0, on which it has room."""
    ends: list[float] = []
    placed = []
    for index, point in enumerate(points):
        if not point.note:
            continue
        half = text_width(point.note, SMALL) / 2
        wanted = frame.x(index) - (frame.step / 2 if point.broken else 0)
        centre = min(max(wanted, half + EDGE), frame.right + 10 - half)
        level = next((at for at, end in enumerate(ends) if end + 4 <= centre - half), len(ends))
        ends[level : level + 1] = [centre + half]
        placed.append((centre, point.note, level))
    return placed


def _foot(points: Sequence[TrendPoint], frame: _Frame) -> list[Shape]:
    """Quarters, their n (on two lines by turns where one would crowd them), and the years."""
    crowded = any(text_width(point.n, SMALL) > frame.step - 4 for point in points)
    shapes: list[Shape] = []
    for index, point in enumerate(points):
        x, lower = frame.x(index), 15 if crowded and index % 2 else 0
        room = frame.step * (2 if crowded else 1) - 4
        label, n = shorten(point.label, frame.step, SMALL), shorten(point.n, room, SMALL)
        shapes.append(Text(x, frame.bottom + 17, label, "ink", SMALL, "middle"))
        shapes.append(Text(x, frame.bottom + 34 + lower, n, "quiet", SMALL, "middle"))
    years = [point.group for point in points]
    for year in dict.fromkeys(year for year in years if year):
        places = [frame.x(index) for index, name in enumerate(years) if name == year]
        middle = (places[0] + places[-1]) / 2
        shapes.append(Text(middle, frame.bottom + 51 + 15 * crowded, year, "ink", SMALL, "middle"))
    return shapes
