"""A quarterly report from the frozen files of its edition, and of those before it, and from nothing else.

Nothing here asks the database, so another process, another machine and another year make the same report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from app.editions.below import PROVINCE, below
from app.editions.heads import ruled_quarterly_head, title_name
from app.editions.shelf import FrozenEdition
from app.errors import NotFound
from app.feedback.texts import texts_from
from app.results.source import FigureSource, get_figures
from exports.report_input import QuarterlyReport
from surveys.definition import load
from surveys.editions import EditionInfo
from surveys.figures import NATION, Place, PlaceFigures
from surveys.periods import Period, Quarter, last_quarters, parse_period
from surveys.questionnaire import Questionnaire

HISTORY: Final = 8
"""Quarters of a trend, the reported one included."""
QUESTIONNAIRES: Final = "questionnaires.json"


class NothingCounted(NotFound):
    """The place is known, but nobody answered there in the period: a report would be empty."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.code)
        self.place = place


@dataclass(frozen=True)
class ReportFiles:
    """An edition of a quarter with those that its trends show, by period. It may go to another process."""

    info: EditionInfo
    editions: Mapping[str, FrozenEdition]

    @property
    def quarter(self) -> Quarter:
        period = self.info.edition.period
        assert isinstance(period, Quarter), "only quarters have reports"
        return period

    @property
    def own(self) -> FrozenEdition:
        return self.editions[self.quarter.code]

    @cached_property
    def definitions(self) -> Mapping[str, Any]:
        """The questionnaires that were answered, by name and version, as "COT_LOI 1.0"."""
        definitions: Mapping[str, Any] = self.own.read_json(QUESTIONNAIRES)
        return definitions


class FrozenFigures:
    """A `FigureSource` over exactly these editions."""

    def __init__(self, editions: Mapping[str, FrozenEdition]) -> None:
        self._editions = editions

    def find(self, place: str, period: str) -> PlaceFigures | None:
        edition = self._editions.get(period)
        return edition.find(place) if edition else None

    def children(self, parent: str, period: str, *, brief: bool = False) -> list[PlaceFigures]:
        edition = self._editions.get(period)
        return edition.children(parent, brief=brief) if edition else []

    def history(self, place: str, periods: Sequence[str], *, brief: bool = False) -> list[PlaceFigures]:
        editions = [self._editions[period] for period in periods if period in self._editions]
        found = (edition.find(place, brief=brief) for edition in editions)
        return [figures for figures in found if figures is not None]

    def periods(self, kind: str) -> list[Period]:
        """Only quarters are read here."""
        return sorted(map(parse_period, self._editions), key=lambda period: period.first_day, reverse=True)

    def stamp(self) -> object:
        return tuple(sorted(edition.sha256 for edition in self._editions.values()))


def report_of(files: ReportFiles, place: str) -> QuarterlyReport:
    """The report of a place, headed as decree and plan have it: no office has set anything of it.

    Raises UnknownPlace for a place that the edition does not have, NothingCounted for one without an answer.
    """
    source, quarter = FrozenFigures(files.editions), files.quarter
    figures = counted_figures(source, place, quarter)
    province = province_of(figures.place)
    plan = files.own.plans.plan_in(province, quarter.year)
    texts = texts_from(files.own.texts, figures.place.code)
    lower = below(source, figures.place, quarter.code)
    name = _name_of(source, province, quarter)
    return QuarterlyReport(
        figures=figures,
        head=ruled_quarterly_head(figures.place, name, plan),
        called=title_name(figures.place, name),
        printed_at=files.info.published_at or files.info.closed_at,
        history=tuple(source.history(place, quarter_codes(quarter), brief=True)),
        children=counted(place, lower.children),
        communes=lower.communes,
        procedures=lower.procedures,
        plan=plan,
        questionnaires=_questionnaires(files, figures),
        demo=files.info.demo,
        edition=files.info,
        draft=files.info.is_draft,
        feedback=texts.feedback,
        improvements=texts.improvements,
        more_improvements=texts.more_improvements,
        indices766=texts.indices,
        late=files.own.late_note(figures.place.code),
        address=files.info.url if figures.place.code == NATION else f"{files.info.url}/{figures.place.code}",
    )


def counted_figures(source: FigureSource, place: str, quarter: Quarter) -> PlaceFigures:
    """Raises UnknownPlace, NothingCounted."""
    figures = get_figures(source, place, quarter)
    if not has_answers(figures):
        raise NothingCounted(figures.place)
    return figures


def counted(place: str, children: Iterable[PlaceFigures]) -> tuple[PlaceFigures, ...]:
    """Every place below, also those without an answer: a report that left them out would look complete.

    The nation is the exception: provinces that have not begun are told by "x/34" and not in 34 rows.
    """
    return tuple(child for child in children if place != NATION or has_answers(child))


def has_answers(figures: PlaceFigures) -> bool:
    """Whether anything at all was counted: something hidden is something."""
    cells = (figures.official, *(item.cell for item in (*figures.channels, *figures.apart)))
    return any(cell.hidden or cell.n for cell in cells)


def quarter_codes(until: Quarter) -> list[str]:
    return [quarter.code for quarter in last_quarters(until, HISTORY)]


def list_report_places(source: FigureSource, place: str, quarter: Quarter) -> Iterator[str]:
    """The nation or a province, then everything below it that has answers. Raises NothingCounted."""
    yield counted_figures(source, place, quarter).place.code
    for child in source.children(place, quarter.code, brief=True):
        if not has_answers(child):
            continue
        if child.place.is_agency:
            yield child.place.code
        else:
            yield from list_report_places(source, child.place.code, quarter)


def province_of(place: Place) -> str | None:
    """The code of the province that a place is or lies in; None for the nation."""
    if place.kind == "nation":
        return None
    return place.code if place.kind == PROVINCE else place.parent


def _name_of(source: FrozenFigures, province: str | None, quarter: Quarter) -> str:
    """ "Tỉnh Sơn La"; empty for the nation and for agencies that stand under no province."""
    found = source.find(province, quarter.code) if province else None
    if found is None or found.place.kind != PROVINCE or found.place.name == province:
        return ""
    return found.place.name


def _questionnaires(files: ReportFiles, figures: PlaceFigures) -> tuple[Questionnaire, ...]:
    return tuple(load(files.definitions[name]) for name in figures.questionnaires)
