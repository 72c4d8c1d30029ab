"""The nightly rewrite: what the database engine itself remembers about the order of writes is destroyed.

A link and the answer that spent it are written in one transaction. On PostgreSQL both rows then carry the
same transaction number, and their place in the file follows the order of arrival; in SQLite the write-ahead
log holds them side by side. Writing the tables anew in the order of their random keys removes both traces,
and with them whatever was deleted: a purged contact is in no file any more.
"""

from __future__ import annotations

from sqlalchemy import text

from app.extensions import db

TABLES = {"responses": "pk_responses", "links": "pk_links", "contacts": "pk_contacts"}


def rewrite_tables() -> None:
    """Rewrites answers, links and contacts. Writers wait meanwhile; run it at night."""
    db.session.remove()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("VACUUM"))
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            return
        for table, key in TABLES.items():
            connection.execute(text(f'CLUSTER "{table}" USING "{key}"'))
