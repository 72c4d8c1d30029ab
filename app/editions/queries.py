"""What a quarterly report is made from, read from the figures that pages show too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from app.catalogue.queries import get_questionnaire
from app.directory.queries import UnknownProvince, get_province
from app.editions.below import below
from app.editions.heads import quarterly_head
from app.editions.listing import PublishedFigures, frozen, info_of
from app.editions.models import Edition
from app.errors import NotFound
from app.feedback.texts import texts_from
from app.installation import is_demonstration
from app.results.queries import find_place
from app.results.source import FigureSource, UnknownPlace, get_figures
from app.results.tree import day_of
from exports.report_input import QuarterlyReport
from surveys.figures import NATION, Place, PlaceFigures
from surveys.periods import Quarter, last_quarters
from surveys.questionnaire import Questionnaire

HISTORY: Final = 8
"""Quarters of a trend, the reported one included."""


class NothingCounted(NotFound):
    """The place is known, but nobody answered there in the period: a report would be empty."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.code)
        self.place = place


def get_quarterly_report(place: str, edition: Edition, *, now: datetime) -> QuarterlyReport:
    """The report of a place from an edition, a draft too.

    Raises UnknownPlace for a code that nobody bears, NothingCounted for one without an answer.
    """
    source, quarter = PublishedFigures(edition), Quarter.parse(edition.period)
    figures = counted_figures(source, place, quarter)
    province = province_of(figures.place)
    plan = frozen(edition).plans.plan_in(province, quarter.year)
    texts = texts_from(frozen(edition).texts, figures.place.code)
    lower = below(source, figures.place, quarter.code)
    return QuarterlyReport(
        figures=figures,
        head=quarterly_head(figures.place, province_name(province, day_of(quarter)), plan),
        printed_at=now,
        history=tuple(source.history(place, quarter_codes(quarter), brief=True)),
        children=counted(place, lower.children),
        communes=lower.communes,
        procedures=lower.procedures,
        plan=plan,
        questionnaires=questionnaires_of(figures),
        demo=is_demonstration(),
        edition=info_of(edition),
        draft=edition.published_at is None,
        feedback=texts.feedback,
        improvements=texts.improvements,
        more_improvements=texts.more_improvements,
        indices766=texts.indices,
        address=address_of(edition, figures.place),
    )


def counted_figures(source: FigureSource, place: str, quarter: Quarter) -> PlaceFigures:
    try:
        figures = get_figures(source, place, quarter)
    except UnknownPlace:
        known = find_place(place, quarter.code)
        if known is None:
            raise
        raise NothingCounted(known) from None
    if not has_answers(figures):
        raise NothingCounted(figures.place)
    return figures


def counted(place: str, children: tuple[PlaceFigures, ...]) -> tuple[PlaceFigures, ...]:
    """Every place below, also those without an answer: a report that left them out would look complete.

    The nation is the exception: provinces that have not begun are told by "x/34" and not in 34 rows.
    """
    return tuple(child for child in children if place != NATION or has_answers(child))


def address_of(edition: Edition, place: Place) -> str:
    """The page of the place in this edition, for the QR code."""
    url = info_of(edition).url
    return url if place.code == NATION else f"{url}/{place.code}"


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
    return place.code if place.kind == "province" else place.parent


def province_name(code: str | None, on: date) -> str:
    """ "Tỉnh Sơn La"; empty for the nation and for agencies that stand under no province."""
    try:
        return get_province(code, on).name if code else ""
    except UnknownProvince:
        return ""


def questionnaires_of(figures: PlaceFigures) -> tuple[Questionnaire, ...]:
    """The versions in which the answers were given, as "COT_LOI 1.0"."""
    names = (name.rsplit(" ", 1) for name in figures.questionnaires)
    return tuple(get_questionnaire(code, version) for code, version in names)
