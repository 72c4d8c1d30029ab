"""Microdata in which nobody stands alone: circumstances are left out until enough rows share the rest.

Whoever knows that somebody used a procedure of an agency by one channel in a quarter must not find that
person's answers. Every row leaves with circumstances that at least `least` rows share; of the others one
circumstance after another becomes "*": language, procedure, agency, channel, province. What is still alone
at the end leaves not at all. (k-anonymity by local recoding: L. Sweeney, 2002.)
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

ANY: Final = "*"
"""In place of a circumstance that was left out."""
CIRCUMSTANCES: Final = (
    "quarter", "province", "agency", "procedure", "channel", "phase", "questionnaire", "version", "language",
)  # fmt: skip
# An agency lies in its province, so the province tells nothing more as long as the agency stands.
WITHIN_AGENCY: Final[tuple[tuple[str, ...], ...]] = ((), ("language",), ("language", "procedure"))
BEYOND_AGENCY: Final = (
    ("language", "procedure", "agency"),
    ("language", "procedure", "agency", "channel"),
    ("language", "procedure", "agency", "channel", "province"),
)
_BETWEEN: Final = "\x1f"


class Generaliser:
    """Takes tables of whole agencies, gives back what may leave, in an order that tells nothing.

    Rows come without their circumstances, which many of them share: these are told once, and decided once.

    Rows that need more company than their agency has wait in an unnamed file of `folder` for `finish`.
    `written`, `generalised` and `left_out` count rows; they are whole after `finish`.
    """

    def __init__(self, least: int, folder: Path) -> None:
        self.least = least
        self.folder = folder
        self.written = 0
        self.generalised = 0
        self.left_out = 0
        self._waiting: _Spool | None = None
        # Seeded by the machine's own noise: nobody can lay the order again.
        self._chance = np.random.default_rng(int.from_bytes(os.urandom(16)))

    def take(
        self, kinds: pa.Table, kind_of_row: Any, answers: Callable[[Any], pa.Table]
    ) -> Iterator[pa.Table]:
        """What may leave of some rows, in a new order; the rest waits.

        `kinds` has the columns CIRCUMSTANCES; `kind_of_row` says which of its rows each row has; `answers`
        gives the other columns of the rows with the given numbers. All are plain text.
        """
        rows_of_kind = np.bincount(kind_of_row, minlength=kinds.num_rows)
        codes = {name: _codes(kinds[name]) for name in CIRCUMSTANCES}
        fate = np.full(kinds.num_rows, len(WITHIN_AGENCY))
        alone = np.arange(kinds.num_rows)
        for number, blank in enumerate(WITHIN_AGENCY):
            if blank and not codes[blank[-1]].any():
                continue  # All have it in common, so leaving it out brings nobody together.
            keys = _combined([codes[name][alone] for name in _shared(blank)])
            enough = np.bincount(keys, rows_of_kind[alone], minlength=1)[keys] >= self.least
            fate[alone[enough]] = number
            alone = alone[~enough]
        waits = (fate == len(WITHIN_AGENCY))[kind_of_row]
        order = self._chance.permutation(np.flatnonzero(~waits))
        if len(order):
            self.written += len(order)
            self.generalised += int(np.count_nonzero(fate[kind_of_row[order]]))
            yield _whole(_told(kinds, fate), kind_of_row, answers, order)
        if waits.any():
            self._wait(_whole(kinds, kind_of_row, answers, np.flatnonzero(waits)))

    def finish(self) -> Iterator[pa.Table]:
        """What waited, province by province; then the nation."""
        for blank in BEYOND_AGENCY:
            waiting, self._waiting = self._waiting, None
            if waiting is None:
                return
            company: Counter[str] = Counter()
            for table in waiting:
                for found in pc.value_counts(_keys(table, blank)).to_pylist():
                    company[found["values"]] += found["counts"]
            for table in waiting:
                keys = _keys(table, blank).to_pylist()
                enough = np.array([company[key] >= self.least for key in keys])
                yield from self._laid_anew(table, np.flatnonzero(enough), blank)
                self._wait(table.filter(pa.array(~enough)))
            waiting.close()
        if self._waiting is not None:
            self.left_out = sum(table.num_rows for table in self._waiting)
            self._waiting.close()

    def _wait(self, table: pa.Table) -> None:
        if table.num_rows:
            self._waiting = self._waiting or _Spool(self.folder, table.schema)
            self._waiting.add(table)

    def _laid_anew(self, table: pa.Table, chosen: Any, blank: tuple[str, ...]) -> Iterator[pa.Table]:
        """The chosen rows in a new order, without these circumstances."""
        if not len(chosen):
            return
        found = table.take(pa.array(self._chance.permutation(chosen)))
        self.written += len(chosen)
        self.generalised += len(chosen)
        for name in blank:
            column = pa.repeat(pa.scalar(ANY, pa.string()), len(chosen))
            found = found.set_column(found.schema.get_field_index(name), name, column)
        yield found


def _told(kinds: pa.Table, fate: Any) -> pa.Table:
    """The circumstances as they leave: `fate` numbers what is left out of WITHIN_AGENCY."""
    for name in CIRCUMSTANCES:
        left_out = [number for number, blank in enumerate(WITHIN_AGENCY) if name in blank]
        if left_out:
            column = pc.if_else(pa.array(np.isin(fate, left_out)), ANY, kinds[name])
            kinds = kinds.set_column(kinds.schema.get_field_index(name), name, column)
    return kinds


def _whole(kinds: pa.Table, kind_of_row: Any, answers: Callable[[Any], pa.Table], rows: Any) -> pa.Table:
    """These rows with their circumstances."""
    found, others = kinds.take(pa.array(kind_of_row[rows])), answers(rows)
    return pa.table(dict(zip(
        found.column_names + others.column_names, found.columns + others.columns, strict=True
    )))  # fmt: skip


def _shared(blank: tuple[str, ...]) -> tuple[str, ...]:
    """What rows must have in common while these circumstances are left out."""
    needless = "province" if "agency" not in blank else ""
    return tuple(name for name in CIRCUMSTANCES if name not in blank and name != needless)


def _codes(column: pa.ChunkedArray) -> Any:
    """Equal texts as equal small numbers; an empty circumstance is one as well."""
    return pc.fill_null(column, "").combine_chunks().dictionary_encode().indices.to_numpy()


def _combined(columns: Sequence[Any]) -> Any:
    """What is equal in every column as equal small numbers."""
    found = np.zeros(len(columns[0]), dtype=np.int64)
    for codes in columns:
        if codes.any():
            pairs = pa.array(found * (int(codes.max()) + 1) + codes)
            found = pairs.dictionary_encode().indices.to_numpy().astype(np.int64)
    return found


def _keys(table: pa.Table, blank: tuple[str, ...]) -> pa.Array:
    """The same as one text a row, which means the same in every table."""
    columns = [pc.fill_null(table[name], "") for name in _shared(blank)]
    return pc.binary_join_element_wise(*columns, _BETWEEN).combine_chunks()


class _Spool:
    """Tables on the disk, in a file that has no name and vanishes with the process."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `close`.
        self._writer = pa.ipc.new_stream(self._file, schema)
        self._is_open = True

    def add(self, table: pa.Table) -> None:
        self._writer.write_table(table)

    def __iter__(self) -> Iterator[pa.Table]:
        if self._is_open:
            self._writer.close()
            self._is_open = False
        self._file.seek(0)
        for batch in pa.ipc.open_stream(self._file):
            yield pa.Table.from_batches([batch])

    def close(self) -> None:
        self._file.close()
