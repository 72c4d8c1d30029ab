"""Whether the machine keeps up: what waits, how much room is left, which versions run."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import func, select, text

from app.accounts.refused import Refused, count_refused
from app.audit.queries import get_head
from app.extensions import db
from app.keys import configuration
from app.responding.models import Response
from app.results.digesting import list_stale
from app.walls import widened

# A worker that runs counts these within a minute or two.
MOST_WAITING: Final = 10_000
LEAST_ROOM: Final = 2 * 1024**3
LEAST_SHARE: Final = 0.1


@dataclass(frozen=True)
class State:
    """`waiting` answers are stored but not counted yet, at most one more than MOST_WAITING of them."""

    waiting: int
    stale_quarters: tuple[str, ...]
    queued: int
    free_bytes: int
    total_bytes: int
    migration: str
    newest_migration: str
    versions: tuple[tuple[str, str], ...]
    events: int
    refused: Mapping[Refused, int]

    @property
    def is_behind(self) -> bool:
        return self.waiting > MOST_WAITING

    @property
    def is_full(self) -> bool:
        return self.free_bytes < max(LEAST_ROOM, self.total_bytes * LEAST_SHARE)

    @property
    def is_migrated(self) -> bool:
        return self.migration == self.newest_migration


def read_state(now: datetime) -> State:
    from app.job_queue import huey

    disk = shutil.disk_usage(configuration().data_dir)
    return State(
        waiting=_waiting(),
        stale_quarters=tuple(quarter.code for quarter in list_stale(now)),
        queued=huey.pending_count(),
        free_bytes=disk.free,
        total_bytes=disk.total,
        migration=_migration(),
        newest_migration=_newest_migration(),
        versions=_versions(),
        events=get_head().position,
        refused=count_refused(now),
    )


def _waiting() -> int:
    # Written as the index of those that wait is written, or ten million rows would be read for nothing.
    some = select(Response.id).where(~Response.tallied).limit(MOST_WAITING + 1).subquery()
    # A number for the whole service, which says nothing of any answer.
    with widened():
        return db.session.scalar(select(func.count()).select_from(some)) or 0


def _migration() -> str:
    return MigrationContext.configure(db.session.connection()).get_current_revision() or ""


@cache
def _newest_migration() -> str:
    folder = Path(current_app.root_path).parent / "migrations"
    return ScriptDirectory(str(folder)).get_current_head() or ""


def _versions() -> tuple[tuple[str, str], ...]:
    is_sqlite = configuration().is_sqlite
    statement = "SELECT sqlite_version()" if is_sqlite else "SHOW server_version"
    database = str(db.session.scalar(text(statement)))
    return (
        ("Python", platform.python_version()),
        ("SQLite" if is_sqlite else "PostgreSQL", database),
        ("Flask", version("flask")),
        ("SQLAlchemy", version("sqlalchemy")),
        ("granian", version("granian")),
    )
