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
from surveys.figures import Cell, Place, PlaceFigures
from surveys.improvements import Improvement
from surveys.lateness import LateNote
from surveys.periods import Quarter
from surveys.plans import Plan, Report
from surveys.printing import DASH, SUPPRESSED, date_text
from surveys.questionnaire import Questionnaire
from surveys.thresholds import Thresholds

SOURCE: Final = "khảo sát người dân, doanh nghiệp"


@dataclass(frozen=True)
class ReportInput:
    """What both reports are made from.

    `history` holds up to eight quarters, oldest first, gaps missing; `children` the places below, in
    their order; `plan` is resolved and None where no plan sets targets; `questionnaires` are printed
    in the annex; `called` is the name of an agency with its province, for titles.
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
    called: str = ""

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
class AgencyProcedure:
    """One printed cell of one procedure at one agency; `agency` is its name as a list of many writes it."""

    agency: str
    procedure: Place
    cell: Cell


@dataclass(frozen=True)
class QuarterlyReport(ReportInput):
    """One place in one closed quarter.

    What is None or empty has no data yet, and its section says so. Without an edition the document is a
    draft that names no hash. `procedures` are those of all agencies below a province or the nation;
    `communes` the commune committees of every province, for the nation's annex; `address` the page of the
    place, to which the QR code leads. `more_improvements` is how many there are besides those that are named.
    """

    edition: EditionInfo | None = None
    feedback: FeedbackTable | None = None
    improvements: tuple[Improvement, ...] = ()
    more_improvements: int = 0
    indices766: tuple[ExternalIndex, ...] = ()
    procedures: tuple[AgencyProcedure, ...] = ()
    communes: tuple[tuple[str, tuple[PlaceFigures, ...]], ...] = ()
    address: str = ""
    late: LateNote | None = None

    @property
    def quarter(self) -> Quarter:
        return Quarter.parse(self.figures.quarter)

    @property
    def is_draft(self) -> bool:
        """The mark goes when two persons have published the edition, and only then."""
        return self.draft if self.edition is None else self.edition.is_draft

    @property
    def made_at(self) -> datetime:
        """What the file states as its time: of an edition a moment of its own, so that it never changes."""
        if self.edition is None:
            return self.printed_at
        return self.edition.published_at or self.edition.closed_at

    @property
    def code(self) -> str:
        """By which the document is asked for: "BCQ-2026-Q3-14-SYT"."""
        period = self.edition.code if self.edition else self.figures.quarter
        return f"BCQ-{period}-{self.figures.place.code}"

    @property
    def link(self) -> str:
        return self.address or (self.edition.url if self.edition else "")


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
    """ "Nguồn: …; n = …" under a table or drawing; of a mark in place of the number, what it means."""
    if n == DASH:
        return f"Nguồn: {what}; chưa có phiếu."
    counted = f"số phiếu không công bố (“{SUPPRESSED}”)" if n == SUPPRESSED else f"n\u00a0=\u00a0{n}"
    return f"Nguồn: {what}; {counted}."
