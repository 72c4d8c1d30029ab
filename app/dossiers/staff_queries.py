"""Batches of links as staff see them: what each stands for and how many links nobody has used yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select

from app.directory.scopes import agency_condition
from app.directory.staff_queries import names_of_agencies, names_of_procedures, provinces_of_agencies
from app.dossiers.models import Link, LinkBatch
from app.dossiers.queries import UnknownBatch
from app.extensions import db
from app.thresholds.queries import thresholds_of
from app.ui.paging import Page, paged

SOON: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class BatchRow:
    """`unspent` is None where so few were issued that one could follow single people."""

    id: str
    agency: str
    agency_name: str
    province_name: str
    procedure: str | None
    procedure_name: str
    questionnaire: str
    phase: str
    channel: str
    quarter: str
    issued: int
    unspent: int | None
    expires_on: date
    revoked: bool

    def is_over(self, today: date) -> bool:
        return self.revoked or self.expires_on < today


def page_of_batches(
    scopes: Collection[str], on: date, arguments: Mapping[str, str], *, usable: bool, agency: str = ""
) -> Page:
    """Those that end last come first. `usable` leaves out what has expired or was revoked."""
    statement = select(LinkBatch).where(agency_condition(scopes, on, LinkBatch.agency))
    if usable:
        statement = statement.where(LinkBatch.expires_on >= on, LinkBatch.revoked.is_(False))
    if agency:
        statement = statement.where(LinkBatch.agency == agency)
    page = paged(statement, (LinkBatch.expires_on, LinkBatch.id), arguments, descending=True)
    return Page(_rows([batch for (batch,) in page.rows], on), page.earlier, page.later)


def get_batch_row(batch: str, scopes: Collection[str], on: date) -> BatchRow:
    """Raises UnknownBatch, also outside the scopes."""
    statement = select(LinkBatch).where(LinkBatch.id == batch, agency_condition(scopes, on, LinkBatch.agency))
    found = db.session.scalar(statement)
    if found is None:
        raise UnknownBatch(batch)
    return _rows([found], on)[0]


def count_expiring(scopes: Collection[str], on: date) -> int:
    """Batches with unused links that can be used for a week more at most."""
    statement = _count(
        agency_condition(scopes, on, LinkBatch.agency),
        LinkBatch.expires_on.between(on, on + SOON),
        LinkBatch.revoked.is_(False),
        select(Link.batch).where(Link.batch == LinkBatch.id, Link.spent.is_(False)).exists(),
    )
    return db.session.scalar(statement) or 0


def _count(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select(func.count()).select_from(LinkBatch).where(*conditions)


def _rows(batches: Sequence[LinkBatch], on: date) -> list[BatchRow]:
    unspent = _unspent([batch.id for batch in batches])
    minimum = {quarter: thresholds_of(quarter).disclosure for quarter in {b.quarter for b in batches}}
    names = names_of_agencies({batch.agency for batch in batches}, on)
    provinces = provinces_of_agencies({batch.agency for batch in batches}, on)
    procedures = names_of_procedures({batch.procedure for batch in batches if batch.procedure})
    return [
        _row(
            batch,
            unspent.get(batch.id, 0),
            names.get(batch.agency, batch.agency),
            provinces.get(batch.agency, ""),
            procedures.get(batch.procedure or "", ""),
            minimum[batch.quarter],
        )
        for batch in batches
    ]


def _unspent(batches: Sequence[str]) -> dict[str, int]:
    statement = (
        select(Link.batch, func.count())
        .where(Link.batch.in_(batches), Link.spent.is_(False))
        .group_by(Link.batch)
    )
    return dict(db.session.execute(statement).all())


def _row(
    batch: LinkBatch, unspent: int, agency_name: str, province_name: str, procedure_name: str, minimum: int
) -> BatchRow:
    return BatchRow(
        id=batch.id,
        agency=batch.agency,
        agency_name=agency_name,
        province_name=province_name,
        procedure=batch.procedure,
        procedure_name=procedure_name,
        questionnaire=f"{batch.questionnaire} {batch.version}",
        phase=batch.phase,
        channel=batch.channel,
        quarter=batch.quarter,
        issued=batch.issued,
        unspent=unspent if batch.issued >= minimum else None,
        expires_on=batch.expires_on,
        revoked=batch.revoked,
    )
