"""What the plans want sent by whom, to whom and until when: one list, and a calendar of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from surveys.periods import (
    Deadline,
    Month,
    Quarter,
    Week,
    month_of_day,
    quarter_of_day,
    week_of_day,
)
from surveys.plan_model import Cycle, Plan, Report, Source

NO_WEEKDAY = "không quy định thứ trong tuần"
NO_DAY = "không quy định ngày"

_ORDER = list(Cycle)


@dataclass(frozen=True)
class Due:
    """One report of one plan. Recurring ones have no deadline of their own, only a cycle.

    `first_day` and `last_day` bound the time in which a recurring report is asked for; None is open.
    """

    plan: str
    plan_title: str
    report: str
    from_name: str
    to_name: str | None
    via: str | None
    title: str
    deadline: Deadline | None
    cycle: Cycle
    first_day: date | None
    last_day: date | None
    inferred: tuple[str, ...]
    source: Source
    note: str | None

    @property
    def recurring(self) -> bool:
        return self.deadline is None

    @property
    def when(self) -> str:
        """ "trước ngày 10/11/2025", or the cycle with what the plan leaves open."""
        if self.deadline is not None:
            return self.deadline.label
        return f"{self.cycle.words} ({NO_WEEKDAY if self.cycle is Cycle.WEEKLY else NO_DAY})"


@dataclass(frozen=True)
class Occurrence:
    """One date in the calendar: the last day of a deadline, or the whole period of a recurring report."""

    due: Due
    first_day: date
    last_day: date
    label: str


def deadlines(plans: Iterable[Plan]) -> list[Due]:
    """All reports of the plans: those with a deadline by time, then the recurring ones by cycle.

    A report that a resolved plan merely inherits is listed once, with the plan that asks for it.
    """
    by_id = {plan.id: plan for plan in plans}
    dues = [
        _due(plan, report, by_id)
        for plan in by_id.values()
        for report in plan.reports
        if report.origin == plan.id or report.origin not in by_id
    ]
    return sorted(dues, key=_position)


def _position(due: Due) -> tuple[bool, str, int, str, str]:
    ends = due.deadline.ends.isoformat() if due.deadline else ""
    return (due.recurring, ends, _ORDER.index(due.cycle), due.plan, due.report)


def _due(plan: Plan, report: Report, by_id: Mapping[str, Plan]) -> Due:
    fields = ("from", "to", "cycle", "deadline", "title")
    first, last = plan.period or (plan.document.in_force_from, None)
    return Due(
        plan=plan.id,
        plan_title=plan.title,
        report=report.code,
        from_name=_name(plan, report.sender, by_id),
        to_name=_name(plan, report.recipient, by_id) if report.recipient else None,
        via=report.via,
        title=report.title,
        deadline=report.deadline,
        cycle=report.cycle,
        first_day=first,
        last_day=last,
        inferred=tuple(key for key in fields if plan.is_inferred(f"reports.{report.code}.{key}")),
        source=report.source,
        note=report.note,
    )


def _name(plan: Plan, party: str, by_id: Mapping[str, Plan]) -> str:
    """The name of a party, looked for in the plan and then in those it inherits from."""
    current: Plan | None = plan
    while current is not None:
        name = current.party_name(party)
        if name is not None:
            return name
        current = by_id.get(current.inherits) if current.inherits else None
    raise KeyError(f"{plan.id}: {party}")


def occurrences(due: Due, start: date, end: date) -> list[Occurrence]:
    """The dates of a report within [start, end), oldest first.

    No plan names the day of a recurring report, nor the weekday of a weekly one: each occurrence is
    the whole week, month, quarter or year, and its label says so.
    """
    if due.deadline is not None:
        day = due.deadline.last_day
        return [Occurrence(due, day, day, due.deadline.label)] if start <= day < end else []
    first = max(start, due.first_day or start)
    last = min(end - timedelta(days=1), due.last_day or end)
    return [_clipped(due, *period) for period in _periods(due.cycle, first, last)]


def _clipped(due: Due, first: date, last: date, label: str) -> Occurrence:
    """A campaign that begins on a Thursday asks for no report on the Wednesday before."""
    first = max(first, due.first_day or first)
    last = min(last, due.last_day or last)
    missing = NO_WEEKDAY if due.cycle is Cycle.WEEKLY else NO_DAY
    return Occurrence(due, first, last, f"{label} ({missing})")


def _periods(cycle: Cycle, first: date, last: date) -> Iterator[tuple[date, date, str]]:
    """The calendar periods that touch [first, last]."""
    day = first
    while day <= last:
        begins, ends, label = _period_around(cycle, day)
        yield begins, ends, label
        day = ends + timedelta(days=1)


def _period_around(cycle: Cycle, day: date) -> tuple[date, date, str]:
    if cycle is Cycle.YEARLY:
        return date(day.year, 1, 1), date(day.year, 12, 31), f"năm {day.year}"
    period: Week | Month | Quarter
    if cycle is Cycle.WEEKLY:
        period = week_of_day(day)
    elif cycle is Cycle.MONTHLY:
        period = month_of_day(day)
    else:
        period = quarter_of_day(day)
    return period.first_day, period.last_day, period.label
