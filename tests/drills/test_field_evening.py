"""An evening with network: the telephones of a province send what they have gathered for days, all at once.

Seconds are measured and printed, and nothing is asserted of them.
"""

from __future__ import annotations

import json
import os
import random
import statistics
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.fieldwork.models import FieldReceipt, InboxRecord, Round, Visit, VisitCount
from app.fieldwork.sealing import seal_keys
from app.responding.models import Response
from tests.browser.conftest import wait_until_ready
from tests.support.field_senders import Sender, all_send
from tests.support.phones import ROUND, Phone, change, many_phones, prepare
from tests.support.postgres import free_port
from tests.support.serving import environment_of, flask_command, killed, started

WHOLE = os.environ.get("DRILL") == "whole"
PHONES, RECORDS, WITHIN = (2_000, 50, 60.0) if WHOLE else (120, 3, 1.0)
# A few telephones are a crowd only where few have room.
ROOM = {} if WHOLE else {"FIELD_RECORDS_AT_ONCE": "4"}


@pytest.mark.slow
def test_everything_lands_once(app: Flask, tmp_path: Path) -> None:
    prepare(app)
    # The server goes by the clock of the machine.
    today = datetime.now(UTC).date()
    change(app, Round, ROUND, first_day=today - timedelta(days=10), last_day=today + timedelta(days=10))
    phones, draw = many_phones(app, PHONES), random.Random(2026)
    with app.app_context():
        public = seal_keys()[0].public
    made = [_made(phone, public, draw) for phone in phones]
    port = free_port()
    environment = environment_of(app, tmp_path, **ROOM)
    process = started(flask_command("serve", "--port", str(port), "--workers", "2"), environment)
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", process)
        senders = [Sender(phone.token, bodies) for phone, (_ids, bodies) in zip(phones, made, strict=True)]
        evening = all_send(port, senders, within=WITHIN, draw=draw)
    finally:
        killed(process)
    ids = {name for names, _bodies in made for name in names}
    with app.app_context():
        receipts = set(db.session.scalars(select(FieldReceipt.id)))
        answers = db.session.scalar(select(func.count()).select_from(Response)) or 0
        visits = db.session.scalar(select(func.count()).select_from(Visit)) or 0
        doors = db.session.scalar(select(func.sum(VisitCount.n))) or 0
        inbox = db.session.scalar(select(func.count()).select_from(InboxRecord)) or 0
    seconds = sorted(evening.seconds)
    print(json.dumps({
        "drill": "field evening", "database": db_name(app), "phones": PHONES, "n": len(ids),
        "statuses": dict(evening.statuses), "states": dict(evening.states), "broken": evening.broken,
        "seconds": round(seconds[-1], 1), "median": round(statistics.median(seconds), 1),
        "per_second": round(len(seconds) / seconds[-1], 1),
        "answered_in": {
            "median": round(statistics.median(evening.answered_in), 2),
            "99 %": round(sorted(evening.answered_in)[len(evening.answered_in) * 99 // 100], 2),
            "most": round(max(evening.answered_in), 2),
        },
    }))  # fmt: skip
    assert receipts == ids and inbox == 0
    assert answers == visits and answers + doors == len(ids)
    assert {201, 429} <= set(evening.statuses) <= {200, 201, 429, 503}


def _made(phone: Phone, public: bytes, draw: random.Random) -> tuple[list[str], list[bytes]]:
    phone.public = public
    records = [phone.interview() if draw.random() < 0.6 else phone.door() for _ in range(RECORDS)]
    return [one["id"] for one in records], [phone.sealed(one) for one in records]


def db_name(app: Flask) -> str:
    with app.app_context():
        return db.engine.dialect.name
