"""The import of a file of answers, in groups that are each stored for good before the next is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from app.csv_reading import RejectFile
from app.extensions import db
from app.responding.entries import Outcome
from app.responding.importing.mapping_file import load_mapping
from app.responding.importing.reading import Reading, reading_of
from app.responding.importing.rows import FileRow
from app.responding.importing.storing import store_group
from surveys.printing import number

# Answers that arrive meanwhile wait for the end of a group on SQLite, so one takes a few tenths of a second.
GROUP: Final = 10_000
# A foreign file may have hundreds of columns that nobody asked for.
MOST_CHARACTERS: Final = 10_000_000
_ASIDE: Final = "Mã phiếu đã có với nội dung khác; nội dung này được giữ riêng và không được đếm"


@dataclass
class ImportedResponses:
    """How many rows were read and what became of each."""

    read: int = 0
    new: int = 0
    known: int = 0
    aside: int = 0
    failed: int = 0

    def __str__(self) -> str:
        aside = f", {number(self.aside)} trùng mã khác nội dung" if self.aside else ""
        return (
            f"Đã đọc {number(self.read)} dòng: {number(self.new)} mới, {number(self.known)} đã có{aside}, "
            f"{number(self.failed)} lỗi"
        )


def import_responses(
    path: Path,
    *,
    mapping_path: Path | None,
    rejects: RejectFile,
    by: str,
    now: datetime,
    progress: Callable[[int], None] = lambda _rows: None,
) -> ImportedResponses:
    """Stores every good row; what was stored stays stored if the machine stops in the middle.

    Raises DemonstrationOnly, MappingProblem or TableProblem.
    """
    reading = reading_of(None if mapping_path is None else load_mapping(mapping_path), now=now)
    return import_rows(
        path, reading, rejects=rejects, by=by, now=now, progress=lambda report: progress(report.read)
    )


def import_rows(
    path: Path,
    reading: Reading,
    *,
    rejects: RejectFile,
    by: str,
    now: datetime,
    progress: Callable[[ImportedResponses], None],
    checked: bool = False,
) -> ImportedResponses:
    """The same with what the rows are read with; `progress` is told after each group what became of rows.

    Raises TableProblem.
    """
    # Whoever answers meanwhile must not wait for a transaction that only read.
    db.session.rollback()
    report = ImportedResponses()
    for group in _groups(reading.open(path, rejects, checked=checked)):
        sheets = list(reading.read(group, rejects))
        outcomes = store_group([record for _, record in sheets], by=by, now=now)
        _count([row for row, _ in sheets], outcomes, report, rejects)
        _add_up(report, rejects)
        progress(report)
    _add_up(report, rejects)
    return report


def _add_up(report: ImportedResponses, rejects: RejectFile) -> None:
    report.read = report.new + report.known + rejects.count
    report.failed = rejects.count - report.aside


def _groups(rows: Iterator[FileRow]) -> Iterator[list[FileRow]]:
    """The rows in groups that fit into the memory, however long a row is."""
    group: list[FileRow] = []
    characters = 0
    for row in rows:
        group.append(row)
        characters += sum(map(len, row.shown.values()))
        if len(group) == GROUP or characters > MOST_CHARACTERS:
            yield group
            group, characters = [], 0
    if group:
        yield group


def _count(
    rows: list[FileRow], outcomes: list[Outcome], report: ImportedResponses, rejects: RejectFile
) -> None:
    for row, outcome in zip(rows, outcomes, strict=True):
        if outcome is Outcome.NEW:
            report.new += 1
        elif outcome is Outcome.SAME:
            report.known += 1
        else:
            report.aside += 1
            rejects.add(row.line, _ASIDE, row.shown)
