"""The first sheet of a workbook (.xlsx) as a CSV file, which is what everything else reads."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from app.csv_reading import private
from app.text_files import NOTHING_KEPT, TableProblem

# Unpacked. A larger table is quicker to save as CSV than to read here while people are answering.
MOST_BYTES: Final = 100 * 1024 * 1024
# What a sheet can hold of rows; the number of one is only written there, and those before it are read, too.
MOST_ROWS: Final = 1_048_576
# With the empty ones: a single cell may say that it stands in the last column.
MOST_CELLS: Final = 20_000_000
# Letters of one row: many cells may show one long text that the file holds once.
LONGEST_ROW: Final = 1_000_000
_AS_CSV: Final = "Hãy lưu trang tính dưới dạng “CSV UTF-8” rồi nhập lại."


def write_csv(workbook: Path, path: Path) -> None:
    """Line numbers stay those of the sheet: a break within a cell becomes a space. Raises TableProblem."""
    try:
        _refuse_large(workbook)
        with open(path, "w", encoding="utf-8", newline="", opener=private) as stream:
            writer = csv.writer(stream)
            for row in _rows(workbook):
                writer.writerow(row)
    except (zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError, OSError, IndexError) as error:
        raise TableProblem(f"Không đọc được bảng tính này. {_AS_CSV} {NOTHING_KEPT}") from error


def _refuse_large(workbook: Path) -> None:
    """A small archive may unfold without end."""
    with zipfile.ZipFile(workbook) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
            raise _too_large()


def _too_large() -> TableProblem:
    return TableProblem(f"Bảng tính quá lớn để đọc trên trang. {_AS_CSV} {NOTHING_KEPT}")


def _rows(workbook: Path) -> Iterator[list[str]]:
    """The cells of each row, without the empty ones behind the header; an empty row stays an empty line."""
    from openpyxl import load_workbook

    # Of an open file the library does not judge the name.
    with workbook.open("rb") as stream:
        sheet = load_workbook(stream, read_only=True, data_only=True).worksheets[0]
        sheet.reset_dimensions()
        width = 0
        for cells in _bounded(sheet.iter_rows(values_only=True)):
            row = [_text(cell) for cell in cells]
            while row and not row[-1] and len(row) > width:
                row.pop()
            width = width or len(row)
            yield [*row, *[""] * (width - len(row))] if any(row) else []


def _bounded(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The rows up to the first that makes too many of anything; what is written of them is bounded, too."""
    seen = letters = 0
    for number, cells in enumerate(rows, 1):
        seen += len(cells)
        here = sum(len(cell) for cell in cells if isinstance(cell, str))
        letters += here
        if number > MOST_ROWS or seen > MOST_CELLS or here > LONGEST_ROW or letters > MOST_BYTES:
            raise _too_large()
        yield cells


def _text(cell: Any) -> str:
    """A cell as people would type it into a CSV file."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == time() else cell).isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return " ".join(str(cell).splitlines())
