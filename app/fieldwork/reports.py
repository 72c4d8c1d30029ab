"""What a telephone says of itself, and what it still holds that never arrived."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update

from app.extensions import db
from app.fieldwork.models import Device, FieldReceipt, InboxRecord
from app.fieldwork.records import UUID4
from surveys.canonical import canonical_json
from surveys.questions import has_control

MOST_WAITING: Final = 200
MOST_LOST: Final = 500
MOST_APP: Final = 40
_NUMBERS: Final = ("created", "ready", "acknowledged", "usage", "quota")
_MOST: Final = 2**53


class BadReport(ValueError):
    """Not what a telephone of ours says of itself."""


def read_report(data: object) -> str:
    """The report as canonical JSON with the keys of ADR 17 and no other. Raises BadReport."""
    if not isinstance(data, dict):
        raise BadReport
    numbers = {name: data.get(name, 0) for name in _NUMBERS}
    if any(type(value) is not int or not 0 <= value <= _MOST for value in numbers.values()):
        raise BadReport
    waiting, app, persisted = data.get("waiting", []), data.get("app", ""), data.get("persisted", False)
    if not isinstance(app, str) or len(app) > MOST_APP or has_control(app) or not isinstance(persisted, bool):
        raise BadReport
    if not isinstance(waiting, list) or len(waiting) > MOST_WAITING or not all(map(_is_id, waiting)):
        raise BadReport
    return canonical_json({**numbers, "waiting": sorted(set(waiting)), "persisted": persisted, "app": app})


def keep_report(device: UUID, report: str, *, now: datetime) -> None:
    """The last report takes the place of the one before. Does not commit.

    What was named before and has not arrived goes on being named: a telephone lets a record go when it has
    arrived, so that one which is silent about it has been cleared meanwhile, or does not tell the truth.
    """
    before = waiting_in(db.session.scalar(select(Device.report).where(Device.id == device)))
    said = waiting_in(report)
    lost = sorted(set(before) - set(said) - arrived_of(before))
    kept = json.loads(report) | {"waiting": sorted([*said, *lost[:MOST_LOST]])}
    db.session.execute(
        update(Device)
        .where(Device.id == device)
        .values(report=canonical_json(kept), reported_at=now)
        .execution_options(synchronize_session=False)
    )


def missing_from(devices: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The records that each telephone says it holds and that have not arrived: neither counted nor aside."""
    rows = db.session.execute(select(Device.id, Device.report).where(Device.id.in_(list(devices))))
    waiting = {device: waiting_in(report) for device, report in rows}
    arrived = arrived_of({record_id for ids in waiting.values() for record_id in ids})
    return {device: tuple(name for name in ids if name not in arrived) for device, ids in waiting.items()}


def waiting_in(report: str | None) -> list[str]:
    """The ids that a kept report names."""
    kept: Mapping[str, Any] = json.loads(report) if report else {}
    return list(kept.get("waiting", []))


def arrived_of(ids: Collection[str]) -> set[str]:
    """Those of the ids that were counted, or that lie in the inbox."""
    wanted = sorted(ids)
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        for model in (FieldReceipt, InboxRecord):
            found.update(db.session.scalars(select(model.id).where(model.id.in_(part))))
    return found


def _is_id(value: object) -> bool:
    return isinstance(value, str) and UUID4.fullmatch(value) is not None
