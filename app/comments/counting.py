"""How many contacts of a quarter stand where, by agency and theme: numbers, which outlive the contacts.

A contact is deleted long before its quarter is reported. What is counted of it then is the agency, the theme,
the status and whether it was in time; what its owner took back is not counted at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select

from app.comments.clocks import Course, State, done_clock, reply_clock, state_of
from app.comments.models import Contact, FeedbackCount
from app.comments.themes import Ending, Theme
from app.extensions import db
from surveys.feedback import FeedbackStatus
from surveys.periods import Quarter, quarter_of_day


class Timing(StrEnum):
    """Of both clocks together: late as soon as one is, in time once both were stopped in time."""

    ON_TIME = "on-time"
    LATE = "late"
    RUNNING = "running"


class Key(NamedTuple):
    """One heap of contacts."""

    quarter: str
    agency: str
    theme: Theme
    status: FeedbackStatus
    timing: Timing


_ENDINGS = {
    Ending.TRANSFERRED: FeedbackStatus.FORWARDED,
    Ending.OUT_OF_SCOPE: FeedbackStatus.OUT_OF_SCOPE,
}
_STATES = {
    State.NEW: FeedbackStatus.RECEIVED,
    State.REPLIED: FeedbackStatus.IN_PROGRESS,
    State.DONE: FeedbackStatus.ANSWERED,
}


def status_of(replied_on: date | None, done_on: date | None, ended: str) -> FeedbackStatus:
    """ "Đã trả lời" is what was dealt with to the end; a first word to the person is "đang xử lý"."""
    return _ENDINGS.get(Ending(ended), _STATES[state_of(replied_on, done_on)])


def timing_of(day: date, replied_on: date | None, done_on: date | None, today: date) -> Timing:
    """A clock whose deadline nobody can name judges nobody."""
    courses = {
        reply_clock(day, replied_on, today).course,
        done_clock(day, done_on, today).course,
    }
    if courses & {Course.OVERDUE, Course.LATE}:
        return Timing.LATE
    return Timing.RUNNING if courses & {Course.RUNNING, Course.TODAY} else Timing.ON_TIME


def count_feedback(quarter: Quarter, today: date) -> Counter[Key]:
    """Contacts that were left in a quarter, as they stand on a day, with those that are deleted already."""
    first, last = quarter.first_day, quarter.last_day
    counts = _counted(Contact.day.between(first, last), today)
    kept = select(FeedbackCount).where(FeedbackCount.quarter == quarter.code)
    for row in db.session.scalars(kept):
        counts[_key(row)] += row.n
    return counts


def keep_counts(going: ColumnElement[bool], today: date) -> None:
    """Adds the contacts that are about to be deleted to the numbers that stay; in the same transaction."""
    for key, n in sorted(_counted(going, today).items()):
        row = db.session.get(FeedbackCount, key)
        if row is None:
            db.session.add(FeedbackCount(**key._asdict(), n=n))
        else:
            row.n += n
    db.session.flush()


def _counted(condition: ColumnElement[bool], today: date) -> Counter[Key]:
    columns: tuple[Any, ...] = (
        Contact.agency, Contact.theme, Contact.ended, Contact.day, Contact.replied_on, Contact.done_on
    )  # fmt: skip
    statement = select(*columns, func.count()).where(condition).group_by(*columns)
    counts: Counter[Key] = Counter()
    for key, n in _heaps(db.session.execute(statement), today):
        counts[key] += n
    return counts


def _heaps(rows: Iterable[Any], today: date) -> Iterator[tuple[Key, int]]:
    for agency, theme, ended, day, replied_on, done_on, n in rows:
        status = status_of(replied_on, done_on, ended)
        timing = timing_of(day, replied_on, done_on, today)
        yield Key(quarter_of_day(day).code, agency, Theme(theme), status, timing), n


def _key(row: FeedbackCount) -> Key:
    return Key(row.quarter, row.agency, Theme(row.theme), FeedbackStatus(row.status), Timing(row.timing))
