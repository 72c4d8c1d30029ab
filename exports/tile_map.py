"""The provinces as tiles of one size, roughly where they lie: a small one is seen as well as a large one.

The arrangement is our own. North is up; the long coast bends from the delta of the Red River to the south.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from exports.bar_charts import diagonals, level_box
from exports.shapes import Chart, Path, Rect, Shape, Text
from exports.text_width import shorten, wrap

WIDTH: Final = 340
COLUMNS: Final = 5
PITCH: Final = WIDTH / COLUMNS
HEIGHT: Final = 52
GAP: Final = 3
STRIP: Final = 10
SIZE: Final = 12
LEADING: Final = 14
KEY_ROW: Final = 9
"""Left of the coast of the middle nothing lies: there the key has its place."""

KEY_ROOM: Final = (COLUMNS - 1) * PITCH - 2 * STRIP - 12

_ROWS: Final = (
    ("12", "15", "08", "04", ""),
    ("11", "14", "25", "19", "20"),
    ("", "", "01", "24", "22"),
    ("", "", "37", "33", "31"),
    ("", "", "38", "", ""),
    ("", "", "40", "", ""),
    ("", "", "42", "", ""),
    ("", "", "44", "", ""),
    ("", "", "", "46", ""),
    ("", "", "", "", "48"),
    ("", "", "", "", "51"),
    ("", "", "", "", "52"),
    ("", "", "", "", "66"),
    ("", "80", "75", "68", "56"),
    ("91", "82", "79", "", ""),
    ("", "92", "86", "", ""),
    ("", "96", "", "", ""),
)
PLACES: Final[Mapping[str, tuple[int, int]]] = {
    code: (column, row) for row, codes in enumerate(_ROWS) for column, code in enumerate(codes) if code
}
"""Column and row of each of the 34 provinces by its code."""


@dataclass(frozen=True)
class Tile:
    """A province. `level` is the band of its rate as one of the five levels; None has a `text` only.

    `hatched` marks what is hidden.
    """

    code: str
    name: str
    text: str
    level: int | None = None
    hatched: bool = False


def tile_map(
    tiles: Sequence[Tile], key: Sequence[tuple[Tile, str]], *, title: str, description: str
) -> Chart:
    """`key` are samples with their words. A province without a place of its own stands below the others."""
    shapes: list[Shape] = []
    places, below = dict(PLACES), len(_ROWS)
    for index, tile in enumerate(tile for tile in tiles if tile.code not in PLACES):
        places[tile.code] = (index % COLUMNS, below + index // COLUMNS)
    last = max((places[tile.code][1] for tile in tiles), default=0)
    for tile in tiles:
        column, row = places[tile.code]
        shapes += _tile(tile, column * PITCH, row * HEIGHT)
    shapes += _key(key)
    rows = max(last + 1, KEY_ROW + 4)
    return Chart(WIDTH, rows * HEIGHT, title, description, tuple(shapes))


def _tile(tile: Tile, x: float, y: float) -> list[Shape]:
    width, height = PITCH - GAP, HEIGHT - GAP
    shapes = _ground(tile, x, y, width, height)
    css = f"on-{tile.level}" if tile.level else "ink"
    middle, room = x + (STRIP + width) / 2, width - STRIP - 2
    lines = wrap(tile.name, room, SIZE, 2)
    for index, line in enumerate(lines):
        shapes.append(Text(middle, y + 13 + index * LEADING, line, css, SIZE, "middle"))
    text = shorten(tile.text, room, SIZE)
    full = tile.text if text != tile.text else ""
    shapes.append(Text(middle, y + height - 6, text, css, SIZE, "middle", bold=True, full=full))
    return shapes


def _ground(tile: Tile, x: float, y: float, width: float, height: float) -> list[Shape]:
    """The texture keeps to a strip at the left, so that no stroke runs through a letter."""
    if tile.level:
        body = Rect(x, y, width, height, f"level-{tile.level}")
        return [body, *level_box(tile.level, x, y, STRIP, height)]
    strokes = diagonals(x, y, STRIP, height, 1, 4) if tile.hatched else []
    body = Rect(x, y, width, height, "rest")
    return [body, Path(tuple(strokes), "texture")] if strokes else [body]


def _key(key: Sequence[tuple[Tile, str]]) -> list[Shape]:
    shapes: list[Shape] = []
    top = KEY_ROW * HEIGHT + 4
    for index, (sample, words) in enumerate(key):
        y = top + index * 26
        shapes += _ground(sample, 0, y, 2 * STRIP, 18)
        # The fifth column belongs to the coast.
        text = shorten(words, KEY_ROOM, SIZE)
        shapes.append(Text(2 * STRIP + 8, y + 13, text, "ink", SIZE, full=words if text != words else ""))
    return shapes
