"""Answers for analysts as a file: tables of text columns in, CSV or Parquet out."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from typing import BinaryIO, Final, Protocol

import pyarrow as pa
from pyarrow.csv import CSVWriter, WriteOptions

ROWS_IN_GROUP: Final = 4 * 1024


class TableWriter(Protocol):
    def write_table(self, table: pa.Table) -> None: ...

    def close(self) -> None: ...


def _csv(stream: BinaryIO, schema: pa.Schema) -> TableWriter:
    """UTF-8 with a byte order mark, as spreadsheets want it; every text is in quotation marks."""
    stream.write(codecs.BOM_UTF8)
    writer: TableWriter = CSVWriter(stream, schema, write_options=WriteOptions(quoting_style="needed"))
    return writer


class _Parquet:
    """Row groups of many small tables: a group for each would be mostly descriptions of its columns."""

    def __init__(self, stream: BinaryIO, schema: pa.Schema) -> None:
        # Of use to this format only, and five megabytes.
        from pyarrow.parquet import ParquetWriter

        self._writer = ParquetWriter(stream, schema, compression="zstd", use_dictionary=True)
        self._held: list[pa.Table] = []

    def write_table(self, table: pa.Table) -> None:
        self._held.append(table)
        if sum(held.num_rows for held in self._held) >= ROWS_IN_GROUP:
            self._write()

    def _write(self) -> None:
        if self._held:
            self._writer.write_table(pa.concat_tables(self._held))
            self._held.clear()

    def close(self) -> None:
        self._write()
        self._writer.close()


WRITERS: Final[Mapping[str, Callable[[BinaryIO, pa.Schema], TableWriter]]] = {
    "csv": _csv,
    "parquet": _Parquet,
}
"""By the name of the format, which is the extension as well."""
