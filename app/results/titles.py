"""What each drawing is called: a sentence that its intervals and tests support, and no more than that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.results.presenters import Line
from app.results.wording import _
from surveys.comparison import Word
from surveys.criteria import Target, Verdict, interval_decides
from surveys.figures import PlaceFigures, factors_apart
from surveys.periods import Locale, Quarter
from surveys.printing import number


@dataclass(frozen=True)
class Titles:
    levels: str
    trend: str
    places: str
    factors: str


def titles_of(
    figures: PlaceFigures,
    head: Line,
    below: Sequence[Line],
    target: Target | None,
    labels: Mapping[str, str],
    locale: Locale,
) -> Titles:
    """`labels` are the questions in the language of the page, where it is not Vietnamese."""
    return Titles(
        levels_title(head),
        trend_title(figures, locale),
        places_title(below, target, locale),
        factors_title(figures, labels),
    )


def levels_title(head: Line) -> str:
    if head.cell.hidden or not head.cell.n:
        return _("Năm mức hài lòng của các kênh đã xác minh")
    rate = head.printed.rate
    return _("%(rate)s hài lòng hoặc rất hài lòng", rate=rate[:1].upper() + rate[1:])


def trend_title(figures: PlaceFigures, locale: Locale) -> str:
    period = figures.period
    if not isinstance(period, Quarter):
        return _("Tỷ lệ hài lòng qua các quý")
    before = period.previous.label_in(locale)
    return {
        Word.UP: _("Tỷ lệ hài lòng tăng so với %(quarter)s", quarter=before),
        Word.DOWN: _("Tỷ lệ hài lòng giảm so với %(quarter)s", quarter=before),
        Word.UNCLEAR: _("Tỷ lệ hài lòng chưa thấy thay đổi rõ rệt so với %(quarter)s", quarter=before),
    }.get(figures.movement.word, _("Tỷ lệ hài lòng qua các quý"))


def places_title(lines: Sequence[Line], target: Target | None, locale: Locale) -> str:
    """How many places lie wholly on one side of the target, of those with enough answers to say so."""
    judged = [line.cell for line in lines if line.firm]
    if target is None or not judged:
        return _("Tỷ lệ hài lòng của từng nơi")
    below = sum(interval_decides(cell.interval, target, Verdict.NOT_MET) for cell in judged)
    above = sum(interval_decides(cell.interval, target, Verdict.MET) for cell in judged)
    return _(
        "Trong %(judged)s nơi đủ phiếu, khoảng tin cậy của %(below)s nơi nằm hẳn dưới chỉ tiêu, "
        "của %(above)s nơi nằm hẳn từ chỉ tiêu trở lên",
        judged=number(len(judged), locale),
        below=number(below, locale),
        above=number(above, locale),
    )


def factors_title(figures: PlaceFigures, labels: Mapping[str, str]) -> str:
    apart = factors_apart(figures.factors, figures.thresholds)
    if apart is None:
        return _("Tỷ lệ hài lòng theo từng yếu tố")
    best, worst = (
        labels.get(factor.question, factor.label) if factor else "" for factor in (apart.best, apart.worst)
    )
    if best and worst:
        return _("Được hài lòng nhiều nhất: “%(best)s”; ít nhất: “%(worst)s”", best=best, worst=worst)
    if best:
        return _("Được hài lòng nhiều nhất: “%(best)s”", best=best)
    if worst:
        return _("Được hài lòng ít nhất: “%(worst)s”", worst=worst)
    return _("Chưa thấy yếu tố nào cao hơn hay thấp hơn hẳn các yếu tố khác")
