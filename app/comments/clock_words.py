"""What a clock says, in words that need no colour."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from app.comments.clocks import Clock, Course, State

# The kinds of `tag` in console/_list.html.
_KINDS = {Course.OVERDUE: "bad", Course.LATE: "bad", Course.TODAY: "bad", Course.IN_TIME: "good"}


def kind_of(clock: Clock) -> str:
    return _KINDS.get(clock.course, "")


def reply_words(clock: Clock) -> str:
    """Since the last working day none may have gone by: then it is only said that it is late."""
    n, words = clock.days, _common(clock)
    if clock.course is Course.RUNNING:
        words = ngettext("còn %(num)s ngày làm việc", "còn %(num)s ngày làm việc", n)
    elif clock.course is Course.OVERDUE and n:
        words = ngettext("quá hạn %(num)s ngày làm việc", "quá hạn %(num)s ngày làm việc", n)
    elif clock.course is Course.LATE and n:
        words = ngettext("trễ %(num)s ngày làm việc", "trễ %(num)s ngày làm việc", n)
    return words


def done_words(clock: Clock) -> str:
    n, words = clock.days, _common(clock)
    if clock.course is Course.RUNNING:
        words = ngettext("còn %(num)s ngày", "còn %(num)s ngày", n)
    elif clock.course is Course.OVERDUE:
        words = ngettext("quá hạn %(num)s ngày", "quá hạn %(num)s ngày", n)
    elif clock.course is Course.LATE:
        words = ngettext("trễ %(num)s ngày", "trễ %(num)s ngày", n)
    return words


def state_words(state: State) -> str:
    words: str = {
        State.NEW: _("chờ trả lời"),
        State.REPLIED: _("đã trả lời"),
        State.DONE: _("đã xong"),
    }[state]
    return words


def _common(clock: Clock) -> str:
    words: str = {
        Course.RUNNING: _("còn hạn"),
        Course.TODAY: _("hết hạn hôm nay"),
        Course.OVERDUE: _("quá hạn"),
        Course.IN_TIME: _("đúng hạn"),
        Course.LATE: _("trễ hạn"),
        Course.UNKNOWN: _("chưa tính được hạn: thiếu lịch nghỉ lễ của năm"),
    }[clock.course]
    return words
