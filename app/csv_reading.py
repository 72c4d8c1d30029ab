"""Reading CSV files that people made: what is wrong is told in their words, before anything is kept.

The whole file is refused (TableProblem) for another encoding, another separator and a missing or doubled
column, because nothing in it could be trusted. A single bad row goes to a reject file and the rest is read.
"""

from __future__ import annotations

import csv
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self, TypeAlias

from app.text_files import NOTHING_KEPT, TableProblem, reason_of, refuse_other_encodings
from exports.cells import guarded
from surveys.printing import number

Row: TypeAlias = dict[str, str]

# A longer field is a sign of a quotation mark that was never closed.
LONGEST_FIELD: Final = 100_000
_OTHER_SEPARATORS: Final = {";": "dấu chấm phẩy (;)", "\t": "dấu tab", "|": "dấu gạch đứng (|)"}
# What a spreadsheet or a database can hold of the control characters.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_REJECT_COLUMNS: Final = ("dòng", "lý do")
_REJECT_START: Final = ",".join(_REJECT_COLUMNS).encode("utf-8-sig")
# What of a reason differs from row to row: reasons without it can be counted, and tell nothing of a row.
_OF_THE_ROW: Final = re.compile(r"“[^”]*”|[0-9]{2}/[0-9]{2}/[0-9]{4}")
_LONGEST_REASON: Final = 200
_MOST_REASONS: Final = 1_000
_DATA_REJECTED: Final = "Dòng không đọc được: {problem}"


@dataclass
class ImportReport:
    """How many rows were read and what became of each."""

    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    failed: int = 0

    def __str__(self) -> str:
        return (
            f"Đã đọc {number(self.read)} dòng: {number(self.new)} mới, {number(self.changed)} đổi, "
            f"{number(self.same)} giữ nguyên, {number(self.failed)} lỗi"
        )


class RejectFile:
    """Rows that were not taken, each with its line and the reason, in `<input>.loi.csv` beside the input.

    The file is made with its first row, so that a clean run leaves none; one of an earlier run is removed.
    """

    def __init__(self, input_path: Path, path: Path | None = None) -> None:
        self.path = path or input_path.with_name(input_path.name + ".loi.csv")
        self.count = 0
        # How often for which reason, without what the rows say.
        self.reasons: Counter[str] = Counter()
        # The header of the table that is being read.
        self.columns: Sequence[str] = ()
        self._stream: IO[str] | None = None

    def add(self, line: int, reason: str, row: Mapping[str, str] | Sequence[str]) -> None:
        """Keeps one row, given by column or cell by cell. Raises TableProblem for an unwritable file."""
        cells = [row.get(name, "") for name in self.columns] if isinstance(row, Mapping) else row
        try:
            csv.writer(self._opened()).writerow([str(line), reason, *map(guarded, cells)])
        except OSError as error:
            raise TableProblem(f"Không ghi được tệp dòng lỗi {self.path}: {reason_of(error)}.") from error
        self.note(reason)

    def note(self, reason: str) -> None:
        """Counts a row that is not taken."""
        self.count += 1
        words = _OF_THE_ROW.sub("“…”", reason)[:_LONGEST_REASON]
        if words in self.reasons or len(self.reasons) < _MOST_REASONS:
            self.reasons[words] += 1

    def _opened(self) -> IO[str]:
        """Nobody but its owner reads the file: it holds what people answered."""
        if self._stream is None:
            self._stream = open(self.path, "w", encoding="utf-8-sig", newline="", opener=private)  # noqa: SIM115  # closed by close()
            csv.writer(self._stream).writerow([*_REJECT_COLUMNS, *map(guarded, self.columns)])
        return self._stream

    def __enter__(self) -> Self:
        """Raises TableProblem where another file, perhaps the input itself, would be lost."""
        with suppress(OSError):
            if self.path.is_file() and self.path.stat().st_size:
                with self.path.open("rb") as stream:
                    if not stream.read(len(_REJECT_START)).startswith(_REJECT_START):
                        raise TableProblem(
                            f"Tệp {self.path} đã có và không phải tệp dòng lỗi; "
                            f"hãy chọn nơi khác (--rejects). {NOTHING_KEPT}"
                        )
            self.path.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()


class NotedRejects(RejectFile):
    """Rejected rows that are only looked at: line and reason, and no file."""

    def __init__(self) -> None:
        super().__init__(Path(), Path())
        self.rows: list[tuple[int, str]] = []

    def add(self, line: int, reason: str, row: Mapping[str, str] | Sequence[str]) -> None:
        self.rows.append((line, reason))
        self.note(reason)


def private(path: str, flags: int) -> int:
    """Opens a file that only its owner reads."""
    return os.open(path, flags, 0o600)


def open_table(
    path: Path,
    required_columns: Sequence[str],
    rejects: RejectFile | None = None,
    *,
    checked: bool = False,
) -> Iterator[tuple[int, Row]]:
    """The rows of a CSV file as (line in the file, column → NFC text without outer spaces), one at a time.

    Encoding, quotation marks and header are judged at once, before the first row is asked for; `checked`
    says that `count_records` has judged the first two already. A bad row goes to `rejects`; without one it
    is a problem of the file. Raises TableProblem.
    """
    if not checked:
        count_records(path)
    stream = path.open(encoding="utf-8-sig", newline="")
    try:
        reader = csv.reader(_normalised(stream), strict=True)
        header = _header(reader, required_columns)
    except BaseException:
        stream.close()
        raise
    if rejects is not None:
        rejects.columns = header
    return _rows(stream, reader, header, rejects)


def _normalised(stream: IO[str]) -> Iterator[str]:
    return (unicodedata.normalize("NFC", line) for line in stream)


def count_records(path: Path) -> int:
    """How many records there are, header included, of a file that can be read to its end.

    After an open quotation mark no row can be told from the next, so nothing of the file is kept; it is
    looked for in the whole file, so that it is found before the first row is kept. Raises TableProblem.
    """
    refuse_other_encodings(path)
    records = 0
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                if any(words in str(error) for words in ("unexpected end", "field larger")):
                    raise TableProblem(
                        f"Từ dòng {line} có dấu nháy kép không đóng, hoặc một ô quá dài. "
                        f"Hãy sửa dòng này rồi nhập lại. {NOTHING_KEPT}"
                    ) from error
                cells = [""]
            if cells is None:
                return records
            records += bool(cells)


def _header(reader: Iterator[list[str]], required: Sequence[str]) -> list[str]:
    try:
        names = [name.strip() for name in next(reader)]
    except StopIteration:
        raise TableProblem("Tệp trống: không có cả dòng tiêu đề.") from None
    except csv.Error as error:
        raise TableProblem(f"Không đọc được dòng tiêu đề: {_in_vietnamese(error)}.") from error
    missing = [name for name in required if name not in names]
    if missing:
        raise TableProblem(_why_missing(names, required, missing))
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        raise TableProblem(f"Tiêu đề có cột lặp lại: {', '.join(doubled)}. Hãy bỏ hoặc đổi tên một cột.")
    if "" in names:
        raise TableProblem(f"Cột thứ {names.index('') + 1} không có tên trong dòng tiêu đề.")
    return names


def _why_missing(names: Sequence[str], required: Sequence[str], missing: Sequence[str]) -> str:
    for separator, words in _OTHER_SEPARATORS.items():
        parts = [part.strip().strip('"') for name in names for part in name.split(separator)]
        if len(parts) > len(names) and set(missing) & set(parts):
            return f"Tệp ngăn cột bằng {words}. Hãy lưu lại với dấu phẩy (,) rồi nhập lại."
    if len(missing) == len(required):
        expected = ", ".join(required)
        return f"Dòng đầu không phải dòng tiêu đề. Dòng đầu phải có các cột: {expected}."
    return f"Tiêu đề thiếu cột: {', '.join(missing)}."


def _rows(
    stream: IO[str], reader: Iterator[list[str]], header: list[str], rejects: RejectFile | None
) -> Iterator[tuple[int, Row]]:
    line_read: Callable[[], int] = lambda: reader.line_num  # type: ignore[attr-defined]  # noqa: E731  # a reader counts lines
    with stream:
        while True:
            line = line_read() + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                _reject(rejects, line, _DATA_REJECTED.format(problem=_in_vietnamese(error)), [])
                continue
            if not cells:
                continue
            problem = _row_problem(cells, header)
            if problem:
                _reject(rejects, line, problem, cells)
            else:
                yield line, dict(zip(header, map(str.strip, cells), strict=True))


def _in_vietnamese(error: csv.Error) -> str:
    if "expected after" in str(error):
        return 'sau dấu nháy kép đóng phải là dấu phẩy; dấu nháy trong chữ viết thành hai dấu ("")'
    return f"sai cách viết CSV ({error})"


def _row_problem(cells: Sequence[str], header: Sequence[str]) -> str:
    if len(cells) != len(header):
        return f"Dòng có {len(cells)} cột, tiêu đề có {len(header)} cột"
    if cells[0].strip() == header[0] and [cell.strip() for cell in cells] == header:
        return "Dòng tiêu đề lặp lại"
    # One look at the whole row is many times cheaper than one at each cell.
    row = "".join(cells)
    if _CONTROL.search(row):
        return "Dòng có ký tự điều khiển"
    if len(row) > LONGEST_FIELD and any(len(cell) > LONGEST_FIELD for cell in cells):
        return f"Có ô dài hơn {number(LONGEST_FIELD)} ký tự"
    return ""


def _reject(rejects: RejectFile | None, line: int, reason: str, cells: Sequence[str]) -> None:
    if rejects is None:
        raise TableProblem(f"Dòng {line}: {reason}.")
    rejects.add(line, reason, cells)
