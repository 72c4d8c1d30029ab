"""The plain shapes a drawing is made of: the page serializes them to SVG, the document to PDF.

Coordinates grow to the right and downwards from the top left corner, in units of one CSS pixel. A shape
names its looks by classes; `LOOKS` gives the colours of a bright page and of paper, and the stylesheet of
the page may give others in the dark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Anchor = Literal["start", "middle", "end"]
Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    width: float
    height: float
    css: str


@dataclass(frozen=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    css: str


@dataclass(frozen=True)
class Circle:
    cx: float
    cy: float
    r: float
    css: str


@dataclass(frozen=True)
class Text:
    """One line of text; `y` is its baseline. `full` is the whole text where `text` had to be shortened."""

    x: float
    y: float
    text: str
    css: str = "ink"
    size: float = 14
    anchor: Anchor = "start"
    bold: bool = False
    full: str = ""


@dataclass(frozen=True)
class Polygon:
    points: tuple[Point, ...]
    css: str


@dataclass(frozen=True)
class Path:
    """Open lines drawn with one pen: the strokes of a texture, the line of a series."""

    strokes: tuple[tuple[Point, ...], ...]
    css: str


Shape: TypeAlias = Rect | Line | Circle | Text | Polygon | Path


@dataclass(frozen=True)
class Chart:
    """A drawing. `title` and `description` are read aloud in its place; neither is drawn."""

    width: float
    height: float
    title: str
    description: str
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Look:
    """Colours as "#rrggbb", None for none; `dash` are the lengths of stroke and gap."""

    fill: str | None = None
    stroke: str | None = None
    stroke_width: float = 0
    dash: tuple[float, float] | None = None


INK: Final = "#1B2733"
QUIET: Final = "#52606D"
PAPER: Final = "#FFFFFF"

LOOKS: Final[Mapping[str, Look]] = {
    "level-5": Look("#0B4F8A", INK, 0.8),
    "level-4": Look("#5B9BD5", INK, 0.8),
    "level-3": Look("#B9BDC1", INK, 0.8),
    "level-2": Look("#F0A35E", INK, 0.8),
    "level-1": Look("#B85410", INK, 0.8),
    # The same fills without an outline: the ground of a number that stands on a texture.
    "under-3": Look("#B9BDC1"),
    "under-2": Look("#F0A35E"),
    "under-1": Look("#B85410"),
    "on-5": Look(PAPER),
    "on-4": Look(INK),
    "on-3": Look(INK),
    "on-2": Look(INK),
    "on-1": Look(PAPER),
    "texture": Look(None, INK, 0.8),
    "bar": Look("#5B9BD5", INK, 0.8),
    "rest": Look("#EFEDE7", INK, 0.8),
    "ink": Look(INK),
    "quiet": Look(QUIET),
    "line": Look(None, "#D9D6CE", 1),
    "axis": Look(None, "#6B7680", 1),
    "target": Look(None, INK, 1.4, (5, 3)),
    "target-name": Look(INK),
    "interval": Look(None, INK, 1.4),
    "series": Look(None, "#0B4F8A", 1.6),
    "dot": Look("#0B4F8A", INK, 1),
    "dot-open": Look(PAPER, INK, 1.4),
    "break": Look(None, QUIET, 1.4, (2, 2)),
}
"""How each class looks on white: also the fallback on a page whose stylesheet did not arrive."""


def look_of(css: str) -> Look:
    """The look of the first class that has one. Raises KeyError where none has."""
    for name in css.split():
        if name in LOOKS:
            return LOOKS[name]
    raise KeyError(css)
