"""Open data as CSV: UTF-8 with a byte order mark, a decimal point, no cell that becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import BinaryIO, Final

from exports.cells import guarded
from exports.columns import NAMES, Row, Value
from exports.edition_info import OpenDataInfo
from exports.table_file import TableFile

_BOOLEANS: Final = {True: "true", False: "false"}


class CsvFile(TableFile):
    """RFC 4180 with CRLF. Numbers are spelled by Python: the shortest that reads back as the same."""

    def __init__(self, stream: BinaryIO, info: OpenDataInfo) -> None:
        self._text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=False)
        self._writer = csv.writer(self._text)
        self._writer.writerow(NAMES)

    def write(self, rows: Iterable[Row]) -> None:
        self._writer.writerows([_cell(value) for value in row] for row in rows)

    def close(self) -> None:
        self._text.flush()
        self._text.detach()


def _cell(value: Value) -> Value:
    """Empty, or a number as it is; `writerow` spells them."""
    if isinstance(value, str):
        return guarded(value)
    return _BOOLEANS[value] if isinstance(value, bool) else value
