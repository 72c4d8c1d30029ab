"""The nightly rewrite: what the database engine itself remembers about the order of writes is destroyed.

A link and the answer that spent it are written in one transaction, and so are a visit and its answer. On
PostgreSQL both rows then carry the same transaction number, and their place in the file follows the order of
arrival; in SQLite the write-ahead log holds them side by side. Writing the tables anew in the order of their
random keys removes both traces, and with them whatever was deleted: a purged contact is in no file any more.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from app.extensions import db

# CLUSTER alone puts rows in another order but leaves each its transaction number. Changing the type of a
# column writes every row as of one transaction; the expression is one that PostgreSQL does not see through,
# or it would spare itself the work.
REWRITES = {
    "responses": ("pk_responses", "fill_seconds", "integer", "fill_seconds + 0"),
    "links": ("pk_links", "spent", "boolean", "CASE WHEN spent THEN true ELSE false END"),
    "contacts": ("pk_contacts", "message", "text", "message || ''"),
    "field_visits": ("pk_field_visits", "clock", "boolean", "CASE WHEN clock THEN true ELSE false END"),
    "field_receipts": ("pk_field_receipts", "sha256", "varchar(64)", "sha256 || ''"),
    "field_counts": ("pk_field_counts", "n", "integer", "n + 0"),
    "field_inbox": ("pk_field_inbox", "body", "bytea", "body || ''::bytea"),
}


class StillRead(RuntimeError):
    """Somebody reads an old state of the SQLite file, so its log cannot be emptied; try again later."""


def rewrite_tables() -> None:
    """Rewrites answers, links, contacts and what field work leaves. Raises StillRead.

    Writers wait meanwhile; run it at night.
    """
    db.session.remove()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            _rewrite_file(connection)
            return
        for table, (key, column, kind, value) in REWRITES.items():
            connection.execute(text(f'ALTER TABLE "{table}" ALTER "{column}" TYPE {kind} USING {value}'))
            connection.execute(text(f'CLUSTER "{table}" USING "{key}"'))


def _rewrite_file(connection: Connection) -> None:
    connection.execute(text("VACUUM"))
    busy, _pages, _moved = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    if busy:
        raise StillRead
