"""What a report about one place is made from; plain values, handed in by whoever asks for the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from exports.figure_charts import CRITERION
from exports.head import Head
from surveys.criteria import Target
from surveys.editions import EditionInfo
from surveys.external_index import ExternalIndex
from surveys.feedback import FeedbackTable
from surveys.figures import PlaceFigures
from surveys.improvements import Improvement
from surveys.periods import Quarter
from surveys.plans import Plan, Report
from surveys.printing import date_text
from surveys.questionnaire import Questionnaire
from surveys.thresholds import Thresholds

SOURCE: Final = "khảo sát người dân, doanh nghiệp"


@dataclass(frozen=True)
class ReportInput:
    """What both reports are made from.

    `history` holds up to eight quarters, oldest first, gaps missing; `children` the places below, in
    their order; `plan` is resolved and None where no plan sets targets; `questionnaires` are printed
    in the annex.
    """

    figures: PlaceFigures
    head: Head
    printed_at: datetime
    history: tuple[PlaceFigures, ...] = ()
    children: tuple[PlaceFigures, ...] = ()
    plan: Plan | None = None
    questionnaires: tuple[Questionnaire, ...] = ()
    demo: bool = False
    draft: bool = True

    @property
    def thresholds(self) -> Thresholds:
        """Those of the figures: whatever a document says uses what decided them."""
        return self.figures.thresholds

    @property
    def ranks(self) -> bool:
        return self.plan is not None and self.plan.ranks

    def target(self, year: int, criterion: str = CRITERION) -> Target | None:
        return self.plan.target(year, criterion) if self.plan else None


@dataclass(frozen=True)
class QuarterlyReport(ReportInput):
    """One place in one closed quarter.

    What is None or empty has no data yet, and its section says so. Without an edition the document is a
    draft that names no hash.
    """

    edition: EditionInfo | None = None
    feedback: FeedbackTable | None = None
    improvements: tuple[Improvement, ...] = ()
    indices766: tuple[ExternalIndex, ...] = ()

    @property
    def quarter(self) -> Quarter:
        return Quarter.parse(self.figures.quarter)


@dataclass(frozen=True)
class AssessmentReport(ReportInput):
    """One place over the window of a year's assessment; `history` holds the quarters of that window.

    `plans` by id, for the legal basis of a plan that inherits; `duty` is the report that the plan asks
    this place for; `above` the figures of its province, for the report of an agency.
    """

    year: int = 2026
    first_day: date = date(2026, 1, 1)
    last_day: date = date(2026, 10, 31)
    plans: Mapping[str, Plan] = field(default_factory=dict)
    duty: Report | None = None
    above: PlaceFigures | None = None
    own_plans: tuple[Plan, ...] = ()

    @property
    def window(self) -> str:
        return f"từ ngày {date_text(self.first_day)} đến hết ngày {date_text(self.last_day)}"


def source_line(n: str, what: str = SOURCE) -> str:
    """ "Nguồn: …; n = …" under a table or drawing."""
    return f"Nguồn: {what}; n = {n}."
