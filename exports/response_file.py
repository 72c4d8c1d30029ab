"""Answers for analysts as a file: tables of text columns in, CSV or Parquet out."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from typing import BinaryIO, Final, Protocol

import pyarrow as pa
from pyarrow.csv import CSVWriter, WriteOptions


class TableWriter(Protocol):
    def write_table(self, table: pa.Table) -> None: ...

    def close(self) -> None: ...


def _csv(stream: BinaryIO, schema: pa.Schema) -> TableWriter:
    """UTF-8 with a byte order mark, as spreadsheets want it; every text is in quotation marks."""
    stream.write(codecs.BOM_UTF8)
    writer: TableWriter = CSVWriter(stream, schema, write_options=WriteOptions(quoting_style="needed"))
    return writer


def _parquet(stream: BinaryIO, schema: pa.Schema) -> TableWriter:
    # Of use to this format only, and five megabytes.
    from pyarrow.parquet import ParquetWriter

    writer: TableWriter = ParquetWriter(stream, schema, compression="zstd", use_dictionary=True)
    return writer


WRITERS: Final[Mapping[str, Callable[[BinaryIO, pa.Schema], TableWriter]]] = {
    "csv": _csv,
    "parquet": _parquet,
}
"""By the name of the format, which is the extension as well."""
