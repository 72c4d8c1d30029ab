"""Drawings made from the figures of a place."""

from __future__ import annotations

from dataclasses import replace

from exports.charts import Circle, Line, Text
from exports.figure_charts import agencies_chart, bands_chart, levels_chart, shown_quarters, trend_chart
from surveys.figures import HIDDEN, Place
from tests.support.reports import children, history, place_figures, plan_of

PLACE = Place("14-SYT", "Sở Y tế", "department", "14")
PAST = history(PLACE, "2026-Q3", 400, 0.93)
LAST = "2026-Q3"


def texts(chart: object) -> list[str]:
    return [shape.text for shape in chart.shapes if isinstance(shape, Text)]


def test_a_quarter_without_figures_stays_a_gap_and_time_begins_with_the_first_one() -> None:
    known = [item for item in PAST[2:] if item.quarter != "2025-Q4"]
    shown = [(quarter.code, item is None) for quarter, item in shown_quarters(known, LAST)]
    assert shown == [
        ("2025-Q2", False), ("2025-Q3", False), ("2025-Q4", True), ("2026-Q1", False), ("2026-Q2", False),
        (LAST, False),
    ]  # fmt: skip
    assert "–" in texts(trend_chart(known, LAST, None))
    assert "Quý IV năm 2025" in texts(levels_chart(known, LAST))


def test_a_hidden_quarter_draws_its_mark_and_no_point() -> None:
    past = [*PAST[:-1], replace(PAST[-1], official=HIDDEN)]
    points = [shape for shape in trend_chart(past, LAST, None).shapes if isinstance(shape, Circle)]
    assert len(points) == len(PAST) - 1
    assert "bm" in texts(trend_chart(past, LAST, None))
    assert "bm" in texts(levels_chart(past, LAST))


def test_each_year_has_its_own_target_and_a_year_without_one_has_no_line() -> None:
    chart = trend_chart(PAST, LAST, plan_of("14"))
    rules = [shape for shape in chart.shapes if isinstance(shape, Line) and shape.css == "target"]
    assert len(rules) == 2
    assert rules[0].y1 > rules[1].y1
    assert abs(rules[0].x2 - rules[1].x1) < 0.01
    first = next(shape for shape in chart.shapes if isinstance(shape, Circle))
    assert rules[0].x1 > first.cx
    assert not [s for s in trend_chart(PAST, LAST, None).shapes if isinstance(s, Line) and s.css == "target"]


def test_few_answers_draw_an_open_dot_named_indicative() -> None:
    below = children("14", LAST, 0)
    chart = agencies_chart(below, plan_of("14").target(2026, "TC4"), title="Cơ quan")
    few = [child for child in below if 10 <= child.official.n < 30]
    assert len(few) == 1
    assert len([s for s in chart.shapes if isinstance(s, Circle) and s.css == "dot-open"]) == 1
    assert any("(tham\u00a0khảo)" in text for text in texts(chart))


def test_the_limit_of_time_moves_with_the_target_of_the_year() -> None:
    question = place_figures(PLACE, LAST, 400, 0.9).questions[0]
    plan = plan_of("14")
    heights = []
    for year in (2025, 2026):
        chart = bands_chart(question, plan.target(year, "TC2"))
        assert chart is not None
        heights.append(next(s.y1 for s in chart.shapes if isinstance(s, Line) and s.css == "target"))
    assert heights[0] > heights[1]
    assert bands_chart(replace(question, counts=None), None) is None
