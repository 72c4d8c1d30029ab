"""The way of a record into the database: stored as it came and durable, and only then looked into.

What waits is taken together, as the writer of answers does: whoever comes while others are being stored waits
for them, and the next one stores for all. The two transactions of each group stand in `take_in`.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.errors import NotFound
from app.extensions import db
from app.fieldwork.interpreting import Key, State, insert_or_nothing, interpret, receipts_of
from app.fieldwork.judging import FORGIVABLE, Arrived, Reason
from app.fieldwork.models import InboxRecord
from app.keys import configuration
from app.responding.importing.storing import Overtaken
from app.responding.store import write_turn
from app.transactions import transaction
from app.walls import widened

GROUP: Final = 64
# A record of a request that is still being answered waits for so long at most.
LEFT_AFTER: Final = timedelta(seconds=20)
TAKEN_UP_AT_ONCE: Final = 200
_TRIES: Final = 3

log = structlog.get_logger()


class InboxUnavailable(Exception):
    """The record could not be stored now; sending the same again later is safe."""


class DeskFull(Exception):
    """As many records are being taken in as may be at one moment; nothing was stored."""


@dataclass(slots=True)
class _Entry:
    arrived: Arrived
    state: State | None = None
    failed: bool = False


class Desk:
    """Where the requests of one process meet, at most so many at one moment.

    Whoever came beyond them would hold a thread while waiting, until none is left to tell others so.
    """

    def __init__(self, most: int) -> None:
        self._places = threading.BoundedSemaphore(most)
        self._waiting: deque[_Entry] = deque()
        self._turn = threading.Lock()
        self._looked_at: datetime | None = None

    @contextmanager
    def place(self) -> Iterator[None]:
        """One of the places at the desk. Raises DeskFull at once where none is free."""
        if not self._places.acquire(blocking=False):
            raise DeskFull
        try:
            yield
        finally:
            self._places.release()

    def bring(self, arrived: Arrived) -> State:
        """Returns once the record is durable. Raises InboxUnavailable when it may not be."""
        entry = _Entry(arrived)
        self._waiting.append(entry)
        with self._turn:
            while entry.state is None and not entry.failed:
                self._serve([self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))])
        if entry.state is None:
            raise InboxUnavailable
        return entry.state

    def look_behind(self, *, now: datetime) -> None:
        """Now and then a request also takes up what a crash has left behind."""
        if self._looked_at is not None and abs(now - self._looked_at) < LEFT_AFTER:
            return
        self._looked_at = now
        try:
            take_up(now=now)
        except (DBAPIError, PoolTimeout) as error:
            log.warning("records_not_taken_up", kind=type(error).__name__)

    def _serve(self, group: list[_Entry]) -> None:
        try:
            for entry, state in zip(group, take_in([entry.arrived for entry in group]), strict=True):
                entry.state = state
        except Exception as error:
            log.error("records_not_stored", waiting=len(group), kind=type(error).__name__)
        finally:
            # Nobody may wait for ever, whatever it was; each is asked to come back.
            for entry in group:
                entry.failed = entry.state is None


def desk() -> Desk:
    """The desk of the running application."""
    extensions = current_app.extensions
    known: Desk | None = extensions.get("field_desk")
    if known is None:
        known = extensions.setdefault("field_desk", Desk(configuration().field_records_at_once))
    return known


def take_in(group: Sequence[Arrived]) -> list[State]:
    """What became of each record, in their order; on return everything is durable.

    Raises what the database raises where the first transaction fails: then nothing was stored.
    """
    with widened():
        _store(group)
        states = _interpret_all(group)
    return [states[arrived.key] for arrived in group]


def take_up(*, now: datetime) -> int:
    """Interprets what a crash has left behind; returns how many records were settled."""
    with widened():
        left = list_waiting(before=now - LEFT_AFTER)
        for start in range(0, len(left), GROUP):
            _interpret_all(left[start : start + GROUP])
    return len(left)


def reconsider(record_id: str, sha256: str) -> State:
    """Interprets a record that lies aside once more, where a person has decided not to mind why it does.

    Within the transaction of the caller, who records who that was. Raises NotFound.
    """
    with widened():
        row = db.session.get(InboxRecord, (record_id, sha256))
        if row is None:
            raise NotFound
        arrived = Arrived(row.id, row.sha256, row.body, row.device, row.received_at)
        db.session.expunge(row)
        return interpret([arrived], FORGIVABLE)[arrived.key]


def list_waiting(*, before: datetime) -> list[Arrived]:
    """Records that were stored before a moment and that nobody has looked into, the oldest first."""
    rows = db.session.execute(
        select(
            InboxRecord.id, InboxRecord.sha256, InboxRecord.body, InboxRecord.device, InboxRecord.received_at
        )
        .where(InboxRecord.problem == "", InboxRecord.received_at < before)
        .order_by(InboxRecord.received_at, InboxRecord.id)
        .limit(TAKEN_UP_AT_ONCE)
    ).all()
    # Whoever works on begins a transaction of their own.
    db.session.rollback()
    return [Arrived(row.id, row.sha256, row.body, row.device, row.received_at) for row in rows]


def _store(group: Sequence[Arrived]) -> None:
    """The first transaction: the records as they came. What is known already is not stored again."""
    with write_turn(), transaction():
        known = receipts_of(arrived.id for arrived in group)
        rows = {
            arrived.key: {
                "id": arrived.id,
                "sha256": arrived.sha256,
                "device": arrived.device,
                "body": arrived.body,
                "received_at": arrived.received_at,
                "problem": "",
                "left_why": "",
            }
            for arrived in group
            if known.get(arrived.id) != arrived.sha256
        }
        if rows:
            # In the order of their keys, so that two processes never wait for each other in a ring.
            values = [rows[key] for key in sorted(rows)]
            db.session.execute(insert_or_nothing(InboxRecord).values(values).on_conflict_do_nothing())


def _interpret_all(group: Sequence[Arrived]) -> dict[Key, State]:
    """The second transaction; where one record spoils it, one transaction for each.

    All of them are durable already, so none of this may fail: what cannot be settled lies aside or waits.
    """
    try:
        return _interpreted(group)
    except Exception as error:
        if len(group) > 1:
            log.warning("records_one_by_one", waiting=len(group), kind=type(error).__name__)
            return {key: state for arrived in group for key, state in _interpret_all([arrived]).items()}
        log.error("record_not_interpreted", kind=type(error).__name__)
        if not isinstance(error, OperationalError | PoolTimeout | Overtaken):
            _set_aside(group[0])
        return {group[0].key: State.ASIDE}


def _interpreted(group: Sequence[Arrived]) -> dict[Key, State]:
    for _attempt in range(_TRIES - 1):
        try:
            with write_turn(), transaction():
                return interpret(group)
        except Overtaken:
            continue
    with write_turn(), transaction():
        return interpret(group)


def _set_aside(arrived: Arrived) -> None:
    """A record at which the interpretation itself fails waits for a person and not for the next attempt."""
    try:
        with write_turn(), transaction():
            db.session.execute(
                update(InboxRecord)
                .where(InboxRecord.id == arrived.id, InboxRecord.sha256 == arrived.sha256)
                .values(problem=Reason.FAILED.value)
            )
    except (DBAPIError, PoolTimeout) as error:
        log.error("record_still_waits", kind=type(error).__name__)
