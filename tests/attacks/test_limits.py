"""Limits of staff are exact with any number of workers, on every way to the same door, whatever is forged."""

from __future__ import annotations

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask import Flask

from app.accounts import passwords
from app.accounts.access import ACCESS, Door
from app.accounts.throttling import ACCOUNT_LIMIT, ADDRESS_LIMIT, WINDOW_SECONDS
from tests.attacks.conftest import Drill
from tests.support.accounts import NOW, SIGN_IN, token_on
from tests.support.fuzzing import FORM, urlencoded
from tests.support.raw_requests import RawRequest, call
from tests.support.serving import served

WRONG = "sai mật khẩu rồi nhé"


def ask(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    if body:
        headers["Content-Type"] = FORM
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, answer.headers.get("Set-Cookie", "")


def test_with_several_workers_exactly_so_many_tries_pass(app: Flask, drill: Drill, tmp_path: Path) -> None:
    workers, tries = drill.scaled(2, 8), drill.scaled(30, 120)
    wait_for_room_in_the_window(30)
    with served(app, tmp_path, workers) as port:
        _status, page, cookie = ask(port, "GET", SIGN_IN)
        fields = [("csrf_token", token_on(page)), ("email", "lan@bo.vn"), ("password", WRONG)]
        body, kept = urlencoded(fields), cookie.partition(";")[0]
        with ThreadPoolExecutor(8) as pool:
            codes = Counter(
                pool.map(lambda _n: ask(port, "POST", SIGN_IN, body, Cookie=kept)[0], range(tries))
            )
    drill.report(n=tries, workers=workers, statuses=dict(codes))
    assert codes == {400: ACCOUNT_LIMIT, 429: tries - ACCOUNT_LIMIT}


def wait_for_room_in_the_window(seconds: int) -> None:
    """The server has a real clock, and a count that begins anew half way would be another test."""
    left = WINDOW_SECONDS - time.time() % WINDOW_SECONDS
    if left < seconds:
        time.sleep(left + 1)


@pytest.fixture
def quick(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """What is counted here are tries; what a hash costs is another test's matter."""
    app.extensions["clock"] = lambda: NOW
    monkeypatch.setattr(passwords, "matches", lambda _given, _kept: False)
    return app


def attempt(app: Flask, number: int, forged: dict[str, str], path: bytes = SIGN_IN.encode()) -> int:
    client = app.extensions.setdefault("attacker", app.test_client())
    if "attack" not in app.extensions:
        token = token_on(client.get(SIGN_IN).text)
        cookie = client.get_cookie("hailong-form")
        assert cookie is not None
        app.extensions["attack"] = (token, f"hailong-form={cookie.value}")
    token, cookie_text = app.extensions["attack"]
    fields = [("csrf_token", token), ("email", "lan@bo.vn"), ("password", WRONG)]
    headers = {"Cookie": cookie_text, **forged}
    return call(
        app, RawRequest("POST", path, body=urlencoded(fields), content_type=FORM, headers=headers)
    ).status


def test_forged_addresses_change_nothing(quick: Flask, drill: Drill) -> None:
    count, draw = drill.scaled(200, 10_000), drill.draw
    codes: Counter[int] = Counter()
    for number in range(count):
        forged = ".".join(str(draw.randrange(256)) for _part in range(4))
        name = draw.choice(("X-Forwarded-For", "Forwarded", "X-Real-IP", "Client-IP", "True-Client-IP"))
        value = (
            f"for={forged}" if name == "Forwarded" else draw.choice((forged, f"{forged}, 10.0.0.1", "::1"))
        )
        codes[attempt(quick, number, {name: value, "X-Forwarded-For": value})] += 1
    drill.report(n=count, statuses=dict(codes))
    assert codes == {400: ACCOUNT_LIMIT, 429: count - ACCOUNT_LIMIT}


def test_no_other_way_leads_to_the_same_door(quick: Flask, drill: Drill) -> None:
    """Every rule of the way in, however its address is written: either the same count, or no door at all."""
    doors = [rule for rule in quick.url_map.iter_rules() if ACCESS[rule.endpoint] is Door.SIGNED_OUT]
    sign_in = [rule for rule in doors if rule.endpoint == "accounts.sign_in"]
    drill.report(n=len(doors), doors=sorted({rule.rule for rule in doors}))
    assert [rule.rule for rule in sign_in] == [SIGN_IN]
    for number in range(ACCOUNT_LIMIT):
        assert attempt(quick, number, {}) == 400
    spellings = (
        SIGN_IN, SIGN_IN + "/", "/" + SIGN_IN, SIGN_IN.replace("/dang", "//dang"), SIGN_IN.upper(),
        SIGN_IN + "?x=1", SIGN_IN + ";x", SIGN_IN + "/.", "/quan-tri/../quan-tri/dang-nhap",
    )  # fmt: skip
    found = {path: attempt(quick, 0, {}, path.encode()) for path in spellings}
    assert found[SIGN_IN] == 429
    assert set(found.values()) <= {308, 404, 405, 429}, found


def test_every_way_in_that_takes_a_secret_is_counted(quick: Flask) -> None:
    """From one address, more codes of invitations than the limit are not even looked at, on each route."""
    rules = [r for r in quick.url_map.iter_rules() if r.endpoint.startswith("accounts.invitations.")]
    assert len(rules) == 3
    client = quick.test_client()
    for number in range(ADDRESS_LIMIT):
        assert client.get(f"/quan-tri/loi-moi/{number}").status_code == 410
    for rule in rules:
        for method in sorted((rule.methods or set()) & {"GET", "HEAD"}):
            path = re.sub(r"<[^>]*>", "x", rule.rule)
            assert client.open(path, method=method).status_code == 429
