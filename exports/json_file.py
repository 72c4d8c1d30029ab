"""Open data as JSON: the edition, the columns, and one record a line, so that it can be read in a stream.

A record holds what its row has; a key that is missing is an empty cell. Keys are sorted and numbers spelled
as `surveys.canonical` does everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from exports.columns import NAMES, Row
from exports.edition_info import OpenDataInfo
from exports.table_file import TableFile
from surveys.canonical import canonical_json


class JsonFile(TableFile):
    def __init__(self, stream: BinaryIO, info: OpenDataInfo) -> None:
        self._stream = stream
        self._between = "\n"
        self._send(
            f'{{"columns":{canonical_json(NAMES)},"edition":{canonical_json(info.to_mapping())},"rows":['
        )

    def write(self, rows: Iterable[Row]) -> None:
        for row in rows:
            record = {name: value for name, value in zip(NAMES, row, strict=True) if value is not None}
            self._send(self._between + canonical_json(record))
            self._between = ",\n"

    def close(self) -> None:
        self._send("\n]}\n")

    def _send(self, text: str) -> None:
        self._stream.write(text.encode("utf-8"))
