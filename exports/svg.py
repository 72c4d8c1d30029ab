"""A drawing as SVG that a strict content security policy lets through: no style attribute, no script.

Colours are presentation attributes, which any rule of the page's stylesheet overrides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from exports.shapes import Chart, Circle, Line, Path, Point, Polygon, Rect, Shape, Text, look_of

_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def to_svg(chart: Chart, prefix: str, css: str = "") -> str:
    """The drawing as an inline `<svg>` of class "chart"; `prefix` keeps its ids apart from others.

    Raises ValueError for a prefix that is no id.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"“{prefix}” cannot begin an id.")
    size = f"{_number(chart.width)} {_number(chart.height)}"
    classes = f"chart {css}".strip()
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{escape(classes)}" role="img" '
        f'viewBox="0 0 {size}" width="{_number(chart.width)}" height="{_number(chart.height)}" '
        f'aria-labelledby="{prefix}-title {prefix}-desc">'
        f'<title id="{prefix}-title">{escape(chart.title)}</title>'
        f'<desc id="{prefix}-desc">{escape(chart.description)}</desc>'
    )
    return head + "".join(map(_shape, chart.shapes)) + "</svg>"


def _shape(shape: Shape) -> str:
    if isinstance(shape, Text):
        return _text(shape)
    name, attributes = _geometry(shape)
    return f"<{name} {attributes} {_looks(shape.css)}/>"


def _geometry(shape: Rect | Line | Circle | Polygon | Path) -> tuple[str, str]:
    if isinstance(shape, Rect):
        places = {"x": shape.x, "y": shape.y, "width": shape.width, "height": shape.height}
        return "rect", _attributes(places)
    if isinstance(shape, Line):
        return "line", _attributes({"x1": shape.x1, "y1": shape.y1, "x2": shape.x2, "y2": shape.y2})
    if isinstance(shape, Circle):
        return "circle", _attributes({"cx": shape.cx, "cy": shape.cy, "r": shape.r})
    if isinstance(shape, Polygon):
        return "polygon", f'points="{_points(shape.points)}"'
    strokes = "".join(f"M{_points(stroke[:1])}L{_points(stroke[1:])}" for stroke in shape.strokes)
    return "path", f'd="{strokes}"'


def _text(shape: Text) -> str:
    anchor = "" if shape.anchor == "start" else f' text-anchor="{shape.anchor}"'
    weight = ' font-weight="600"' if shape.bold else ""
    whole = f"<title>{escape(shape.full)}</title>" if shape.full else ""
    places = _attributes({"x": shape.x, "y": shape.y, "font-size": shape.size})
    return f"<text {places}{anchor}{weight} {_looks(shape.css)}>{whole}{escape(shape.text)}</text>"


def _looks(css: str) -> str:
    look = look_of(css)
    found = f'class="{escape(css)}" fill="{look.fill or "none"}"'
    if look.stroke is not None:
        found += f' stroke="{look.stroke}" stroke-width="{_number(look.stroke_width)}"'
    if look.dash is not None:
        found += f' stroke-dasharray="{" ".join(map(_number, look.dash))}"'
    return found


def _attributes(places: dict[str, float]) -> str:
    return " ".join(f'{name}="{_number(value)}"' for name, value in places.items())


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _number(value: float) -> str:
    """At most one decimal: a tenth of a pixel is finer than any screen."""
    return f"{value:.1f}".removesuffix(".0")
