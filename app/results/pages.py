"""Everything that one results page shows, put together from figures that may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from app.results import drawings, wording
from app.results.channels import ChannelLine, channel_lines, official_lines
from app.results.presenters import (
    Children,
    FactorLine,
    Line,
    change_sentence,
    children_of,
    doubt_text,
    factor_lines,
    line_of,
    plan_target_of,
    print_cell,
    response_rate_text,
    target_of,
    weighted_text,
)
from app.results.question_lines import ESTIMATE, Labels, QuestionLines, labels_of, question_lines
from app.results.rank_groups import RankedKind, ranked_kinds
from app.results.source import FigureSource, get_figures
from app.results.titles import Titles, titles_of
from app.results.wording import _
from surveys.criteria import Target
from surveys.editions import kind_of
from surveys.figures import NATION, Place, PlaceFigures
from surveys.periods import Locale, Period, Quarter, last_quarters, quarter_of_day
from surveys.printing import SUPPRESSED, PrintedRate, number
from surveys.scoring import Channel, Phase

QUARTERS_SHOWN = 8
SURVEY = (Channel.SURVEY,)


@dataclass(frozen=True)
class TrendLine:
    """A row of the table behind the trend."""

    quarter: str
    label: str
    line: Line


@dataclass(frozen=True)
class PlacePage:
    """A closed quarter of one place."""

    titles: Titles
    figures: PlaceFigures
    quarter: Period
    title: str
    head: Line
    change: str
    doubt: str
    response_rate: str
    weighted: str
    target: str
    target_source: str
    trail: tuple[Place, ...]
    newer: Period | None
    older: Period | None
    levels: Markup
    trend: Markup
    history: tuple[TrendLine, ...]
    children: Children | None
    places: Markup | None
    map: Markup | None
    ranks: tuple[RankedKind, ...]
    factors: tuple[FactorLine, ...]
    factor_chart: Markup | None
    questions: tuple[QuestionLines, ...]
    band_title: str
    band_chart: Markup | None
    channels: tuple[ChannelLine, ...]
    open_channels: tuple[ChannelLine, ...]
    just_submitted: tuple[ChannelLine, ...]
    surveys: tuple[ChannelLine, ...]
    procedures: tuple[tuple[Place, PrintedRate], ...]
    set_aside: tuple[tuple[str, str], ...]


def place_page(
    source: FigureSource, code: str, period: Period, *, kind: str, sort: str, locale: Locale
) -> PlacePage:
    """Raises UnknownPlace where the period has no figures of the place."""
    figures = get_figures(source, code, period)
    head, target, labels = line_of(figures, locale), target_of(figures), labels_of(figures, locale)
    known = source.periods(kind_of(period))
    children = None if figures.place.is_agency else source.children(code, period.code, brief=True)
    below = children_of(children, kind, sort, locale) if children else None
    factors = factor_lines(figures, labels.questions, locale)
    questions = _questions(figures, labels, locale)
    asked = plan_target_of(figures)
    titles = titles_of(figures, head, below.lines if below else (), target, labels.questions, locale)
    history, trend = _trend(source, figures, titles.trend, locale)
    return PlacePage(
        titles=titles,
        figures=figures,
        quarter=period,
        title=wording.place_title(figures),
        head=head,
        change=change_sentence(figures, locale) if isinstance(period, Quarter) else "",
        doubt=doubt_text(figures, target, locale),
        response_rate=response_rate_text(figures, locale),
        weighted=weighted_text(figures, target, locale),
        target=wording.target_text(target, locale) if target else "",
        target_source=asked.document if asked else "",
        trail=_trail(source, figures),
        newer=min((item for item in known if item.first_day > period.first_day), key=_start, default=None),
        older=max((item for item in known if item.first_day < period.first_day), key=_start, default=None),
        levels=_levels(figures, head, titles.levels, locale),
        trend=trend,
        history=history,
        children=below,
        places=_places(below, target, titles.places, locale) if below else None,
        map=drawings.draw_map(below.lines, locale, titles.places) if below and code == NATION else None,
        ranks=ranked_kinds(below.lines) if below else (),
        factors=tuple(factors),
        factor_chart=drawings.draw_factors(factors, titles.factors) if factors else None,
        questions=questions,
        band_title=_band_title(questions),
        band_chart=_bands(figures, questions, locale),
        channels=tuple(official_lines(figures, locale)),
        open_channels=_apart(figures, locale, "open"),
        just_submitted=_apart(figures, locale, "just-submitted"),
        surveys=_apart(figures, locale, "survey"),
        procedures=tuple(
            (place, print_cell(cell, locale, thresholds=figures.thresholds))
            for place, cell in figures.procedures
        ),
        set_aside=tuple(
            (wording.set_aside_reason(reason), SUPPRESSED if n is None else number(n, locale))
            for reason, n in figures.set_aside
        ),
    )


def _start(period: Period) -> date:
    return period.first_day


def _trail(source: FigureSource, figures: PlaceFigures) -> tuple[Place, ...]:
    """The places above, from the nation down."""
    if figures.place.code == NATION:
        return ()
    nation = Place(NATION, "", "nation")
    if figures.place.kind == "province":
        return (nation,)
    return (nation, get_figures(source, figures.place.parent, figures.quarter).place)


def _levels(figures: PlaceFigures, head: Line, title: str, locale: Locale) -> Markup:
    row = drawings.level_row(_("Mức hài lòng"), figures.official, head.printed)
    return drawings.draw_levels([row], locale, title)


def _trend(
    source: FigureSource, figures: PlaceFigures, title: str, locale: Locale
) -> tuple[tuple[TrendLine, ...], Markup]:
    """Quarters up to the one in which the period ends, also beside a month or a week."""
    quarters = last_quarters(quarter_of_day(figures.period.last_day), QUARTERS_SHOWN)
    history = source.history(figures.place.code, [item.code for item in quarters], brief=True)
    targets = _targets(quarters, [*history, figures])
    points = drawings.trend_points(history, quarters, locale)
    drawn = drawings.draw_trend(points, drawings.target_lines(targets, locale), title)
    lines = [TrendLine(item.quarter, item.period.label_in(locale), line_of(item, locale)) for item in history]
    return tuple(lines), drawn


def _targets(quarters: Sequence[Quarter], known: Sequence[PlaceFigures]) -> list[Target | None]:
    """Of each quarter what its own edition sealed; without an edition, what the year asks elsewhere."""
    by_year = {item.period.last_day.year: target_of(item) for item in known}
    own = {item.quarter: target_of(item) for item in known}
    return [own.get(quarter.code, by_year.get(quarter.year)) for quarter in quarters]


def _places(children: Children, target: Target | None, title: str, locale: Locale) -> Markup | None:
    """A place without any answer is in the table only: thirty empty rows would hide the others."""
    lines = [line for line in children.lines if line.cell.hidden or line.cell.n]
    return drawings.draw_dots(lines, target, locale, title) if lines else None


def _bands(figures: PlaceFigures, questions: Sequence[QuestionLines], locale: Locale) -> Markup | None:
    found = _estimate(questions)
    if found is None:
        return None
    limit = target_of(figures, ESTIMATE)
    name = ""
    if limit is not None:
        name = _("mức dưới %(number)s phút của kế hoạch", number=number(int(limit.limit), locale))
    return drawings.draw_bands(found.bands, name, _band_title(questions))


def _estimate(questions: Sequence[QuestionLines]) -> QuestionLines | None:
    return next((item for item in questions if item.criterion == ESTIMATE and item.bands), None)


def _band_title(questions: Sequence[QuestionLines]) -> str:
    found = _estimate(questions)
    if found is None:
        return ""
    return _(
        "Nộp xong trung bình khoảng %(minutes)s, theo lời kể trong %(n)s phiếu",
        minutes=found.summary,
        n=found.n,
    )


def _questions(figures: PlaceFigures, labels: Labels, locale: Locale) -> tuple[QuestionLines, ...]:
    limit = target_of(figures, ESTIMATE)
    return tuple(
        question_lines(item, labels, limit, locale, figures.deff, figures.thresholds)
        for item in figures.questions
    )


def _apart(figures: PlaceFigures, locale: Locale, which: str) -> tuple[ChannelLine, ...]:
    """Streams that are in no official figure: open channels, surveys, and those asked too early."""
    parts = []
    for part in figures.apart:
        early = part.phase is Phase.JUST_SUBMITTED
        sort = "just-submitted" if early else "survey" if part.channel in SURVEY else "open"
        if sort == which:
            parts.append(part)
    return tuple(channel_lines(parts, locale, figures.thresholds))
