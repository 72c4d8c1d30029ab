"""A group of answers from a file goes into the database in one transaction, without a query for each row."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Date, bindparam, text

from app.audit.actions import record
from app.extensions import db
from app.responding.entries import ASIDE_LIMIT, Outcome
from app.responding.records import COLUMNS, CONTENT_COLUMNS, ResponseRecord
from app.responding.store import write_turn
from app.transactions import transaction

_VALUES: Final = attrgetter(*COLUMNS)
_DAY: Final = COLUMNS.index("day")
_CONTENT: Final = ", ".join(CONTENT_COLUMNS)
_COLUMNS: Final = ", ".join(COLUMNS)
_FIND: Final = {
    "sqlite": f"SELECT agency, id, {_CONTENT} FROM responses "  # noqa: S608  # names of ours, values bound
    "WHERE id IN (SELECT value FROM json_each(:ids))",
    "postgresql": f"SELECT agency, id, {_CONTENT} FROM responses "  # noqa: S608  # names of ours, values bound
    "WHERE id IN (SELECT json_array_elements_text(CAST(:ids AS json)))",
}
_INSERT_SQLITE: Final = (
    f"INSERT INTO responses ({_COLUMNS}, tallied) "  # noqa: S608  # names of ours, values bound
    f"VALUES ({', '.join('?' * len(COLUMNS))}, 0) ON CONFLICT DO NOTHING"
)
_INSERT_POSTGRESQL: Final = (
    f"INSERT INTO responses ({_COLUMNS}, tallied) SELECT {_COLUMNS}, false "  # noqa: S608  # names of ours, values bound
    "FROM json_populate_recordset(CAST(NULL AS responses), CAST(:rows AS json)) ON CONFLICT DO NOTHING"
)
_KEEP_ASIDE: Final = text(
    "INSERT INTO kept_aside (agency, id, content_hash, day, channel, body) SELECT CAST(:agency AS varchar), "
    "CAST(:id AS varchar), :content_hash, :day, :channel, :body WHERE (SELECT count(*) FROM kept_aside "
    "WHERE agency = CAST(:agency AS varchar) AND id = CAST(:id AS varchar)) < :limit ON CONFLICT DO NOTHING"
).bindparams(bindparam("day", type_=Date))


class Overtaken(Exception):
    """Somebody stored one of the ids after we had looked for it."""


def store_group(records: Sequence[ResponseRecord], *, by: str, now: datetime) -> list[Outcome]:
    """NEW, SAME or ASIDE for each record, in their order; everything is durable on return.

    Of two records under one key the first is the answer, in the group as in the database. The trail keeps
    how many a group stored: whoever brings a file is staff, and what stays stored must stay told.
    """
    while True:
        try:
            with write_turn(), transaction():
                outcomes = _stored(db.session.connection(), records)
                _record(outcomes, by, now)
                return outcomes
        except Overtaken:
            continue


def _record(outcomes: Sequence[Outcome], by: str, now: datetime) -> None:
    number = Counter(outcomes)
    stored = {"new": number[Outcome.NEW], "aside": number[Outcome.ASIDE]}
    if any(stored.values()):
        details = stored | {"known": number[Outcome.SAME]}
        record("responses-imported", by=by, subject="responses", scope="nation", details=details, now=now)


def _stored(connection: Connection, records: Sequence[ResponseRecord]) -> list[Outcome]:
    known = find_contents(connection, [record.id for record in records])
    new: list[ResponseRecord] = []
    aside: list[ResponseRecord] = []
    outcomes = []
    for sheet in records:
        content = known.get(sheet.key)
        if content is None:
            known[sheet.key] = sheet.content
            new.append(sheet)
            outcomes.append(Outcome.NEW)
        elif content == sheet.content:
            outcomes.append(Outcome.SAME)
        else:
            aside.append(sheet)
            outcomes.append(Outcome.ASIDE)
    if new and insert_records(connection, new) < len(new):
        raise Overtaken
    if aside:
        connection.execute(_KEEP_ASIDE, [_aside_values(record) for record in aside])
    return outcomes


def find_contents(
    connection: Connection, ids: Sequence[str]
) -> dict[tuple[str, str], tuple[str | None, ...]]:
    """The contents that the database holds under these ids, of whatever agency."""
    rows = connection.execute(text(_FIND[connection.dialect.name]), {"ids": json.dumps(ids)})
    return {(row[0], row[1]): tuple(row[2:]) for row in rows}


def insert_records(connection: Connection, records: Sequence[ResponseRecord]) -> int:
    """How many of them were stored; the others have a key that is taken. Does not commit.

    In the order of the keys each page of the table is written once.
    """
    ordered = sorted(records, key=attrgetter("key"))
    if connection.dialect.name == "sqlite":
        return connection.exec_driver_sql(_INSERT_SQLITE, [_row(record) for record in ordered]).rowcount
    rows = orjson.dumps([dict(zip(COLUMNS, _row(record), strict=True)) for record in ordered])
    return connection.execute(text(_INSERT_POSTGRESQL), {"rows": rows.decode()}).rowcount


def _row(record: ResponseRecord) -> tuple[Any, ...]:
    values = _VALUES(record)
    return (*values[:_DAY], record.day.isoformat(), *values[_DAY + 1 :])


def _aside_values(record: ResponseRecord) -> dict[str, Any]:
    return {
        "agency": record.agency,
        "id": record.id,
        "content_hash": record.content_hash,
        "day": record.day,
        "channel": record.channel,
        "body": record.body,
        "limit": ASIDE_LIMIT,
    }
