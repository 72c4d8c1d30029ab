"""The three tables of tallies as one set of counts: reading them and adding to them. Nothing here commits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, Final, Literal

import orjson
from sqlalchemy import Boolean, Connection, Integer, Table, func, select

from app.results.models import ClusterTally, ProcedureTally, QuarterState, Tally
from app.results.tallying import ClusterKey, Counts, ProcedureKey, TallyKey, TallyRows

TALLIES: Final[Table] = Tally.metadata.tables["tallies"]
BY_PROCEDURE: Final[Table] = ProcedureTally.metadata.tables["tallies_by_procedure"]
BY_CLUSTER: Final[Table] = ClusterTally.metadata.tables["tallies_by_cluster"]
STATES: Final[Table] = QuarterState.metadata.tables["quarter_states"]

# Any number, as long as nothing else in this database locks by it.
_LOCK: Final = 7_462_301


def lock_tallies(connection: Connection) -> None:
    """One writer of tallies at a time, until the end of the transaction; the second one waits here."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    elif not connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]  # an open connection has one of the driver
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def add_counts(connection: Connection, counts: Counts) -> None:
    """Adds to the stored tallies, or takes away where a count is negative, and moves their quarters."""
    parts: tuple[Mapping[Any, int], ...] = (counts.tallies, counts.by_procedure, counts.by_cluster)
    tallies, by_procedure, by_cluster = ([(*key, n) for key, n in part.items()] for part in parts)
    add_rows(connection, TallyRows(tallies, by_procedure, by_cluster))
    for table, part in zip((TALLIES, BY_PROCEDURE, BY_CLUSTER), parts, strict=True):
        lessened = {key[0] for key, number in part.items() if number < 0}
        if lessened:
            connection.execute(table.delete().where(table.c.quarter.in_(sorted(lessened)), table.c.n == 0))


def add_rows(connection: Connection, rows: TallyRows) -> None:
    """Adds rows of (key, number) to the stored tallies and moves their quarters."""
    quarters = {row[0] for part in rows for row in part}
    for table, part in zip((TALLIES, BY_PROCEDURE, BY_CLUSTER), rows, strict=True):
        _upsert(connection, table, part)
    _upsert(connection, STATES, [(quarter, 1) for quarter in quarters])


def stored_counts(connection: Connection, agency: str, quarters: Collection[str]) -> Counts:
    """What the tables hold of one agency. Keys begin with the quarter, so each quarter is a short range."""
    counts = Counts()
    tables: tuple[tuple[Table, Any, dict[Any, int]], ...] = (
        (TALLIES, TallyKey, counts.tallies),
        (BY_PROCEDURE, ProcedureKey, counts.by_procedure),
        (BY_CLUSTER, ClusterKey, counts.by_cluster),
    )
    for table, kind, numbers in tables:
        own = table.c.quarter.in_(sorted(quarters)) & (table.c.agency == agency)
        for *key, number in connection.execute(select(table).where(own)):
            numbers[kind(*key)] = number
    return counts


def list_tallied(connection: Connection, column: Literal["quarter", "agency"]) -> set[str]:
    """Every quarter, or every agency, that has a tally in any table."""
    found: set[str] = set()
    for table in (TALLIES, BY_PROCEDURE, BY_CLUSTER):
        found.update(connection.scalars(select(table.c[column]).distinct()))
    return found


def _upsert(connection: Connection, table: Table, rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_sqlite_upsert(table), rows)
    else:
        connection.exec_driver_sql(_postgresql_upsert(table), (orjson.dumps(rows).decode(),))


# A fold writes tens of thousands of numbers a second. Statements that SQLAlchemy builds cost five times the
# insertion itself, and on PostgreSQL a round trip each, so these two are written by hand.


def _shape(table: Table) -> tuple[list[str], str, str]:
    """The columns of the key, the number they count, and what happens to a known key."""
    number = "moves" if table is STATES else "n"
    key = [column.name for column in table.primary_key.columns]
    sum_of_both = f"{number} = {table.name}.{number} + excluded.{number}"
    return key, number, f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sum_of_both}"


@cache
def _sqlite_upsert(table: Table) -> str:
    key, number, known = _shape(table)
    rest, digested = (", digested_moves", ", -1") if table is STATES else ("", "")
    marks = ", ".join("?" * (len(key) + 1))
    return (
        f"INSERT INTO {table.name} ({', '.join(key)}, {number}{rest}) "  # noqa: S608  # names of ours, values bound
        f"VALUES ({marks}{digested}) {known}"
    )


@cache
def _postgresql_upsert(table: Table) -> str:
    """All rows travel as one JSON array of arrays."""
    key, number, known = _shape(table)
    rest, digested = (", digested_moves", ", -1") if table is STATES else ("", "")
    values = ", ".join(
        f"(r->>{place})::{_POSTGRESQL_TYPES.get(type(table.c[name].type), 'text')}"
        for place, name in enumerate([*key, number])
    )
    return (
        f"INSERT INTO {table.name} ({', '.join(key)}, {number}{rest}) "  # noqa: S608  # names of ours, values bound
        f"SELECT {values}{digested} FROM json_array_elements(%s::json) AS r {known}"
    )


_POSTGRESQL_TYPES: Final = {Integer: "integer", Boolean: "boolean"}
