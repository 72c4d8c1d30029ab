"""Reads of imports: those whose scopes lie within what a person may import."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy import select

from app.accounts.places import find_places
from app.accounts.reach import covers
from app.errors import NotFound
from app.extensions import db
from app.results.imports.files import KEPT, path_of, rejects_of
from app.results.imports.models import Import
from app.ui.paging import Page, paged

# A worker tells after each group that it lives, which takes a second or two.
SILENT: Final = timedelta(minutes=2)


class UnknownImport(NotFound):
    """There is no such import, or it concerns what is not the caller's."""


class State(StrEnum):
    """Derived from what is known, never stored."""

    UPLOADED = "uploaded"
    WAITING = "waiting"
    RUNNING = "running"
    # The worker died or never came: it can be started again.
    STUCK = "stuck"
    DONE = "done"
    REFUSED = "refused"
    # The file is gone before anybody started it or finished it.
    GONE = "gone"


@dataclass(frozen=True)
class ImportView:
    """An import as pages show it."""

    id: UUID
    row: Import
    state: State
    reasons: tuple[tuple[str, int], ...]
    has_rejects: bool

    @property
    def may_start(self) -> bool:
        return self.state in (State.UPLOADED, State.STUCK)

    @property
    def is_under_way(self) -> bool:
        return self.state in (State.WAITING, State.RUNNING)


def get_import(upload: UUID, own: Collection[str], *, now: datetime) -> ImportView:
    """Raises UnknownImport."""
    row = db.session.scalar(select(Import).where(Import.id == upload))
    if row is None or not reaches(own, row.scopes):
        raise UnknownImport
    return _view(row, now)


def page_of_imports(own: Collection[str], arguments: Mapping[str, str], *, now: datetime) -> Page:
    """The newest first."""
    statement = select(Import).where(Import.scopes.in_(_visible(own)))
    page = paged(statement, (Import.uploaded_at, Import.id), arguments, descending=True)
    return replace(page, rows=[_view(row, now) for (row,) in page.rows])


def list_mappings(own: Collection[str]) -> list[Import]:
    """Imports with a mapping that may be used again, the newest of each mapping."""
    rows = db.session.scalars(
        select(Import)
        .where(Import.scopes.in_(_visible(own)), Import.mapping.is_not(None))
        .order_by(Import.uploaded_at.desc(), Import.id)
        .limit(50)
    )
    newest: dict[str, Import] = {}
    for row in rows:
        newest.setdefault(row.mapping or "", row)
    return list(newest.values())


def count_halted(own: Collection[str], *, now: datetime) -> int:
    """How many uploads wait for somebody: to be confirmed, or to go on after their worker has died."""
    if not own:
        return 0
    rows = db.session.scalars(
        select(Import).where(
            Import.scopes.in_(_visible(own)), Import.ended_at.is_(None), Import.uploaded_at > now - KEPT
        )
    )
    return sum(_view(row, now).may_start for row in rows)


def list_living(*, now: datetime) -> list[UUID]:
    """The uploads whose files may still be there."""
    return list(db.session.scalars(select(Import.id).where(Import.uploaded_at > now - KEPT)))


def reaches(own: Collection[str], scopes: str) -> bool:
    """Whether all these scopes lie within the own ones."""
    wanted = scopes.split()
    places = find_places(wanted)
    return bool(wanted) and all(covers(own, scope, places) for scope in wanted)


def _visible(own: Collection[str]) -> list[str]:
    every = db.session.scalars(select(Import.scopes).distinct().order_by(Import.scopes))
    return [scopes for scopes in every if reaches(own, scopes)]


def _view(row: Import, now: datetime) -> ImportView:
    return ImportView(
        id=row.id,
        row=row,
        state=_state(row, now),
        reasons=tuple((words, count) for words, count in orjson.loads(row.reasons or "[]")),
        has_rejects=row.run is not None and rejects_of(row.id, row.run).exists(),
    )


def _state(row: Import, now: datetime) -> State:
    if row.ended_at is not None:
        return State.DONE if row.problem is None else State.REFUSED
    if not path_of(row.id, row.kind).exists():
        return State.GONE
    if row.beat_at is None:
        return State.UPLOADED
    if now - row.beat_at > SILENT:
        return State.STUCK
    return State.WAITING if row.run is None else State.RUNNING
