"""What holds for every drawing, whatever it shows and however wide it is."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.charts import (
    Band,
    Chart,
    Circle,
    DotRow,
    LevelRow,
    Line,
    Path,
    Rect,
    TargetLine,
    Text,
    TrendPoint,
    dots,
    levels_bar,
    time_bands,
    to_drawing,
    trend,
)
from exports.shapes import look_of
from tests.unit.exports.chart_inputs import CHARTS, WIDTHS, box_of, measured, overlap, text_box

NAMED = {"title": "Tiêu đề", "description": "Mô tả"}
HALF_A_PEN = 1.0


@settings(max_examples=120)
@given(CHARTS)
def test_every_mark_has_a_look_and_lies_inside_the_drawing(chart: Chart) -> None:
    for shape in chart.shapes:
        look_of(shape.css)
        left, top, right, bottom = box_of(shape)
        assert left >= -HALF_A_PEN and top >= -HALF_A_PEN, shape
        assert right <= chart.width + HALF_A_PEN and bottom <= chart.height + HALF_A_PEN, shape


@settings(max_examples=120)
@given(CHARTS)
def test_texts_have_words_and_never_run_into_each_other(chart: Chart) -> None:
    boxes = [(shape.text, text_box(shape)) for shape in chart.shapes if isinstance(shape, Text)]
    assert all(text.strip() for text, _ in boxes)
    for (one, first), (two, second) in combinations(boxes, 2):
        assert not overlap(first, second), (one, two)


@given(measured(), WIDTHS)
def test_the_interval_goes_through_the_dot(values: tuple[float, float, float], width: float) -> None:
    low, rate, high = values
    chart = dots([DotRow("Sở Y tế", rate, low, high, "90,0 %", "50")], width=width, **NAMED)
    dot = next(shape for shape in chart.shapes if isinstance(shape, Circle))
    spans = [shape for shape in chart.shapes if isinstance(shape, Line) and shape.css == "interval"]
    left, right = min(span.x1 for span in spans), max(span.x2 for span in spans)
    assert left - 0.01 <= dot.cx <= right + 0.01
    assert {span.y1 for span in spans if span.y1 == span.y2} == {dot.cy}


@given(measured(), WIDTHS)
def test_the_interval_of_a_quarter_goes_through_its_point(
    values: tuple[float, float, float], width: float
) -> None:
    low, rate, high = values
    chart = trend([TrendPoint("I", "2026", rate, low, high, "90,0 %", "50")], width=width, **NAMED)
    dot = next(shape for shape in chart.shapes if isinstance(shape, Circle))
    span = next(shape for shape in chart.shapes if isinstance(shape, Line) and shape.css == "interval")
    assert span.x1 == span.x2 == dot.cx
    assert span.y2 - 0.01 <= dot.cy <= span.y1 + 0.01


@given(st.lists(st.integers(0, 500), min_size=5, max_size=5).filter(any), WIDTHS)
def test_the_five_levels_fill_the_bar_from_end_to_end_in_order(counts: list[int], width: float) -> None:
    shares = tuple(count / sum(counts) for count in counts)
    chart = levels_bar([LevelRow("Quý I", shares, ("",) * 5, "100")], width=width, **NAMED)
    segments = [
        shape for shape in chart.shapes
        if isinstance(shape, Rect) and shape.css.startswith("level-") and shape.height > 20
    ]  # fmt: skip
    assert [segment.css for segment in segments] == [
        f"level-{level}" for level, share in zip((5, 4, 3, 2, 1), shares, strict=True) if share
    ]
    for one, two in pairwise(segments):
        assert abs(one.x + one.width - two.x) < 0.001


def test_a_hidden_row_shows_its_mark_and_no_number() -> None:
    rows = [DotRow("Sở Y tế", None, None, None, "bm", "bm")]
    for width in (360, 720):
        chart = dots(rows, TargetLine(0.95, "chỉ tiêu 95 %"), width=width, **NAMED)
        assert not [shape for shape in chart.shapes if isinstance(shape, Circle)]
        texts = {shape.text for shape in chart.shapes if isinstance(shape, Text)}
        assert "bm" in texts


def test_levels_of_a_hidden_quarter_are_a_mark_without_a_bar() -> None:
    chart = levels_bar([LevelRow("Quý I", (), (), "bm", "bm")], **NAMED)
    assert [shape.text for shape in chart.shapes if isinstance(shape, Text)] == ["Quý I", "bm"]
    assert not [shape for shape in chart.shapes if isinstance(shape, Rect)]


def _series(points: list[TrendPoint]) -> list[int]:
    """The lengths of the joined stretches."""
    chart = trend(points, **NAMED)
    return [len(shape.strokes[0]) for shape in chart.shapes if isinstance(shape, Path)]


def _point(rate: float | None, *, broken: bool = False) -> TrendPoint:
    return TrendPoint("I", "2026", rate, rate, rate, "90,0 %" if rate else "bm", "50", broken)


def test_neighbours_are_joined_but_never_across_a_gap_or_a_break() -> None:
    assert _series([_point(0.9)] * 4) == [4]
    assert _series([_point(0.9), _point(0.9), _point(None), _point(0.9), _point(0.9)]) == [2, 2]
    assert _series([_point(0.9), _point(0.9), _point(0.9, broken=True), _point(0.9)]) == [2, 2]
    assert _series([_point(0.9), _point(None), _point(0.9)]) == []


@pytest.mark.parametrize(("low", "high"), ((0.93, 0.947), (0.72, 0.93)))
def test_the_target_line_spares_the_number_of_a_point_just_below_it(low: float, high: float) -> None:
    """Also where the interval reaches down so far that there is no room below."""
    chart = trend(
        [TrendPoint("I", "2026", (low + high) / 2, low, high, "94,0 %", "900")],
        [TargetLine(0.95, "chỉ tiêu 95 %")], **NAMED,
    )  # fmt: skip
    label = next(shape for shape in chart.shapes if isinstance(shape, Text) and shape.text == "94,0 %")
    rule = next(shape for shape in chart.shapes if isinstance(shape, Line) and shape.css == "target")
    _, top, _, bottom = text_box(label)
    assert not top < rule.y1 < bottom


def test_the_limit_of_time_stands_between_the_bands_inside_and_outside() -> None:
    rows = [Band("Dưới 5 phút", 0.6, "60,0 %"), Band("Từ 5 phút", 0.4, "40,0 %", within=False)]
    chart = time_bands(rows, target="chỉ tiêu: dưới 5 phút", **NAMED)
    rule = next(shape for shape in chart.shapes if isinstance(shape, Line) and shape.css == "target")
    inside, outside = (shape for shape in chart.shapes if isinstance(shape, Rect))
    assert inside.y + inside.height < rule.y1 < outside.y
    assert (inside.css, outside.css) == ("bar", "rest")


def test_a_name_too_long_is_shortened_and_kept_whole_beside() -> None:
    name = "Ban Quản lý các khu công nghiệp, khu chế xuất và khu kinh tế ven biển của thành phố " * 2
    chart = dots([DotRow(name.strip(), 0.9, 0.8, 0.95, "90,0 %", "50")], width=360, **NAMED)
    whole = [shape.full for shape in chart.shapes if isinstance(shape, Text) and shape.full]
    assert whole == [name.strip()]


@settings(max_examples=30)
@given(CHARTS)
def test_the_drawing_for_paper_has_the_same_shapes(chart: Chart) -> None:
    drawing = to_drawing(chart, 460)
    assert abs(drawing.width - 460) < 0.001
    assert abs(drawing.height / drawing.width - chart.height / chart.width) < 1e-9
    assert len(drawing.contents[0].contents) == len(chart.shapes)


def test_pages_draw_without_loading_the_pdf_library() -> None:
    code = "import sys, exports.charts, exports.figure_charts; assert 'reportlab' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
