"""Reading everything as of one moment, while folds go on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from app.extensions import db


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection of its own on which everything is read as of one moment."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        else:
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection
        connection.rollback()
