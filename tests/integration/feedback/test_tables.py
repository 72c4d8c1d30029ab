"""Feedback of a quarter as a report prints it: counts under control, and comments that nobody chose."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import insert, select

from app.comments.models import Contact
from app.directory.models import Agency
from app.extensions import db
from app.feedback.queries import get_feedback_table, published_texts
from app.feedback.texts import get_texts, texts_for_edition, texts_from
from app.improvements.actions import Words, publish, write
from app.improvements.models import ImprovementRow
from app.indices.actions import import_indices
from app.moderation.models import CommentLayer
from app.retention import purge
from app.transactions import transaction
from surveys.canonical import canonical_json
from surveys.feedback import FeedbackRow, FeedbackStatus, FeedbackTable
from surveys.periods import Quarter
from tests.support.directory import load_small_directory
from tests.support.heard import answer, hand_over, layers

Q3, Q4 = Quarter(2026, 3), Quarter(2026, 4)
CLOSED = datetime(2026, 10, 12, 3, 0, tzinfo=UTC)
LATER = datetime(2027, 1, 12, 3, 0, tzinfo=UTC)
A, B, C = "14-SKHCN", "14-SNV", "14-STC"
DONE = {"replied_on": date(2026, 7, 2), "done_on": date(2026, 7, 3), "ended": "answered"}


@pytest.fixture
def house(app: Flask, tmp_path: Path, set_now: Callable[[datetime], None]) -> Flask:
    set_now(CLOSED)
    with app.app_context(), transaction():
        load_small_directory(tmp_path, provinces=("01", "14", "19", "31"))
    return app


def left(agency: str, n: int, theme: str = "fees", day: date = date(2026, 7, 1), **what: object) -> None:
    """Contacts as staff have dealt with them."""
    rows = [
        {
            "code_hash": uuid4().bytes * 2, "id": uuid4(), "agency": agency, "day": day, "due_on": day,
            "address": "0912345678", "message": "", "consent_text": "Đồng ý", "answer": "", "outcome": "",
            "theme": theme, "ended": "", "passed_to": None, "replied_on": None, "done_on": None, **what,
        }
        for _ in range(n)
    ]  # fmt: skip
    with transaction():
        db.session.execute(insert(Contact), rows)


def row_of(table: FeedbackTable, theme: str) -> FeedbackRow:
    return next(row for row in table.rows if row.theme == theme)


def test_a_place_where_nobody_left_anything_has_an_empty_table(house: Flask) -> None:
    with house.app_context():
        for place in (A, "14", "VN", "99-KHONG", ""):
            assert get_feedback_table(place, Q3, CLOSED) == FeedbackTable()


def test_large_numbers_are_told_by_theme_status_and_time(house: Flask) -> None:
    with house.app_context():
        left(A, 30, **DONE)
        left(A, 12, **{**DONE, "done_on": date(2026, 7, 30)})
        left(A, 14, "system")
        left(A, 11, "system", ended="transferred", replied_on=date(2026, 7, 2), done_on=date(2026, 7, 2))
        left(A, 20, day=date(2026, 10, 1), **DONE)
        table = get_feedback_table(A, Q3, CLOSED)
        for above in ("14", "VN"):
            assert get_feedback_table(above, Q3, CLOSED).rows == table.rows
    fees, system = row_of(table, "Phí, lệ phí, thanh toán"), row_of(table, "Hệ thống lỗi, chậm, khó dùng")
    assert (fees.count(FeedbackStatus.ANSWERED), fees.on_time, fees.late, fees.total) == (42, 30, 12, 42)
    assert fees.count(FeedbackStatus.RECEIVED) == 0
    assert (system.count(FeedbackStatus.RECEIVED), system.count(FeedbackStatus.FORWARDED)) == (14, 11)
    assert (system.on_time, system.late) == (11, 14)
    # Seven themes in their order; nothing waits for a theme.
    assert len(table.rows) == 7 and table.rows[0] is system


def test_small_numbers_are_hidden_with_what_would_tell_them(house: Flask) -> None:
    with house.app_context():
        left(A, 40, **DONE)
        left(B, 25, **DONE)
        left(C, 3, **DONE)
        left(B, 25, "other", **DONE)
        tables = {place: get_feedback_table(place, Q3, CLOSED) for place in (A, B, C, "14", "VN")}
    fees = {place: row_of(table, "Phí, lệ phí, thanh toán") for place, table in tables.items()}
    assert fees["14"].count(FeedbackStatus.ANSWERED) == fees["VN"].count(FeedbackStatus.ANSWERED) == 68
    assert fees[A].count(FeedbackStatus.ANSWERED) == 40
    for place in (B, C):
        assert fees[place].count(FeedbackStatus.ANSWERED) is None
        assert fees[place].on_time is fees[place].late is fees[place].total is None
    # Of so few in all, not even which themes they left alone is told.
    assert all(number is None for row in tables[C].rows for _status, number in row.counts)
    assert row_of(tables[B], "Vấn đề khác").count(FeedbackStatus.ANSWERED) == 25


def test_the_table_of_a_quarter_is_the_same_after_its_contacts_were_deleted(house: Flask) -> None:
    with house.app_context():
        left(A, 30, **DONE)
        left(A, 15, "")
        before = get_feedback_table(A, Q3, CLOSED)
        with transaction():
            purge(by="command:test", now=LATER)
        assert db.session.scalars(select(Contact)).all() == []
        assert get_feedback_table(A, Q3, LATER) == before
    assert row_of(before, "Chưa phân nhóm").count(FeedbackStatus.RECEIVED) == 15


def test_whoever_became_a_part_of_another_agency_counts_there(house: Flask) -> None:
    with house.app_context():
        left(A, 12, **DONE)
        left(B, 12, **DONE)
        with transaction():
            gone = db.session.get(Agency, B)
            assert gone is not None
            gone.merged_into, gone.valid_to = A, date(2026, 9, 30)
        assert get_feedback_table(B, Q3, CLOSED) == FeedbackTable()
        row = row_of(get_feedback_table(A, Q3, CLOSED), "Phí, lệ phí, thanh toán")
    assert row.count(FeedbackStatus.ANSWERED) == 24


def heard(app: Flask, agency: str, texts: list[str]) -> None:
    answer(app, texts, agency=agency, quarter="2026-Q3", day=date(2026, 8, 1))
    hand_over(app, CLOSED)


def publish_all(app: Flask) -> None:
    with app.app_context(), transaction():
        for layer in db.session.scalars(select(CommentLayer)):
            layer.state = "published"


def test_only_published_comments_are_printed_at_most_ten_and_each_once(house: Flask) -> None:
    heard(house, A, [f"Góp ý số {number}, xin gọi 0912 345 678" for number in range(30)] + ["Chờ lâu"] * 20)
    with house.app_context():
        assert get_feedback_table(A, Q3, CLOSED).published == ()
    publish_all(house)
    with house.app_context():
        texts = get_feedback_table(A, Q3, CLOSED).published
        assert len(texts) == 10 == len(set(texts))
        assert all("0912" not in text for text in texts)
        for place in ("14", "VN"):
            assert get_feedback_table(place, Q3, CLOSED).published == texts
        assert get_feedback_table(B, Q3, CLOSED).published == ()
        assert get_feedback_table(A, Q4, CLOSED).published == ()


def test_the_draw_is_the_same_for_everybody_and_another_one_in_the_next_quarter(house: Flask) -> None:
    heard(house, A, [f"Góp ý số {number}" for number in range(60)])
    publish_all(house)
    ids = [layer.id for layer in layers(house)]
    with house.app_context():
        drawn = published_texts(Q3, ids)
        assert published_texts(Q3, reversed(ids)) == drawn
        assert published_texts(Q4, ids) != drawn
        # One that is published no more changes nothing but its own place.
        kept = [layer.id for layer in layers(house) if layer.folded != f"gop y so {drawn[0].rsplit(' ')[-1]}"]
        assert published_texts(Q3, kept)[:9] == drawn[1:]


def test_a_comment_that_waits_for_a_review_again_is_not_printed(house: Flask) -> None:
    heard(house, A, [f"Góp ý số {number}" for number in range(12)])
    publish_all(house)
    with house.app_context(), transaction():
        for layer in db.session.scalars(select(CommentLayer)):
            layer.fingerprint = "0" * 64
    with house.app_context():
        assert get_feedback_table(A, Q3, CLOSED).published == ()


def test_everything_of_every_place_is_frozen_and_read_back_as_a_report_reads_it(
    house: Flask, tmp_path: Path
) -> None:
    heard(house, A, [f"Góp ý số {number}" for number in range(12)])
    publish_all(house)
    table = tmp_path / "chi-so.csv"
    table.write_text(
        "period,place,indicator,value,unit,source\n2026-Q3,14,766,\"88,5\",điểm,Cổng\n2026-Q3,31,766,90,điểm,Cổng\n"
    )
    with house.app_context():
        left(A, 30, **DONE)
        left(B, 4)
        with transaction():
            said = Words("2026-Q3", "Phải khai lại nhiều lần", "Tự điền sẵn", "Sở", date(2026, 12, 1))
            row = db.session.get_one(ImprovementRow, write(B, said, by="command:test", now=CLOSED))
            publish(row, seen=1, by="command:test", now=CLOSED)
            import_indices(table, {"nation"}, by="command:test", now=CLOSED)
        frozen = canonical_json(texts_for_edition(Q3, CLOSED))
        mapping = json.loads(frozen)
        assert set(mapping) == {A, B, "14", "31", "VN"}
        for place in (A, B, "14", "31", "VN", "19", "99-KHONG"):
            assert texts_from(mapping, place) == get_texts(place, Q3, CLOSED), place
        assert [item.shortcoming for item in texts_from(mapping, "14").improvements] == [said.shortcoming]
        # What happens later does not move what is frozen.
        left(A, 100, **DONE)
        assert get_texts(A, Q3, CLOSED).feedback != texts_from(mapping, A).feedback
        assert canonical_json(texts_for_edition(Q4, CLOSED)) != frozen
