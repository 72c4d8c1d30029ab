"""Every agency counted again from its answers and held against its tallies, by one process or by several.

Each agency is compared within one snapshot of the database, so folds may go on meanwhile: a fold moves
answers and tallies together, and what it adds while a difference is on its way is added on top of it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Final

from flask import Flask

from app.catalogue.queries import get_questionnaire
from app.config import Config
from app.extensions import db
from app.keys import configuration
from app.results.recounting import count_agency, list_answered_agencies
from app.results.snapshots import snapshot
from app.results.tally_tables import list_tallied, stored_counts
from app.results.tallying import Counts, Tallier, without_garbage_collection
from surveys.printing import number

# Agencies that a process takes at a time: few enough for steady progress and an even end.
SHARE: Final = 20
# Shares that each process may have begun before the first of them is taken.
AHEAD: Final = 2


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


def compare(processes: int = 1) -> Iterator[Comparison]:
    """Every agency with answers or tallies, counted again from its answers; in order with one process."""
    with db.engine.connect() as connection:
        tallied = list_tallied(connection, "agency")
        quarters = frozenset(list_tallied(connection, "quarter"))
        agencies = sorted(tallied.union(list_answered_agencies(connection)))
    if processes <= 1 or len(agencies) <= SHARE:
        yield from _compare_agencies(agencies, quarters)
        return
    shares = [agencies[start : start + SHARE] for start in range(0, len(agencies), SHARE)]
    # Fresh processes: a copy of this one would share its connections to the database.
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(configuration(),)
    ) as pool:
        pending: deque[Future[list[Comparison]]] = deque()
        for share in shares:
            pending.append(pool.submit(_compare_share, share, quarters))
            # Processes that count faster than differences are written would fill the memory with them.
            if len(pending) > AHEAD * processes:
                yield from pending.popleft().result()
        while pending:
            yield from pending.popleft().result()


def _compare_agencies(agencies: Iterable[str], quarters: frozenset[str]) -> Iterator[Comparison]:
    tallier = Tallier(get_questionnaire)
    for agency in agencies:
        with snapshot() as connection, without_garbage_collection():
            sheets = count_agency(connection, tallier, agency)
            counted = tallier.take()
            stored = stored_counts(connection, agency, quarters | counted.quarters)
        missing = counted - stored
        # What agrees need not be remembered, and between processes not be sent.
        yield Comparison(agency, sheets, missing, stored if missing else Counts())


_application: Flask | None = None


def _begin(config: Config) -> None:
    """What each further process does first."""
    from app import create_app

    global _application
    _application = create_app(config)


def _compare_share(agencies: Sequence[str], quarters: frozenset[str]) -> list[Comparison]:
    assert _application is not None
    with _application.app_context():
        return list(_compare_agencies(agencies, quarters))
