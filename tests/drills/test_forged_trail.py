"""One event of ten thousand is changed by somebody who owns the database: it is found every time."""

from __future__ import annotations

import json
import random

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.audit.chain import Break, Head, Link, linked
from app.audit.queries import get_head, verify
from tests.support.audit import chain_of, forge, store_chain

EVENTS = 10_000
TRIES = 100
COLUMNS = [name for name in Link._fields if name != "position"]


@pytest.fixture
def kept(session: Session) -> Head:
    store_chain(chain_of(EVENTS))
    return get_head()


@pytest.mark.slow
def test_one_altered_event_of_ten_thousand_is_found_every_time(session: Session, kept: Head) -> None:
    draw = random.Random(35)
    found = 0
    for _ in range(TRIES):
        place, column = draw.randint(1, EVENTS), draw.choice(COLUMNS)
        select = text(f'SELECT "{column}" FROM audit_events WHERE position = {place}')
        before = session.execute(select).scalar_one()
        at = draw.randrange(len(before))
        after = before[:at] + ("0" if before[at] != "0" else "1") + before[at + 1 :]
        forge(f"UPDATE audit_events SET \"{column}\" = '{after}' WHERE position = {place}")
        verdict = verify()
        session.rollback()
        found += (verdict.broken_at, verdict.reason) == (place, Break.ALTERED)
        forge(f"UPDATE audit_events SET \"{column}\" = '{before}' WHERE position = {place}")
    print(json.dumps({"drill": "altered event", "events": EVENTS, "n": TRIES, "found": found}))
    assert found == TRIES
    assert verify(kept).reason is None


@pytest.mark.slow
def test_one_deleted_event_and_every_cut_end_are_found(session: Session, kept: Head) -> None:
    draw = random.Random(36)
    for place in sorted(draw.sample(range(2, EVENTS), TRIES), reverse=True):
        forge(f"DELETE FROM audit_events WHERE position = {place}")
        assert (verify().broken_at, verify().reason) == (place, Break.MISSING)
        session.rollback()
        forge(f"DELETE FROM audit_events WHERE position > {place}")
        assert verify().reason is None
        assert (verify(kept).broken_at, verify(kept).reason) == (place, Break.HEAD_LOST)
        session.rollback()


@pytest.mark.slow
def test_one_inserted_event_is_found_every_time(session: Session, kept: Head) -> None:
    """One in the place of another, made with care: its hash is right, and it names the one before it."""
    draw, found = random.Random(37), 0
    rows = {row.position: row for row in session.execute(text("SELECT * FROM audit_events"))}
    for _ in range(TRIES):
        place = draw.randint(2, EVENTS - 1)
        before = Head(place - 1, rows[place - 1].hash)
        forged = linked(
            before, at=rows[place].at, by="person-9", action="links-issued", subject="batch-x",
            scope="14-SKHCN", details="{}",
        )  # fmt: skip
        forge(f"DELETE FROM audit_events WHERE position = {place}", inserting(forged))
        verdict = verify()
        session.rollback()
        found += (verdict.broken_at, verdict.reason) == (place + 1, Break.UNLINKED)
        original = Link(**rows[place]._mapping)
        forge(f"DELETE FROM audit_events WHERE position = {place}", inserting(original))
    print(json.dumps({"drill": "inserted event", "events": EVENTS, "n": TRIES, "found": found}))
    assert found == TRIES
    assert verify(kept).reason is None


def inserting(link: Link) -> str:
    names = ", ".join(f'"{name}"' for name in Link._fields)
    values = ", ".join(f"'{value}'" for value in link)
    return f"INSERT INTO audit_events ({names}) VALUES ({values})"
