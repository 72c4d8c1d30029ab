"""Numbers of contacts: as they stand on a day, and still the same when the contacts have been deleted."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.comments.actions import ContactWish, keep_contact, withdraw_contact
from app.comments.codes import code_hash
from app.comments.counting import Timing, count_feedback, status_of, timing_of
from app.comments.models import Contact, FeedbackCount
from app.comments.themes import Theme
from app.extensions import db
from app.retention import purge
from app.transactions import transaction
from surveys.feedback import FeedbackStatus
from surveys.periods import Quarter

AGENCY = "14-SKHCN"
QUARTER = Quarter(2026, 3)
FRIDAY = date(2026, 7, 3)
LATER = date(2026, 10, 12)


def instant(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, 0, tzinfo=UTC)


def left(code: str, day: date = FRIDAY, **what: object) -> None:
    with transaction():
        keep_contact(ContactWish(AGENCY, "0912345678", "Xin gọi", "Đồng ý"), code=code, day=day)
        if what:
            db.session.execute(update(Contact).where(Contact.code_hash == code_hash(code)).values(**what))


@pytest.mark.parametrize(
    ("replied", "done", "today", "expected"),
    [
        (None, None, date(2026, 7, 7), Timing.RUNNING),
        (None, None, date(2026, 7, 8), Timing.LATE),
        (date(2026, 7, 7), None, date(2026, 7, 18), Timing.RUNNING),
        (date(2026, 7, 7), None, date(2026, 7, 19), Timing.LATE),
        (date(2026, 7, 8), None, date(2026, 7, 9), Timing.LATE),
        (date(2026, 7, 7), date(2026, 7, 18), LATER, Timing.ON_TIME),
        (date(2026, 7, 7), date(2026, 7, 19), LATER, Timing.LATE),
        (date(2026, 7, 8), date(2026, 7, 9), LATER, Timing.LATE),
    ],
)
def test_a_contact_is_late_as_soon_as_one_of_its_clocks_is(
    app: Flask, replied: date | None, done: date | None, today: date, expected: Timing
) -> None:
    with app.app_context():
        assert timing_of(FRIDAY, replied, done, today) is expected


def test_a_year_without_known_holidays_is_judged_by_the_other_clock(app: Flask) -> None:
    day = date(2030, 12, 31)
    with app.app_context():
        assert timing_of(day, None, None, day + timedelta(days=15)) is Timing.RUNNING
        assert timing_of(day, None, None, day + timedelta(days=16)) is Timing.LATE
        assert timing_of(day, day, day, LATER) is Timing.ON_TIME


@pytest.mark.parametrize(
    ("replied", "done", "ended", "expected"),
    [
        (None, None, "", FeedbackStatus.RECEIVED),
        (FRIDAY, None, "", FeedbackStatus.IN_PROGRESS),
        (FRIDAY, FRIDAY, "answered", FeedbackStatus.ANSWERED),
        (FRIDAY, FRIDAY, "", FeedbackStatus.ANSWERED),
        (FRIDAY, FRIDAY, "transferred", FeedbackStatus.FORWARDED),
        (FRIDAY, FRIDAY, "out-of-scope", FeedbackStatus.OUT_OF_SCOPE),
    ],
)
def test_the_five_words_of_a_report(
    replied: date | None, done: date | None, ended: str, expected: FeedbackStatus
) -> None:
    assert status_of(replied, done, ended) is expected


def test_a_quarter_begins_and_ends_with_its_days(app: Flask) -> None:
    with app.app_context():
        for number, day in enumerate(
            (date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 1))
        ):
            left(f"C{number}", day)
        assert count_feedback(QUARTER, LATER).total() == 2
        for beside in (QUARTER.previous, QUARTER.next):
            assert count_feedback(beside, LATER).total() == 1


def test_numbers_outlive_the_contacts_they_were_made_of(app: Flask) -> None:
    """Done on the fourth of July, a contact is gone in August; the report of October still knows it."""
    done = {"replied_on": FRIDAY, "done_on": FRIDAY + timedelta(days=1), "ended": "answered"}
    with app.app_context():
        left("A", theme="fees", **done)
        left("B", theme="fees", **done)
        left("C", theme="system")
        left("D", date(2026, 9, 30), theme="fees", **{**done, "done_on": date(2026, 9, 30)})
        left("E", date(2026, 10, 1), theme="fees")
        before = count_feedback(QUARTER, LATER)
        assert before.total() == 4
        for day in (date(2026, 8, 20), date(2026, 8, 21), LATER):
            with transaction():
                purge(by="command:test", now=instant(day))
        assert sorted(db.session.scalars(select(Contact.theme))) == ["fees", "fees", "system"]
        assert count_feedback(QUARTER, LATER) == before
        with transaction():
            purge(by="command:test", now=instant(LATER + timedelta(days=200)))
        assert db.session.scalars(select(Contact)).all() == []
        after = count_feedback(QUARTER, LATER)
    assert after.total() == 4
    by_theme: Counter[Theme] = Counter()
    for key, n in after.items():
        by_theme[key.theme] += n
    assert by_theme[Theme.FEES] == 3 and by_theme[Theme.SYSTEM] == 1
    assert {key.timing for key in after if key.theme is Theme.SYSTEM} == {Timing.LATE}


def test_a_purge_that_fails_counts_nothing(app: Flask) -> None:
    with app.app_context():
        left("A", theme="fees", replied_on=FRIDAY, done_on=FRIDAY, ended="answered")
        with pytest.raises(RuntimeError), transaction():
            purge(by="command:test", now=instant(LATER))
            raise RuntimeError
        assert db.session.scalars(select(FeedbackCount)).all() == []
        assert count_feedback(QUARTER, LATER).total() == 1


def test_what_its_owner_took_back_is_not_counted(app: Flask) -> None:
    with app.app_context():
        left("A")
        left("B")
        with transaction():
            assert withdraw_contact("A", day=FRIDAY)
        assert count_feedback(QUARTER, LATER).total() == 1
