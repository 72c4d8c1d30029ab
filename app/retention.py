"""How long rows are kept: a feature names the rows of its tables that have expired, one purge deletes them.

`docs/personal-data.md` says of every column why it is kept and how long.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from types import ModuleType

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import ColumnElement, Table, delete, func, or_, select

from app.audit.actions import record
from app.clock import now
from app.config import Config
from app.extensions import db
from app.keys import configuration
from app.transactions import transaction
from surveys.periods import local_day
from surveys.printing import number


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of `table` are deleted once `expired(config, today)` holds; `setting` names what decides it.

    A table may have several: the first that holds ends a row. `before` is told which rows go and on which
    day, in the same transaction, so that numbers can be kept of what is deleted; rules of a table share it.
    """

    table: Table
    setting: str
    expired: Callable[[Config, date], ColumnElement[bool]]
    before: Callable[[ColumnElement[bool], date], None] | None = None


@dataclass(frozen=True, slots=True)
class Parting:
    """Rows that stay and lose what was kept of them for a time: `run(now)` says how many. Does not commit."""

    name: str
    run: Callable[[datetime], int]


@dataclass(frozen=True, slots=True)
class Sweep:
    """Files outside the database: `run(now)` deletes those that have expired and says how many."""

    name: str
    run: Callable[[datetime], int]


def list_rules() -> Iterator[Rule]:
    """The list `rules` in the `retention.py` of each feature."""
    for module in _modules():
        yield from getattr(module, "rules", [])


def list_partings() -> Iterator[Parting]:
    """The list `partings` there."""
    for module in _modules():
        yield from getattr(module, "partings", [])


def list_sweeps() -> Iterator[Sweep]:
    """The list `sweeps` there."""
    for module in _modules():
        yield from getattr(module, "sweeps", [])


def _modules() -> Iterator[ModuleType]:
    for feature in current_app.extensions["hailong_features"]:
        if importlib.util.find_spec(f"app.{feature}.retention") is not None:
            yield importlib.import_module(f"app.{feature}.retention")


def count_expired(*, now: datetime) -> dict[str, int]:
    """How many rows of each table should not be there any more; all zero after a purge."""
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table).where(expired)) or 0
        for table, expired in _expired(now)
    }


def purge(*, by: str, now: datetime) -> dict[str, int]:
    """Deletes what has expired; returns how many rows of each table that was. Does not commit.

    The trail keeps the numbers only. The nightly rewrite destroys what the database file still holds.
    """
    purged: dict[str, int] = {}
    befores = {rule.table: rule.before for rule in list_rules() if rule.before is not None}
    for table, expired in _expired(now):
        if table in befores:
            befores[table](expired, local_day(now))
        deleted = db.session.execute(delete(table).where(expired))
        purged[table.name] = deleted.rowcount  # type: ignore[attr-defined]  # an update returns a cursor
    # Objects that the session holds may be gone.
    db.session.expire_all()
    if any(purged.values()):
        record("expired-purged", by=by, subject="retention", details=purged, now=now)
    return purged


def _expired(now: datetime) -> list[tuple[Table, ColumnElement[bool]]]:
    """Each table once, with what holds for its expired rows by any of its rules."""
    config, today = configuration(), local_day(now)
    conditions: dict[Table, list[ColumnElement[bool]]] = {}
    for rule in list_rules():
        conditions.setdefault(rule.table, []).append(rule.expired(config, today))
    return [(table, or_(*found)) for table, found in conditions.items()]


def part(*, by: str, now: datetime) -> dict[str, int]:
    """Empties what rows hold for a time only; returns how many rows that was. Does not commit."""
    parted = {one.name: one.run(now) for one in list_partings()}
    db.session.expire_all()
    if any(parted.values()):
        record("expired-purged", by=by, subject="partings", details=parted, now=now)
    return parted


def sweep(*, by: str, now: datetime) -> dict[str, int]:
    """The same for files. They are gone at once, whatever becomes of the transaction."""
    swept = {one.name: one.run(now) for one in list_sweeps()}
    if any(swept.values()):
        record("expired-purged", by=by, subject="files", details=swept, now=now)
    return swept


@click.command("purge")
@with_appcontext
def purge_command() -> None:
    """Xóa dữ liệu đã hết thời hạn lưu giữ."""
    with transaction():
        purged = purge(by="command:purge", now=now())
    for table, rows in purged.items():
        click.echo(f"{table}: đã xóa {number(rows)} dòng hết thời hạn lưu giữ.")
    with transaction():
        parted = part(by="command:purge", now=now())
    for name, rows in parted.items():
        click.echo(f"{name}: đã bỏ phần hết thời hạn của {number(rows)} dòng.")
    with transaction():
        swept = sweep(by="command:purge", now=now())
    for name, files in swept.items():
        click.echo(f"{name}: đã xóa {number(files)} tệp hết thời hạn lưu giữ.")
