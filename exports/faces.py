"""The five faces of the levels as lines on paper: the same drawings as the sprite of the survey page.

A path is of the few commands that the drawings use: M, v, h, q and z, all but M relative.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

SIDE: Final = 32
"""The drawings stand in a square of so many units, their origin at its top left."""
RADIUS: Final = 14
STROKE: Final = 2.0

PATHS: Final[Mapping[int, str]] = {
    5: "M8.5 13.5q2.5-3.5 5 0M18.5 13.5q2.5-3.5 5 0M8 18.5q8 12.5 16 0z",
    4: "M11 11.5v2M21 11.5v2M9 19q7 7 14 0",
    3: "M11 11.5v2M21 11.5v2M9.5 21h13",
    2: "M11 11.5v2M21 11.5v2M9.5 22.5q6.5-5 13 0",
    1: "M8 12.5q3-.5 4.5-3M24 12.5q-3-.5-4.5-3M11.5 14.5v1.5M20.5 14.5v1.5M9.5 24q6.5-7.5 13 0",
}
_COMMAND: Final = re.compile(r"([Mvhqz])([^Mvhqz]*)")
_NUMBER: Final = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")


def commands(path: str) -> Iterator[tuple[str, list[float]]]:
    """Each command of a path with its numbers."""
    for letter, numbers in _COMMAND.findall(path):
        yield letter, [float(number) for number in _NUMBER.findall(numbers)]


def draw_face(canvas: Any, level: int, left: float, top: float, size: float) -> None:
    """One face into the square of `size` points whose upper left corner is given."""
    canvas.saveState()
    canvas.translate(left, top)
    canvas.scale(size / SIDE, -size / SIDE)
    canvas.setLineWidth(STROKE)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    canvas.circle(SIDE / 2, SIDE / 2, RADIUS, stroke=1, fill=0)
    outline = canvas.beginPath()
    x = y = 0.0
    for letter, numbers in commands(PATHS[level]):
        if letter == "M":
            x, y = numbers
            outline.moveTo(x, y)
        elif letter == "z":
            outline.close()
        elif letter == "q":
            dx1, dy1, dx, dy = numbers
            # The quadratic curve as the cubic one that PDF knows.
            outline.curveTo(
                x + dx1 * 2 / 3, y + dy1 * 2 / 3,
                x + dx + (dx1 - dx) * 2 / 3, y + dy + (dy1 - dy) * 2 / 3,
                x + dx, y + dy,
            )  # fmt: skip
            x, y = x + dx, y + dy
        else:
            x, y = (x + numbers[0], y) if letter == "h" else (x, y + numbers[0])
            outline.lineTo(x, y)
    canvas.drawPath(outline, stroke=1, fill=0)
    canvas.restoreState()
