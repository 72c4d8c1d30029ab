"""Counting again from the answers themselves, without looking at any tally.

One agency is read at a time, with a cursor on the server, so memory does not grow with the answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, bindparam, select

from app.catalogue.queries import get_questionnaire
from app.extensions import db
from app.results.folding import RESPONSES, SHEET_COLUMNS
from app.results.reviews import list_released
from app.results.tallying import Counts, Tallier
from surveys.periods import Quarter, quarter_of_day

ROWS_AT_ONCE: Final = 2_000


def count_period(
    first_day: date, last_day: date, agencies: Iterable[str], connection: Connection | None = None
) -> Counts:
    """What the answers of these days say of each agency, both days included.

    Keys carry the quarter of each answer. Only answers that were folded are counted, because the fold
    decides what is set aside: fold first.
    """
    connection = connection or db.session.connection()
    tallier = Tallier(get_questionnaire)
    tallier.released = list_released(connection)
    answers = _folded(
        RESPONSES.c.quarter.in_(_quarters(first_day, last_day)),
        RESPONSES.c.day.between(first_day, last_day),
    )
    for agency in agencies:
        tallier.add(_rows(connection, answers, agency))
    return tallier.take()


def count_agency(connection: Connection, tallier: Tallier, agency: str, *window: ColumnElement[bool]) -> int:
    """Gives the folded answers of an agency to the tallier; returns how many they are.

    What was released from quarantine is read on the same connection, so it is of the same moment.
    """
    tallier.released = list_released(connection, agency)
    return tallier.add(_rows(connection, _folded(*window), agency))


def list_answered_agencies(connection: Connection) -> list[str]:
    """Every agency with an answer, found by leaping from one to the next in the index."""
    found: list[str] = []
    statement = select(RESPONSES.c.agency).order_by(RESPONSES.c.agency).limit(1)
    agency = connection.scalar(statement)
    while agency is not None:
        found.append(agency)
        agency = connection.scalar(statement.where(RESPONSES.c.agency > agency))
    return found


def _folded(*window: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The folded answers of the agency that is named when it is asked, made once for all of them."""
    return select(*SHEET_COLUMNS).where(
        RESPONSES.c.agency == bindparam("agency"), RESPONSES.c.tallied, *window
    )


def _rows(connection: Connection, statement: Select[*tuple[Any, ...]], agency: str) -> Iterator[Any]:
    options = {"yield_per": ROWS_AT_ONCE}
    result = connection.execute(statement, {"agency": agency}, execution_options=options)
    for part in result.partitions():
        yield from part


def _quarters(first_day: date, last_day: date) -> list[str]:
    quarters: list[Quarter] = []
    quarter = quarter_of_day(first_day)
    while quarter.first_day <= last_day:
        quarters.append(quarter)
        quarter = quarter.next
    return [quarter.code for quarter in quarters]
