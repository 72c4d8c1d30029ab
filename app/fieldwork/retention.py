"""What becomes of visits and records when the time to review a round is over (ADR 17).

A visit and an answer share the village, the day, the language and who helped. Emptying the key alone would
leave a visit and an answer that only fit each other, so everything of it becomes coarse in the visit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, select, update

from app.config import Config
from app.extensions import db
from app.fieldwork.models import Device, InboxRecord, PromptFile, Round, Visit
from app.fieldwork.paper.models import PaperKeying, PaperTally
from app.fieldwork.prompts.keeping import take_turn, unused
from app.fieldwork.reports import arrived_of, waiting_in
from app.fieldwork.reviews.drawing import forget_first_visits
from app.fieldwork.reviews.models import Flag
from app.retention import Parting, Rule
from surveys.canonical import canonical_json
from surveys.periods import local_day, quarter_of_day

MINUTE = 60


def part_rounds(now: datetime) -> int:
    """Parts the visits of every round whose review is over; returns how many visits that were."""
    parted = 0
    for code, first_day in list(_to_part(local_day(now))):
        parted += db.session.scalar(select(func.count()).where(Visit.round == code)) or 0
        for day in db.session.scalars(select(Visit.day).where(Visit.round == code).distinct()).all():
            _part(code, day, max(first_day, quarter_of_day(day).first_day))
        forget_first_visits(code)
        # What was written about somebody's work has served its purpose; that there was a flag stays.
        db.session.execute(update(Flag).where(Flag.round == code).values(note=""))
        # What nobody has settled until now can count no more; doors that count have become numbers.
        for model in (PaperKeying, PaperTally):
            db.session.execute(delete(model).where(model.round == code))
        # A record aside holds the visit and the answer in one.
        db.session.execute(delete(InboxRecord).where(InboxRecord.round == code, InboxRecord.problem != ""))
        db.session.execute(update(Round).where(Round.code == code).values(parted_at=now))
    return parted


def forget_arrived(_now: datetime) -> int:
    """A report names records that wait; what has arrived since is the id of an answer, and goes."""
    changed = 0
    waiting = select(Device.id, Device.report).where(Device.report.is_not(None))
    for device, report in db.session.execute(waiting).all():
        ids = waiting_in(report)
        gone = arrived_of(ids)
        if gone:
            kept = json.loads(report or "{}") | {"waiting": [name for name in ids if name not in gone]}
            db.session.execute(update(Device).where(Device.id == device).values(report=canonical_json(kept)))
            changed += 1
    return changed


def _to_part(today: date) -> Iterator[tuple[str, date]]:
    rows = db.session.execute(
        select(Round.code, Round.first_day, Round.last_day, Round.review_days)
        .where(Round.parted_at.is_(None))
        .order_by(Round.code)
    )
    for code, first_day, last_day, review_days in rows.all():
        if today > last_day + timedelta(days=review_days):
            yield code, first_day


def _part(code: str, day: date, coarse: date) -> None:
    db.session.execute(
        update(Visit)
        .where(Visit.round == code, Visit.day == day)
        .values(
            answer_agency=None,
            answer_id=None,
            slip_hash=None,
            started_at=None,
            seconds=Visit.seconds - Visit.seconds % MINUTE,
            day=coarse,
            language="",
            helped=False,
        )
        .execution_options(synchronize_session=False)
    )


def _long_aside(config: Config, today: date) -> ColumnElement[bool]:
    oldest = datetime.combine(today, time(), UTC) - timedelta(days=1 + config.field_aside_days)
    return and_(InboxRecord.problem != "", InboxRecord.received_at < oldest)


partings = [Parting("field_visits", part_rounds), Parting("field_devices", forget_arrived)]
rules = [
    Rule(InboxRecord.metadata.tables["field_inbox"], "FIELD_ASIDE_DAYS", _long_aside),
    # Words and voices that were replaced: a telephone on its way may still ask for them until the night.
    Rule(
        PromptFile.metadata.tables["field_prompt_files"],
        "UNUSED",
        lambda _config, _today: unused(),
        before=lambda _expired, _today: take_turn(),
    ),
]
