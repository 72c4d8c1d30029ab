"""A real job worker imports what was uploaded; one that is killed half way leaves nothing half done."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from sqlalchemy import func, select

from app.accounts.roles import Role
from app.extensions import db
from app.responding.models import Response
from app.results.imports.actions import QUEUE
from app.results.imports.models import Import
from app.serving import worker_command
from app.transactions import transaction
from tests.conftest import TEST_KEY, lacking
from tests.support import citizens
from tests.support.accounts import enrolled, signed_in
from tests.support.postgres import free_port
from tests.support.staff import words
from tests.support.uploads import HOME, act, kept, key_of, sheet, state, table, upload

ROOT = Path(__file__).resolve().parents[3]
ROWS = 45_000
PATIENCE = 120
ASK = "import sys; from app.results.imports.jobs import import_answers; import_answers(sys.argv[1])"

Start = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def environment(app: Flask, tmp_path: Path) -> dict[str, str]:
    """With the queue of the test, asked by a process of its own as the web server is one."""
    found = {
        **os.environ, "HAILONG_ENV": "test", "SECRET_KEY": TEST_KEY, "DATA_DIR": str(tmp_path),
        "DATABASE_URL": app.extensions["hailong"].database_url,
    }  # fmt: skip

    def ask(key: UUID) -> None:
        subprocess.run([sys.executable, "-c", ASK, str(key)], cwd=ROOT, env=found, check=True)

    app.extensions[QUEUE] = ask
    return found


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Start]:
    workers: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        workers.append(subprocess.Popen(worker_command(), cwd=ROOT, env=environment))
        return workers[-1]

    yield begin
    for worker in workers:
        worker.kill()
        worker.wait()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """The address of a real server that keeps nothing on the disk."""
    program = shutil.which("redis-server")
    if program is None:
        lacking("redis-server")
    port = free_port()
    command = [
        program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path),
        "--daemonize", "no", "--loglevel", "warning",
    ]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        url = f"redis://127.0.0.1:{port}/0"
        with Redis.from_url(url, retry=Retry(ConstantBackoff(0.05), 200)) as client:
            client.ping()
        yield url
    finally:
        server.kill()
        server.wait()


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    citizens.prepare(app)
    now = datetime.now(UTC)
    return signed_in(app, enrolled(app, "lan@sonla.gov.vn", (Role.PROVINCE, "14"), now=now).id, now=now)


def wait(app: Flask, key: UUID, reached: Callable[[Import], bool]) -> Import:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        row = state(app, key)
        if reached(row):
            return row
        time.sleep(0.05)
    pytest.fail(f"the worker did not come so far: {state(app, key).done} of {ROWS}")


def stored(app: Flask) -> tuple[int, int]:
    """Answers, and different ones."""
    with app.app_context():
        counted = select(func.count(), func.count(Response.id.distinct()))
        return tuple(db.session.execute(counted).one())


def test_where_several_hosts_share_the_work_an_upload_waits_in_redis(
    app: Flask, desk: FlaskClient, start: Start, environment: dict[str, str], redis: str, tmp_path: Path
) -> None:
    environment["REDIS_URL"] = redis
    key = key_of(upload(desk, table([sheet(answered_at="2026-09-30") for _ in range(20)])))
    assert act(desk, f"{HOME}/{key}/chay").status_code == 303
    with Redis.from_url(redis) as client:
        waiting = client.lrange("huey.redis.hailong", 0, -1)
    assert len(waiting) == 1
    assert b"satisfaction" not in waiting[0]
    start()
    ended = wait(app, key, lambda row: row.ended_at is not None)
    assert (ended.problem, ended.failed) == (None, 0)
    assert stored(app) == (20, 20)
    assert not (tmp_path / "jobs.db").exists()


@pytest.mark.slow
def test_a_worker_killed_half_way_is_followed_by_another(app: Flask, desk: FlaskClient, start: Start) -> None:
    key = key_of(upload(desk, table([sheet(answered_at="2026-09-30") for _ in range(ROWS)])))
    assert act(desk, f"{HOME}/{key}/chay").status_code == 303
    worker = start()
    wait(app, key, lambda row: row.done > 0)
    worker.kill()
    worker.wait()
    half, different = stored(app)
    assert half == different
    assert 0 < half < ROWS
    assert half % 10_000 == 0
    with app.app_context(), transaction():
        row = db.session.scalars(select(Import).where(Import.id == key)).one()
        row.beat_at = datetime.now(UTC) - timedelta(minutes=3)
    assert "dừng giữa chừng" in desk.get(f"{HOME}/{key}").text
    assert act(desk, f"{HOME}/{key}/chay").status_code == 303
    start()
    ended = wait(app, key, lambda row: row.ended_at is not None)
    assert (ended.problem, ended.failed) == (None, 0)
    assert stored(app) == (ROWS, ROWS)
    assert ended.new + ended.known == ROWS
    assert "Đã nhập xong" in words(desk.get(f"{HOME}/{key}").text)
    wait(app, key, lambda _row: kept(app) == [])
