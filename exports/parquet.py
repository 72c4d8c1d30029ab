"""Open data as Parquet: typed columns, text by dictionary; the schema says what edition and columns are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, Final

import pyarrow as pa
from pyarrow.parquet import ParquetWriter, read_table

from exports.columns import COLUMNS, Column, Row, Type
from exports.edition_info import LICENCE_URL, OpenDataInfo
from exports.table_file import ROWS_AT_ONCE, TableFile
from surveys.canonical import canonical_json

_TYPES: Final[Mapping[Type, pa.DataType]] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}
_TEXTS: Final = [column.name for column in COLUMNS if column.type == "text"]


class ParquetFile(TableFile):
    """Groups of `ROWS_AT_ONCE` rows at least; equal rows make equal bytes by one version of the library."""

    def __init__(self, stream: BinaryIO, info: OpenDataInfo) -> None:
        self._schema = schema_of(info)
        self._writer = ParquetWriter(
            stream, self._schema, compression="zstd", use_dictionary=_TEXTS, write_statistics=True
        )
        self._held: list[Row] = []

    def write(self, rows: Iterable[Row]) -> None:
        self._held.extend(rows)
        if len(self._held) >= ROWS_AT_ONCE:
            self._send()

    def close(self) -> None:
        if self._held:
            self._send()
        self._writer.close()

    def _send(self) -> None:
        arrays = [
            pa.array(values, type=field.type)
            for field, values in zip(self._schema, zip(*self._held, strict=True), strict=True)
        ]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))
        self._held = []


def read_place(path: Path, place: str) -> list[Row]:
    """The rows of one place. Places lie together, so a group of rows or two are read and the rest is not."""
    table = read_table(path, filters=[("place", "=", place)], use_threads=False)
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def schema_of(info: OpenDataInfo) -> pa.Schema:
    metadata = {
        "title": info.title,
        "licence": LICENCE_URL,
        "edition": canonical_json(info.to_mapping()),
    }
    return pa.schema([_field(column) for column in COLUMNS], metadata=metadata)


def _field(column: Column) -> pa.Field:
    words = {
        "title": column.title.vi, "title_en": column.title.en, "description": column.description.vi,
        "description_en": column.description.en,
    }  # fmt: skip
    return pa.field(column.name, _TYPES[column.type], nullable=not column.required, metadata=words)
