"""What staff do about a contact: look at it, reply, finish, take the last step back. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, true, update

from app.audit.actions import record
from app.comments.clocks import State, due_on
from app.comments.models import Contact
from app.comments.staff_queries import ContactRow
from app.comments.themes import Ending, Theme
from app.errors import Conflict
from app.extensions import db
from surveys.periods import local_day


class AlreadyMoved(Conflict):
    """Somebody else has taken this step meanwhile, or its owner has withdrawn the contact."""

    def words(self) -> tuple[str, str]:
        return (
            _("Liên hệ này vừa thay đổi"),
            _("Một người khác vừa ghi bước này, hoặc người gửi đã rút. Hãy mở lại để xem."),
        )


def note_read(row: ContactRow, *, by: str, now: datetime) -> None:
    """Opening a contact shows how to reach a person, and the trail says who looked."""
    _record("contact-read", row, by, now)


def reply(row: ContactRow, *, answer: str, by: str, now: datetime) -> None:
    """Raises AlreadyMoved."""
    today = local_day(now)
    due = due_on(row.day, today, None)
    _move(row, Contact.replied_on.is_(None), replied_on=today, due_on=due, answer=answer)
    _record("contact-replied", row, by, now)


def sort(row: ContactRow, *, theme: Theme, by: str, now: datetime) -> None:
    """Says what the contact is about; at any time, also once more."""
    _move(row, true(), theme=theme.value)
    _record("contact-sorted", row, by, now)


@dataclass(frozen=True, slots=True)
class Finish:
    """How a contact ends; `passed_to` is the agency whose matter it is, where it was transferred."""

    ending: Ending
    theme: Theme
    outcome: str
    answer: str
    passed_to: str | None = None


def finish(row: ContactRow, end: Finish, *, by: str, now: datetime) -> None:
    """Who finishes without a reply before has replied with it. Raises AlreadyMoved."""
    today = local_day(now)
    _move(
        row,
        Contact.done_on.is_(None),
        replied_on=row.replied_on or today,
        done_on=today,
        due_on=today,
        outcome=end.outcome,
        answer=end.answer,
        theme=end.theme.value,
        ended=end.ending.value,
        passed_to=end.passed_to,
    )
    _record("contact-finished", row, by, now)


def step_back(row: ContactRow, *, by: str, now: datetime) -> None:
    """Takes the last step back, with the words of that step. Raises AlreadyMoved where there was none."""
    if row.state is State.DONE:
        due = due_on(row.day, row.replied_on, None)
        _move(
            row, Contact.done_on.is_not(None), done_on=None, due_on=due, outcome="", ended="", passed_to=None
        )
    else:
        is_last = Contact.replied_on.is_not(None) & Contact.done_on.is_(None)
        _move(row, is_last, replied_on=None, due_on=due_on(row.day, None, None), answer="")
    _record("contact-step-undone", row, by, now)


def _move(row: ContactRow, condition: ColumnElement[bool], **values: Any) -> None:
    """One statement both asks and moves, so that of several at once exactly one wins."""
    moved = db.session.execute(update(Contact).where(Contact.id == row.id, condition).values(**values))
    if moved.rowcount != 1:  # type: ignore[attr-defined]  # an update returns a cursor
        raise AlreadyMoved


def _record(action: str, row: ContactRow, by: str, now: datetime) -> None:
    record(action, by=by, subject=str(row.id), scope=row.agency, now=now)
