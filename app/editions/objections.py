"""What an agency or a province says against its figures in a draft. Nothing here commits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select, update

from app.accounts.identity import NATION_SCOPE
from app.accounts.places import find_places
from app.accounts.reach import covers
from app.audit.actions import record
from app.editions.listing import frozen
from app.editions.models import Edition, Objection
from app.editions.rules import AlreadyAnswered, NoLongerDraft, UnknownObjection
from app.extensions import db
from app.results.source import UnknownPlace
from surveys.figures import NATION


def object_to(edition: Edition, place: str, text: str, *, by: str, now: datetime) -> UUID:
    """Raises NoLongerDraft, and UnknownPlace for one that has no figures of its own in the edition."""
    if edition.published_at is not None:
        raise NoLongerDraft
    if place == NATION or frozen(edition).find(place, brief=True) is None:
        raise UnknownPlace(place)
    row = Objection(
        id=uuid4(), edition=edition.code, agency=place, text=text, written_by=by, written_at=now
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    # The trail holds ids only: what people write stays in its table.
    details = {"of": edition.code}
    record("objection-written", by=by, subject=str(row.id), scope=place, details=details, now=now)
    return row.id


def answer(edition: Edition, objection: UUID, text: str, *, by: str, now: datetime) -> None:
    """Raises UnknownObjection or AlreadyAnswered."""
    row = db.session.get(Objection, objection)
    if row is None or row.edition != edition.code:
        raise UnknownObjection(str(objection))
    # One statement both asks and decides, so that of several at once exactly one wins.
    answered = db.session.execute(
        update(Objection)
        .where(Objection.id == objection, Objection.answer.is_(None))
        .values(answer=text, answered_by=by, answered_at=now)
    )
    if answered.rowcount != 1:  # type: ignore[attr-defined]  # a Result of an UPDATE has it
        raise AlreadyAnswered
    details = {"of": edition.code}
    record("objection-answered", by=by, subject=str(objection), scope=row.agency, details=details, now=now)


def list_objections(edition: str, scopes: Collection[str]) -> Sequence[Objection]:
    """Those about places within the scopes; the unanswered ones first, the oldest first."""
    order = (Objection.answer.is_not(None), Objection.written_at, Objection.id)
    rows = db.session.scalars(select(Objection).where(Objection.edition == edition).order_by(*order)).all()
    places = find_places({row.agency for row in rows})
    return [row for row in rows if covers(scopes, row.agency, places)]


def count_waiting(scopes: Collection[str]) -> int:
    """Objections to drafts that wait for an answer of whoever answers for the nation."""
    if NATION_SCOPE not in scopes:
        return 0
    statement = (
        select(func.count())
        .select_from(Objection)
        .join(Edition, Edition.code == Objection.edition)
        .where(Objection.answer.is_(None), Edition.published_at.is_(None))
    )
    return db.session.scalar(statement) or 0
