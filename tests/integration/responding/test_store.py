from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.dossiers.models import Link
from app.extensions import db
from app.responding.entries import Entry, Outcome
from app.responding.models import KeptAside, Response
from app.responding.records import ResponseRecord
from app.responding.store import StoreBusy, StoreService, StoreUnavailable, response_store
from tests.support.citizens import AGENCY, links, post, sheet
from tests.support.records import record


def together(tasks: Sequence[Callable[[], object]], workers: int = 50) -> list[object]:
    """Runs the tasks at once: the first ones start when all threads are there."""
    start = threading.Event()

    def run(task: Callable[[], object]) -> object:
        start.wait()
        return task()

    with ThreadPoolExecutor(min(workers, len(tasks))) as pool:
        running = [pool.submit(run, task) for task in tasks]
        start.set()
        return [task.result() for task in running]


def count(app: Flask, table: type = Response) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_of_two_hundred_answers_at_once_on_one_link_one_is_stored(house: Flask) -> None:
    (token,) = links(house)
    path = f"/k/{token}"

    def send(number: int) -> Callable[[], object]:
        return lambda: post(house.test_client(), path, sheet(str(number % 5 + 1), comment=f"người {number}"))

    answers = together([send(number) for number in range(200)])
    codes = [answer.status_code for answer in answers]
    assert sorted(codes) == [200] * 199 + [303]
    assert count(house) == 1
    assert count(house, KeptAside) == 0


def test_one_answer_sent_a_hundred_times_at_once_is_one_row_and_one_receipt(house: Flask) -> None:
    for path in (f"/k/{links(house)[0]}", f"/phieu/{AGENCY}"):
        before = count(house)
        fields = sheet("4", comment="một lần thôi")
        answers = together([lambda path=path, fields=fields: post(house.test_client(), path, fields)] * 100)
        assert {answer.status_code for answer in answers} == {303}
        assert len({answer.headers["Location"] for answer in answers}) == 1
        assert count(house) == before + 1


def test_two_stores_of_one_database_agree_on_who_was_first(house: Flask) -> None:
    with house.app_context():
        connect = response_store()._connect
    first, second = StoreService(connect), StoreService(connect)
    records = [record() for _ in range(100)]
    tasks: list[Callable[[], object]] = [
        lambda store=store, one=one: store.store(one)
        for one in records
        for store in (first, second)
    ]
    outcomes = together(tasks)
    first.close()
    second.close()
    assert sorted(map(str, outcomes)) == ["new"] * 100 + ["same"] * 100
    assert count(house) == 100


class Broken:
    """A database that fails a number of times before it works."""

    record_errors: tuple[type[Exception], ...] = (KeyError,)

    def __init__(self, failures: list[BaseException]) -> None:
        self.failures = failures
        self.written: list[int] = []

    @contextmanager
    def turn(self) -> Iterator[None]:
        yield

    def write(self, entries: Sequence[Entry]) -> None:
        if self.failures:
            raise self.failures.pop(0)
        if any(entry.record.comment == "hỏng" for entry in entries):
            raise KeyError("comment")
        self.written.append(len(entries))
        for entry in entries:
            entry.outcome = Outcome.NEW

    def close(self) -> None: ...


def test_when_the_writer_fails_those_who_wait_hear_of_it_and_the_next_are_stored() -> None:
    backend = Broken([OSError("disk full")])
    store = StoreService(lambda: backend)
    with pytest.raises(StoreUnavailable):
        store.store(record())
    assert store.store(record()) is Outcome.NEW
    store.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_writer_that_dies_is_replaced() -> None:
    store = StoreService(lambda: Broken([SystemExit()]))
    with pytest.raises(StoreUnavailable):
        store.store(record())
    assert store._thread is not None
    store._thread.join(5)
    store._connect = lambda: Broken([])
    assert store.store(record()) is Outcome.NEW
    store.close()


def test_one_record_that_cannot_be_stored_does_not_take_others_with_it() -> None:
    store = StoreService(lambda: Broken([]))
    bad, good = record(comment="hỏng"), record()
    outcomes: list[str] = []

    def send(one: ResponseRecord) -> Callable[[], object]:
        def run() -> None:
            try:
                outcomes.append(store.store(one))
            except StoreUnavailable:
                outcomes.append("unavailable")

        return run

    together([send(bad), send(good)] * 10)
    store.close()
    assert sorted(outcomes) == ["new"] * 10 + ["unavailable"] * 10


def test_a_full_queue_asks_to_come_back_instead_of_growing() -> None:
    store = StoreService(lambda: Broken([]), queue_limit=0)
    with pytest.raises(StoreBusy):
        store.store(record())


def test_a_busy_store_is_a_503_with_retry_after_and_stores_nothing(house: Flask) -> None:
    house.extensions["response_store"] = StoreService(lambda: Broken([]), queue_limit=0)
    (token,) = links(house)
    answer = post(house.test_client(), f"/k/{token}", sheet("5"))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Chưa có gì được lưu" in answer.text
    with house.app_context():
        assert db.session.scalars(select(Link.spent)).one() is False


def test_nobody_is_answered_before_the_commit(house: Flask) -> None:
    """At the moment of each outcome another connection can already see the row."""
    seen: list[bool] = []
    records = [record() for _ in range(20)]

    def send(one: ResponseRecord) -> Callable[[], object]:
        def run() -> None:
            with house.app_context():
                response_store().store(one)
                seen.append(db.session.get(Response, (one.agency, one.id)) is not None)

        return run

    together([send(one) for one in records], workers=8)
    assert seen == [True] * 20


def test_a_forked_process_starts_a_writer_of_its_own() -> None:
    store = StoreService(lambda: Broken([]))
    store.store(record())
    thread, queue = store._thread, store._queue
    store.forget_threads()
    assert store._thread is None
    assert store._queue is not queue
    assert store.store(record()) is Outcome.NEW
    store.close()
    queue.put(None)
    assert thread is not None
    thread.join(5)


def test_a_store_that_nobody_holds_ends_its_thread() -> None:
    store = StoreService(lambda: Broken([]))
    store.store(record())
    thread = store._thread
    del store
    assert thread is not None
    thread.join(5)
    assert not thread.is_alive()
