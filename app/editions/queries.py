"""What a quarterly report is made from: the frozen files, and the head as its office has set it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select

from app.catalogue.queries import get_questionnaire
from app.directory.queries import UnknownProvince, get_province
from app.editions.heads import office_head
from app.editions.listing import info_of
from app.editions.models import Edition
from app.editions.reporting import (
    NothingCounted,
    ReportFiles,
    has_answers,
    list_report_places,
    province_of,
    quarter_codes,
    report_of,
)
from app.editions.shelf import FrozenEdition, open_edition
from app.extensions import db
from app.results.queries import find_place
from app.results.source import UnknownPlace
from exports.report_input import QuarterlyReport
from surveys.figures import PlaceFigures
from surveys.periods import Quarter
from surveys.questionnaire import Questionnaire

__all__ = [
    "NothingCounted", "get_quarterly_report", "has_answers", "list_report_places", "province_name",
    "province_of", "questionnaires_of", "report_files",
]  # fmt: skip


def get_quarterly_report(place: str, edition: Edition, *, now: datetime) -> QuarterlyReport:
    """The report of a place from an edition, a draft too, with the head that its office has set.

    Raises UnknownPlace for a code that nobody bears, NothingCounted for one without an answer.
    """
    try:
        report = report_of(report_files(edition), place)
    except UnknownPlace:
        known = find_place(place, edition.period)
        if known is None:
            raise
        raise NothingCounted(known) from None
    assert report.plan is not None, "every report of a quarter has a plan"
    head = office_head(report.head, report.figures.place, report.plan)
    return replace(report, head=head, printed_at=now)


def report_files(edition: Edition) -> ReportFiles:
    """The edition with those of the quarters before it as they were public when it was closed.

    What is revised later changes no document: every time the same one is made. Only for quarters.
    """
    periods = quarter_codes(Quarter.parse(edition.period))[:-1]
    earlier = db.session.scalars(
        select(Edition)
        .where(Edition.period.in_(periods), Edition.published_at <= edition.closed_at)
        .order_by(Edition.revision)
    )
    # Of several revisions the last one stays.
    rows = {row.period: row for row in (*earlier, edition)}
    return ReportFiles(info_of(edition), {period: _opened(row) for period, row in rows.items()})


def _opened(row: Edition) -> FrozenEdition:
    return open_edition(row.code, row.sha256)


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
