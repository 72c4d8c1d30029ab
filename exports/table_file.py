"""What every format of the open table is: something that takes rows and is closed."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol, Self

from exports.columns import Row

ROWS_AT_ONCE = 8192
"""Rows that a format may hold back before they go to the disk."""


class TableFile(AbstractContextManager["TableFile"], Protocol):
    """Rows in, bytes out, in the order given; nothing is complete before `close`."""

    def write(self, rows: Iterable[Row]) -> None: ...

    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
