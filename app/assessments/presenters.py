"""The calendar of the plans as people read it on one day: what is due, what recurs, what is over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import ngettext

from app.ui.icalendar import DayEvent
from surveys.periods import Deadline, Locale, Month, Quarter, local_day, quarter_of_day
from surveys.plans import Cycle, Due, Plan, occurrences
from surveys.printing import date_text

ALARM_DAYS = (30, 15, 7, 3, 1)


@dataclass(frozen=True)
class Entry:
    """One report of the calendar. `days_left` is negative once it is late, None for a recurring one."""

    due: Due
    scope: str
    when: str
    countdown: str
    days_left: int | None
    current: str = ""

    def inferred(self, field: str) -> bool:
        """Whether the document leaves this open and we concluded it."""
        return field in self.due.inferred


@dataclass(frozen=True)
class Group:
    """Reports that are due at the same time."""

    when: str
    countdown: str
    current: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class CalendarPage:
    """`coming` by time, the next one first; `over` by time, the latest first."""

    coming: tuple[Group, ...]
    recurring: tuple[Group, ...]
    over: tuple[Group, ...]


def calendar_page(
    dues: Iterable[Due], scopes: Mapping[str, str], *, now: datetime, locale: Locale
) -> CalendarPage:
    """Sorts the reports around an aware instant; `scopes` names the place of each plan by its id."""
    today = local_day(now)
    entries = [_entry(due, scopes[due.plan], today, locale) for due in dues]
    past = [entry for entry in entries if _is_over(entry, today)]
    coming = [entry for entry in entries if entry not in past]
    return CalendarPage(
        coming=_grouped(entry for entry in coming if entry.days_left is not None),
        recurring=_grouped(entry for entry in coming if entry.days_left is None),
        over=_grouped(sorted(past, key=lambda entry: _last_day(entry.due), reverse=True)),
    )


def _grouped(entries: Iterable[Entry]) -> tuple[Group, ...]:
    """Neighbours with the same time under one head."""
    runs = groupby(entries, key=lambda entry: (entry.when, entry.countdown, entry.current))
    return tuple(Group(*head, tuple(run)) for head, run in runs)


def _last_day(due: Due) -> date:
    return due.deadline.last_day if due.deadline else due.last_day or date.max


def _is_over(entry: Entry, today: date) -> bool:
    """Late, or asked for by a campaign that has ended; a plan without a last day asks until replaced."""
    return _last_day(entry.due) < today


def _entry(due: Due, scope: str, today: date, locale: Locale) -> Entry:
    if due.deadline is None:
        return _recurring(due, scope, today, locale)
    left = (due.deadline.last_day - today).days
    return Entry(due, scope, deadline_words(due.deadline, locale), countdown(left), left)


def _recurring(due: Due, scope: str, today: date, locale: Locale) -> Entry:
    when = cycle_words(due.cycle)
    if due.last_day is not None and due.first_day is not None:
        span = {"first": date_text(due.first_day, locale), "last": date_text(due.last_day, locale)}
        when = _("%(cycle)s, từ %(first)s đến %(last)s", cycle=when, **span)
    if _last_day(due) < today:
        return Entry(due, scope, when, _("đã kết thúc"), None)
    running = occurrences(due, today, today + timedelta(days=1))
    period = _period_words(running[0].first_day, due.cycle, locale) if running else ""
    return Entry(due, scope, when, missing_words(due.cycle), None, period)


def _period_words(day: date, cycle: Cycle, locale: Locale) -> str:
    """The running period; a week is left to the calendar on the wall."""
    if cycle is Cycle.MONTHLY:
        return Month(day.year, day.month).label_in(locale)
    if cycle is Cycle.QUARTERLY:
        return quarter_of_day(day).label_in(locale)
    if cycle is Cycle.YEARLY:
        return str(_("năm %(year)s", year=day.year))
    return ""


def cycle_words(cycle: Cycle) -> str:
    words: dict[Cycle, str] = {
        Cycle.ONCE: _("một lần"),
        Cycle.WEEKLY: _("hằng tuần"),
        Cycle.MONTHLY: _("hằng tháng"),
        Cycle.QUARTERLY: _("hằng quý"),
        Cycle.YEARLY: _("hằng năm"),
    }
    return words[cycle]


def missing_words(cycle: Cycle) -> str:
    """What the documents leave open; no day is invented for them."""
    if cycle is Cycle.WEEKLY:
        return str(_("văn bản không quy định thứ trong tuần"))
    return str(_("văn bản không quy định ngày"))


def countdown(days: int) -> str:
    """Days to the last day on which sending is in time."""
    if days > 0:
        return str(ngettext("còn %(num)s ngày", "còn %(num)s ngày", days))
    if days == 0:
        return str(_("hôm nay là ngày cuối"))
    return str(ngettext("đã qua %(num)s ngày", "đã qua %(num)s ngày", -days))


def deadline_words(deadline: Deadline, locale: Locale) -> str:
    """As the document words it: "trước ngày X" leaves that day out, "trong tháng" has the whole month."""
    if locale == "vi":
        return deadline.label
    value = str(deadline.value)
    if deadline.kind == "in_month":
        return f"within {Month.parse(value).label_in('en')}"
    if deadline.kind == "in_quarter":
        return f"within {Quarter.parse(value).label_in('en')}"
    if deadline.kind == "in_year":
        return f"within {value}"
    day = date_text(date.fromisoformat(value), "en")
    return f"before {day}" if deadline.kind == "before_day" else f"by {day}"


def scope_name(plan: Plan) -> str:
    """The place that a plan speaks for, as the filter calls it."""
    return plan.scope.name if plan.scope.province_code else str(_("Cả nước"))


def calendar_events(
    dues: Sequence[Due], scopes: Mapping[str, str], *, locale: Locale, url: str
) -> list[DayEvent]:
    """One event for each deadline, on the last day on which sending is in time.

    Recurring reports have no day in their documents and so none here.
    """
    return [
        DayEvent(
            uid=f"{due.plan}.{due.report}@hai-long",
            day=due.deadline.last_day,
            summary=f"{due.title} ({scopes[due.plan]})",
            description="\n".join(_event_description(due, due.deadline, locale)),
            url=url,
            category=scopes[due.plan],
        )
        for due in dues
        if due.deadline is not None
    ]


def _event_description(due: Due, deadline: Deadline, locale: Locale) -> list[str]:
    way = _with_mark(due, "from", due.from_name)
    if due.to_name:
        way += f" → {_with_mark(due, 'to', due.to_name)}"
    lines = [_("Hạn: %(when)s", when=deadline_words(deadline, locale)), way]
    if due.via:
        lines.append(_("Qua: %(via)s", via=due.via))
    lines.append(_("Căn cứ: %(source)s", source=due.source))
    if due.note:
        lines.append(_("Ghi chú: %(note)s", note=due.note))
    return lines


def _with_mark(due: Due, field: str, words: str) -> str:
    return f"{words} ({_('suy luận')})" if field in due.inferred else words
