"""Fills an empty database with illustration, and marks it as such for ever."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import insert, select

from app.audit.actions import record
from app.catalogue.queries import get_questionnaire
from app.demo.profiles import FIRST_QUARTER, FIRST_QUARTERS, generator
from app.demo.sheets import Source, invent_quarter
from app.demo.voices import fill_voices
from app.directory.models import Procedure
from app.directory.queries import list_agencies, list_procedures_of
from app.dossiers.models import Link, LinkBatch
from app.extensions import db
from app.installation import HoldsRealData, is_demonstration, mark_as_demonstration
from app.responding.models import Response
from app.responding.records import COLUMNS, ResponseRecord
from surveys.periods import Quarter, last_quarters, local_day, quarter_of
from surveys.scoring import Channel, Phase

# The provinces of the four provincial plans: Sơn La, Thái Nguyên, Hải Phòng, Quảng Ngãi.
PROVINCES = ("14", "19", "31", "51")
QUESTIONNAIRE = ("COT_LOI", "1.0")
BATCH = 5_000
QUARTERS_BACK = 40


@dataclass(frozen=True)
class Filled:
    agencies: int
    responses: int
    quarters: int


def fill(*, by: str, now: datetime, progress: Callable[[int], None] = lambda _count: None) -> Filled | None:
    """Invents everything up to `now`; None where the database has been filled before.

    Raises HoldsRealData where answers are stored, or links issued, that are not illustration.
    """
    filled = is_demonstration()
    answered = db.session.scalar(select(Response.id).limit(1)) is not None
    if filled and answered:
        return None
    if not filled and (answered or db.session.scalar(select(LinkBatch.id).limit(1)) is not None):
        raise HoldsRealData
    today = local_day(now)
    mark_as_demonstration(marked_on=today.isoformat())
    sources = list(_sources(today))
    recent = last_quarters(quarter_of(now), QUARTERS_BACK)
    quarters = [quarter for quarter in recent if quarter >= FIRST_QUARTER]
    count = 0
    for quarter in quarters:
        for source in sources:
            if quarter >= FIRST_QUARTERS.get(source.kind, FIRST_QUARTER):
                count += _invent(source, quarter, today)
        progress(count)
    fill_voices([source.code for source in sources if source.kind != "commune"], quarters, by=by, now=now)
    details = {"responses": count}
    record("demonstration-filled", by=by, subject="installation", scope="nation", details=details, now=now)
    return Filled(len(sources), count, len(quarters))


def _sources(today: date) -> Iterator[Source]:
    known = set(db.session.scalars(select(Procedure.code)))
    for province in PROVINCES:
        for agency in list_agencies(province, today):
            procedures = [view.code for view in list_procedures_of(agency.code) if view.code in known]
            yield Source(agency.code, agency.kind, tuple(procedures))


def _invent(source: Source, quarter: Quarter, today: date) -> int:
    form = get_questionnaire(*QUESTIONNAIRE)
    first = FIRST_QUARTERS.get(source.kind, FIRST_QUARTER)
    records = list(invent_quarter(source, quarter, first, form, today))
    for rows in _batched((_row(sheet) for sheet in records), BATCH):
        db.session.execute(insert(Response), rows)
    _invent_links(source, quarter, records)
    return len(records)


def _row(record: ResponseRecord) -> dict[str, object]:
    return {column: getattr(record, column) for column in COLUMNS}


def _invent_links(source: Source, quarter: Quarter, records: list[ResponseRecord]) -> None:
    """The batches of links that those answers came by, with the unspent ones only as a number."""
    draw = generator("links", source.code, quarter.code)
    for phase in Phase:
        spent = sum(r.channel == Channel.LINK and r.phase == phase for r in records)
        if not spent:
            continue
        batch = secrets.token_hex(16)
        db.session.execute(
            insert(LinkBatch),
            {
                "id": batch,
                "agency": source.code,
                "procedure": None,
                "questionnaire": QUESTIONNAIRE[0],
                "version": QUESTIONNAIRE[1],
                "phase": phase.value,
                "channel": Channel.LINK.value,
                "quarter": quarter.code,
                "issued": round(spent / draw.uniform(0.12, 0.45)),
                "expires_on": quarter.last_day + timedelta(days=30),
                "revoked": False,
            },
        )
        links = [{"token_hash": secrets.token_bytes(32), "batch": batch, "spent": True} for _ in range(spent)]
        db.session.execute(insert(Link), links)


def _batched(rows: Iterable[dict[str, object]], size: int) -> Iterator[list[dict[str, object]]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch
