"""What a report of a quarter prints besides figures: of every place at once, as an edition freezes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.feedback.queries import get_feedback_table, tables_of
from app.improvements.queries import MOST_IN_REPORT, improvements_by_place, list_improvements_for_report
from app.indices.queries import indices_by_place, list_indices
from surveys.external_index import ExternalIndex
from surveys.feedback import FeedbackTable
from surveys.figures import NATION
from surveys.improvements import Improvement
from surveys.periods import Quarter
from surveys.report_texts import ReportTexts, texts_from, texts_to_mapping

__all__ = ["get_texts", "texts_for_edition", "texts_from"]


def texts_for_edition(quarter: Quarter, now: datetime) -> dict[str, Any]:
    """Canonical plain values by the code of each place that has any; `texts_from` reads them back."""
    tables = tables_of(quarter, now)
    improvements = improvements_by_place(quarter)
    indices = indices_by_place(quarter)
    places = {*tables, *improvements, *indices}
    return texts_to_mapping(
        {
            place: _texts(
                place, tables.get(place, FeedbackTable()), improvements.get(place, ()), indices.get(place, ())
            )
            for place in places
        }
    )


def get_texts(place: str, quarter: Quarter, now: datetime) -> ReportTexts:
    """The same of one place as it stands now, for a draft of a report."""
    return _texts(
        place,
        get_feedback_table(place, quarter, now),
        list_improvements_for_report(place, quarter),
        list_indices(place, quarter),
    )


def _texts(
    place: str,
    feedback: FeedbackTable,
    improvements: tuple[Improvement, ...],
    indices: tuple[ExternalIndex, ...],
) -> ReportTexts:
    """The report of a province or the nation names what is due first and counts the rest; that of an agency
    names all of its own."""
    named = improvements if len(place) > len(NATION) else improvements[:MOST_IN_REPORT]
    return ReportTexts(feedback, named, indices, len(improvements) - len(named))
