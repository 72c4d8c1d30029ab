"""What a report prints besides figures, frozen with its edition: feedback, improvements, numbers of others.

Plain values, one entry a place, which turn into JSON and back without loss. None in a count is a number that
stays hidden, in a file as on paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from surveys.external_index import ExternalIndex
from surveys.feedback import FeedbackRow, FeedbackStatus, FeedbackTable
from surveys.improvements import Improvement


@dataclass(frozen=True)
class ReportTexts:
    """Of one place in one period. `more_improvements` is how many there are besides those that are named."""

    feedback: FeedbackTable = field(default_factory=FeedbackTable)
    improvements: tuple[Improvement, ...] = ()
    indices: tuple[ExternalIndex, ...] = ()
    more_improvements: int = 0

    def __bool__(self) -> bool:
        return self != ReportTexts()


def texts_to_mapping(places: Mapping[str, ReportTexts]) -> dict[str, Any]:
    """Every place that has any, by its code."""
    return {place: _to_mapping(texts) for place, texts in sorted(places.items()) if texts}


def texts_from(mapping: Mapping[str, Any], place: str) -> ReportTexts:
    """Nothing for a place that is not there. Raises KeyError or ValueError for what is no such mapping."""
    own = mapping.get(place)
    if own is None:
        return ReportTexts()
    return ReportTexts(
        FeedbackTable(tuple(map(_row_from, own["feedback"]["rows"])), tuple(own["feedback"]["published"])),
        tuple(map(_improvement_from, own["improvements"])),
        tuple(map(_index_from, own["indices"])),
        own.get("more_improvements", 0),
    )


def _to_mapping(texts: ReportTexts) -> dict[str, Any]:
    return {
        "feedback": {
            "rows": [_row_to(row) for row in texts.feedback.rows],
            "published": list(texts.feedback.published),
        },
        "improvements": [
            {
                "shortcoming": item.shortcoming,
                "solution": item.solution,
                "lead": item.lead,
                "due": _day_to(item.due),
                "done": _day_to(item.done),
                "agency": item.agency,
            }
            for item in texts.improvements
        ],
        "more_improvements": texts.more_improvements,
        "indices": [
            {
                "name": item.name,
                "value": str(item.value),
                "unit": item.unit,
                "source": item.source,
                "period": item.period,
            }
            for item in texts.indices
        ],
    }


def _row_to(row: FeedbackRow) -> dict[str, Any]:
    counts = [[status.value, n] for status, n in row.counts]
    return {"theme": row.theme, "counts": counts, "on_time": row.on_time, "late": row.late}


def _row_from(row: Mapping[str, Any]) -> FeedbackRow:
    pairs: Sequence[tuple[str, int | None]] = row["counts"]
    counts = tuple((FeedbackStatus(status), n) for status, n in pairs)
    return FeedbackRow(row["theme"], counts, row["on_time"], row["late"])


def _improvement_from(item: Mapping[str, Any]) -> Improvement:
    return Improvement(
        item["shortcoming"],
        item["solution"],
        item["lead"],
        _day_from(item["due"]),
        _day_from(item["done"]),
        item.get("agency", ""),
    )


def _index_from(item: Mapping[str, Any]) -> ExternalIndex:
    return ExternalIndex(item["name"], Decimal(item["value"]), item["unit"], item["source"], item["period"])


def _day_to(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day_from(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
