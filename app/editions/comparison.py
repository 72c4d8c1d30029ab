"""Up to four places of one period beside each other, in words that their intervals carry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from markupsafe import Markup

from app.directory.naming import short_name
from app.results import wording
from app.results.drawings import draw_dots
from app.results.presenters import Line, line_of, target_of
from app.results.source import FigureSource
from app.results.wording import _
from surveys.figures import NATION, PlaceFigures
from surveys.periods import Locale, Period

MOST: Final = 4


@dataclass(frozen=True)
class Compared:
    """One place. `target` in words, "" where no plan sets one."""

    line: Line
    target: str
    parent: str


@dataclass(frozen=True)
class Comparison:
    """`problems` say what in the address could not be followed, and what was done instead."""

    period: Period
    places: tuple[Compared, ...]
    problems: tuple[str, ...]
    chart: Markup | None
    sentences: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def has_few(self) -> bool:
        """Whether a mark stands in the place of a number, or a number is there for reference only."""
        return any(
            item.line.cell.hidden or item.line.printed.note or not item.line.cell.n for item in self.places
        )

    @property
    def codes(self) -> list[str]:
        return [item.line.place.code for item in self.places]

    def without(self, code: str) -> list[str]:
        return [other for other in self.codes if other != code]


def compare_places(
    source: FigureSource, period: Period, codes: Sequence[str], *, locale: Locale
) -> Comparison:
    wanted = list(dict.fromkeys(code.strip() for code in codes if code.strip()))
    found = {code: source.find(code, period.code) for code in wanted[: 4 * MOST]}
    known = [figures for figures in found.values() if figures is not None]
    figures = known[:MOST]
    parents = [_parent(source, item) for item in figures]
    lines = _named_apart([line_of(item, locale) for item in figures], parents)
    places = [
        Compared(line, _target(item, locale), parent)
        for line, item, parent in zip(lines, figures, parents, strict=True)
    ]
    return Comparison(
        period=period,
        places=tuple(places),
        problems=tuple(_problems(found, period, locale, len(known) > MOST)),
        chart=_chart(figures, lines, locale),
        sentences=tuple(_sentence(one, two) for one, two in combinations(lines, 2)),
        notes=tuple(_notes(figures)),
    )


def _named_apart(lines: Sequence[Line], parents: Sequence[str]) -> list[Line]:
    """Where two agencies bear one name, each is named with its province."""
    names = [line.name for line in lines]
    return [
        replace(line, name=_("%(place)s (%(province)s)", place=line.name, province=short_name(parent)))
        if parent and names.count(line.name) > 1
        else line
        for line, parent in zip(lines, parents, strict=True)
    ]


def _problems(
    found: dict[str, PlaceFigures | None], period: Period, locale: Locale, too_many: bool
) -> Iterator[str]:
    label = period.label_in(locale)
    for code, figures in found.items():
        if figures is None:
            yield _("Không có nơi nào mang mã “%(code)s” trong %(period)s.", code=code[:40], period=label)
    if too_many:
        yield _("Chỉ so sánh được bốn nơi một lúc: trang này dùng bốn nơi đầu.")


def _target(figures: PlaceFigures, locale: Locale) -> str:
    target = target_of(figures)
    return wording.target_text(target, locale) if target else ""


def _parent(source: FigureSource, figures: PlaceFigures) -> str:
    """Agencies of the same name stand in many provinces."""
    if not figures.place.is_agency:
        return ""
    above = source.find(figures.place.parent, figures.quarter)
    return above.place.name if above else ""


def _chart(figures: Sequence[PlaceFigures], lines: Sequence[Line], locale: Locale) -> Markup | None:
    """The dashed line is drawn where one target holds for all."""
    if not lines:
        return None
    targets = {target_of(item) for item in figures}
    return draw_dots(lines, targets.pop() if len(targets) == 1 else None, locale, _title(lines))


def _title(lines: Sequence[Line]) -> str:
    """Names one place only where its interval lies beyond that of every other one."""
    for line in lines:
        others = [other for other in lines if other is not line]
        if others and all(_is_above(line, other) for other in others):
            return _("%(place)s có tỷ lệ hài lòng cao hơn các nơi còn lại", place=line.name)
    return _("Tỷ lệ hài lòng và khoảng tin cậy của từng nơi")


def _is_above(one: Line, two: Line) -> bool:
    """Whether all of one interval lies above all of the other; never told of what may not be judged."""
    high, low = one.cell.interval, two.cell.interval
    return one.firm and two.firm and high is not None and low is not None and high.low > low.high


def _sentence(one: Line, two: Line) -> str:
    """Six pairs at most: intervals of 95 % that do not touch differ beyond a correction for all of them."""
    if not (one.firm and two.firm):
        return _(
            "%(one)s và %(two)s: chưa so sánh được, vì ít phiếu hoặc số liệu được bảo mật.",
            one=one.name,
            two=two.name,
        )
    if _is_above(one, two):
        return _("%(one)s cao hơn %(two)s.", one=one.name, two=two.name)
    if _is_above(two, one):
        return _("%(one)s cao hơn %(two)s.", one=two.name, two=one.name)
    return _("%(one)s và %(two)s: chưa thấy khác nhau rõ rệt.", one=one.name, two=two.name)


def _notes(figures: Sequence[PlaceFigures]) -> Iterator[str]:
    codes = {item.place.code for item in figures}
    if any(item.place.parent in codes or (item.place.code != NATION and NATION in codes) for item in figures):
        yield _("Một nơi nằm trong một nơi khác ở đây, nên hai con số có chung một phần phiếu.")
    if len({item.questionnaires for item in figures if item.questionnaires}) > 1:
        yield _("Các nơi này dùng những phiên bản phiếu khảo sát khác nhau.")
    if len({item.place.kind for item in figures}) > 1:
        yield _("Các nơi này khác loại: việc của họ và người đến với họ không như nhau.")
