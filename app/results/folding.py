"""The fold: answers that wait are counted and their tallies written, each batch in one transaction.

A batch that ends anywhere before its commit has counted nothing: the marks of its rows and the tallies are
one. An answer that is seen under two agencies counts for neither, whenever the second one arrives.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    false,
    func,
    or_,
    select,
    text,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.types import NullType

from app.catalogue.queries import get_questionnaire
from app.extensions import db
from app.responding.models import Response
from app.responding.store import write_turn
from app.results.reviews import list_released
from app.results.tally_tables import add_counts, add_rows, lock_tallies
from app.results.tallying import Counts, Sheet, Tallier, without_garbage_collection
from app.transactions import transaction

# Answers that arrive during a batch wait for its end on SQLite, so a batch takes a few tenths of a second.
BATCH: Final = 10_000
TWO_AGENCIES: Final = "two-agencies"

RESPONSES: Final[Table] = Response.metadata.tables["responses"]
# The flag is read as the database keeps it, so that no value of a row needs converting.
SHEET_COLUMNS: Final = tuple(type_coerce(RESPONSES.c[name], NullType()).label(name) for name in Sheet._fields)


def fold_waiting(*, batch: int = BATCH) -> int:
    """Counts every answer that waits; returns how many those were. Commits after each batch."""
    tallier = Tallier(get_questionnaire)
    total = 0
    while True:
        with write_turn(), without_garbage_collection(), transaction():
            number = fold_batch(tallier, batch)
        total += number
        if number < batch:
            return total


def fold_batch(tallier: Tallier, size: int) -> int:
    """Counts at most `size` waiting answers inside the caller's transaction; returns how many."""
    connection = db.session.connection()
    lock_tallies(connection)
    sheets = _mark_waiting(connection, size)
    if not sheets:
        return 0
    # Read after the lock: a decision of two persons about the quarantine takes the same lock.
    tallier.released = list_released(connection)
    doubled = seen_under_two_agencies(connection, [sheet[1] for sheet in sheets])
    if not doubled:
        tallier.add(sheets)
        add_rows(connection, tallier.take_rows())
        return len(sheets)
    correction = _set_aside(connection, tallier, sheets, doubled)
    aside = partial(_quarantined, tallier)
    tallier.add(aside(sheet) if sheet[1] in doubled else sheet for sheet in sheets)
    add_counts(connection, tallier.take() + correction)
    return len(sheets)


def count_waiting() -> int:
    """How many answers the tallies do not know yet."""
    return db.session.scalar(select(func.count()).where(~RESPONSES.c.tallied)) or 0


def _mark_waiting(connection: Connection, size: int) -> Sequence[Any]:
    """The next sheets in the order of their keys; what arrives in between is in neither."""
    key = tuple_(RESPONSES.c.agency, RESPONSES.c.id)
    waits = ~RESPONSES.c.tallied
    order = (RESPONSES.c.agency, RESPONSES.c.id)
    mark = update(RESPONSES).values(tallied=True)
    if connection.dialect.name == "sqlite":
        # Nobody else writes now, so what was read is all that waits between the first key and the last.
        sheets = connection.execute(select(*SHEET_COLUMNS).where(waits).order_by(*order).limit(size)).all()
        if sheets:
            first, last = tuple_(*sheets[0][:2]), tuple_(*sheets[-1][:2])
            connection.execute(mark.where(waits, key >= first, key <= last))
        return sheets
    chosen = select(*order).where(waits).order_by(*order).limit(size)
    return connection.execute(mark.where(key.in_(chosen)).returning(*SHEET_COLUMNS)).all()


def as_table(connection: Connection, ids: Collection[str]) -> Any:
    """The ids as a table: one parameter however many they are."""
    spelled = {
        "sqlite": "SELECT value FROM json_each(:ids)",
        "postgresql": "SELECT json_array_elements_text(CAST(:ids AS json))",
    }[connection.dialect.name]
    return text(f"({spelled})").bindparams(ids=json.dumps(sorted(ids)))


def seen_under_two_agencies(connection: Connection, ids: Collection[str]) -> set[str]:
    found = (
        select(RESPONSES.c.id)
        .where(RESPONSES.c.id.in_(as_table(connection, ids)))
        .group_by(RESPONSES.c.id)
        .having(func.count() > 1)
    )
    return set(connection.scalars(found))


def _set_aside(
    connection: Connection, tallier: Tallier, batch: Sequence[Any], doubled: Collection[str]
) -> Counts:
    """Sets every answer under these ids aside; returns how the tallies of earlier batches change by it.

    An answer that was set aside for another reason keeps that one, unless two persons let it count.
    """
    now = {(sheet.agency, sheet.id) for sheet in batch}
    chosen = RESPONSES.c.id.in_(as_table(connection, doubled)) & _counting(tallier)
    rows = connection.execute(select(*SHEET_COLUMNS).where(chosen, RESPONSES.c.tallied)).all()
    earlier = [row for row in rows if (row.agency, row.id) not in now]
    connection.execute(update(RESPONSES).where(chosen).values(quarantine=TWO_AGENCIES))
    aside, count = partial(_quarantined, tallier), partial(_counts, tallier)
    return count([aside(row) for row in earlier]) - count(earlier)


def _counting(tallier: Tallier) -> ColumnElement[bool]:
    """Answers that no reason keeps out of the count."""
    group = tuple_(RESPONSES.c.agency, RESPONSES.c.quarantine, RESPONSES.c.quarter)
    is_released = group.in_(sorted(tallier.released)) if tallier.released else false()
    return or_(RESPONSES.c.quarantine == "", is_released)


def _counts(tallier: Tallier, sheets: Sequence[Any]) -> Counts:
    tallier.add(sheets)
    return tallier.take()


def _quarantined(tallier: Tallier, row: Any) -> Sheet:
    sheet = Sheet(*row)
    is_kept = sheet.quarantine and (sheet.agency, sheet.quarantine, sheet.quarter) not in tallier.released
    return sheet if is_kept else sheet._replace(quarantine=TWO_AGENCIES)
