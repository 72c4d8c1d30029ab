"""Random inputs for every drawing, and where the marks of a drawing lie."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from exports.charts import (
    Band,
    Bar,
    Chart,
    Circle,
    DotRow,
    LevelRow,
    Line,
    Path,
    Polygon,
    Rect,
    Shape,
    TargetLine,
    Text,
    TrendPoint,
    dots,
    factor_bars,
    levels_bar,
    time_bands,
    trend,
)
from exports.text_width import text_width
from surveys.printing import number, percent

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

WIDTHS = st.sampled_from([280, 320, 360, 480, 519, 520, 620, 720, 1000])
NAMES = st.sampled_from(
    [
        "Sở Y tế",
        "Ủy ban nhân dân xã Nghĩa Thuận",
        "Ban Quản lý các khu công nghiệp và khu kinh tế thành phố Hải Phòng",
        "Sở Nông nghiệp và Môi trường",
        "Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân & Ủy ban <nhân dân>",
        "Cơ",
    ]
)
SHARES = st.floats(0, 1, allow_nan=False)
COUNTS = st.integers(10, 30_000_000).map(number)


@st.composite
def measured(draw: Callable[..., float]) -> tuple[float, float, float]:
    """A rate inside its interval."""
    low, rate, high = sorted([draw(SHARES), draw(SHARES), draw(SHARES)])
    return low, rate, high


@st.composite
def level_rows(draw: Callable[..., object]) -> LevelRow:
    kind = draw(st.sampled_from(["five", "two", "hidden"]))
    name, n = draw(NAMES), draw(COUNTS)
    if kind == "hidden":
        return LevelRow(name, (), (), "bm", "bm")
    parts = draw(
        st.lists(
            st.integers(0, 1000), min_size=5 if kind == "five" else 2, max_size=5 if kind == "five" else 2
        )
    )
    whole = sum(parts) or 1
    shares = tuple(part / whole for part in parts)
    return LevelRow(name, shares, tuple(percent(share) for share in shares), n)


@st.composite
def dot_rows(draw: Callable[..., object]) -> DotRow:
    if draw(st.booleans()) and draw(st.booleans()):
        return DotRow(draw(NAMES), None, None, None, "bm", "bm")
    low, rate, high = draw(measured())
    note = draw(st.sampled_from(["", "tham khảo", "sáp nhập, tham khảo"]))
    return DotRow(draw(NAMES), rate, low, high, percent(rate), draw(COUNTS), note, draw(st.booleans()))


@st.composite
def bars(draw: Callable[..., object]) -> Bar:
    row = draw(dot_rows())
    return Bar(row.label, row.rate, row.low, row.high, row.printed, row.n)


@st.composite
def trend_points(draw: Callable[..., object], index: int) -> TrendPoint:
    row = draw(dot_rows())
    label, year = ("I", "II", "III", "IV")[index % 4], str(2024 + index // 4)
    broken = draw(st.booleans()) and draw(st.booleans())
    note = "gián đoạn" if broken else ""
    return TrendPoint(label, year, row.rate, row.low, row.high, row.printed, row.n, broken, note, row.firm)


TARGETS = st.sampled_from([0.9, 0.95, 0.5])


@st.composite
def level_charts(draw: Callable[..., object]) -> Chart:
    rows = draw(st.lists(level_rows(), min_size=1, max_size=9))
    return levels_bar(rows, title="Tiêu đề", description="Mô tả", width=draw(WIDTHS))


@st.composite
def dot_charts(draw: Callable[..., object]) -> Chart:
    rows = draw(st.lists(dot_rows(), min_size=1, max_size=9))
    target = TargetLine(draw(TARGETS), "chỉ tiêu 95\u00a0%") if draw(st.booleans()) else None
    return dots(rows, target, title="Tiêu đề", description="Mô tả", width=draw(WIDTHS))


@st.composite
def factor_charts(draw: Callable[..., object]) -> Chart:
    rows = draw(st.lists(bars(), min_size=1, max_size=6))
    return factor_bars(rows, title="Tiêu đề", description="Mô tả", width=draw(WIDTHS))


@st.composite
def band_charts(draw: Callable[..., object]) -> Chart:
    shares = draw(st.lists(SHARES, min_size=2, max_size=5))
    inside = draw(st.integers(0, len(shares)))
    rows = [
        Band("Từ 5 đến dưới 8 phút", share, percent(share), at < inside) for at, share in enumerate(shares)
    ]
    name = draw(st.sampled_from(["", "chỉ tiêu: trung bình dưới 8\u00a0phút"]))
    return time_bands(rows, title="Tiêu đề", description="Mô tả", target=name, width=draw(WIDTHS))


@st.composite
def trend_charts(draw: Callable[..., object]) -> Chart:
    first = draw(st.integers(0, 3))
    points = [draw(trend_points(first + index)) for index in range(draw(st.integers(1, 8)))]
    middle = len(points) // 2
    targets = [
        TargetLine(0.9, "chỉ tiêu 90\u00a0%", 0, middle),
        TargetLine(0.95, "chỉ tiêu 95\u00a0%", middle),
    ]
    chosen = draw(st.sampled_from([targets, targets[:1], []]))
    return trend(points, chosen, title="Tiêu đề", description="Mô tả", width=draw(WIDTHS))


CHARTS = st.one_of(level_charts(), dot_charts(), factor_charts(), band_charts(), trend_charts())


def box_of(shape: Shape) -> Box:
    """The room that a shape takes; of a text the estimated one."""
    if isinstance(shape, Rect):
        return shape.x, shape.y, shape.x + shape.width, shape.y + shape.height
    if isinstance(shape, Circle):
        return shape.cx - shape.r, shape.cy - shape.r, shape.cx + shape.r, shape.cy + shape.r
    if isinstance(shape, Text):
        return text_box(shape)
    points = _points(shape)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def text_box(shape: Text) -> Box:
    width = text_width(shape.text, shape.size, shape.bold)
    left = shape.x - {"start": 0, "middle": width / 2, "end": width}[shape.anchor]
    return left, shape.y - shape.size * 0.8, left + width, shape.y + shape.size * 0.22


def _points(shape: Line | Polygon | Path) -> list[tuple[float, float]]:
    if isinstance(shape, Line):
        return [(shape.x1, shape.y1), (shape.x2, shape.y2)]
    if isinstance(shape, Polygon):
        return list(shape.points)
    return [point for stroke in shape.strokes for point in stroke]


def overlap(one: Box, two: Box, slack: float = 1.0) -> bool:
    return (
        one[0] < two[2] - slack
        and two[0] < one[2] - slack
        and one[1] < two[3] - slack
        and two[1] < one[3] - slack
    )
