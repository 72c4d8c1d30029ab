"""Counted answers as a file wants them: many at once, as three long texts instead of rows of values.

A million rows of ten values cost more time than everything that is done with them. So a database joins what
it reads: the circumstances of an answer to one text, and those of many answers to one text again. Such a text
is taken apart where it lies, and equal parts of it get equal numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    bindparam,
    cast,
    false,
    func,
    or_,
    select,
    tuple_,
)

from app.extensions import db
from app.results.folding import RESPONSES
from app.results.models import QuarterState
from app.results.reviews import list_released
from surveys.periods import Quarter

ROWS_AT_ONCE: Final = 4_096
BETWEEN: Final = "\x1f"
TOGETHER: Final = (
    "agency",
    "quarter",
    "procedure",
    "channel",
    "phase",
    "questionnaire",
    "version",
    "language",
)
"""The circumstances that an answer is read with as one text, agency first."""
# No value has it: codes are printable, and JSON writes control characters as escapes.
_END: Final = "\x1e"
_ENDING: Final = _END.encode()
# A scan in the order of keys comes by each page once, so there is nothing to keep.
_SMALL_CACHE_KIBIBYTES: Final = 1_000


class Coded(NamedTuple):
    """Texts, most of which occur several times: each of them once, and which of them each row has."""

    texts: pa.Array
    of_row: Any


class Answers(NamedTuple):
    """Some answers: the values of TOGETHER with BETWEEN, ids, and what was answered, as JSON."""

    kinds: Coded
    ids: list[bytes]
    sheets: Coded


class _Joined(NamedTuple):
    """The same of some answers as three texts, the parts of answers with _END between them."""

    kinds: bytes = b""
    ids: bytes = b""
    sheets: bytes = b""


def answers_of(connection: Connection, quarters: Sequence[Quarter]) -> Iterator[Answers]:
    """In the order of agencies, the answers of one together unless they are more than fit at once.

    Raises ValueError where a value has a character that no value has.
    """
    held = _Joined()
    for read in _joined(connection, [quarter.code for quarter in quarters]):
        joined = _Joined(*(b"".join((*both, _ENDING)) for both in zip(held, read, strict=True)))
        borders = [_borders(text) for text in joined]
        if len({len(each) for each in borders}) > 1:
            raise ValueError(f"a value of an answer has {_END!r}")
        rows = len(borders[0]) - 1
        kinds = _coded(joined.kinds, borders[0])
        end = _beginning_of_last(kinds)
        if not end and rows >= ROWS_AT_ONCE:
            end = rows
        if end:
            ids = joined.ids[: borders[1][end]].split(_ENDING)[:-1]
            sheets = _coded(joined.sheets, borders[2][: end + 1])
            yield Answers(Coded(kinds.texts, kinds.of_row[:end]), ids, sheets)
        held = _Joined(*(text[place[end] :] for text, place in zip(joined, borders, strict=True)))
    if held.kinds:
        kinds, sheets = (_coded(text, _borders(text)) for text in (held.kinds, held.sheets))
        yield Answers(kinds, held.ids.split(_ENDING)[:-1], sheets)


def _beginning_of_last(kinds: Coded) -> int:
    """The first row of the agency that the last row has."""
    agency = kinds.texts[int(kinds.of_row[-1])].as_py().partition(BETWEEN)[0] + BETWEEN
    is_last = pc.starts_with(kinds.texts, agency).to_numpy(zero_copy_only=False)
    return int(np.argmax(is_last[kinds.of_row]))


def _borders(text: bytes) -> Any:
    """Where the parts of a text begin, and where the last one ends."""
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == _ENDING[0]) + 1
    return np.concatenate(([0], ends)).astype(np.int32)


def _coded(text: bytes, borders: Any) -> Coded:
    """The parts of a text without a loop: they are the values of a column as they lie there."""
    column = pa.StringArray.from_buffers(len(borders) - 1, pa.py_buffer(borders), pa.py_buffer(text))
    encoded = column.dictionary_encode()
    return Coded(pc.utf8_slice_codeunits(encoded.dictionary, 0, -1), encoded.indices.to_numpy())


def _joined(connection: Connection, quarters: Collection[str]) -> Iterator[_Joined]:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size=-{_SMALL_CACHE_KIBIBYTES}")
        if _are_most(quarters):
            return _joined_by_the_database(connection, quarters)
    return _joined_here(connection, quarters)


def _joined_here(connection: Connection, quarters: Collection[str]) -> Iterator[_Joined]:
    statement = (
        select(_together(), RESPONSES.c.id, RESPONSES.c.answers)
        .where(RESPONSES.c.quarter.in_(quarters), *_counting(connection))
        .order_by(RESPONSES.c.agency, RESPONSES.c.id)
    )
    with connection.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE}) as result:
        for rows in result.partitions():
            yield _Joined(*(_END.join(values).encode() for values in zip(*rows, strict=True)))


def _joined_by_the_database(connection: Connection, quarters: Collection[str]) -> Iterator[_Joined]:
    """From end to end as SQLite has the rows: the index of quarters would fetch each on its own."""
    key = tuple_(RESPONSES.c.agency, RESPONSES.c.id)
    rows = (
        select(_together().label("kind"), RESPONSES.c.id, RESPONSES.c.answers, RESPONSES.c.agency)
        .where(key > tuple_(bindparam("agency"), bindparam("id")))
        .where(RESPONSES.c.quarter.op("||")("").in_(quarters), *_counting(connection))
        .order_by(RESPONSES.c.agency, RESPONSES.c.id)
        .limit(ROWS_AT_ONCE)
    ).subquery()
    # As bytes, because nobody needs texts: these would be checked, copied, and made bytes again.
    texts = (cast(func.group_concat(rows.c[name], _END), LargeBinary) for name in ("kind", "id", "answers"))
    statement = select(*texts, func.max(rows.c.agency))
    agency, last = "", ""
    while True:
        *joined, agency = connection.execute(statement, {"agency": agency, "id": last}).one()
        if agency is None:
            return
        last = joined[1].rpartition(_ENDING)[2].decode()
        yield _Joined(*joined)


def _together() -> ColumnElement[str]:
    columns = (RESPONSES.c[name] for name in TOGETHER)
    return func.concat_ws(BETWEEN, *(func.coalesce(c, "") if c.nullable else c for c in columns))


def _are_most(quarters: Collection[str]) -> bool:
    """Whether these quarters are at least half of those that have answers."""
    known = db.session.scalars(select(QuarterState.quarter)).all()
    return 2 * len(set(known) & set(quarters)) >= len(known)


def _counting(connection: Connection) -> tuple[ColumnElement[bool], ...]:
    """What is folded, no test, and kept out by nothing or released by two persons."""
    released = sorted(list_released(connection))
    group = tuple_(RESPONSES.c.agency, RESPONSES.c.quarantine, RESPONSES.c.quarter)
    not_aside = or_(RESPONSES.c.quarantine == "", group.in_(released) if released else false())
    return RESPONSES.c.tallied, ~RESPONSES.c.test, not_aside
