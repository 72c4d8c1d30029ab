"""What the importers of units, agencies and procedures share: bad rows, days, timelines and bulk writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import Table, and_, bindparam

from app.audit.actions import record
from app.csv_reading import ImportReport, RejectFile, Row, open_table
from app.extensions import db

FIRST_DAY: Final = date(2025, 1, 1)
"""The day from which an agency is known where a list gives none: figures are kept from 2025 on."""


class BadRow(ValueError):
    """A row that cannot be taken; the message is the reason, in Vietnamese."""


class Dated(Protocol):
    """Something that holds from one day to another, both included; a dataclass."""

    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


D = TypeVar("D", bound=Any)
K = TypeVar("K")
P = TypeVar("P")


def parsed_rows(
    path: Path, required: Sequence[str], rejects: RejectFile, parse: Callable[[Row], P]
) -> Iterator[tuple[int, Row, P]]:
    """The rows that `parse` takes; what it refuses with BadRow goes to the reject file."""
    for line, row in open_table(path, required, rejects):
        try:
            yield line, row, parse(row)
        except BadRow as problem:
            rejects.add(line, str(problem), row)


def keep_first_of_each(
    rows: Iterable[tuple[int, Row, P]], key: Callable[[P], K], rejects: RejectFile
) -> dict[K, tuple[int, Row, P]]:
    """Rows by key; a key that was seen before goes to the reject file with the line of the first."""
    kept: dict[K, tuple[int, Row, P]] = {}
    for line, row, item in rows:
        first = kept.setdefault(key(item), (line, row, item))
        if first[0] != line:
            rejects.add(line, f"Trùng khóa với dòng {first[0]}", row)
    return kept


def day(text: str, column: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadRow(f"Cột {column} phải là ngày viết như 2025-07-01, không phải “{text[:40]}”") from None


def days(row: Mapping[str, str], default: date | None = None) -> tuple[date, date | None]:
    """`valid_from` and `valid_to` of a row; an empty `valid_to` has no end. Raises BadRow."""
    if not row.get("valid_from") and default is not None:
        first = default
    else:
        first = day(row.get("valid_from", ""), "valid_from")
    last = day(row["valid_to"], "valid_to") if row.get("valid_to") else None
    if last is not None and last < first:
        raise BadRow("valid_to đứng trước valid_from")
    return first, last


def filled(row: Mapping[str, str], column: str) -> str:
    """A cell that must not be empty. Raises BadRow."""
    if not row[column]:
        raise BadRow(f"Cột {column} trống")
    return row[column]


def in_order_without_overlap(spans: Iterable[D]) -> list[D]:
    """The spans of one thing in the order of time, each ended on the day before the next one begins.

    Only ends that are open or reach into the next span are moved: a pause between two spans stays.
    """
    ordered = sorted(spans, key=lambda span: span.valid_from)
    for index, following in enumerate(ordered[1:]):
        end = ordered[index].valid_to
        if end is None or end >= following.valid_from:
            ordered[index] = replace(ordered[index], valid_to=following.valid_from - timedelta(days=1))
    return ordered


def overlaps(earlier: Dated, later: Dated) -> bool:
    """Whether the earlier of two spans says itself that it lasts into the later one."""
    return earlier.valid_to is not None and earlier.valid_to >= later.valid_from


def record_import(
    report: ImportReport, what: str, *, scope: str = "nation", by: str, now: datetime
) -> ImportReport:
    """Keeps in the trail what an import did; one that changed nothing did nothing. Returns the report."""
    if report.new or report.changed:
        details = {"new": report.new, "changed": report.changed, "failed": report.failed}
        record("directory-imported", by=by, subject=what, scope=scope, details=details, now=now)
    return report


def store(table: Table, new: Sequence[Mapping[str, Any]], changed: Sequence[Mapping[str, Any]]) -> None:
    """Inserts and updates many rows, given with all their columns, in two statements."""
    if new:
        db.session.execute(table.insert(), list(new))
    if changed:
        keys = [column.name for column in table.primary_key.columns]
        others = [name for name in changed[0] if name not in keys]
        statement = (
            table.update()
            .where(and_(*(table.c[name] == bindparam(f"key_{name}") for name in keys)))
            .values({name: bindparam(f"new_{name}") for name in others})
        )
        db.session.execute(
            statement,
            [
                {f"key_{name}": row[name] for name in keys} | {f"new_{name}": row[name] for name in others}
                for row in changed
            ],
        )
    # Objects that the session holds may show what these statements have just replaced.
    db.session.expire_all()
