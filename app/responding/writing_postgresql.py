"""How a group of answers is written to PostgreSQL: one statement, one round trip, one flush of the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import orjson
import psycopg
from sqlalchemy.engine import make_url

from app.responding.entries import ASIDE_LIMIT, Entry, Outcome, settle
from app.responding.records import COLUMNS, CONTENT_COLUMNS, ResponseRecord
from app.walls import SERVICE, SETTING

TYPES: Final = {"day": "date", "fill_seconds": "integer", "test": "boolean"}
SHAPE: Final = ", ".join(f"{column} {TYPES.get(column, 'text')}" for column in COLUMNS)
INSERT: Final = (
    f"INSERT INTO responses ({', '.join(COLUMNS)}, tallied) "  # noqa: S608  # names of ours, values bound
    f"SELECT {', '.join('g.' + column for column in COLUMNS)}, false FROM given g"
)
# Rows are locked in one order everywhere, so that two application hosts rarely wait for each other in a ring.
GIVEN: Final = (
    f"given AS (SELECT * FROM json_to_recordset(%s::json) AS r({SHAPE}, token text) "  # noqa: S608  # names of ours, values bound
    "ORDER BY agency, id)"
)
WITHOUT_LINKS: Final = f"WITH {GIVEN} {INSERT} ON CONFLICT DO NOTHING RETURNING agency, id"
WITH_LINKS: Final = (
    f"WITH {GIVEN}, spend AS (UPDATE links SET spent = true FROM given "  # noqa: S608  # names of ours, values bound
    "WHERE links.token_hash = decode(given.token, 'hex') AND NOT links.spent RETURNING given.token) "
    f"{INSERT} WHERE g.token IS NULL OR g.token IN (SELECT token FROM spend) "
    "ON CONFLICT DO NOTHING RETURNING agency, id"
)
FIND: Final = f"SELECT {', '.join(CONTENT_COLUMNS)} FROM responses WHERE agency = %s AND id = %s"  # noqa: S608  # names of ours, values bound
KEEP_ASIDE: Final = (
    "INSERT INTO kept_aside (agency, id, content_hash, day, channel, body) SELECT %s, %s, %s, %s, %s, %s "
    "WHERE (SELECT count(*) FROM kept_aside WHERE agency = %s AND id = %s) < %s ON CONFLICT DO NOTHING"
)
OPTIONS: Final = f"-c statement_timeout=10000 -c synchronous_commit=on -c {SETTING}={SERVICE}"


def connection_string(url: str) -> str:
    """What libpq understands of a SQLAlchemy address."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


class PostgresqlBackend:
    """One connection of its own, with statements prepared once."""

    # A ring of waiting hosts is broken by the database at somebody's cost; alone, each finds its way.
    record_errors: tuple[type[Exception], ...] = (
        psycopg.IntegrityError,
        psycopg.DataError,
        psycopg.errors.DeadlockDetected,
        ValueError,
    )

    def __init__(self, url: str) -> None:
        self._connection: psycopg.Connection[Any] = psycopg.connect(
            connection_string(url), autocommit=True, prepare_threshold=0, connect_timeout=5, options=OPTIONS
        )

    @contextmanager
    def turn(self) -> Iterator[None]:
        """PostgreSQL orders its writers itself."""
        yield

    def write(self, entries: Sequence[Entry]) -> None:
        """A repeated id or link waits for a statement of its own, where the first one is known already."""
        together: dict[Any, Entry] = {}
        later = []
        for entry in entries:
            keys = {entry.record.key, entry.token_hash or entry.record.key}
            if keys & together.keys():
                later.append(entry)
            else:
                together.update(dict.fromkeys(keys, entry))
        first = list({id(entry): entry for entry in together.values()}.values())
        self._write_together(first)
        for entry in later:
            self._write_together([entry])

    def close(self) -> None:
        self._connection.close()

    def _write_together(self, entries: Sequence[Entry]) -> None:
        statement = WITH_LINKS if any(entry.token_hash is not None for entry in entries) else WITHOUT_LINKS
        rows = orjson.dumps([_row(entry) for entry in entries])
        cursor = self._connection.execute(statement, (rows.decode(),))
        if cursor.rowcount == len(entries):
            for entry in entries:
                entry.outcome = Outcome.NEW
            return
        inserted = set(cursor.fetchall())
        for entry in entries:
            new = entry.record.key in inserted
            known = None if new else self._connection.execute(FIND, entry.record.key).fetchone()
            if settle(entry, inserted=new, known=known):
                self._connection.execute(KEEP_ASIDE, _aside_values(entry.record))


def _row(entry: Entry) -> dict[str, Any]:
    record = entry.record
    row = {column: getattr(record, column) for column in COLUMNS}
    if entry.token_hash is not None:
        row["token"] = entry.token_hash.hex()
    return row


def _aside_values(record: ResponseRecord) -> tuple[Any, ...]:
    what = (*record.key, record.content_hash, record.day, record.channel, record.body)
    return (*what, *record.key, ASIDE_LIMIT)
