"""Uploaded files on disk: under names of ours, for nobody but this service, and not for long."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Final
from uuid import UUID

from app import keys
from app.csv_reading import private
from app.responding.importing.sniffing import Kind, kind_of
from app.responding.importing.spreadsheets import write_csv

KEPT: Final = timedelta(days=7)
# A file that was just written may not have its row in the database yet.
_SETTLED: Final = timedelta(hours=1)
_REJECTS: Final = ".loi.csv"


def folder() -> Path:
    path = keys.configuration().data_dir / "uploads"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(stream: IO[bytes], upload: UUID) -> Path:
    """Writes what was sent under its id and the ending that its content asks for. Raises TableProblem.

    Of a workbook only its first sheet is kept, as CSV.
    """
    raw = folder() / f"{upload}.raw"
    with open(raw, "wb", opener=private) as target:
        shutil.copyfileobj(stream, target, 1 << 20)
    kind = kind_of(raw)
    if kind is Kind.XLSX:
        path = folder() / f"{upload}.{Kind.CSV}"
        write_csv(raw, path)
        raw.unlink()
        return path
    return raw.rename(folder() / f"{upload}.{kind}")


def path_of(upload: UUID, kind: str) -> Path:
    return folder() / f"{upload}.{kind}"


def rejects_of(upload: UUID, run: UUID) -> Path:
    """Each run writes a file of its own, so that two workers never write into one."""
    return folder() / f"{upload}.{run}{_REJECTS}"


def remove(upload: UUID, *, but: Path | None = None) -> None:
    for path in folder().glob(f"{upload}.*"):
        if path != but:
            path.unlink(missing_ok=True)


def sweep(living: Collection[UUID], *, now: datetime) -> int:
    """Deletes the files of whatever is no upload of the last days; returns how many those were."""
    known, removed = {str(upload) for upload in living}, 0
    for path in folder().iterdir():
        age = now.timestamp() - path.stat().st_mtime
        if path.name.partition(".")[0] not in known and age > _SETTLED.total_seconds():
            path.unlink(missing_ok=True)
            removed += 1
    return removed
