"""Every drawing of the platform, made once: the page shows it as SVG, the document embeds it in PDF.

Builders take texts that are already printed (`surveys.printing`) and shares from 0 to 1 only to place the
marks. Nothing here decides what may be shown: a value that is None is drawn as its printed mark.
Widths: 360 for a phone, 720 for a wide page; every builder takes any width from 280.
"""

from __future__ import annotations

from exports.bar_charts import Band, Bar, LevelRow, factor_bars, levels_bar, time_bands
from exports.dot_chart import DotRow, dots
from exports.drawing import to_drawing
from exports.shapes import Chart, Circle, Line, Path, Polygon, Rect, Shape, Text
from exports.svg import to_svg
from exports.tile_map import Tile, tile_map
from exports.trend_chart import TargetLine, TrendPoint, trend

__all__ = [
    "Band", "Bar", "Chart", "Circle", "DotRow", "LevelRow", "Line", "Path", "Polygon", "Rect", "Shape",
    "TargetLine", "Text", "Tile", "TrendPoint", "dots", "factor_bars", "levels_bar", "tile_map", "time_bands",
    "to_drawing", "to_svg", "trend",
]  # fmt: skip
