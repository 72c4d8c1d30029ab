"""What a report about one place is made from; plain values, handed in by whoever asks for the document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from exports.figure_charts import CRITERION
from exports.head import Head
from surveys.criteria import Target
from surveys.figures import PlaceFigures
from surveys.plans import Plan
from surveys.questionnaire import Questionnaire
from surveys.thresholds import DEFAULTS, Thresholds

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
    thresholds: Thresholds = DEFAULTS
    demo: bool = False
    draft: bool = True

    @property
    def ranks(self) -> bool:
        return self.plan is not None and self.plan.ranks

    def target(self, year: int, criterion: str = CRITERION) -> Target | None:
        return self.plan.target(year, criterion) if self.plan else None


def source_line(n: str, what: str = SOURCE) -> str:
    """ "Nguồn: …; n = …" under a table or drawing."""
    return f"Nguồn: {what}; n = {n}."
