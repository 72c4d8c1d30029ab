"""A drawing for the PDF: the same shapes in the same places, with the embedded fonts of the document."""

from __future__ import annotations

from typing import Any

from exports.shapes import Chart, Circle, Line, Path, Polygon, Rect, Shape, Text, look_of


def to_drawing(chart: Chart, width: float | None = None) -> Any:
    """A reportlab Drawing, scaled to `width` points. reportlab is loaded only when a document is made."""
    from reportlab.graphics.shapes import Drawing, Group

    from exports.fonts import BOLD, REGULAR, register_fonts

    register_fonts()
    scale = (width or chart.width) / chart.width
    drawing = Drawing(chart.width * scale, chart.height * scale, initialFontName=REGULAR, initialFontSize=10)
    # Shapes grow downwards, paper upwards: every place is mirrored, so that no text stands on its head.
    group = Group(*(_shape(shape, chart.height, (REGULAR, BOLD)) for shape in chart.shapes))
    group.scale(scale, scale)
    drawing.add(group)
    return drawing


def _shape(shape: Shape, height: float, faces: tuple[str, str]) -> Any:
    from reportlab.graphics import shapes as rl

    if isinstance(shape, Text):
        return rl.String(
            shape.x,
            height - shape.y,
            shape.text,
            fontName=faces[shape.bold],
            fontSize=shape.size,
            textAnchor=shape.anchor,
            fillColor=_colour(look_of(shape.css).fill),
        )
    pen = _pen(shape.css)
    if isinstance(shape, Rect):
        return rl.Rect(shape.x, height - shape.y - shape.height, shape.width, shape.height, **pen)
    if isinstance(shape, Circle):
        return rl.Circle(shape.cx, height - shape.cy, shape.r, **pen)
    if isinstance(shape, Polygon):
        return rl.Polygon([value for x, y in shape.points for value in (x, height - y)], **pen)
    if isinstance(shape, Line):
        pen.pop("fillColor")
        return rl.Line(shape.x1, height - shape.y1, shape.x2, height - shape.y2, **pen)
    return _path(shape, height, pen)


def _path(shape: Path, height: float, pen: dict[str, Any]) -> Any:
    from reportlab.graphics import shapes as rl

    path = rl.Path(**pen)
    for stroke in shape.strokes:
        for at, (x, y) in enumerate(stroke):
            (path.lineTo if at else path.moveTo)(x, height - y)
    return path


def _pen(css: str) -> dict[str, Any]:
    look = look_of(css)
    return {
        "fillColor": _colour(look.fill),
        "strokeColor": _colour(look.stroke),
        "strokeWidth": look.stroke_width,
        "strokeDashArray": list(look.dash) if look.dash else None,
    }


def _colour(text: str | None) -> Any:
    from reportlab.lib.colors import HexColor

    return None if text is None else HexColor(text)
