"""The figures of a place as drawings: the same ones on the page and in the report."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from exports.bar_charts import Band, Bar, LevelRow, factor_bars, levels_bar, time_bands
from exports.dot_chart import DotRow, dots
from exports.shapes import Chart
from exports.trend_chart import TargetLine, TrendPoint, trend
from exports.wording import movement_title, printed, target_text
from surveys.comparison import Word
from surveys.criteria import Target
from surveys.figures import Cell, FactorFigures, PlaceFigures, QuestionFigures
from surveys.periods import ROMAN, Quarter, last_quarters
from surveys.plans import Plan
from surveys.printing import DASH, percent
from surveys.scoring import LEVELS
from surveys.thresholds import DEFAULTS, Standing, Thresholds

CRITERION: Final = "TC4"
QUARTERS: Final = 8
FIRM: Final = (Standing.VERDICT, Standing.RANK)


def level_row(label: str, cell: Cell, thresholds: Thresholds = DEFAULTS) -> LevelRow:
    """A bar of a cell: five levels, two parts where few answered, or a mark."""
    text = printed(cell, None, thresholds)
    counts = cell.distribution
    if text.standing in (Standing.NONE, Standing.SUPPRESSED) or cell.rate is None:
        return LevelRow(label, (), (), text.n, text.n)
    if text.levels is None or cell.levels is None:
        return LevelRow(label, (cell.rate, 1 - cell.rate), (text.satisfied, text.not_satisfied), text.n)
    return LevelRow(label, tuple(counts.share(level) or Fraction(0) for level in LEVELS), text.levels, text.n)


def shown_quarters(history: Sequence[PlaceFigures], last: str) -> list[tuple[Quarter, PlaceFigures | None]]:
    """Up to eight quarters ending with `last`, from the first that has figures; None marks a gap."""
    known = {item.quarter: item for item in history}
    quarters = last_quarters(Quarter.parse(last), QUARTERS)
    first = next((at for at, quarter in enumerate(quarters) if quarter.code in known), len(quarters) - 1)
    return [(quarter, known.get(quarter.code)) for quarter in quarters[first:]]


def levels_chart(history: Sequence[PlaceFigures], last: str, *, width: float = 720) -> Chart:
    """The five levels of each quarter up to `last`, oldest first; a quarter without figures is a dash."""
    rows = [
        level_row(sentence_case(quarter.label), item.official, item.thresholds)
        if item
        else level_row(sentence_case(quarter.label), Cell())
        for quarter, item in shown_quarters(history, last)
    ]
    description = ". ".join(f"{row.label}: {', '.join(row.printed) or row.mark}, n = {row.n}" for row in rows)
    title = "Mức độ hài lòng theo năm mức, từng quý"
    return levels_bar(rows, width=width, title=title, description=description)


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def trend_chart(
    history: Sequence[PlaceFigures],
    last: str,
    plan: Plan | None,
    *,
    width: float = 720,
) -> Chart:
    """The rate over eight quarters ending with `last`; a quarter without figures is a gap."""
    shown = shown_quarters(history, last)
    points = [_trend_point(quarter, item, plan) for quarter, item in shown]
    current = shown[-1][1]
    before = Quarter.parse(last).previous.label
    title = movement_title(current.movement, before) if current else "Tỷ lệ hài lòng theo quý"
    return trend(
        points, _target_lines([quarter for quarter, _ in shown], plan), width=width, title=title,
        description=". ".join(f"Quý {p.label} năm {p.group}: {p.printed}, n = {p.n}" for p in points),
    )  # fmt: skip


def _trend_point(quarter: Quarter, item: PlaceFigures | None, plan: Plan | None) -> TrendPoint:
    label, year = ROMAN[quarter.number - 1], str(quarter.year)
    if item is None:
        return TrendPoint(label, year, None, None, None, DASH, DASH)
    target = plan.target(quarter.year, CRITERION) if plan else None
    text = printed(item.official, target, item.thresholds)
    shown = text.standing not in (Standing.NONE, Standing.SUPPRESSED)
    span = item.official.interval if shown else None
    return TrendPoint(
        label, year,
        item.official.rate if shown else None,
        span.low if span else None,
        span.high if span else None,
        text.rate, text.n,
        broken=item.movement.word is Word.BROKEN,
        note=", ".join(item.marks) or ("gián đoạn" if item.movement.word is Word.BROKEN else ""),
        firm=text.standing in FIRM,
    )  # fmt: skip


def _target_lines(quarters: Sequence[Quarter], plan: Plan | None) -> list[TargetLine]:
    """One dashed line for each year that has a target."""
    lines: list[TargetLine] = []
    for year in dict.fromkeys(quarter.year for quarter in quarters):
        target = plan.target(year, CRITERION) if plan else None
        if target is None:
            continue
        places = [at for at, quarter in enumerate(quarters) if quarter.year == year]
        lines.append(TargetLine(target.limit, _target_name(target), places[0], places[-1]))
    return lines


def _target_name(target: Target) -> str:
    return f"chỉ tiêu {percent(target.limit, decimals=0 if _whole_percent(target) else 1)}"


def _whole_percent(target: Target) -> bool:
    return (target.limit * 100).denominator == 1


def dot_row(
    label: str, cell: Cell, target: Target | None, *, note: str = "", thresholds: Thresholds = DEFAULTS
) -> DotRow:
    text = printed(cell, target, thresholds)
    if text.standing in (Standing.NONE, Standing.SUPPRESSED):
        return DotRow(label, None, None, None, text.rate, text.n, note)
    span = cell.interval
    notes = ", ".join(part for part in (note, text.note) if part)
    return DotRow(
        label, cell.rate, span.low if span else None, span.high if span else None, text.rate, text.n, notes,
        firm=text.standing in FIRM,
    )  # fmt: skip


def short_name(name: str) -> str:
    """The usual abbreviation, so that the name of a commune stays on one line of a drawing."""
    return name.replace("Ủy ban nhân dân", "UBND")


def agencies_chart(
    children: Sequence[PlaceFigures],
    target: Target | None,
    *,
    title: str,
    width: float = 720,
) -> Chart:
    """Places as dots in the order given."""
    rows = [
        dot_row(
            short_name(child.place.name),
            child.official,
            target,
            note=", ".join(child.marks),
            thresholds=child.thresholds,
        )
        for child in children
    ]
    line = TargetLine(target.limit, _target_name(target)) if target else None
    description = ". ".join(f"{row.label}: {row.printed}, n = {row.n}" for row in rows)
    return dots(rows, line, title=title, description=description, width=width)


def factors_chart(
    factors: Sequence[FactorFigures], *, width: float = 720, thresholds: Thresholds = DEFAULTS
) -> Chart:
    """Satisfied shares of the factors, in the order of the questionnaire."""
    rows = [_bar(factor, thresholds) for factor in factors]
    description = ". ".join(f"{row.label}: {row.printed}, n = {row.n}" for row in rows)
    return factor_bars(rows, title="Tỷ lệ hài lòng theo từng yếu tố", description=description, width=width)


def _bar(factor: FactorFigures, thresholds: Thresholds) -> Bar:
    text = printed(factor.cell, None, thresholds)
    span = None if text.standing in (Standing.NONE, Standing.SUPPRESSED) else factor.cell.interval
    if span is None:
        return Bar(factor.label, None, None, None, text.rate, text.n)
    return Bar(factor.label, factor.cell.rate, span.low, span.high, text.rate, text.n)


def bands_chart(question: QuestionFigures, target: Target | None, *, width: float = 720) -> Chart | None:
    """The bands of time to submit; None where the question is hidden or nobody remembers."""
    counts = dict(question.counts or ())
    middles = {value: Fraction(text) for value, text in question.minutes}
    labels = dict(question.options)
    n = sum(counts.get(value, 0) for value in middles)
    if not n:
        return None
    rows = [
        Band(
            labels[value], Fraction(counts.get(value, 0), n), percent(Fraction(counts.get(value, 0), n)),
            within=target is None or target.met(middle),
        )
        for value, middle in middles.items()
    ]  # fmt: skip
    description = ". ".join(f"{row.label}: {row.printed}" for row in rows)
    name = f"chỉ tiêu: trung bình {target_text(target)}" if target else ""
    return time_bands(
        rows, title="Thời gian từ lúc đăng nhập đến khi nộp xong hồ sơ", description=description, target=name,
        width=width,
    )  # fmt: skip
