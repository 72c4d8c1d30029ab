"""Sessions end when they should, at once and in every worker, and none comes back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from app import create_app, walls
from app.accounts import sessions
from app.accounts.actions import change_grants, disable, reset
from app.accounts.identity import Grant
from app.accounts.models import StaffSession
from app.accounts.queries import get_person
from app.accounts.roles import Role
from app.extensions import db
from app.transactions import transaction
from tests.support.accounts import COOKIE, NOW, Member, enrolled, send, signed_in

PAGE = "/quan-tri/phien"


def is_in(client: FlaskClient) -> bool:
    return client.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("role", "idle", "absolute"),
    [(Role.MINISTRY, 30, 720), (Role.TEAM_LEAD, 30, 720), (Role.AUDITOR, 15, 480), (Role.OPERATOR, 15, 480)],
)
def test_a_session_ends_after_rest_and_after_a_day_of_work(
    app: Flask, set_now: Callable[[datetime], None], role: Role, idle: int, absolute: int
) -> None:
    member = enrolled(app, "lan@bo.vn", (role, "nation"))
    resting = signed_in(app, member.id)
    set_now(NOW + timedelta(minutes=idle, seconds=-1))
    assert is_in(resting)
    set_now(NOW + timedelta(minutes=2 * idle, seconds=-1))
    assert not is_in(resting)
    working = signed_in(app, member.id)
    for minute in range(5, absolute, 10):
        set_now(NOW + timedelta(minutes=minute))
        assert is_in(working)
    set_now(NOW + timedelta(minutes=absolute, seconds=-1))
    assert is_in(working)
    set_now(NOW + timedelta(minutes=absolute))
    assert not is_in(working)


def test_who_holds_two_roles_has_the_stricter_limits(app: Flask, set_now: Callable[[datetime], None]) -> None:
    member = enrolled(app, "lan@bo.vn", (Role.MINISTRY, "nation"), (Role.OPERATOR, "nation"))
    client = signed_in(app, member.id)
    set_now(NOW + timedelta(minutes=15))
    assert not is_in(client)


def test_the_limits_are_configuration(app: Flask, set_now: Callable[[datetime], None]) -> None:
    config = app.extensions["hailong"]
    app.extensions["hailong"] = replace(config, staff_session_minutes={"default": (5, 60)})
    client = signed_in(app, enrolled(app).id)
    set_now(NOW + timedelta(minutes=5))
    assert not is_in(client)


def disabled(app: Flask, member: Member) -> None:
    with app.app_context(), transaction():
        disable(get_person(member.id), by="command:test", now=NOW)


def was_reset(app: Flask, member: Member) -> None:
    with app.app_context(), transaction():
        reset(get_person(member.id), lost_authenticator=False, by="command:test", now=NOW)


def got_other_rights(app: Flask, member: Member) -> None:
    with app.app_context(), transaction():
        person, grants = get_person(member.id), [Grant(Role.AUDITOR, "14")]
        change_grants(person, grants, seen="ministry:nation", by="command:test", now=NOW)


@pytest.mark.parametrize("act", [disabled, was_reset, got_other_rights])
def test_what_happens_to_a_person_ends_the_sessions_in_every_worker(
    app: Flask, act: Callable[[Flask, Member], None]
) -> None:
    member = enrolled(app)
    one = signed_in(app, member.id)
    other_worker = create_app(app.extensions["hailong"])
    other_worker.extensions["clock"] = app.extensions["clock"]
    two = other_worker.test_client()
    cookie = one.get_cookie(COOKIE)
    assert cookie is not None
    two.set_cookie(COOKIE, cookie.value)
    assert is_in(one)
    assert is_in(two)
    act(app, member)
    assert not is_in(one)
    assert not is_in(two)
    with other_worker.app_context():
        db.engine.dispose()


def test_a_disabled_person_is_out_even_if_a_session_were_left(app: Flask) -> None:
    member = enrolled(app)
    with app.app_context(), transaction():
        disable(get_person(member.id), by="command:test", now=NOW)
    assert not is_in(signed_in(app, member.id))


def test_a_late_note_of_a_click_never_revives_a_session(app: Flask) -> None:
    """A thousand times: the session is read, ended elsewhere, and only then the click is written."""
    member = enrolled(app)
    later = NOW + timedelta(minutes=5)
    with app.test_request_context():
        # As far as the guard lets every request of staff reach before it knows who it is.
        walls.set_reach(walls.ENTRANCE)
        for _ in range(100):
            token = sessions.begin(member.id, second_factor=True, now=NOW)
            visit = sessions.find_visit(token, now=later)
            assert visit is not None
            db.session.execute(delete(StaffSession))
            assert sessions.note_click(visit, now=later)
            assert db.session.scalar(select(func.count()).select_from(StaffSession)) == 0


def test_ending_wins_over_clicks_at_the_same_time(app: Flask, set_now: Callable[[datetime], None]) -> None:
    member = enrolled(app)
    clients = [signed_in(app, member.id) for _ in range(8)]
    set_now(NOW + timedelta(minutes=5))

    def click(client: FlaskClient) -> None:
        for _ in range(5):
            client.get(PAGE)

    with ThreadPoolExecutor(9) as pool:
        clicks = [pool.submit(click, client) for client in clients]
        with app.app_context(), transaction():
            sessions.end_all(member.id)
        for done in clicks:
            done.result()
    assert not any(is_in(client) for client in clients)


def test_own_sessions_are_listed_and_one_is_ended(app: Flask) -> None:
    member = enrolled(app)
    here, there = signed_in(app, member.id), signed_in(app, member.id)
    page = here.get(PAGE).text
    assert page.count("Chrome, Windows") >= 2
    with app.app_context():
        rows = sessions.list_sessions(member.id, now=NOW)
        visit = sessions.find_visit(there.get_cookie(COOKIE).value, now=NOW)
    assert len(rows) == 2
    assert visit is not None
    ended = send(here, f"{PAGE}/{visit.session}/ket-thuc", page=PAGE)
    assert ended.status_code == 303
    assert is_in(here)
    assert not is_in(there)


def test_nobody_ends_the_session_of_another_person(app: Flask) -> None:
    one, other = enrolled(app), enrolled(app, "minh@bo.vn")
    client, victim = signed_in(app, one.id), signed_in(app, other.id)
    with app.app_context():
        visit = sessions.find_visit(victim.get_cookie(COOKIE).value, now=NOW)
    assert visit is not None
    assert (
        send(client, f"{PAGE}/{visit.session}/ket-thuc", page="/quan-tri/bao-mat/ung-dung").status_code == 404
    )
    assert is_in(victim)


def test_all_other_sessions_are_ended_at_once(app: Flask) -> None:
    member = enrolled(app)
    here, *others = [signed_in(app, member.id) for _ in range(3)]
    assert send(here, f"{PAGE}/ket-thuc-khac", page=PAGE).status_code == 303
    assert is_in(here)
    assert not any(is_in(client) for client in others)


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "' OR 1=1", "\u1ea1", "a\tb", "A" * 5000])
def test_tokens_that_were_never_issued_open_nothing(app: Flask, token: str) -> None:
    enrolled(app)
    client = app.test_client()
    assert (
        client.get(PAGE, headers={"Cookie": f"{COOKIE}={token}".encode().decode("latin-1")}).status_code
        == 303
    )


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_device_is_named_coarsely(agent: str, name: str) -> None:
    assert sessions.device_name(agent) == name
