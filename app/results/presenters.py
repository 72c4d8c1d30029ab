"""Figures as the lines of a page: every text is ready, nothing is decided here that the method decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.plans import todays
from app.results import wording
from app.results.wording import _
from surveys.comparison import Word
from surveys.criteria import (
    Judgement,
    PlanTarget,
    Target,
    interval_decides,
    judge,
    weighting_changes_verdict,
)
from surveys.figures import NATION, Cell, FactorFigures, Place, PlaceFigures, RankFigures
from surveys.periods import Locale
from surveys.plans import ASSESSED
from surveys.printing import (
    DASH,
    SUPPRESSED,
    PrintedRate,
    change_text,
    interval_text,
    number,
    percent,
    printed_rate,
    score,
)
from surveys.thresholds import Standing, Thresholds


@dataclass(frozen=True)
class Line:
    """One place in a list, or the head of its own page."""

    place: Place
    name: str
    printed: PrintedRate
    cell: Cell
    verdict: str
    certainty: str
    change_word: str
    rank: str
    group: str
    marks: str

    @property
    def firm(self) -> bool:
        """Whether the number stands on enough answers to be judged."""
        return self.printed.standing in (Standing.VERDICT, Standing.RANK)

    @property
    def note(self) -> str:
        return ", ".join(filter(None, (self.printed.note, self.marks)))


def print_cell(
    cell: Cell, locale: Locale, target: Target | None = None, *, thresholds: Thresholds
) -> PrintedRate:
    """A hidden cell holds no number, so its mark is printed without asking for one."""
    if cell.hidden:
        mark = SUPPRESSED
        return PrintedRate(Standing.SUPPRESSED, mark, mark, mark, "", mark, mark, None)
    against = (target.limit,) if target else ()
    return printed_rate(
        cell.distribution,
        cell.interval,
        n_eff=cell.n_eff,
        against=against,
        thresholds=thresholds,
        locale=locale,
    )


def plan_target_of(figures: PlaceFigures, criterion: str = ASSESSED) -> PlanTarget | None:
    """What an edition has sealed; of figures that no edition holds yet, what the plan of the day asks."""
    if figures.targets is not None:
        return figures.targets.get(criterion)
    place = figures.place
    province = None if place.code == NATION else place.code if place.kind == "province" else place.parent
    return todays().targets_in(province, figures.period.last_day.year).get(criterion)


def target_of(figures: PlaceFigures, criterion: str = ASSESSED) -> Target | None:
    """None: nothing is judged."""
    asked = plan_target_of(figures, criterion)
    return asked.target if asked else None


def judgement_of(figures: PlaceFigures, target: Target | None) -> Judgement | None:
    """None where there is nothing to judge or nothing may be said."""
    cell = figures.official
    if target is None or cell.hidden or not cell.n:
        return None
    return judge(
        cell.rate,
        cell.interval,
        target,
        n=cell.n,
        n_eff=cell.n_eff,
        response_rate=figures.response_rate,
        thresholds=figures.thresholds,
    )


def line_of(figures: PlaceFigures, locale: Locale) -> Line:
    target = target_of(figures)
    judgement = judgement_of(figures, target)
    hidden = figures.official.hidden
    return Line(
        place=figures.place,
        name=wording.place_name(figures.place),
        printed=print_cell(figures.official, locale, target, thresholds=figures.thresholds),
        cell=figures.official,
        verdict=SUPPRESSED if hidden else wording.verdict_text(judgement.verdict) if judgement else DASH,
        certainty=wording.certainty_text(judgement) if judgement else "",
        change_word=SUPPRESSED if is_movement_hidden(figures) else wording.word_text(figures.movement.word),
        rank=rank_text(figures.rank, locale),
        group=wording.group_text(figures.rank.group) if figures.rank else "",
        marks=", ".join(map(wording.mark_text, figures.marks)),
    )


def is_movement_hidden(figures: PlaceFigures) -> bool:
    """Whether the channel in which the change would be told is not shown."""
    return figures.official.hidden or any(
        part.cell.hidden for part in figures.channels if part.channel is figures.movement.channel
    )


def change_sentence(figures: PlaceFigures, locale: Locale) -> str:
    """The word, the difference with its interval, and the channel; or why none is told."""
    movement = figures.movement
    if is_movement_hidden(figures):
        return SUPPRESSED
    if movement.change is None:
        reason = wording.reason_text(movement.reason) if movement.reason else ""
        return " – ".join(filter(None, (_word_or_nothing(movement.word), reason))) or DASH
    return _(
        "%(word)s: %(change)s, chỉ so trong kênh “%(channel)s”",
        word=wording.word_text(movement.word),
        change=change_text(movement.change, locale),
        channel=wording.channel_name(movement.channel),
    )


def _word_or_nothing(word: Word) -> str:
    return "" if word is Word.NONE else wording.word_text(word)


def rank_text(rank: RankFigures | None, locale: Locale) -> str:
    """The interval of ranks: "2–5/40", or "1/40" where only one place is left."""
    if rank is None:
        return ""
    span = number(rank.best, locale)
    if rank.worst != rank.best:
        span += f"–{number(rank.worst, locale)}"
    return f"{span}/{number(rank.of, locale)}"


def response_rate_text(figures: PlaceFigures, locale: Locale) -> str:
    if figures.official.hidden or figures.response_rate_withheld:
        return SUPPRESSED
    if figures.response_rate_flagged:
        return _("không in: số phiếu nhiều hơn số đường dẫn đã phát")
    if figures.response_rate is None:
        return _("chưa biết")
    return percent(figures.response_rate, against=(figures.thresholds.response_rate,), locale=locale)


def doubt_text(figures: PlaceFigures, target: Target | None, locale: Locale) -> str:
    """Why a verdict is not certain; nothing beside one that is, or that decides nothing."""
    judgement = judgement_of(figures, target)
    if target is None or judgement is None or not judgement.verdict.decided or judgement.certain:
        return ""
    if not interval_decides(figures.official.interval, target, judgement.verdict):
        return _("khoảng tin cậy nằm ở cả hai phía của chỉ tiêu")
    if figures.response_rate_withheld:
        return _("không công bố tỷ lệ trả lời")
    if figures.response_rate is None:
        return _("chưa biết tỷ lệ trả lời")
    limit = percent(figures.thresholds.response_rate, locale=locale, decimals=0)
    return _("tỷ lệ trả lời %(rate)s, dưới %(limit)s", rate=response_rate_text(figures, locale), limit=limit)


def weighted_text(figures: PlaceFigures, target: Target | None, locale: Locale) -> str:
    """The rate weighted by dossiers, with a word where it lies on the other side of the target."""
    weighted, rate = figures.weighted, figures.official.rate
    if figures.official.hidden:
        return SUPPRESSED
    if weighted is None or rate is None:
        return _("– (chưa biết số hồ sơ hoặc có chưa đến hai nhóm)")
    against = (target.limit,) if target else ()
    printed = percent(weighted.rate, against=against, locale=locale)
    text = f"{printed} ({interval_text(weighted.interval, against=against, locale=locale)})"
    if target is not None and weighting_changes_verdict(rate, weighted.rate, target):
        text += f"; {_('kết luận thay đổi khi gia quyền')}"
    return text


@dataclass(frozen=True)
class FactorLine:
    label: str
    printed: PrintedRate
    cell: Cell
    score: str
    volunteered: PrintedRate


def factor_lines(figures: PlaceFigures, labels: Mapping[str, str], locale: Locale) -> list[FactorLine]:
    """`labels` are the questions in the language of the page, where it is not Vietnamese."""
    return [
        _factor_line(factor, labels.get(factor.question, factor.label), locale, figures.thresholds)
        for factor in figures.factors
    ]


def _factor_line(factor: FactorFigures, label: str, locale: Locale, thresholds: Thresholds) -> FactorLine:
    printed = print_cell(factor.cell, locale, thresholds=thresholds)
    judged = printed.standing in (Standing.VERDICT, Standing.RANK)
    value = factor.cell.score if judged else None
    return FactorLine(
        label=label,
        printed=printed,
        cell=factor.cell,
        score=SUPPRESSED if factor.cell.hidden else DASH if value is None else score(value, locale),
        volunteered=print_cell(factor.volunteered, locale, thresholds=thresholds),
    )


@dataclass(frozen=True)
class Children:
    """The places below one, as a reader asked for them."""

    lines: tuple[Line, ...]
    kinds: tuple[str, ...]
    kind: str
    sort: str
    has_ranks: bool
    hidden: int
    empty: int
    met: int
    met_certain: int
    not_met: int
    not_met_certain: int
    unheard: tuple[Line, ...] = ()
    """Of a week the places that are hidden or have no answer: most of them, with nothing to read."""


SORTS = ("rate", "name")
EVERY_KIND = "all"
USUAL_KIND = "department"


def children_of(figures: Sequence[PlaceFigures], kind: str, sort: str, locale: Locale) -> Children:
    """Sorted by the unrounded rate, ties as they were; those without a printable rate last.

    Without a choice departments are shown, or the first kind: agencies of different kinds are seldom
    looked at together.
    """
    kinds = tuple(dict.fromkeys(item.place.kind for item in figures))
    usual = USUAL_KIND if USUAL_KIND in kinds else kinds[0]
    kind = kind if kind in (*kinds, EVERY_KIND) else usual
    chosen = [item for item in figures if kind in (EVERY_KIND, item.place.kind)]
    if sort == "rate":
        chosen.sort(key=lambda item: -(item.official.rate if item.official.rate is not None else -1))
    judged = [judgement_of(item, target_of(item)) for item in chosen]
    decided = [found for found in judged if found is not None and found.verdict.decided]
    met = [found for found in decided if found.verdict.name == "MET"]
    lines = [line_of(item, locale) for item in chosen]
    gathers = figures[0].period.marks_empty
    return Children(
        lines=tuple(line for line in lines if not (gathers and line.cell.hidden)),
        unheard=tuple(line for line in lines if gathers and line.cell.hidden),
        kinds=kinds,
        kind=kind,
        sort=sort,
        has_ranks=any(item.rank for item in chosen),
        hidden=sum(item.official.hidden for item in chosen),
        empty=sum(not item.official.hidden and not item.official.n for item in chosen),
        met=len(met),
        met_certain=sum(found.certain for found in met),
        not_met=len(decided) - len(met),
        not_met_certain=sum(found.certain for found in decided) - sum(found.certain for found in met),
    )
