"""What an import would make of the first rows of a file. Nothing is stored."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import orjson

from app.csv_reading import NotedRejects
from app.responding.importing.reading import Reading
from app.responding.records import ResponseRecord

# So many rows are interpreted, of which so many are shown.
MOST_ROWS: Final = 1_000
SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row as it would be stored; with a comment only whether there is one."""

    line: int
    agency: str
    day: str
    questionnaire: str
    answers: str
    has_comment: bool


@dataclass(frozen=True)
class Preview:
    """`reasons`: why rows would be rejected and how many of those that were looked at."""

    columns: tuple[str, ...]
    rows: tuple[ReadRow, ...]
    rejected: tuple[tuple[int, str], ...]
    looked_at: int
    failed: int
    reasons: tuple[tuple[str, int], ...]


def preview(path: Path, reading: Reading) -> Preview:
    """Of a file that `count_rows` has been through. Raises TableProblem."""
    rejects = NotedRejects()
    # A generator that is not read to its end keeps its file open until it is closed.
    with closing(reading.open(path, rejects, checked=True)) as rows:  # type: ignore[type-var]  # a generator can be closed
        first = list(islice(rows, MOST_ROWS))
    records = list(reading.read(first, rejects))
    columns = rejects.columns or (list(first[0].values) if first else [])
    return Preview(
        columns=tuple(columns),
        rows=tuple(_shown(row.line, record) for row, record in records[:SHOWN]),
        rejected=tuple(sorted(rejects.rows)[:SHOWN]),
        looked_at=len(records) + rejects.count,
        failed=rejects.count,
        reasons=tuple(rejects.reasons.most_common(SHOWN)),
    )


def _shown(line: int, record: ResponseRecord) -> ReadRow:
    answers = orjson.loads(record.answers)
    return ReadRow(
        line=line,
        agency=record.agency,
        day=record.day.isoformat(),
        questionnaire=f"{record.questionnaire} {record.version}",
        answers=", ".join(f"{name} {_value(value)}" for name, value in answers.items()),
        has_comment=bool(record.comment),
    )


def _value(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
