"""Writing about improvements. Every act makes a version and none takes one away; nothing here commits."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update

from app.audit.actions import record
from app.directory.search import searchable
from app.extensions import db
from app.improvements.models import ImprovementRow, ImprovementVersion
from app.improvements.rules import UNDOABLE, Act, ChangedMeanwhile, NotPossible, State

_KEPT = ("agency", "state", "quarter", "shortcoming", "solution", "lead", "due", "done_on", "done_words")


@dataclass(frozen=True, slots=True)
class Words:
    """What people said, what is done about it, who leads, by when; `quarter` is when they said it."""

    quarter: str
    shortcoming: str
    solution: str
    lead: str
    due: date


def write(agency: str, words: Words, *, by: str, now: datetime) -> UUID:
    """A draft, which only staff see."""
    row = ImprovementRow(
        id=uuid4(), agency=agency, number=1, state=State.DRAFT.value, done_on=None, done_words="",
        folded=_folded(words), **asdict(words),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    _keep_version(row, Act.WRITTEN, by=by, now=now)
    return row.id


def change(row: ImprovementRow, words: Words, *, seen: int, by: str, now: datetime) -> None:
    """What is public stays so, in its new words. Raises NotPossible or ChangedMeanwhile."""
    if row.state == State.WITHDRAWN:
        raise NotPossible
    _move(row, Act.CHANGED, seen, by, now, folded=_folded(words), **asdict(words))


def publish(row: ImprovementRow, *, seen: int, by: str, now: datetime) -> None:
    """From now on everybody reads it. Raises NotPossible or ChangedMeanwhile."""
    if row.state != State.DRAFT:
        raise NotPossible
    _move(row, Act.PUBLISHED, seen, by, now, state=State.PUBLISHED.value)


def finish(row: ImprovementRow, *, done_on: date, done_words: str, seen: int, by: str, now: datetime) -> None:
    """Raises NotPossible or ChangedMeanwhile."""
    if row.state == State.WITHDRAWN or row.done_on is not None:
        raise NotPossible
    _move(row, Act.DONE, seen, by, now, done_on=done_on, done_words=done_words)


def withdraw(row: ImprovementRow, *, why: str, seen: int, by: str, now: datetime) -> None:
    """It is not printed any more; staff go on seeing it as withdrawn. Raises NotPossible."""
    if row.state == State.WITHDRAWN:
        raise NotPossible
    _move(row, Act.WITHDRAWN, seen, by, now, why=why, state=State.WITHDRAWN.value)


def undo(row: ImprovementRow, *, seen: int, by: str, now: datetime) -> None:
    """A new version like the one before the last act. Raises NotPossible for an act that is not undone so."""
    last = _version(row.id, row.number)
    if Act(last.act) not in UNDOABLE:
        raise NotPossible
    before = _version(row.id, row.number - 1)
    _move(row, Act.UNDONE, seen, by, now, **{name: getattr(before, name) for name in _KEPT})


def _move(
    row: ImprovementRow, act: Act, seen: int, by: str, now: datetime, why: str = "", **values: Any
) -> None:
    """One statement both asks for the version that was seen and makes the next, so that one of two wins."""
    statement = update(ImprovementRow).where(ImprovementRow.id == row.id, ImprovementRow.number == seen)
    moved = db.session.execute(statement.values(number=seen + 1, **values))
    if moved.rowcount != 1:  # type: ignore[attr-defined]  # an update returns a cursor
        raise ChangedMeanwhile
    db.session.refresh(row)
    _keep_version(row, act, why=why, by=by, now=now)


def _keep_version(row: ImprovementRow, act: Act, *, why: str = "", by: str, now: datetime) -> None:
    """The trail says who did what to which; the words stay here."""
    words = {name: getattr(row, name) for name in _KEPT}
    db.session.add(
        ImprovementVersion(
            improvement=row.id, number=row.number, act=act.value, why=why, by=by, at=now, **words
        )
    )
    db.session.flush()
    details = {"version": row.number}
    record(f"improvement-{act.value}", by=by, subject=str(row.id), scope=row.agency, details=details, now=now)


def _version(improvement: UUID, number: int) -> ImprovementVersion:
    statement = select(ImprovementVersion).where(
        ImprovementVersion.improvement == improvement, ImprovementVersion.number == number
    )
    return db.session.scalars(statement).one()


def _folded(words: Words) -> str:
    return searchable(f"{words.shortcoming} {words.solution} {words.lead}")
