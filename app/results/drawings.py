"""The drawings of a page, each twice: narrow for a phone, wide for the rest."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from markupsafe import Markup

from app.directory.naming import short_name
from app.results import wording
from app.results.presenters import FactorLine, Line, print_cell, target_of
from app.results.wording import _
from exports.charts import (
    Band,
    Bar,
    Chart,
    DotRow,
    LevelRow,
    TargetLine,
    Tile,
    TrendPoint,
    dots,
    factor_bars,
    levels_bar,
    tile_map,
    time_bands,
    to_svg,
    trend,
)
from surveys.criteria import Target
from surveys.figures import Cell, PlaceFigures
from surveys.periods import ROMAN, Locale, Quarter
from surveys.printing import DASH, SUPPRESSED, PrintedRate, percent
from surveys.scoring import LEVELS
from surveys.thresholds import Standing

NARROW, WIDE = 360, 720
# Where the bands of a map begin, the highest first, each with the level that lends its look.
BANDS = ((Fraction(95, 100), 5), (Fraction(90, 100), 4), (Fraction(80, 100), 3), (Fraction(0), 2))
FIRM = (Standing.VERDICT, Standing.RANK)


def both_widths(draw: Callable[[float], Chart], prefix: str) -> Markup:
    """The stylesheet shows one of the two; the other is out of sight and of the reader's ear."""
    narrow = to_svg(draw(NARROW), f"{prefix}-narrow", "chart-narrow")
    wide = to_svg(draw(WIDE), f"{prefix}-wide", "chart-wide")
    # The serializer escapes every text that it is given.
    return Markup(narrow + wide)  # noqa: S704  # two drawings that were made as markup


def level_row(label: str, cell: Cell, printed: PrintedRate) -> LevelRow:
    """Five levels, or satisfied and not, or the mark of what is not shown."""
    found = cell.distribution
    if cell.hidden or not cell.n:
        return LevelRow(label, (), (), printed.n, printed.rate)
    if printed.levels is None:
        shares = (cell.rate or 0, 1 - (cell.rate or 0))
        return LevelRow(label, shares, (printed.satisfied, printed.not_satisfied), printed.n)
    return LevelRow(label, tuple(found.share(level) or 0 for level in LEVELS), printed.levels, printed.n)


def draw_levels(rows: Sequence[LevelRow], locale: Locale, title: str) -> Markup:
    def draw(width: float) -> Chart:
        return levels_bar(
            rows,
            title=title,
            description=_("Các mức từ rất hài lòng đến rất không hài lòng; số liệu ở bảng bên dưới."),
            width=width,
            names=wording.level_names(locale),
            pair=(_("Hài lòng"), _("Chưa hài lòng")),
        )

    return both_widths(draw, "levels")


def trend_points(
    history: Iterable[PlaceFigures], quarters: Sequence[Quarter], locale: Locale
) -> list[TrendPoint]:
    """One point for each quarter; one without figures leaves a gap."""
    known = {item.quarter: item for item in history}
    return [_trend_point(quarter, known.get(quarter.code), locale) for quarter in quarters]


def _trend_point(quarter: Quarter, figures: PlaceFigures | None, locale: Locale) -> TrendPoint:
    label = f"Q{quarter.number}" if locale == "en" else ROMAN[quarter.number - 1]
    group = str(quarter.year)
    if figures is None:
        return TrendPoint(label, group, None, None, None, DASH, DASH)
    cell = figures.official
    printed = print_cell(cell, locale, target_of(figures), thresholds=figures.thresholds)
    shown = cell.interval if not cell.hidden and cell.n else None
    return TrendPoint(
        label,
        group,
        cell.rate if shown else None,
        shown.low if shown else None,
        shown.high if shown else None,
        printed.rate,
        printed.n,
        broken="gián đoạn" in figures.marks,
        note=", ".join(map(wording.mark_text, figures.marks)),
        firm=printed.standing in FIRM,
    )


def draw_trend(points: Sequence[TrendPoint], targets: Sequence[TargetLine], title: str) -> Markup:
    def draw(width: float) -> Chart:
        return trend(
            points,
            targets,
            title=title,
            description=_("Mỗi chấm là một quý, vạch dọc là khoảng tin cậy 95 %, nét đứt là chỉ tiêu."),
            width=width,
            n_name=_("phiếu"),
        )

    return both_widths(draw, "trend")


def target_lines(targets: Sequence[Target | None], locale: Locale) -> list[TargetLine]:
    """The targets over a series of quarters, equal neighbours joined."""
    found: list[tuple[Target, int, int]] = []
    for index, target in enumerate(targets):
        if target is None:
            continue
        if found and found[-1][0] == target and found[-1][2] == index - 1:
            found[-1] = (target, found[-1][1], index)
        else:
            found.append((target, index, index))
    return [
        TargetLine(target.limit, wording.target_name(target, locale), first, last)
        for target, first, last in found
    ]


def draw_dots(lines: Sequence[Line], target: Target | None, locale: Locale, title: str) -> Markup:
    """One row a place; of a hidden one only its name and mark."""
    rows = [
        DotRow(
            line.name,
            None if line.cell.hidden or not line.cell.n else line.cell.rate,
            line.cell.interval.low if line.cell.interval else None,
            line.cell.interval.high if line.cell.interval else None,
            line.printed.rate,
            line.printed.n,
            line.note,
            line.firm,
        )
        for line in lines
    ]
    limit = target_lines([target], locale)

    def draw(width: float) -> Chart:
        return dots(
            rows,
            limit[0] if limit else None,
            title=title,
            description=_("Chấm là tỷ lệ hài lòng, vạch ngang là khoảng tin cậy 95 %."),
            width=width,
            headings=(_("Tỷ lệ"), _("Phiếu")),
        )

    return both_widths(draw, "places")


def draw_factors(lines: Sequence[FactorLine], title: str) -> Markup:
    rows = []
    for line in lines:
        shown = line.cell.interval if not line.cell.hidden and line.cell.n else None
        label = f"{line.label} ({line.printed.note})" if line.printed.note else line.label
        rows.append(
            Bar(
                label,
                line.cell.rate if shown else None,
                shown.low if shown else None,
                shown.high if shown else None,
                line.printed.rate,
                line.printed.n,
            )
        )

    def draw(width: float) -> Chart:
        description = _("Tỷ lệ hài lòng với từng yếu tố; vạch ngang là khoảng tin cậy 95 %.")
        return factor_bars(rows, title=title, description=description, width=width)

    return both_widths(draw, "factors")


def draw_bands(bands: Sequence[Band], target: str, title: str) -> Markup:
    def draw(width: float) -> Chart:
        description = _("Thời gian nộp hồ sơ theo lời kể của người trả lời.")
        return time_bands(bands, title=title, description=description, target=target, width=width)

    return both_widths(draw, "bands")


def draw_map(lines: Sequence[Line], locale: Locale, title: str) -> Markup:
    """One drawing for every width: a tile is readable on a phone and no better when it is larger."""
    indicative = _("tk")
    edges = [percent(limit, locale=locale, decimals=0) for limit, _level in BANDS[:-1]]
    words = (
        _("từ %(number)s trở lên", number=edges[0]),
        *(_("từ %(low)s đến dưới %(high)s", low=low, high=high) for high, low in itertools.pairwise(edges)),
        _("dưới %(number)s", number=edges[-1]),
    )
    key = [(Tile("", "", "", level), text) for (_limit, level), text in zip(BANDS, words, strict=True)]
    key.append((Tile("", "", "", hatched=True), _("bm: bảo mật thống kê")))
    key.append((Tile("", "", ""), _("tk: ít phiếu, chỉ để tham khảo")))
    key.append((Tile("", "", ""), _("–: chưa có phiếu")))
    chart = tile_map(
        [_tile(line, locale, indicative) for line in lines],
        key,
        title=title,
        description=_("Mỗi ô là một tỉnh, thành phố, xếp gần đúng vị trí; số liệu ở bảng bên dưới."),
    )
    # The serializer escapes every text that it is given.
    return Markup(to_svg(chart, "map"))  # noqa: S704  # a drawing that was made as markup


def _tile(line: Line, locale: Locale, indicative: str) -> Tile:
    name, rate = short_name(line.name), line.cell.rate
    if line.cell.hidden:
        return Tile(line.place.code, name, SUPPRESSED, hatched=True)
    if rate is None:
        return Tile(line.place.code, name, DASH)
    if not line.firm:
        return Tile(line.place.code, name, indicative)
    level = next(level for limit, level in BANDS if rate >= limit)
    text = percent(rate, against=[limit for limit, _level in BANDS], locale=locale)
    return Tile(line.place.code, name, text, level)
