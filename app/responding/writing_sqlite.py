"""How a group of answers is written to SQLite: one statement for all of them, one flush of the disk."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy.engine import make_url

from app.extensions import prepare_sqlite, sqlite_module
from app.responding.entries import ASIDE_LIMIT, Entry, Outcome, settle
from app.responding.records import COLUMNS, CONTENT_COLUMNS, ResponseRecord

# Every step of a statement hands the interpreter to another thread and waits to get it back, so rows are
# inserted many at a time; the number of different statements stays small.
ROWS_A_STATEMENT: Final = 64
FIND: Final = f"SELECT {', '.join(CONTENT_COLUMNS)} FROM responses WHERE agency = ? AND id = ?"  # noqa: S608  # names of ours, values bound
SPEND: Final = "UPDATE links SET spent = 1 WHERE token_hash = ? AND spent = 0"
KEEP_ASIDE: Final = (
    "INSERT INTO kept_aside (agency, id, content_hash, day, channel, body) SELECT ?, ?, ?, ?, ?, ? "
    "WHERE (SELECT count(*) FROM kept_aside WHERE agency = ? AND id = ?) < ? ON CONFLICT DO NOTHING"
)


@cache
def _insert(rows: int) -> str:
    marks = "(" + ", ".join("?" * len(COLUMNS)) + ", 0)"
    return (
        f"INSERT INTO responses ({', '.join(COLUMNS)}, tallied) VALUES "  # noqa: S608  # names of ours, values bound
        f"{', '.join([marks] * rows)} ON CONFLICT DO NOTHING"
    )


def database_path(url: str) -> Path:
    return Path(make_url(url).database or "")


class Turns:
    """The queue of the kernel for the one writer that SQLite allows at a time.

    SQLite's own waiting sleeps and tries again, which starves some writers for a second at a time.
    """

    def __init__(self, url: str) -> None:
        path = database_path(url)
        self._file = path.with_name(path.name + ".turn").open("ab")

    @contextmanager
    def turn(self) -> Iterator[None]:
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        self._file.close()


@contextmanager
def file_turn(url: str) -> Iterator[None]:
    """One turn for a writer that has no backend."""
    turns = Turns(url)
    try:
        with turns.turn():
            yield
    finally:
        turns.close()


class SqliteBackend:
    """One connection of its own; `synchronous=FULL` as on every connection."""

    def __init__(self, url: str) -> None:
        module = sqlite_module()
        self.record_errors: tuple[type[Exception], ...] = (
            module.IntegrityError,
            module.DataError,
            ValueError,
        )
        self._turns = Turns(url)
        self._connection = module.connect(
            str(database_path(url)), isolation_level=None, check_same_thread=False
        )
        prepare_sqlite(self._connection)
        self.turn = self._turns.turn

    def write(self, entries: Sequence[Entry]) -> None:
        with self._transaction():
            if self._write_together(entries):
                return
            # Something was known already: nothing of the attempt is kept, each is looked at in its turn.
            self._connection.execute("ROLLBACK")
            self._connection.execute("BEGIN IMMEDIATE")
            self._write_each(entries)

    def close(self) -> None:
        self._connection.close()
        self._turns.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _write_together(self, entries: Sequence[Entry]) -> bool:
        """Whether every link was open and every id new, as is nearly always so."""
        execute = self._connection.execute
        for entry in entries:
            if entry.token_hash is not None and not self._spend(entry.token_hash):
                return False
        for start in range(0, len(entries), ROWS_A_STATEMENT):
            part = entries[start : start + ROWS_A_STATEMENT]
            if execute(_insert(len(part)), _values(part)).rowcount != len(part):
                return False
        for entry in entries:
            entry.outcome = Outcome.NEW
        return True

    def _write_each(self, entries: Sequence[Entry]) -> None:
        """One by one, in the order of arrival: who came first under an id is the answer that counts."""
        execute = self._connection.execute
        for entry in entries:
            open_way = entry.token_hash is None or self._spend(entry.token_hash)
            inserted = open_way and execute(_insert(1), _values([entry])).rowcount == 1
            known = None if inserted else execute(FIND, entry.record.key).fetchone()
            if settle(entry, inserted=inserted, known=known):
                execute(KEEP_ASIDE, _aside_values(entry.record))

    def _spend(self, token_hash: bytes) -> bool:
        return bool(self._connection.execute(SPEND, (token_hash,)).rowcount == 1)


def _values(entries: Sequence[Entry]) -> list[Any]:
    values: list[Any] = []
    for entry in entries:
        record = entry.record
        values += (
            record.agency, record.id, record.questionnaire, record.version, record.procedure,
            record.phase, record.channel, record.source_channel, record.quarter, record.day.isoformat(),
            record.language, record.cluster, record.answers, record.comment, record.fill_seconds,
            record.quarantine, record.test,
        )  # fmt: skip
    return values


def _aside_values(record: ResponseRecord) -> tuple[Any, ...]:
    what = (*record.key, record.content_hash, record.day.isoformat(), record.channel, record.body)
    return (*what, *record.key, ASIDE_LIMIT)
