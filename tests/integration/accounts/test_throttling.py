"""Guessing is slow, and being slow to one is no weapon against another."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import create_app
from app.accounts import throttling
from app.accounts.models import Throttle
from app.accounts.throttling import ACCOUNT_LIMIT, ADDRESS_LIMIT, GRACE_LIMIT, WINDOW_SECONDS, Bucket
from app.extensions import db
from app.transactions import transaction
from tests.support.accounts import NOW, PASSWORD, SIGN_IN, enrolled, send, token_on

WRONG = "sai mật khẩu rồi nhé"
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted here are tries; what a hash costs is another test's matter."""
    from app.accounts import passwords

    monkeypatch.setattr(passwords, "matches", lambda given, kept: kept is not None and given == PASSWORD)
    monkeypatch.setattr(passwords, "is_outdated", lambda _kept: False)


def attempt(
    client: FlaskClient,
    email: str = "lan@bo.vn",
    password: str = WRONG,
    address: str = HERE,
    headers: dict[str, str] | None = None,
) -> TestResponse:
    fields = {"email": email, "password": password}
    return send(client, SIGN_IN, fields, environ_base={"REMOTE_ADDR": address}, headers=headers)


def test_twenty_tries_then_429_exactly(app: Flask) -> None:
    enrolled(app)
    client = app.test_client()
    assert [attempt(client).status_code for _ in range(ACCOUNT_LIMIT)] == [400] * ACCOUNT_LIMIT
    refused = attempt(client)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= WINDOW_SECONDS
    assert attempt(client, password=PASSWORD).status_code == 429


def test_the_owner_gets_in_from_elsewhere_while_the_account_is_attacked(app: Flask) -> None:
    enrolled(app)
    client = app.test_client()
    for _ in range(ACCOUNT_LIMIT * 2):
        attempt(client)
    owner = app.test_client()
    assert attempt(owner, password=PASSWORD, address=ELSEWHERE).status_code == 303


def test_an_attacked_account_leaves_other_addresses_a_few_tries(app: Flask) -> None:
    """Many addresses together do not get twenty tries each."""
    enrolled(app)
    client = app.test_client()
    for _ in range(ACCOUNT_LIMIT):
        attempt(client)
    codes = [attempt(client, address=ELSEWHERE).status_code for _ in range(GRACE_LIMIT + 1)]
    assert codes == [400] * GRACE_LIMIT + [429]


def test_another_account_from_the_same_address_works(app: Flask) -> None:
    enrolled(app)
    enrolled(app, "minh@bo.vn")
    client = app.test_client()
    for _ in range(ACCOUNT_LIMIT + 1):
        attempt(client)
    assert attempt(client, "minh@bo.vn", PASSWORD).status_code == 303


def test_one_address_cannot_go_through_many_accounts(app: Flask) -> None:
    enrolled(app)
    client = app.test_client()
    codes = [attempt(client, f"nguoi{number}@bo.vn").status_code for number in range(ADDRESS_LIMIT + 1)]
    assert codes == [400] * ADDRESS_LIMIT + [429]
    assert attempt(client, password=PASSWORD).status_code == 429
    assert attempt(client, password=PASSWORD, address=ELSEWHERE).status_code == 303


def test_people_who_sign_in_rightly_use_nothing_up(app: Flask) -> None:
    """A whole agency behind one address signs in every morning."""
    enrolled(app)
    for _ in range(ADDRESS_LIMIT + 5):
        assert attempt(app.test_client(), password=PASSWORD).status_code == 303


def test_an_unknown_account_is_counted_like_a_known_one(app: Flask) -> None:
    client = app.test_client()
    codes = [attempt(client, "khongco@bo.vn").status_code for _ in range(ACCOUNT_LIMIT + 1)]
    assert codes == [400] * ACCOUNT_LIMIT + [429]


def test_the_next_window_begins_anew(app: Flask, set_now: Callable[[datetime], None]) -> None:
    enrolled(app)
    client = app.test_client()
    for _ in range(ACCOUNT_LIMIT + 1):
        attempt(client)
    set_now(NOW + timedelta(seconds=WINDOW_SECONDS))
    assert attempt(client, password=PASSWORD).status_code == 303


def test_a_forged_forwarding_header_changes_nothing(app: Flask) -> None:
    enrolled(app)
    client = app.test_client()
    for number in range(ACCOUNT_LIMIT):
        forged = f"10.{number}.3.4"
        attempt(
            client, headers={"X-Forwarded-For": forged, "Forwarded": f"for={forged}", "X-Real-IP": forged}
        )
    assert attempt(client, headers={"X-Forwarded-For": "10.99.3.4"}).status_code == 429


def test_behind_a_configured_proxy_the_last_address_counts(app: Flask) -> None:
    """Only what our own proxy has written: what the client wrote before it is not read."""
    behind = create_app(replace(app.extensions["hailong"], proxy_hops=1))
    behind.extensions["clock"] = app.extensions["clock"]
    enrolled(app)
    client = behind.test_client()
    for number in range(ACCOUNT_LIMIT):
        attempt(client, headers={"X-Forwarded-For": f"10.{number}.3.4, {HERE}"})
    assert attempt(client, headers={"X-Forwarded-For": f"10.77.3.4, {HERE}"}).status_code == 429
    assert (
        attempt(client, password=PASSWORD, headers={"X-Forwarded-For": f"{HERE}, {ELSEWHERE}"}).status_code
        == 303
    )
    with behind.app_context():
        db.engine.dispose()


def test_all_addresses_of_one_ipv6_network_are_one(app: Flask) -> None:
    enrolled(app)
    client = app.test_client()
    for number in range(ACCOUNT_LIMIT):
        attempt(client, address=f"2001:db8:1:2::{number + 1:x}")
    assert attempt(client, address="2001:db8:1:2:ffff::1").status_code == 429
    assert attempt(client, password=PASSWORD, address="2001:db8:1:3::1").status_code == 303


def test_the_count_is_exact_however_many_count_at_once(app: Flask) -> None:
    bucket = Bucket(b"k" * 32)

    def count_often(_worker: int) -> list[int]:
        counts = []
        for _ in range(25):
            with app.app_context(), transaction():
                counts.append(throttling.take(bucket, now=NOW))
        return counts

    with ThreadPoolExecutor(8) as pool:
        counted = [count for counts in pool.map(count_often, range(8)) for count in counts]
    assert sorted(counted) == list(range(1, 201))


def test_a_clock_that_is_behind_does_not_begin_the_window_anew(app: Flask) -> None:
    bucket = Bucket(b"k" * 32)
    with app.app_context(), transaction():
        assert throttling.take(bucket, now=NOW) == 1
        assert throttling.take(bucket, now=NOW - timedelta(seconds=WINDOW_SECONDS)) == 2
        assert throttling.take(bucket, now=NOW + timedelta(seconds=WINDOW_SECONDS)) == 1


def test_no_address_or_account_is_kept(app: Flask) -> None:
    attempt(app.test_client())
    with app.app_context():
        rows = db.session.scalars(select(Throttle)).all()
        # The address, the account and both; and how many were refused in this hour.
        assert len(rows) == 4
        assert all(len(row.bucket) == 32 for row in rows)


def test_the_same_address_has_another_key_tomorrow(app: Flask) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": HERE}):
        today, tomorrow = (
            throttling.count_address(now=NOW + timedelta(days=days)).buckets[0].key for days in (0, 1)
        )
    assert today != tomorrow


def test_codes_of_invitations_are_counted_too(app: Flask) -> None:
    client = app.test_client()
    path = "/quan-tri/loi-moi/{}"
    codes = [client.get(path.format(number)).status_code for number in range(ADDRESS_LIMIT + 1)]
    assert codes == [410] * ADDRESS_LIMIT + [429]


def test_counting_comes_before_the_password_is_looked_at(app: Flask) -> None:
    """Of forty who try the right password at once after nineteen failures, none slips through uncounted."""
    enrolled(app)
    client = app.test_client()
    for _ in range(ACCOUNT_LIMIT):
        attempt(client)
    token = token_on(client.get(SIGN_IN).text)
    secret = client.get_cookie("hailong-form")
    assert secret is not None

    def shot(_number: int) -> int:
        one = app.test_client()
        one.set_cookie("hailong-form", secret.value)
        fields = {"csrf_token": token, "email": "lan@bo.vn", "password": WRONG}
        return one.post(SIGN_IN, data=fields, environ_base={"REMOTE_ADDR": ELSEWHERE}).status_code

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(shot, range(40)))
    assert sorted(codes) == [400] * GRACE_LIMIT + [429] * (40 - GRACE_LIMIT)
