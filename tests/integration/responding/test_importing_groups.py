"""A group of answers from a file is stored whole, and each answer's fate is told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import event, func, select

from app.extensions import db
from app.responding.entries import Outcome
from app.responding.importing.storing import store_group
from app.responding.models import KeptAside, Response
from app.responding.records import ResponseRecord
from tests.support.acts import ACT
from tests.support.importing import Importer, row
from tests.support.records import record


def count(app: Flask, table: type = Response) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_it_tells_what_became_of_each_record(house: Flask) -> None:
    known, fresh = record(), record()
    with house.app_context():
        assert store_group([known], **ACT) == [Outcome.NEW]
        found = store_group(
            [
                fresh,
                known,
                replace(known, answers='{"satisfaction":1}'),
                fresh,
                replace(fresh, comment="khác"),
                replace(known, day=date(2027, 1, 1), quarter="2027-Q1"),
            ],
            **ACT,
        )
        assert found == ["new", "same", "aside", "same", "aside", "same"]
        assert store_group([], **ACT) == []
    assert (count(house), count(house, KeptAside)) == (2, 2)


def test_the_same_id_of_another_agency_is_another_answer(house: Flask) -> None:
    one = record()
    with house.app_context():
        assert store_group([one, replace(one, agency="31-SNV")], **ACT) == ["new", "new"]


def test_what_is_stored_is_what_the_models_read(house: Flask) -> None:
    one = record(
        procedure="1.004616",
        source_channel="giấy",
        cluster="3",
        comment="Ổn",
        fill_seconds=45,
        quarantine="too-fast",
        test=True,
    )
    with house.app_context():
        store_group([one], **ACT)
        row = db.session.scalars(select(Response)).one()
        assert {name: getattr(row, name) for name in ResponseRecord.__slots__} == {
            name: getattr(one, name) for name in ResponseRecord.__slots__
        }
        assert row.tallied is False


def test_a_group_takes_a_handful_of_statements_whether_new_or_known(house: Flask) -> None:
    """A query for each row would make the import of a known file the slowest of all."""
    records = [record() for _ in range(500)]
    with house.app_context():
        for outcome in ("new", "same"):
            seen = statements(lambda: store_group(records, **ACT))
            assert set(seen.result) == {outcome}
            assert len(seen.sql) <= 6


class Seen:
    def __init__(self) -> None:
        self.sql: list[str] = []
        self.result: list[str] = []


def statements(work: Callable[[], list[Any]]) -> Seen:
    seen = Seen()

    def note(_connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        seen.sql.append(sql)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        seen.result = work()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return seen


def test_two_imports_of_one_file_at_once_store_each_answer_once(house: Flask) -> None:
    records = [record() for _ in range(3_000)]
    other = [replace(item, comment="khác") for item in records]

    def run(part: list[ResponseRecord]) -> list[str]:
        with house.app_context():
            return [
                str(found)
                for start in range(0, 3_000, 100)
                for found in store_group(part[start : start + 100], **ACT)
            ]

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(run, (records, other))
    assert count(house) == 3_000
    assert sorted((first + second).count(word) for word in ("new", "aside")) == [3_000, 3_000]
    assert count(house, KeptAside) == 3_000


def test_the_directory_is_asked_once_for_a_file_and_not_for_each_row(importer: Importer) -> None:
    """Every row has a day of its own, so that nothing could be remembered from the row before."""
    days = [date(2025, 1, 1) + timedelta(days=number) for number in range(300)]
    rows = [row(answered_at=day.isoformat(), agency=f"99-{'AB'[day.day % 2]}") for day in days]
    seen = statements(lambda: [importer.csv(rows).output])
    assert seen.result == ["Đã đọc 300 dòng: 300 mới, 0 đã có, 0 lỗi\n"]
    assert sum("FROM agencies" in sql or "FROM procedures" in sql for sql in seen.sql) <= 3
