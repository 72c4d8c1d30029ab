"""Files to save: made in the moment in which they are asked for, or as they lie on the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Self

from flask import Response

from exports.cells import CSV_TYPE, Value, csv_bytes

_BLOCK: Final = 1 << 16


def csv_download(name: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Response:
    return download(name, csv_bytes(columns, rows), CSV_TYPE)


def download(name: str, content: bytes, media_type: str) -> Response:
    """A file to save under a name of ours, which has plain letters only."""
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


class FileBlocks:
    """A file block by block, opened when the first is wanted and closed after the last, or with this object.

    Most requests for a file that never changes end without a single block.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._start = 0
        self._blocks: Iterator[bytes] | None = None

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if self._blocks is None:
            self._blocks = self._read()
        return next(self._blocks)

    def _read(self) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            file.seek(self._start)
            while block := file.read(_BLOCK):
                yield block

    def seekable(self) -> bool:
        return True

    def seek(self, start: int) -> None:
        """Before the first block only, which is when a part of a file is asked for."""
        self._start = start

    def tell(self) -> int:
        return self._start
