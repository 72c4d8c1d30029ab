"""Workers that import a file: one at a time, taken over when one dies, and never more than was allowed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.actions import disable
from app.accounts.identity import Grant
from app.accounts.queries import get_person
from app.accounts.roles import Role
from app.extensions import db
from app.responding.importing import actions
from app.responding.models import Response
from app.results.imports.models import Import
from app.results.imports.running import Turn, run
from app.transactions import transaction
from tests.support import citizens
from tests.support.accounts import NOW, member_client, write_grants
from tests.support.staff import words
from tests.support.uploads import HOME, act, kept, key_of, never, sheet, state, table, upload


@pytest.fixture(autouse=True)
def house(app: Flask, set_now: Callable[[datetime], None]) -> None:
    set_now(NOW)
    citizens.prepare(app)
    never(app)


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    return member_client(app, (Role.PROVINCE, "14"))


def asked(desk: FlaskClient, rows: int = 1) -> UUID:
    key = key_of(upload(desk, table([sheet() for _ in range(rows)])))
    assert act(desk, f"{HOME}/{key}/chay").status_code == 303
    return key


def turn(app: Flask, key: UUID) -> Turn:
    with app.app_context():
        return run(key)


def stored(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Response)) or 0


def test_what_died_half_way_is_recognised_and_goes_on_where_it_was(
    app: Flask, desk: FlaskClient, set_now: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = asked(desk, rows=25)
    monkeypatch.setattr(actions, "GROUP", 10)
    store, groups = actions.store_group, iter(range(100))

    def dies_at_the_second(*arguments: Any, **named: Any) -> Any:
        if next(groups) == 1:
            raise KeyboardInterrupt
        return store(*arguments, **named)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(actions, "store_group", dies_at_the_second)
        turn(app, key)
    assert stored(app) == 10
    running = words(desk.get(f"{HOME}/{key}").text)
    assert "Đang nhập" in running
    assert "10 trên 25 dòng" in running
    assert act(desk, f"{HOME}/{key}/chay").status_code == 409
    set_now(NOW + timedelta(minutes=2, seconds=1))
    stuck = words(desk.get(f"{HOME}/{key}").text)
    assert "dừng giữa chừng" in stuck
    assert "Nhập tiếp" in stuck
    assert act(desk, f"{HOME}/{key}/chay").status_code == 303
    assert turn(app, key) is Turn.TAKEN
    assert "Phiếu mới 25 Đã có từ trước 0 Bị loại 0" in words(desk.get(f"{HOME}/{key}").text)
    assert stored(app) == 25


def test_of_many_workers_one_takes_it_and_nobody_twice(app: Flask, desk: FlaskClient) -> None:
    key = asked(desk, rows=3)
    with ThreadPoolExecutor(4) as pool:
        turns = list(pool.map(lambda _n: turn(app, key), range(4)))
    assert turns.count(Turn.TAKEN) == 1
    assert turn(app, key) is Turn.NEVER
    assert turn(app, uuid4()) is Turn.NEVER
    assert stored(app) == 3


def test_one_import_at_a_time_and_the_one_that_waits_is_not_taken_for_dead(
    app: Flask, desk: FlaskClient, set_now: Callable[[datetime], None]
) -> None:
    first, second = asked(desk), asked(desk)
    with app.app_context(), transaction():
        row = db.session.scalars(select(Import).where(Import.id == first)).one()
        row.run, row.beat_at = uuid4(), NOW + timedelta(minutes=3)
    set_now(NOW + timedelta(minutes=3))
    assert turn(app, second) is Turn.LATER
    assert "Đang chờ đến lượt" in desk.get(f"{HOME}/{second}").text
    set_now(NOW + timedelta(minutes=6))
    assert turn(app, second) is Turn.TAKEN


def test_those_that_only_wait_keep_nobody_waiting(app: Flask, desk: FlaskClient) -> None:
    first, second = asked(desk), asked(desk)
    assert [turn(app, second), turn(app, first)] == [Turn.TAKEN, Turn.TAKEN]


def test_an_import_that_lives_is_not_taken_by_another_worker(app: Flask, desk: FlaskClient) -> None:
    key, worker = asked(desk), uuid4()
    with app.app_context(), transaction():
        row = db.session.scalars(select(Import).where(Import.id == key)).one()
        row.run, row.beat_at = worker, NOW
    assert turn(app, key) is Turn.NEVER
    assert state(app, key).run == worker and stored(app) == 0


def test_a_worker_that_was_overtaken_stops_and_leaves_the_end_to_the_other(
    app: Flask, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = asked(desk, rows=25)
    monkeypatch.setattr(actions, "GROUP", 10)
    store = actions.store_group

    def meanwhile(*arguments: Any, **named: Any) -> Any:
        outcomes = store(*arguments, **named)
        with transaction():
            db.session.scalars(select(Import).where(Import.id == key)).one().run = uuid4()
        return outcomes

    monkeypatch.setattr(actions, "store_group", meanwhile)
    assert turn(app, key) is Turn.NEVER
    assert state(app, key).ended_at is None
    assert [path.name for path in kept(app)] == [f"{key}.csv"]


@pytest.mark.parametrize("lost", ["disabled", "moved", "demoted"])
def test_whoever_has_lost_the_right_since_imports_nothing(app: Flask, desk: FlaskClient, lost: str) -> None:
    key = asked(desk)
    person = state(app, key).person
    with app.app_context(), transaction():
        if lost == "disabled":
            disable(get_person(person), by="command:test", now=NOW)
        else:
            grant = Grant(Role.PROVINCE, "31") if lost == "moved" else Grant(Role.AUDITOR, "14")
            write_grants(person, [grant])
    turn(app, key)
    assert "không còn quyền" in (state(app, key).problem or "")
    assert stored(app) == 0


def test_whoever_reaches_further_imports_no_more_than_the_upload_was_for(
    app: Flask, desk: FlaskClient
) -> None:
    key = key_of(upload(desk, table([sheet(), sheet(agency="31-SNV")])))
    ministry = member_client(app, (Role.MINISTRY, "nation"), email="bo@bo.vn")
    act(ministry, f"{HOME}/{key}/chay")
    turn(app, key)
    row = state(app, key)
    assert (row.new, row.failed) == (1, 1)
