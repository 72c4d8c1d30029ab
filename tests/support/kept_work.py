"""What one application of a test run has worked out and the next one, made for the next test, takes over.

Every test has an application and a database of its own. Compiled templates, routes and the questionnaires
that are shipped are functions of the source alone, so making them again each time would prove nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection, Integer, Table, func, insert, select
from werkzeug.routing import Rule

from app.catalogue import actions as catalogue
from app.extensions import db


class KeptTemplates(BytecodeCache):
    """Compiled templates; a bucket is named by the template and by its source."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        content = self._kept.get((bucket.key, bucket.checksum))
        if content is not None:
            bucket.bytecode_from_string(content)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


class KeptRule(Rule):
    """A route that is read once, and whose builders of addresses are compiled once.

    The builders ask the route they are called on; parts and converters know nothing of an application.
    """

    _kept: ClassVar[dict[tuple[str, str, bool], Any]] = {}
    _read: ClassVar[dict[tuple[str, str, bool], tuple[list[Any], list[Any], dict[str, Any], set[str]]]] = {}

    def compile(self) -> None:
        key = (self.rule, repr(self.defaults), self.merge_slashes)
        assert not self.subdomain and not self.host, "a route of one host would need a key of its own"
        if key not in self._read:
            super().compile()
            self._read[key] = (self._parts, self._trace, self._converters, set(self.arguments))
            return
        self._parts, self._trace, self._converters, arguments = self._read[key]
        self.arguments |= arguments
        self._build = self._compile_builder(False).__get__(self, None)
        self._build_unknown = self._compile_builder(True).__get__(self, None)

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        key = (self.rule, repr(self.defaults), append_unknown)
        if key not in self._kept:
            self._kept[key] = super()._compile_builder(append_unknown)
        return self._kept[key]


def keep_work() -> None:
    catalogue.read_questionnaire = cache(catalogue.read_questionnaire)
    Flask.jinja_options = {"bytecode_cache": KeptTemplates()}
    Flask.url_rule_class = KeptRule


Rows = list[dict[str, Any]]
_LOADED: dict[object, list[tuple[Table, Rows]]] = {}


def load_once(key: object, load: Callable[[], None]) -> None:
    """Runs `load` on the first call of this process; later ones insert the rows that it left.

    Where a table that it writes to holds rows already, `load` runs as it would anywhere. Does not commit.
    """
    connection = db.session.connection()
    known = _LOADED.get(key)
    if known is not None and not any(_holds_rows(connection, table) for table, _rows in known):
        for table, rows in known:
            connection.execute(insert(table), rows)
            _move_sequence_on(connection, table)
        return
    empty = [table for table in db.metadata.sorted_tables if not _holds_rows(connection, table)]
    load()
    db.session.flush()
    if known is None:
        found = ((table, _rows_of(connection, table)) for table in empty)
        _LOADED[key] = [(table, rows) for table, rows in found if rows]


def _holds_rows(connection: Connection, table: Table) -> bool:
    return connection.execute(select(1).select_from(table).limit(1)).first() is not None


def _rows_of(connection: Connection, table: Table) -> Rows:
    return [dict(row) for row in connection.execute(select(table)).mappings()]


def _move_sequence_on(connection: Connection, table: Table) -> None:
    """PostgreSQL counts numbered rows apart from the rows."""
    column = table.autoincrement_column
    if connection.dialect.name == "postgresql" and column is not None and isinstance(column.type, Integer):
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        connection.execute(select(func.setval(sequence, select(func.max(column)).scalar_subquery())))
