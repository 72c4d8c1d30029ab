"""The import itself, in a worker. It may be killed at any moment: what was stored is known the next time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
import structlog
from sqlalchemy import CursorResult, Update, or_, select, update

from app import clock
from app.accounts.identity import Actor
from app.accounts.queries import get_person
from app.accounts.roles import Permission
from app.accounts.sessions import grants_of
from app.audit.actions import record
from app.csv_reading import RejectFile
from app.extensions import db
from app.installation import DemonstrationOnly
from app.responding.importing.actions import ImportedResponses, import_rows
from app.responding.importing.mapping_file import MappingProblem
from app.results.folding import fold_waiting
from app.results.imports import files
from app.results.imports.actions import reading_for, scope_of
from app.results.imports.models import Import
from app.results.imports.queries import SILENT, reaches
from app.text_files import TableProblem
from app.transactions import transaction

log = structlog.get_logger()
MOST_REASONS: Final = 20
_ILLUSTRATION: Final = "Cơ sở dữ liệu này chỉ chứa dữ liệu minh họa, không nhận phiếu thật."
_NOT_ALLOWED: Final = "Người yêu cầu không còn quyền nhập dữ liệu này. Hãy nhờ người có quyền tải tệp lên."


class Turn(StrEnum):
    """What came of asking for an import."""

    TAKEN = "taken"
    # Another import is running: one at a time leaves room for the counting.
    LATER = "later"
    # Nothing to do: it has ended, is gone, or another worker has it.
    NEVER = "never"


class Overtaken(Exception):
    """Another worker has taken this import over; what this one has stored stays stored."""


class NoLongerAllowed(Exception):
    """Whoever asked for the import has lost the right to it since."""


def run(upload: UUID) -> Turn:
    """Imports one upload to its end, then counts what it has brought."""
    mine = uuid4()
    turn = _take(upload, mine, now=clock.now())
    if turn is not Turn.TAKEN:
        return turn
    try:
        _import(_row(upload), mine)
    except (TableProblem, MappingProblem) as problem:
        _end(upload, mine, problem=str(problem))
    except DemonstrationOnly:
        _end(upload, mine, problem=_ILLUSTRATION)
    except NoLongerAllowed:
        _end(upload, mine, problem=_NOT_ALLOWED)
    except Overtaken:
        log.warning("import_overtaken")
        return Turn.NEVER
    files.remove(upload, but=files.rejects_of(upload, mine))
    fold_waiting()
    return turn


def _take(upload: UUID, mine: UUID, *, now: datetime) -> Turn:
    """Of several workers that ask at once, one gets it."""
    living = Import.ended_at.is_(None) & (Import.beat_at > now - SILENT)
    with transaction():
        other = select(Import.id).where(living, Import.run.is_not(None), Import.id != upload)
        waits = db.session.scalar(other.limit(1)) is not None
        values = {"beat_at": now} if waits else {"beat_at": now, "run": mine, "started_at": now, "done": 0}
        free = or_(Import.run.is_(None), Import.beat_at <= now - SILENT)
        open_ = (Import.id == upload, Import.ended_at.is_(None), Import.asked_by.is_not(None))
        taken = _is_changed(update(Import).where(*open_, free).values(**values))
    if not taken:
        return Turn.NEVER
    return Turn.LATER if waits else Turn.TAKEN


def _import(row: Import, mine: UUID) -> None:
    """Raises TableProblem, MappingProblem, DemonstrationOnly, NoLongerAllowed or Overtaken."""
    upload, before, by = row.id, row.new, str(row.asked_by)
    now = clock.now()
    reading = reading_for(row.mapping, _scopes(row), now=now)
    path = files.path_of(upload, row.kind)

    def beat(report: ImportedResponses) -> None:
        with transaction():
            _write(upload, mine, _counts(report, before), now=clock.now())

    with RejectFile(path, files.rejects_of(upload, mine)) as rejects:
        report = import_rows(path, reading, rejects=rejects, by=by, now=now, progress=beat, checked=True)
    reasons = orjson.dumps(rejects.reasons.most_common(MOST_REASONS)).decode()
    _end(upload, mine, reasons=reasons, **_counts(report, before))


def _scopes(row: Import) -> list[str]:
    """Those of the upload, as long as whoever asked for it reaches them. Raises NoLongerAllowed."""
    assert row.asked_by is not None, "only what was asked for is taken"
    person = get_person(row.asked_by)
    actor = Actor(id=str(person.id), name=person.name, grants=grants_of(person.id))
    if person.disabled_at is not None or not reaches(actor.scopes(Permission.IMPORTS_RUN), row.scopes):
        raise NoLongerAllowed
    return row.scopes.split()


def _counts(report: ImportedResponses, before: int) -> dict[str, int]:
    """What a run before this one has stored is found known by this one: it counts as new once."""
    return {
        "done": report.read,
        "new": before + report.new,
        "known": max(0, report.known - before),
        "aside": report.aside,
        "failed": report.failed,
    }


def _write(upload: UUID, mine: UUID, values: Mapping[str, Any], *, now: datetime) -> None:
    """Raises Overtaken."""
    own = update(Import).where(Import.id == upload, Import.run == mine)
    if not _is_changed(own.values(beat_at=now, **values)):
        raise Overtaken


def _end(upload: UUID, mine: UUID, **values: Any) -> None:
    """The end and its event, together."""
    now = clock.now()
    with transaction():
        _write(upload, mine, {"ended_at": now, **values}, now=now)
        row = _row(upload)
        details = {"new": row.new, "known": row.known, "aside": row.aside, "failed": row.failed}
        record(
            "import-ended",
            by=str(row.asked_by),
            subject=str(upload),
            scope=scope_of(row),
            details={**details, "refused": row.problem is not None},
            now=now,
        )


def _row(upload: UUID) -> Import:
    return db.session.scalars(
        select(Import).where(Import.id == upload).execution_options(populate_existing=True)
    ).one()


def _is_changed(statement: Update) -> bool:
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
