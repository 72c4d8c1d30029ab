"""The second wall: on PostgreSQL every transaction says how far it reaches, and policies hold it to that.

docs/adr/0011-second-wall.md. The first wall is `accounts/guard.py` with the conditions of the queries; this
one stands where one of them was forgotten. SQLite has nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from flask import Flask, g, has_request_context
from sqlalchemy import Connection, Engine, event, func, select
from sqlalchemy.exc import DBAPIError

from app.extensions import db

# Commands, jobs and the writer of answers.
SERVICE: Final = "service"
# Citizens' pages, and those of them that hold a contact.
PUBLIC: Final = "public"
CONTACT: Final = "contact"
# Telephones of field work, which prove themselves by a token of their own.
FIELD: Final = "field"
# Staff on the way in: who somebody is has not been found out yet.
ENTRANCE: Final = "entrance"
NOTHING: Final = ""

SETTING: Final = "hailong.reach"


def current_reach() -> str:
    """A request reaches nothing until the guard has said how far; outside of requests the service works."""
    if not has_request_context():
        return SERVICE
    reach: str = g.get("reach", NOTHING)
    return reach


def set_reach(reach: str) -> None:
    """From now on, in the transaction that is open as in those that follow."""
    g.reach = reach
    # Most requests have no session yet; asking for one would make it, and cost a page a tenth of its time.
    if db.session.registry.has() and db.session().in_transaction() and _is_postgresql():
        db.session.connection().execute(select(func.set_config(SETTING, reach, True)))


@contextmanager
def widened() -> Iterator[None]:
    """For one look beyond the reach of a request, whose outcome shows nothing that is not to be seen.

    A test names every place that does this.
    """
    before = current_reach()
    if before in (SERVICE, NOTHING):
        yield
        return
    with db.session.no_autoflush:
        set_reach(SERVICE)
        try:
            yield
        finally:
            # Where the transaction is broken already, its end takes the setting along.
            with suppress(DBAPIError):
                set_reach(before)


def stand_before(app: Flask, engine: Engine) -> None:
    """Every transaction of the engine begins with its reach."""
    event.listen(engine, "connect", _leave_beginning_to_us)
    event.listen(engine, "begin", _begin)
    app.teardown_request(_end_with_the_request)


def _leave_beginning_to_us(connection: Any, _record: Any) -> None:
    connection.autocommit = True


def _begin(connection: Connection) -> None:
    """BEGIN and the setting travel together, so that a wall costs no way to the database and back.

    The setting is local to the transaction: what goes back to the pool carries nothing over.
    """
    if connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
        return
    # Of use where there is such a database only, and twelve megabytes.
    from psycopg.sql import quote

    own = connection.connection.dbapi_connection
    # Where another isolation was asked for, the driver begins by itself.
    begin = "BEGIN; " if own is not None and own.autocommit else ""
    connection.exec_driver_sql(f"{begin}SELECT set_config('{SETTING}', {quote(current_reach())}, true)")


def _end_with_the_request(_error: BaseException | None) -> None:
    """What is still open was only read; whoever works on in this context begins with a reach of their own."""
    if db.session.registry.has() and db.session().in_transaction():
        db.session.rollback()


def _is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"
