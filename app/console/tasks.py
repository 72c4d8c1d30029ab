"""What needs a person now: one line a matter, only of what that person may do, only where there is any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _

from app.accounts.identity import NATION_SCOPE, Actor
from app.accounts.roles import Permission
from app.approvals.reach import count_for
from app.assessments.presenters import countdown, deadline_words
from app.comments.staff_queries import count_open
from app.directory.scopes import province_codes
from app.dossiers.staff_queries import count_expiring
from app.editions.objections import count_waiting as count_objections
from app.editions.staff_queries import count_due
from app.fieldwork.aside_queries import count_aside
from app.fieldwork.queries import count_ending, count_silent
from app.fieldwork.reviews.flags import count_open as count_open_flags
from app.i18n import current_language
from app.improvements.staff_queries import count_late
from app.moderation.queries import count_waiting
from app.plans import list_plans
from app.results.imports.queries import count_halted
from app.results.review_queries import count_unreviewed
from surveys.periods import Locale, local_day, quarter_of
from surveys.plans import Due, deadlines
from surveys.printing import date_text, number

NEAR_DAYS = 45
MOST_DEADLINES = 4


@dataclass(frozen=True, slots=True)
class Task:
    """`count` stands before the words; `late` words stand out."""

    count: str
    words: str
    url: str
    note: str = ""
    late: str = ""


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A deadline of a plan that concerns the provinces of a person."""

    title: str
    when: str
    left: str
    who: str


def tasks_for(actor: Actor, *, now: datetime) -> list[Task]:
    return list(_tasks(actor, now))


def _tasks(actor: Actor, now: datetime) -> Iterator[Task]:
    yield from _contacts(actor, now)
    yield from _comments(actor, now)
    yield from _improvements(actor, now)
    yield from _editions(actor, now)
    yield from _field(actor, now)
    waiting = count_for(actor)
    if waiting:
        yield Task(_number(waiting), _("việc chờ bạn phê duyệt"), url_for("approvals_staff.approvals"))
    unreviewed = count_unreviewed(actor.scopes(Permission.QUARANTINE_REVIEW), now)
    if unreviewed:
        ends = local_day(quarter_of(now).previous.closable_from)
        yield Task(
            _number(unreviewed),
            _("nhóm phiếu để riêng chờ xem xét"),
            url_for("results_staff.set_aside"),
            note=_("Trước ngày %(day)s; sau đó phiếu ở ngoài số liệu.", day=date_text(ends, _locale())),
        )
    halted = count_halted(actor.scopes(Permission.IMPORTS_RUN), now=now)
    if halted:
        yield Task(
            _number(halted),
            _("tệp phiếu chờ bạn xác nhận hoặc nhập tiếp"),
            url_for("results_staff.imports.list_imports"),
        )
    expiring = count_expiring(actor.scopes(Permission.LINKS_READ), local_day(now))
    if expiring:
        yield Task(
            _number(expiring),
            _("đợt đường dẫn còn mã chưa dùng sẽ hết hạn trong 7 ngày"),
            url_for("dossiers_staff.batches"),
        )


def _number(n: int) -> str:
    return number(n, _locale())


def _locale() -> Locale:
    return "en" if current_language() == "en" else "vi"


def _contacts(actor: Actor, now: datetime) -> Iterator[Task]:
    """People who wait for a reply come first."""
    waiting, due, late = count_open(actor.scopes(Permission.CONTACTS_READ), local_day(now))
    if waiting:
        yield Task(
            _number(waiting),
            _("liên hệ của người dân chờ trả lời hoặc xử lý xong"),
            url_for("comments_staff.contacts"),
            note=_("%(count)s hết hạn hôm nay", count=_number(due)) if due else "",
            late=_("%(count)s đã quá hạn", count=_number(late)) if late else "",
        )


def _comments(actor: Actor, now: datetime) -> Iterator[Task]:
    waiting = count_waiting(actor.scopes(Permission.COMMENTS_DECIDE), local_day(now))
    if waiting:
        yield Task(_number(waiting), _("góp ý chờ duyệt"), url_for("moderation_staff.comments"))


def _improvements(actor: Actor, now: datetime) -> Iterator[Task]:
    """Promises that everybody can read."""
    late = count_late(actor.scopes(Permission.IMPROVEMENTS_WRITE), local_day(now))
    if late:
        yield Task(
            _number(late),
            _("việc cải tiến đã công bố mà quá hạn chưa xong"),
            url_for("improvements_staff.improvements"),
        )


def _field(actor: Actor, now: datetime) -> Iterator[Task]:
    """For who leads: whoever may only read has nothing to do about it."""
    today, leading = local_day(now), actor.scopes(Permission.FIELD_LEAD)
    if not leading:
        return
    aside = count_aside(leading, today)
    if aside:
        yield Task(
            _number(aside),
            _("phiếu thực địa để riêng chờ bạn quyết định"),
            url_for("fieldwork_staff.aside"),
        )
    flags = count_open_flags(leading, today)
    if flags:
        yield Task(
            _number(flags),
            _("dấu hiệu của phiếu thực địa chờ bạn xem"),
            url_for("fieldwork_staff.rounds"),
            note=_("Mở đợt rồi bấm “Rà soát”."),
        )
    silent = count_silent(leading, now, today)
    if silent:
        yield Task(
            _number(silent),
            _("máy khảo sát im lặng quá hai ngày"),
            url_for("fieldwork_staff.devices"),
        )
    ending = count_ending(leading, today)
    if ending:
        yield Task(
            _number(ending),
            _("đợt thực địa sắp hết trong ba ngày"),
            url_for("fieldwork_staff.rounds"),
            note=_("Xem nơi nào còn thiếu phiếu; cần thì kéo dài hạn."),
        )


def _editions(actor: Actor, now: datetime) -> Iterator[Task]:
    """Objections come first: nothing is published while one waits."""
    scopes = actor.scopes(Permission.EDITIONS_CLOSE)
    objections = count_objections(scopes)
    if objections:
        yield Task(
            _number(objections), _("ý kiến về số liệu chờ trả lời"), url_for("editions_staff.editions")
        )
    due = count_due(now) if NATION_SCOPE in scopes else 0
    if due:
        yield Task(_number(due), _("kỳ đến hạn chốt"), url_for("editions_staff.editions"))


def deadlines_for(actor: Actor, *, now: datetime) -> list[Upcoming]:
    """The next deadlines of the national plan and of the plans of one's own provinces."""
    today = local_day(now)
    scopes = frozenset(grant.scope for grant in actor.grants)
    within = province_codes(scopes, today)
    plans = {
        plan.id: plan
        for plan in list_plans()
        if within is None or plan.scope.province_code is None or plan.scope.province_code in within
    }
    near = [due for due in deadlines(list_plans()) if due.plan in plans and _is_near(due, now)]
    return [
        Upcoming(
            due.title,
            deadline_words(due.deadline, _locale()),
            countdown((due.deadline.last_day - today).days),
            f"{due.from_name} → {due.to_name}" if due.to_name else due.from_name,
        )
        for due in near[:MOST_DEADLINES]
        if due.deadline is not None
    ]


def _is_near(due: Due, now: datetime) -> bool:
    if due.deadline is None or due.deadline.is_late(now):
        return False
    return due.deadline.last_day <= local_day(now) + timedelta(days=NEAR_DAYS)
