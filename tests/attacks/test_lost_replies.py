"""The network takes every third reply away after the record was stored: rows are ids exactly."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.fieldwork.models import FieldReceipt, InboxRecord, Visit, VisitCount
from app.responding.models import Response
from tests.attacks.conftest import Drill
from tests.support.phones import Phone, a_phone, prepare, said

LOST = 0.3
SENDERS = 4


def test_rows_are_ids_exactly_when_replies_are_lost(app: Flask, drill: Drill) -> None:
    prepare(app)
    app.extensions["hailong"] = replace(
        app.extensions["hailong"], field_records_per_device=10**9, field_records_per_minute=10**9
    )
    phones = [a_phone(app) for _ in range(SENDERS)]
    each = drill.scaled(40, 5_000) // SENDERS
    work = [
        (phone, [phone.interview() if drill.draw.random() < 0.6 else phone.door() for _ in range(each)],
         [drill.draw.random() < LOST for _ in range(10 * each)])
        for phone in phones
    ]  # fmt: skip
    with ThreadPoolExecutor(SENDERS) as pool:
        told = [outcome for outcomes in pool.map(lambda one: sent(*one), work) for outcome in outcomes]
    interviews = {one["id"] for _phone, made, _lost in work for one in made if one["kind"] == "interview"}
    everything = {one["id"] for _phone, made, _lost in work for one in made}
    with app.app_context():
        answers = set(db.session.scalars(select(Response.id)))
        visits = set(db.session.scalars(select(Visit.answer_id)))
        receipts = set(db.session.scalars(select(FieldReceipt.id)))
        doors = db.session.scalar(select(func.sum(VisitCount.n)))
        waiting = db.session.scalar(select(func.count()).select_from(InboxRecord))
    outcomes = Counter(told)
    drill.report(n=len(everything), sends=len(told), lost=outcomes["lost"], known=outcomes["known"])
    assert answers == visits == interviews and receipts == everything
    assert doors == len(everything) - len(interviews) and waiting == 0
    # Every record was told of once at the end, and some of them only at their second or third try.
    assert outcomes["stored"] + outcomes["known"] == len(everything) and outcomes["known"] > 0


def sent(phone: Phone, records: list[dict[str, Any]], lost: list[bool]) -> list[str]:
    """A telephone sends each record until it has heard of it; `lost` are the replies that do not arrive."""
    outcomes = []
    fate = iter(lost)
    for record in records:
        body = phone.sealed(record)
        while True:
            reply = said(phone.send(body))[1]
            if not next(fate):
                outcomes.append(reply)
                break
            outcomes.append("lost")
    return outcomes
