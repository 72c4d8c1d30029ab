"""After the nightly rewrite, nothing that is stored leads from a link to its answer, or back."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.engine import make_url

from app import extensions
from app.dossiers.models import Link, LinkBatch
from app.extensions import db
from app.responding.rewriting import StillRead, rewrite_tables
from app.responding.store import Outcome, response_store
from app.results.queries import prepare
from app.transactions import transaction
from tests.attacks.conftest import Drill
from tests.support import citizens
from tests.support.citizens import NOW
from tests.support.records import record
from tests.support.relinking import Pair, relinked

CELL = 20
# As often as the service counts every minute, seen from somebody who answers.
FOLDED_EVERY = 40
CHANCE = (0.45, 0.55)


def issued(draw: random.Random, cells: int) -> Iterator[tuple[int, date, str, bytes]]:
    """Batches of links, and in which order people come: mixed over all cells of a day."""
    waiting = []
    for cell in range(cells):
        batch, day = f"{draw.getrandbits(128):032x}", date(2026, 11, 1) + timedelta(days=cell // 4)
        db.session.add(
            LinkBatch(
                id=batch,
                agency=citizens.AGENCY,
                procedure=citizens.PROCEDURE,
                questionnaire="COT_LOI",
                version="1.0",
                phase="after-result",
                channel="link",
                quarter="2026-Q4",
                issued=CELL,
                expires_on=date(2026, 12, 31),
                revoked=False,
            )
        )
        db.session.flush()
        for _link in range(CELL):
            token_hash = hashlib.sha256(draw.randbytes(16)).digest()
            db.session.add(Link(token_hash=token_hash, batch=batch))
            waiting.append((cell, day, batch, token_hash))
    db.session.flush()
    draw.shuffle(waiting)
    yield from sorted(waiting, key=lambda one: one[1])


def answered(app: Flask, drill: Drill, cells: int) -> list[Pair]:
    """Everybody answers, one after the other, which is best for who attacks."""
    citizens.prepare(app)
    with transaction():
        coming = list(issued(drill.draw, cells))
    pairs = []
    for number, (cell, day, _batch, token_hash) in enumerate(coming):
        identity = str(UUID(int=drill.draw.getrandbits(128), version=4))
        answer = record(id=identity, procedure=citizens.PROCEDURE, channel="link", day=day)
        assert response_store(app).store(answer, token_hash) is Outcome.NEW
        pairs.append(Pair(cell, identity, token_hash))
        if number % FOLDED_EVERY == FOLDED_EVERY - 1:
            prepare(NOW)
    return pairs


@contextmanager
def reading(app: Flask) -> Iterator[None]:
    """A reader who stays, such as an export: until it ends, the log of SQLite holds every transaction."""
    if not app.extensions["hailong"].is_sqlite:
        yield
        return
    reader = db.engine.raw_connection()
    try:
        reader.cursor().execute("BEGIN")
        reader.cursor().execute("SELECT count(*) FROM links").fetchall()
        yield
    finally:
        reader.rollback()
        reader.close()


@pytest.fixture
def superuser(request: pytest.FixtureRequest, app: Flask) -> str:
    """Whoever owns the whole cluster of PostgreSQL and passes by every policy; nobody on SQLite."""
    config = app.extensions["hailong"]
    if config.is_sqlite:
        return ""
    return f"{request.getfixturevalue('postgres_server')}{make_url(config.database_url).database}"


def test_answers_are_not_found_again_by_their_links(
    app: Flask, drill: Drill, tmp_path: Path, capfd: pytest.CaptureFixture[str], superuser: str
) -> None:
    with app.app_context():
        with reading(app):
            pairs = answered(app, drill, drill.scaled(10, 100))
            before = relinked(pairs, tmp_path, superuser)
        rewrite_tables()
        after = relinked(pairs, tmp_path, superuser)
    logged = capfd.readouterr()
    worst = max(after, key=lambda name: abs(after[name] - 0.5))
    best = max(before, key=lambda name: abs(before[name] - 0.5))
    drill.report(
        n=len(pairs), database=db_name(app), traces=len(after),
        before={best: round(before[best], 3)}, after={worst: round(after[worst], 3)},
    )  # fmt: skip
    # The attack is not blind: without the rewrite it finds what it looks for.
    assert abs(before[best] - 0.5) > 0.2, before
    low, high = CHANCE
    assert {name: value for name, value in after.items() if not low <= value <= high} == {}
    said = logged.out + logged.err
    assert not any(pair.answer in said or pair.token_hash.hex() in said for pair in pairs)


def db_name(app: Flask) -> str:
    with app.app_context():
        return db.engine.dialect.name


def test_a_rewrite_that_cannot_empty_the_log_says_so(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL waits for readers itself."""
    if not app.extensions["hailong"].is_sqlite:
        return
    with app.app_context():
        monkeypatch.setattr(extensions, "BUSY_MILLISECONDS", 100)
        db.engine.dispose()
        with reading(app):
            citizens.prepare(app)
            with pytest.raises(StillRead):
                rewrite_tables()
        rewrite_tables()
