"""Cells of tables for spreadsheets: no cell becomes a formula, and every table has one shape."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

Value = str | int | date | None

CSV_TYPE: Final = "text/csv; charset=utf-8"
_NUMBER: Final = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
# Also as wide letters, which spreadsheets of East Asia read alike.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if cell.startswith(_FORMULA_STARTS) and _NUMBER.fullmatch(cell) is None:
        return "'" + cell
    return cell


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """A table as CSV that spreadsheets open with its Vietnamese letters: UTF-8 with a byte order mark."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(map(guarded, columns))
    writer.writerows([_cell(value) for value in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> str:
    """Days as ISO 8601, which every spreadsheet reads as a day."""
    if value is None:
        return ""
    return guarded(value) if isinstance(value, str) else str(value)
