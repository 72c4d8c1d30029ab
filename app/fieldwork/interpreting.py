"""From records in the inbox to answers, visits and counts. Nothing here commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, TypeAlias

from sqlalchemy import Table, delete, func, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import db
from app.fieldwork.judging import Arrived, Judgement, Reason, judge
from app.fieldwork.models import FieldReceipt, InboxRecord, Visit, VisitCount
from app.responding.entries import ASIDE_LIMIT
from app.responding.importing.storing import Overtaken, find_contents, insert_records

Key: TypeAlias = tuple[str, str]
_VISITS: Final[Table] = Visit.metadata.tables[Visit.__tablename__]
_COUNTS: Final[Table] = VisitCount.metadata.tables[VisitCount.__tablename__]


class State(StrEnum):
    """What became of a record. Every state is durable before the telephone hears of it."""

    STORED = "stored"
    KNOWN = "known"
    """The same bytes arrived before and were counted."""
    ASIDE = "aside"
    """It cannot be counted, at least not yet; nothing of it is lost."""


def interpret(group: Sequence[Arrived], forgiven: Collection[Reason] = ()) -> dict[Key, State]:
    """What becomes of records that lie in the inbox. Of two contents under one id the first one counts.

    Raises Overtaken where another process stored one of the ids meanwhile: the transaction begins again.
    """
    states: dict[Key, State] = {}
    asides: dict[Key, tuple[Reason, str | None]] = {}
    waiting = _settle_known(group, states, asides)
    judged = dict(zip((arrived.key for arrived in waiting), judge(waiting, forgiven), strict=True))
    for key, judgement in judged.items():
        if judgement.reason is not None:
            asides[key] = judgement.reason, judgement.round
    good = [arrived for arrived in waiting if judged[arrived.key].reason is None]
    claimed = _claim(good)
    _settle_known([arrived for arrived in good if arrived.key not in claimed], states, asides)
    foreign = find_ids({record_id for record_id, _sha in claimed})
    for key in claimed:
        if key[0] in foreign:
            # Somebody else's answer has this id: the receipt would say that it was this record.
            asides[key] = Reason.OTHER_CONTENT, judged[key].round
        else:
            states[key] = State.STORED
    _unclaim(foreign)
    write_judged([judged[key] for key in sorted(states) if states[key] is State.STORED])
    _clear(states)
    _leave_aside(asides)
    return states | dict.fromkeys(asides, State.ASIDE)


def receipts_of(ids: Iterable[str]) -> dict[str, str]:
    """The content, as its hash, that was counted under each of these ids."""
    wanted = sorted(set(ids))
    rows = db.session.execute(select(FieldReceipt.id, FieldReceipt.sha256).where(FieldReceipt.id.in_(wanted)))
    return {row.id: row.sha256 for row in rows}


def find_ids(ids: Collection[str]) -> set[str]:
    """Those of the ids under which answers are stored, of whatever agency."""
    if not ids:
        return set()
    return {record_id for _agency, record_id in find_contents(db.session.connection(), sorted(ids))}


def _settle_known(
    group: Iterable[Arrived], states: dict[Key, State], asides: dict[Key, tuple[Reason, str | None]]
) -> list[Arrived]:
    """Sorts out what was counted before; returns the rest, each content once."""
    rest: dict[Key, Arrived] = {arrived.key: arrived for arrived in group}
    for record_id, sha256 in receipts_of(record_id for record_id, _sha in rest).items():
        for key in [key for key in rest if key[0] == record_id]:
            del rest[key]
            if key[1] == sha256:
                states[key] = State.KNOWN
            else:
                asides[key] = Reason.OTHER_CONTENT, None
    return list(rest.values())


def _claim(good: Sequence[Arrived]) -> set[Key]:
    """Gives each id to the content that comes first, here or in another process.

    A process that comes second waits for the end of our transaction, and finds our receipt.
    """
    if not good:
        return set()
    first: dict[str, str] = {}
    for arrived in good:
        first.setdefault(arrived.id, arrived.sha256)
    statement = (
        insert_or_nothing(FieldReceipt)
        .values([{"id": record_id, "sha256": first[record_id]} for record_id in sorted(first)])
        .on_conflict_do_nothing()
        .returning(FieldReceipt.id)
    )
    return {(record_id, first[record_id]) for record_id in db.session.execute(statement).scalars()}


def _unclaim(ids: Collection[str]) -> None:
    if ids:
        db.session.execute(delete(FieldReceipt).where(FieldReceipt.id.in_(sorted(ids))))


def write_judged(judged: Sequence[Judgement]) -> None:
    """Answers, visits and counts of records that nothing speaks against. Raises Overtaken."""
    answers = [judgement.answer for judgement in judged if judgement.answer is not None]
    if answers and insert_records(db.session.connection(), answers) < len(answers):
        raise Overtaken
    visits = [dict(judgement.visit) for judgement in judged if judgement.visit is not None]
    if visits:
        db.session.execute(insert(_VISITS), visits)
    add_doors(Counter(judgement.door for judgement in judged if judgement.door is not None))


def add_doors(doors: Mapping[tuple[Any, ...], int]) -> None:
    """Adds to the numbers by round, village, collector, outcome and day.

    In one order everywhere, so that two processes never wait for each other in a ring.
    """
    if not doors:
        return
    names = ("round", "village", "collector", "outcome", "day")
    statement = insert_or_nothing(_COUNTS)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=list(names), set_={"n": _COUNTS.c.n + statement.excluded.n}
        ),
        [dict(zip(names, door, strict=True)) | {"n": doors[door]} for door in sorted(doors)],
    )


def _clear(settled: Iterable[Key]) -> None:
    """What was counted, now or before, needs the inbox no more."""
    gone = sorted(settled)
    if gone:
        db.session.execute(delete(InboxRecord).where(tuple_(InboxRecord.id, InboxRecord.sha256).in_(gone)))


def _leave_aside(asides: Mapping[Key, tuple[Reason, str | None]]) -> None:
    for (record_id, sha256), (reason, code) in sorted(asides.items()):
        if reason is Reason.OTHER_CONTENT and _count_others(record_id, sha256) >= ASIDE_LIMIT:
            _clear([(record_id, sha256)])
            continue
        db.session.execute(
            update(InboxRecord)
            .where(InboxRecord.id == record_id, InboxRecord.sha256 == sha256)
            .values(problem=reason.value, **({} if code is None else {"round": code}))
        )


def _count_others(record_id: str, sha256: str) -> int:
    """Other contents under this id that lie aside already."""
    statement = select(func.count()).where(
        InboxRecord.id == record_id,
        InboxRecord.sha256 != sha256,
        InboxRecord.problem == Reason.OTHER_CONTENT.value,
    )
    return db.session.scalar(statement) or 0


def insert_or_nothing(model: Any) -> Any:
    """An INSERT of the database at hand, which knows what to do where a key is taken."""
    return (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(model)
