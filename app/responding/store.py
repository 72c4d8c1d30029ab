"""The writer of responses: many requests, one commit, and nobody answered before it.

Each process has one writer thread that takes whatever is waiting, stores it in one transaction and then
wakes the requests. This is the one stated exception to "the view commits" (`app/transactions.py`).
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from queue import Empty, SimpleQueue
from typing import Final, Protocol

import structlog
from flask import Flask, current_app

from app.config import Config
from app.responding.entries import Entry, Outcome
from app.responding.records import ResponseRecord

__all__ = [
    "Outcome",
    "ResponseRecord",
    "StoreBusy",
    "StoreService",
    "StoreUnavailable",
    "response_store",
    "write_turn",
]

QUEUE_LIMIT: Final = 2_000
GROUP_LIMIT: Final = 256
ANSWER_SECONDS: Final = 20.0

log = structlog.get_logger()
_services: weakref.WeakSet[StoreService] = weakref.WeakSet()


def _forget_threads() -> None:
    for service in _services:
        service.forget_threads()


os.register_at_fork(after_in_child=_forget_threads)


class StoreUnavailable(Exception):
    """The answer could not be stored now; sending the same again later is safe."""


class StoreBusy(StoreUnavailable):
    """More answers are waiting than can be stored in reasonable time, so new ones are asked to come back."""


class Backend(Protocol):
    """The SQL of one database. One thread at a time uses it.

    `record_errors` blame one of the records and not the database, so the others can be stored without it.
    """

    record_errors: tuple[type[Exception], ...]

    def turn(self) -> AbstractContextManager[None]:
        """Waits until this process may write; the group is collected inside, so a wait makes it larger."""
        ...

    def write(self, entries: Sequence[Entry]) -> None:
        """Stores the entries in one transaction, sets their outcomes and returns after the commit."""
        ...

    def close(self) -> None: ...


class StoreService:
    """Group commit for one process. The writer starts with the first answer, so forking before is safe."""

    def __init__(self, connect: Callable[[], Backend], *, queue_limit: int = QUEUE_LIMIT) -> None:
        self._connect = connect
        self._queue_limit = queue_limit
        self.forget_threads()
        _services.add(self)

    def forget_threads(self) -> None:
        """A forked process has no writer thread, and what waits in the queue belongs to its parent."""
        self._start_lock = threading.Lock()
        self._queue: SimpleQueue[Entry | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        # The writer does not hold the service, so that it ends, and closes its connection, with it.
        weakref.finalize(self, self._queue.put, None)

    def store(self, record: ResponseRecord, token_hash: bytes | None = None) -> Outcome:
        """Returns when the answer is durable. Raises StoreUnavailable (or StoreBusy) when it may not be."""
        if self._queue.qsize() >= self._queue_limit:
            raise StoreBusy
        entry = Entry(record, token_hash)
        entry.done.acquire()
        self._ensure_writer()
        self._queue.put(entry)
        if not entry.done.acquire(timeout=ANSWER_SECONDS):
            raise StoreUnavailable
        if entry.outcome is None:
            raise StoreUnavailable from entry.failure
        return entry.outcome

    def close(self) -> None:
        """Stores what is waiting and ends the writer."""
        thread, self._thread = self._thread, None
        if thread is not None and thread.is_alive():
            self._queue.put(None)
            thread.join(ANSWER_SECONDS)

    def _ensure_writer(self) -> None:
        """Starts the writer where there is none: at the first answer, after a fork, after its death."""
        if self._thread is not None and self._thread.is_alive():
            return
        with self._start_lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=_run, args=(self._queue, self._connect), name="response-writer", daemon=True
                )
                self._thread.start()


def _run(queue: SimpleQueue[Entry | None], connect: Callable[[], Backend]) -> None:
    """The writer thread: takes what is waiting, stores it, wakes who waits for it."""
    backend: Backend | None = None
    ends = False
    while not ends and (first := queue.get()) is not None:
        group = [first]
        try:
            backend = backend or connect()
            with backend.turn():
                ends = _collect(queue, group)
                _write(backend, group)
        except Exception as error:
            log.error("responses_not_stored", waiting=len(group), kind=type(error).__name__)
            _fail(group, error)
            _discard(backend)
            backend = None
        finally:
            # Even where the thread itself is ending, nobody waits for an answer that cannot come.
            for entry in group:
                entry.done.release()
    _discard(backend)


def _collect(queue: SimpleQueue[Entry | None], group: list[Entry]) -> bool:
    """Moves what is waiting into the group; True where the end was asked for."""
    while len(group) < GROUP_LIMIT:
        try:
            entry = queue.get_nowait()
        except Empty:
            return False
        if entry is None:
            return True
        group.append(entry)
    return False


def _write(backend: Backend, group: list[Entry]) -> None:
    """One transaction for the group; where one record spoils it, one transaction each."""
    try:
        backend.write(group)
    except backend.record_errors as error:
        if len(group) == 1:
            raise
        log.warning("group_stored_one_by_one", waiting=len(group), kind=type(error).__name__)
        for entry in group:
            try:
                backend.write([entry])
            except backend.record_errors as own_error:
                _fail([entry], own_error)


def _fail(group: list[Entry], error: Exception) -> None:
    for entry in group:
        entry.outcome, entry.failure = None, error


def _discard(backend: Backend | None) -> None:
    """Closes a connection that may be broken; the next group opens another one."""
    if backend is not None:
        try:
            backend.close()
        except Exception as error:
            log.warning("store_close_failed", kind=type(error).__name__)


def connector(config: Config) -> Callable[[], Backend]:
    """How to reach the configured database."""
    if config.is_sqlite:
        from app.responding.writing_sqlite import SqliteBackend

        return lambda: SqliteBackend(config.database_url)
    from app.responding.writing_postgresql import PostgresqlBackend

    return lambda: PostgresqlBackend(config.database_url)


def response_store(app: Flask | None = None) -> StoreService:
    """The store of the running application."""
    extensions = (app or current_app).extensions
    store: StoreService | None = extensions.get("response_store")
    if store is None:
        store = extensions.setdefault("response_store", StoreService(connector(extensions["hailong"])))
    return store


def write_turn() -> AbstractContextManager[None]:
    """The turn that the writers of one SQLite file take, for long writes that run beside answers."""
    config: Config = current_app.extensions["hailong"]
    if config.is_sqlite:
        from app.responding.writing_sqlite import file_turn

        return file_turn(config.database_url)
    return nullcontext()
