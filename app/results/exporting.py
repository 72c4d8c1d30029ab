"""Anonymous answers for analysts: one row an answer, in circumstances that enough others share.

What an analyst needs is which answers were given together, and roughly where. Left here are ids, days,
villages, filling times and every word that a person wrote; the order is drawn anew each time. The file is no
open data: it lets counts be made that editions hide. docs/adr/0015-answers-for-analysts.md.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
from sqlalchemy import select

from app.audit.actions import record
from app.audit.chain import Detail
from app.catalogue.queries import get_questionnaire, list_questionnaires
from app.directory.models import Agency
from app.extensions import db
from app.results.export_columns import ResponseColumns
from app.results.export_reading import answers_of
from app.results.tallying import without_garbage_collection
from app.thresholds.queries import thresholds_of
from exports.generalising import Generaliser
from exports.response_file import WRITERS
from surveys.periods import Quarter


class NothingToExport(Exception):
    """No answer of these quarters may leave: there are none, or too few in the whole country."""


@dataclass(frozen=True)
class ExportReport:
    """Rows in the file, those of them with a circumstance left out, and rows that stayed here."""

    rows: int
    generalised: int
    left_out: int


@contextmanager
def appearing_whole(out: Path) -> Iterator[BinaryIO]:
    """A private file beside the place of `out`, renamed into it at the end; nothing half is left."""
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=".dang-ghi-", suffix=out.suffix)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(out)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def export_responses(
    stream: BinaryIO,
    format: str,
    quarters: Sequence[Quarter],
    *,
    folder: Path,
    by: str,
    now: datetime,
    progress: Callable[[int], None] = lambda count: None,
) -> ExportReport:
    """Writes the counted answers of closed quarters; `folder` has room for what waits meanwhile.

    Raises NothingToExport, and OSError where something cannot be written.
    """
    # Of several sets of thresholds the one that protects most.
    least = max(thresholds_of(quarter.code).disclosure for quarter in quarters)
    generaliser = Generaliser(least, folder)
    _write(stream, format, generaliser, quarters, progress)
    report = ExportReport(generaliser.written, generaliser.generalised, generaliser.left_out)
    if not report.rows:
        raise NothingToExport(report.left_out)
    details: dict[str, Detail] = {"format": format, "responses": report.rows, "left_out": report.left_out}
    subject = f"{quarters[0]}..{quarters[-1]}"
    record("responses-exported", by=by, subject=subject, scope="nation", details=details, now=now)
    return report


def _write(
    stream: BinaryIO,
    format: str,
    generaliser: Generaliser,
    quarters: Sequence[Quarter],
    progress: Callable[[int], None],
) -> None:
    # Its own allocator keeps what it once had; here little is needed, again and again.
    pa.set_memory_pool(pa.system_memory_pool())
    columns = ResponseColumns(
        [get_questionnaire(name.code, name.version) for name in list_questionnaires()], _provinces()
    )
    writer = WRITERS[format](stream, columns.schema)
    read = 0
    with without_garbage_collection():
        for answers in answers_of(db.session.connection(), quarters):
            for table in generaliser.take(*columns.parts(answers)):
                writer.write_table(table)
            read += len(answers.ids)
            progress(read)
    for table in generaliser.finish():
        writer.write_table(table)
    writer.close()


def _provinces() -> dict[str, str]:
    return {row.code: row.province for row in db.session.execute(select(Agency.code, Agency.province))}
