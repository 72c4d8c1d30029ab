"""Records that lie aside: which, why, and from which telephone. Nobody reads what is in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from app.extensions import db
from app.fieldwork.judging import Reason
from app.fieldwork.models import Collector, Device, InboxRecord, Round
from app.fieldwork.reach import sees_record
from app.fieldwork.rules import UnknownRecord
from app.ui.paging import Page, paged

LEFT: Final = "left"
# Nothing can be counted of these, whatever is corrected around them.
HOPELESS: Final = frozenset({Reason.SEAL, Reason.UNREADABLE, Reason.OTHER_CONTENT, Reason.ROUND_PARTED})


@dataclass(frozen=True, slots=True)
class AsideLine:
    """A record, the telephone that sent it (none for one from a file) and its owner, and its round."""

    row: InboxRecord
    device: Device | None
    collector: Collector | None
    round: Round | None

    @property
    def may_be_taken(self) -> bool:
        """Whether taking it in can ever succeed; what still speaks against it is found out by trying."""
        return self.row.problem not in HOPELESS


def page_of_records(
    scopes: Collection[str], on: date, arguments: Mapping[str, str], *, left: bool = False, code: str = ""
) -> Page:
    """The longest waiting first; those that were left aside apart."""
    statement = _aside(scopes, on).where(
        InboxRecord.left_at.is_not(None) if left else InboxRecord.left_at.is_(None)
    )
    if code:
        statement = statement.where(InboxRecord.round == code)
    page = paged(statement, (InboxRecord.received_at, InboxRecord.id, InboxRecord.sha256), arguments)
    return Page([AsideLine(*row) for row in page.rows], page.earlier, page.later)


def get_record(record: UUID, sha256: str, scopes: Collection[str], on: date) -> AsideLine:
    """Raises UnknownRecord, also outside the scopes."""
    own = (InboxRecord.id == str(record), InboxRecord.sha256 == sha256)
    found = db.session.execute(_aside(scopes, on).where(*own)).one_or_none()
    if found is None:
        raise UnknownRecord(str(record))
    return AsideLine(*found)


def count_aside(scopes: Collection[str], on: date, code: str = "") -> int:
    """How many wait for a decision."""
    statement = select(func.count()).where(
        InboxRecord.problem != "", InboxRecord.left_at.is_(None), sees_record(scopes, on)
    )
    if code:
        statement = statement.where(InboxRecord.round == code)
    return db.session.scalar(statement) or 0


def _aside(scopes: Collection[str], on: date) -> Any:
    return (
        select(InboxRecord, Device, Collector, Round)
        .outerjoin(Device, Device.id == InboxRecord.device)
        .outerjoin(Collector, Collector.id == Device.collector)
        .outerjoin(Round, Round.code == InboxRecord.round)
        .where(InboxRecord.problem != "", sees_record(scopes, on))
    )
