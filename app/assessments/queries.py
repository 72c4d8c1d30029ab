"""What a November report is made from: the figures of its window, and what the plan asks of the place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.editions.heads import assessment_head, title_name, unit_report
from app.editions.listing import PublishedFigures
from app.editions.queries import (
    NothingCounted,
    has_answers,
    province_name,
    province_of,
    questionnaires_of,
)
from app.installation import is_demonstration
from app.plans import list_plans, todays
from app.results.queries import list_period_children, period_figures
from exports.report_input import AssessmentReport
from surveys.figures import NATION, PlaceFigures
from surveys.periods import Quarter, local_day
from surveys.plans import ASSESSED, Plan

LAST_MONTH_AND_DAY = (10, 31)


@dataclass(frozen=True)
class Window:
    """The days whose answers an assessment counts, both included."""

    year: int
    last_day: date

    @classmethod
    def of(cls, year: int, until: date | None = None) -> Window:
        """From 1 January to 31 October, or to another day of the year. Raises ValueError for another year."""
        last_day = until or date(year, *LAST_MONTH_AND_DAY)
        if last_day.year != year:
            raise ValueError(f"Ngày chốt số liệu {last_day:%d/%m/%Y} không thuộc năm {year}.")
        return cls(year, last_day)

    @property
    def first_day(self) -> date:
        return date(self.year, 1, 1)

    def is_over(self, now: datetime) -> bool:
        """Whether the last day has ended in Vietnam."""
        return local_day(now) > self.last_day

    @property
    def whole_quarters(self) -> list[str]:
        """The quarters that lie in the window with all their days."""
        quarters = [Quarter(self.year, number) for number in (1, 2, 3, 4)]
        return [quarter.code for quarter in quarters if quarter.last_day <= self.last_day]


def get_assessment_report(place: str, window: Window, *, now: datetime) -> AssessmentReport:
    """Raises UnknownPlace for a code that nobody bears, NothingCounted for one without an answer."""
    figures = period_figures(place, window.first_day, window.last_day, now)
    if not has_answers(figures):
        raise NothingCounted(figures.place)
    province = province_of(figures.place)
    plan = todays().plan_in(province, window.year)
    name = province_name(province, min(window.last_day + timedelta(days=1), local_day(now)))
    return AssessmentReport(
        figures=figures,
        head=assessment_head(figures.place, name, plan, window.year),
        called=title_name(figures.place, name),
        printed_at=now,
        history=tuple(PublishedFigures().history(place, window.whole_quarters, brief=True)),
        children=_children(figures, window, now),
        plan=plan,
        questionnaires=questionnaires_of(figures),
        demo=is_demonstration(),
        year=window.year,
        first_day=window.first_day,
        last_day=window.last_day,
        plans={known.id: known for known in list_plans()},
        duty=unit_report(plan, figures.place, window.year),
        above=_province_figures(figures, province, window, now),
        own_plans=own_plans(province, window.year),
    )


def own_plans(province: str | None, year: int) -> tuple[Plan, ...]:
    """Plans of a province that set targets of another kind for a year, as a campaign does."""
    return tuple(
        plan
        for plan in list_plans()
        if province
        and plan.scope.province_code == province
        and plan.inherits is None
        and plan.goals_of(year)
        and plan.goal(year, ASSESSED) is None
    )


def _children(figures: PlaceFigures, window: Window, now: datetime) -> tuple[PlaceFigures, ...]:
    """Every place below; of the nation only the provinces that have begun, the others are told as "x/34"."""
    if figures.place.is_agency:
        return ()
    children = list_period_children(figures.place.code, window.first_day, window.last_day, now)
    return tuple(child for child in children if figures.place.code != NATION or has_answers(child))


def _province_figures(
    figures: PlaceFigures, province: str | None, window: Window, now: datetime
) -> PlaceFigures | None:
    if not figures.place.is_agency or not province:
        return None
    return period_figures(province, window.first_day, window.last_day, now)
