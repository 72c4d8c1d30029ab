"""Taking in a file of answers, starting its import, and throwing it away."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Final
from uuid import UUID, uuid4

from flask import current_app
from flask_babel import gettext as _

from app.accounts.identity import NATION_SCOPE, Actor
from app.accounts.roles import Permission
from app.audit.actions import record
from app.directory.scopes import covered_codes
from app.errors import Conflict
from app.extensions import db
from app.responding.importing.mapping_file import MappingProblem, MappingText
from app.responding.importing.previewing import preview
from app.responding.importing.reading import Reading, reading_of
from app.responding.importing.rows import count_rows
from app.results.imports import files
from app.results.imports.models import Import
from app.results.imports.queries import ImportView, State
from surveys.periods import local_day

LONGEST_NAME: Final = 120
# Under this key a test puts what takes the place of the queue.
QUEUE: Final = "import_queue"


class NotNow(Conflict):
    """The import is not in a state in which this can be done; its page says in which it is."""

    def words(self) -> tuple[str, str]:
        return (
            _("Không làm được việc này lúc này"),
            _("Tệp đang được nhập, đã nhập xong hoặc đã bị xóa. Hãy mở lại trang của lần nhập này."),
        )


def reading_for(mapping: str | None, scopes: Collection[str], *, now: datetime) -> Reading:
    """What the rows are read with. Raises DemonstrationOnly, MappingProblem or TableProblem.

    One person cannot vouch for a source: only the command line, which its operator answers for, takes the
    statement of two.
    """
    text = None if mapping is None else MappingText("Tệp ánh xạ", mapping)
    reading = reading_of(text, now=now, covered=covered_codes(scopes, local_day(now)))
    if reading.mapping.verified:
        raise MappingProblem(
            "Nguồn đã kiểm chứng (verified_source) chỉ nhập được bằng lệnh trên máy chủ. "
            "Hãy bỏ mục này: phiếu sẽ vào kênh mở."
        )
    return reading


def take_in(
    stream: IO[bytes], name: str, reading: Reading, mapping: str | None, *, by: Actor, now: datetime
) -> Import:
    """Keeps an uploaded file that can be read to its end. Raises TableProblem, and then keeps nothing."""
    upload = uuid4()
    try:
        path = files.keep(stream, upload)
        rows = count_rows(path)
        preview(path, reading)
        row = _written(upload, path, rows, name, mapping, by=by, now=now)
    except BaseException:
        files.remove(upload)
        raise
    details: dict[str, str | int] = {"kind": row.kind, "size": row.size, "rows": rows}
    record("import-uploaded", by=by.id, subject=str(upload), scope=scope_of(row), details=details, now=now)
    return row


def _written(
    upload: UUID, path: Path, rows: int, name: str, mapping: str | None, *, by: Actor, now: datetime
) -> Import:
    row = Import(
        id=upload,
        person=UUID(by.id),
        scopes=" ".join(sorted(by.scopes(Permission.IMPORTS_RUN))),
        name="".join(filter(str.isprintable, name))[:LONGEST_NAME],
        kind=path.suffix.removeprefix("."),
        size=path.stat().st_size,
        rows=rows,
        mapping=mapping,
        uploaded_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def start(view: ImportView, *, by: Actor, now: datetime) -> None:
    """Hands an import to the workers, or again after one has died. Commit before `enqueue`. Raises NotNow."""
    if not view.may_start:
        raise NotNow
    row, again = view.row, view.state is State.STUCK
    row.asked_by, row.run, row.beat_at, row.done = UUID(by.id), None, now, 0
    db.session.flush()
    details = {"again": again}
    record("import-started", by=by.id, subject=str(row.id), scope=scope_of(row), details=details, now=now)


def enqueue(upload: UUID) -> None:
    queue: Callable[[UUID], None] = current_app.extensions.get(QUEUE, _through_huey)
    queue(upload)


def _through_huey(upload: UUID) -> None:
    from app.results.imports.jobs import import_answers

    import_answers(str(upload))


def discard(view: ImportView, *, by: Actor, now: datetime) -> None:
    """Throws an upload away of which nothing was stored. Raises NotNow."""
    if view.state is not State.UPLOADED:
        raise NotNow
    upload, scope = view.id, scope_of(view.row)
    db.session.delete(view.row)
    db.session.flush()
    record("import-discarded", by=by.id, subject=str(upload), scope=scope, now=now)
    with suppress(OSError):
        files.remove(upload)


def scope_of(row: Import) -> str:
    """Who may read of it in the trail: those of the one part of the tree, or the nation."""
    scopes = row.scopes.split()
    return scopes[0] if len(scopes) == 1 else NATION_SCOPE
