"""Tallies against answers: is every number that pages read the number of answers there are?

Each agency is compared within one snapshot of the database, so folds may go on meanwhile: a fold moves
answers and tallies together, and what it adds while a difference is on its way is added on top of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, select

from app.catalogue.queries import get_questionnaire
from app.extensions import db
from app.responding.store import write_turn
from app.results.folding import RESPONSES, fold_waiting
from app.results.recounting import count_agency, list_answered_agencies
from app.results.tally_tables import add_counts, list_tallied, lock_tallies, stored_counts
from app.results.tallying import Counts, Tallier, without_garbage_collection
from app.transactions import transaction
from surveys.printing import number

# A repair is written in pieces, so that answers that arrive meanwhile wait for a moment only.
REPAIR: Final = 50_000


@dataclass(frozen=True)
class Comparison:
    """One agency: how many answers were counted again, and what its stored tallies lack or have too much."""

    agency: str
    sheets: int
    missing: Counts
    stored: Counts

    def __iter__(self) -> Iterator[str]:
        """Each difference in a line for people."""
        names = ("tallies", "tallies_by_procedure", "tallies_by_cluster")
        held = (self.stored.tallies, self.stored.by_procedure, self.stored.by_cluster)
        lacking = (self.missing.tallies, self.missing.by_procedure, self.missing.by_cluster)
        tables: Iterable[tuple[str, Any, Any]] = zip(names, held, lacking, strict=True)
        for name, stored, missing in tables:
            for key, lack in sorted(missing.items()):
                known = stored.get(key, 0)
                words = ", ".join(f"{column}={value}" for column, value in key._asdict().items())
                yield f"{name} ({words}): đang ghi {number(known)}, đếm lại được {number(known + lack)}"


@dataclass(frozen=True)
class Rebuilt:
    """How many answers were counted again and how many stored numbers were put right."""

    sheets: int
    repaired: int


def compare() -> Iterator[Comparison]:
    """Every agency with answers or tallies, counted again from its answers."""
    tallier = Tallier(get_questionnaire)
    with db.engine.connect() as connection:
        tallied = list_tallied(connection, "agency")
        quarters = list_tallied(connection, "quarter")
        agencies = sorted(tallied.union(list_answered_agencies(connection)))
    for agency in agencies:
        with _snapshot() as connection, without_garbage_collection():
            sheets = count_agency(connection, tallier, agency)
            counted = tallier.take()
            stored = stored_counts(connection, agency, quarters | counted.quarters)
        yield Comparison(agency, sheets, counted - stored, stored)


def list_unnoticed_doubles() -> list[str]:
    """Ids that count under two agencies although the fold should have set them aside."""
    doubled = select(RESPONSES.c.id).group_by(RESPONSES.c.id).having(func.count() > 1)
    unnoticed = (
        select(RESPONSES.c.id)
        .where(RESPONSES.c.id.in_(doubled), RESPONSES.c.tallied, RESPONSES.c.quarantine == "")
        .order_by(RESPONSES.c.id)
        .distinct()
    )
    return list(db.session.scalars(unnoticed))


def rebuild(progress: Callable[[int], None] = lambda _sheets: None) -> Rebuilt:
    """Folds what waits and puts right every stored number that the answers do not bear out.

    Only differences are written, so pages never see empty tables. Broken off, it can be begun again.
    """
    fold_waiting()
    sheets = repaired = 0
    waiting = Counts()
    for comparison in compare():
        sheets += comparison.sheets
        repaired += len(comparison.missing)
        waiting += comparison.missing
        if len(waiting) >= REPAIR:
            _repair(waiting)
            waiting = Counts()
        progress(sheets)
    _repair(waiting)
    return Rebuilt(sheets, repaired)


def _repair(counts: Counts) -> None:
    if counts:
        with write_turn(), transaction():
            connection = db.session.connection()
            lock_tallies(connection)
            add_counts(connection, counts)


@contextmanager
def _snapshot() -> Iterator[Connection]:
    """A connection on which everything is read as of one moment."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        else:
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection
        connection.rollback()
