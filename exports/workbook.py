"""Open data as a workbook: the rows, and on a sheet beside them what each column means."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, BinaryIO, Final

import xlsxwriter

from exports.columns import COLUMNS, NAMES, Column, Row, Value
from exports.dictionary import DICTIONARY_HEAD, dictionary_rows
from exports.edition_info import LICENCE_TITLE, OpenDataInfo
from exports.table_file import TableFile

DATA_SHEET: Final = "Số liệu"
DICTIONARY_SHEET: Final = "Từ điển"
MOST_ROWS: Final = 1_048_576
"""Rows that a sheet of Excel has, its header with them."""
_WIDTHS: Final = {"place_name": 36, "item_label": 36, "option_label": 24, "measure": 18, "questionnaires": 18}
_DICTIONARY_WIDTHS: Final = (18, 24, 28, 10, 22, 60, 60, 60)


class Workbook(TableFile):
    """Row by row, so that memory does not grow with them; text is never a formula or a link.

    What does not fit on one sheet goes on with "Số liệu 2". The day in its properties is that of the close,
    so that equal rows make equal bytes.
    """

    def __init__(self, stream: BinaryIO, info: OpenDataInfo) -> None:
        options = {"constant_memory": True, "use_zip64": True, "strings_to_formulas": False}
        self._book = xlsxwriter.Workbook(stream, options | {"strings_to_urls": False})
        self._book.set_properties(
            {
                "title": info.title,
                "author": info.publisher,
                "comments": f"{info.edition.code}; {LICENCE_TITLE}",
                "created": info.closed_at.replace(tzinfo=None, microsecond=0),
            }
        )
        self._bold = self._book.add_format({"bold": True})
        self._wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._sheets = 0
        self._start_sheet()

    def write(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if self._at == MOST_ROWS:
                self._start_sheet()
            for column, value in enumerate(row):
                if value is not None:
                    self._cells[column](self._at, column, value)
            self._at += 1

    def close(self) -> None:
        self._add_dictionary()
        self._book.close()

    def _start_sheet(self) -> None:
        self._sheets += 1
        name = DATA_SHEET if self._sheets == 1 else f"{DATA_SHEET} {self._sheets}"
        sheet = self._book.add_worksheet(name)
        for at, column in enumerate(COLUMNS):
            sheet.set_column(at, at, _WIDTHS.get(column.name, max(10, len(column.name) + 2)))
        sheet.freeze_panes(1, 0)
        for at, title in enumerate(NAMES):
            sheet.write_string(0, at, title, self._bold)
        self._cells = [_writer(sheet, column) for column in COLUMNS]
        self._at = 1

    def _add_dictionary(self) -> None:
        sheet = self._book.add_worksheet(DICTIONARY_SHEET)
        for at, width in enumerate(_DICTIONARY_WIDTHS):
            sheet.set_column(at, at, width)
        sheet.freeze_panes(1, 0)
        for at, title in enumerate(DICTIONARY_HEAD):
            sheet.write_string(0, at, title, self._bold)
        for line, texts in enumerate(dictionary_rows(), start=1):
            for at, text in enumerate(texts):
                sheet.write_string(line, at, text, self._wrapped)


def _writer(sheet: Any, column: Column) -> Callable[[int, int, Value], object]:
    found: Callable[[int, int, Value], object] = {
        "text": sheet.write_string,
        "integer": sheet.write_number,
        "number": sheet.write_number,
        "boolean": sheet.write_boolean,
    }[column.type]
    return found
