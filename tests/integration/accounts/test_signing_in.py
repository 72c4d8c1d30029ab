"""Two steps in, one answer to everybody who may not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import keys
from app.accounts import credentials, passwords
from app.accounts.models import Person, StaffSession
from app.accounts.queries import get_person
from app.accounts.throttling import CODE_LIMIT
from app.audit.models import AuditEvent
from app.extensions import db
from app.transactions import transaction
from tests.support.accounts import (
    COOKIE,
    NOW,
    PASSWORD,
    SECOND,
    SIGN_IN,
    code,
    enrolled,
    send,
    sign_in,
    signed_in,
    wrong_code,
)

OWN_PAGE = "/quan-tri/phien"


def cookie(client: FlaskClient) -> str:
    kept = client.get_cookie(COOKIE)
    return kept.value if kept else ""


def test_password_and_code_open_the_console(app: Flask) -> None:
    member, client = enrolled(app), app.test_client()
    done = sign_in(client, " LAN@bo.vn ")
    assert (done.status_code, done.headers["Location"]) == (303, "/quan-tri")
    page = client.get(OWN_PAGE)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    with app.app_context():
        events = [(event.action, event.by) for event in db.session.scalars(select(AuditEvent))]
    assert ("session.begun", str(member.id)) in events


def test_the_cookie_is_out_of_reach_and_its_token_is_nowhere(app: Flask) -> None:
    enrolled(app)
    client = app.test_client()
    header = sign_in(client).headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(header.split("; "))
    assert "Secure" not in header
    with app.app_context():
        (row,) = db.session.scalars(select(StaffSession)).all()
        assert row.token_hash == keys.token_hash(cookie(client))


@pytest.mark.parametrize("changes", [{"base_url": "https://hailong.vn"}, {"environment": "production"}])
def test_behind_tls_and_in_production_the_cookie_is_bound_to_the_host(
    app: Flask, changes: dict[str, str]
) -> None:
    enrolled(app)
    app.extensions["hailong"] = replace(app.extensions["hailong"], **changes)
    client = app.test_client()
    page = client.get(SIGN_IN, base_url="https://hailong.vn")
    assert page.headers["Set-Cookie"].startswith("__Host-hailong-form=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(page.headers["Set-Cookie"].split("; "))
    assert "Domain" not in page.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("lan@bo.vn", "sai mật khẩu rồi nhé"),
        ("lan@bo.vn", PASSWORD + " "),
        ("lan@bo.vn", PASSWORD + "x" * 5000),
        ("khongco@bo.vn", PASSWORD),
        ("khoa@bo.vn", PASSWORD),
        ("moi@bo.vn", ""),
        ("không phải thư", PASSWORD),
        ("lan@bo.vn\0", PASSWORD),
        ("' OR 1=1 --@bo.vn", PASSWORD),
    ],
)
def test_wrong_unknown_disabled_and_not_enrolled_look_the_same(app: Flask, email: str, password: str) -> None:
    enrolled(app)
    disabled = enrolled(app, "khoa@bo.vn")
    with app.app_context(), transaction():
        get_person(disabled.id).disabled_at = NOW
    page = sign_in(app.test_client(), email, password=password or "bất kỳ mật khẩu nào")
    assert page.status_code == 400
    assert "Email hoặc mật khẩu không đúng" in page.text
    assert COOKIE + "=" not in page.headers.get("Set-Cookie", "")


def test_an_unknown_address_costs_as_much_as_a_known_one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exactly one hash is computed, whoever is named."""
    enrolled(app)
    verified: list[str] = []
    hasher = passwords._hasher

    class Counting:
        def verify(self, kept: str, given: str) -> bool:
            verified.append(kept)
            return hasher.verify(kept, given)

        def __getattr__(self, name: str) -> object:
            return getattr(hasher, name)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    for email in ("lan@bo.vn", "khongco@bo.vn", "không phải thư"):
        sign_in(app.test_client(), email, password="sai mật khẩu rồi nhé")
    assert len(verified) == 3
    assert len({kept.split("$")[3] for kept in verified}) == 1


def test_half_way_in_nothing_is_open(app: Flask) -> None:
    enrolled(app)
    client = app.test_client()
    first = send(client, SIGN_IN, {"email": "lan@bo.vn", "password": PASSWORD})
    assert first.headers["Location"] == SECOND
    closed = client.get(OWN_PAGE)
    assert (closed.status_code, closed.headers["Location"]) == (303, f"{SECOND}?tiep={OWN_PAGE}")


def test_the_token_changes_when_the_session_begins(app: Flask) -> None:
    enrolled(app)
    client = app.test_client()
    send(client, SIGN_IN, {"email": "lan@bo.vn", "password": PASSWORD})
    half = cookie(client)
    send(client, SECOND, {"code": code()})
    assert cookie(client) != half
    thief = app.test_client()
    thief.set_cookie(COOKIE, half)
    assert thief.get(OWN_PAGE).status_code == 303


def test_half_a_session_lasts_ten_minutes(app: Flask, set_now: Callable[[datetime], None]) -> None:
    enrolled(app)
    client = app.test_client()
    send(client, SIGN_IN, {"email": "lan@bo.vn", "password": PASSWORD})
    set_now(NOW + timedelta(minutes=10))
    assert client.get(SECOND).headers["Location"] == SIGN_IN


def test_signing_in_leads_back_to_the_page_that_was_asked_for(app: Flask) -> None:
    enrolled(app)
    client = app.test_client()
    asked = client.get("/quan-tri/bao-mat?a=1&b=x")
    assert asked.status_code == 303
    first_step = asked.headers["Location"]
    first = send(client, first_step, {"email": "lan@bo.vn", "password": PASSWORD})
    done = send(client, first.headers["Location"], {"code": code()})
    assert done.headers["Location"] == "/quan-tri/bao-mat?a=1&b=x"


def test_a_foreign_way_back_is_forgotten(app: Flask) -> None:
    enrolled(app)
    client = app.test_client()
    first = send(client, SIGN_IN + "?tiep=//evil.vn/quan-tri/x", {"email": "lan@bo.vn", "password": PASSWORD})
    assert first.headers["Location"] == SECOND
    done = send(client, SECOND + "?tiep=https://evil.vn", {"code": code()})
    assert done.headers["Location"] == "/quan-tri"


@pytest.mark.parametrize("again", ["{}", " {} ", "{:.3} {:.0}", "\t{}\n"])
def test_a_code_counts_once_also_padded_and_after_a_failure(app: Flask, again: str) -> None:
    enrolled(app)
    assert sign_in(app.test_client()).status_code == 303
    spent = code()
    padded = f"{spent[:3]} {spent[3:]}" if ":.3" in again else again.format(spent)
    client = app.test_client()
    assert sign_in(client, second=wrong_code()).status_code == 400
    refused = send(client, SECOND, {"code": padded})
    assert refused.status_code == 400
    assert "Mã không đúng hoặc đã được dùng" in refused.text


def test_of_a_thousand_at_once_one_is_accepted(app: Flask) -> None:
    member = enrolled(app)
    start, now_code = threading.Barrier(8), code()

    def try_often(_worker: int) -> int:
        accepted = 0
        start.wait()
        for _ in range(125):
            with app.app_context(), transaction():
                accepted += credentials.spend_code(get_person(member.id), now_code, now=NOW)
        return accepted

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_often, range(8))) == 1


def test_a_recovery_code_takes_the_place_of_one_code(app: Flask) -> None:
    member = enrolled(app)
    recovery = member.recovery_codes[3].lower()
    typed = " ".join((recovery[:5], recovery[5:10], recovery[10:15], recovery[15:]))
    assert sign_in(app.test_client(), second=typed).status_code == 303
    assert sign_in(app.test_client(), second=recovery).status_code == 400
    assert sign_in(app.test_client(), second=member.recovery_codes[4]).status_code == 303


def test_the_recovery_code_of_somebody_else_opens_nothing(app: Flask) -> None:
    enrolled(app)
    other = enrolled(app, "minh@bo.vn")
    assert sign_in(app.test_client(), second=other.recovery_codes[0]).status_code == 400


def test_codes_are_refused_after_some_failures_and_a_recovery_code_is_not(app: Flask) -> None:
    """Who guesses codes knows the password already; its owner still has what cannot be guessed."""
    member, client = enrolled(app), app.test_client()
    send(client, SIGN_IN, {"email": "lan@bo.vn", "password": PASSWORD})
    for _ in range(CODE_LIMIT):
        assert send(client, SECOND, {"code": wrong_code()}).status_code == 400
    refused = send(client, SECOND, {"code": code()})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert send(client, SECOND, {"code": member.recovery_codes[0]}).status_code == 303


def test_a_key_that_is_being_rotated_out_still_opens_the_authenticator(app: Flask) -> None:
    enrolled(app)
    old = app.extensions["hailong"]
    app.extensions["hailong"] = replace(old, secret_key="n" * 48, secret_key_fallbacks=(old.secret_key,))
    assert sign_in(app.test_client()).status_code == 303


def test_the_seed_is_kept_encrypted_and_bound_to_its_person(app: Flask) -> None:
    one, other = enrolled(app), enrolled(app, "minh@bo.vn")
    with app.app_context():
        kept = db.session.scalar(select(Person.totp_secret).where(Person.id == one.id))
        assert kept is not None
        assert b"only for tests" not in kept
        from app.accounts import secrecy

        with pytest.raises(secrecy.LostKey):
            secrecy.decrypt(kept, other.id)


def test_fifty_at_once_never_hash_more_than_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, threading.Lock()

    class Slow:
        def verify(self, _kept: str, _given: str) -> bool:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            threading.Event().wait(0.01)
            with lock:
                running -= 1
            return True

    monkeypatch.setattr(passwords, "_hasher", Slow())
    with ThreadPoolExecutor(50) as pool:
        assert all(pool.map(lambda _: passwords.matches("x", "y"), range(50)))
    assert most <= passwords.AT_ONCE


def test_signing_out_ends_the_session(app: Flask) -> None:
    client = signed_in(app, enrolled(app).id)
    kept = cookie(client)
    assert send(client, "/quan-tri/dang-xuat", page=OWN_PAGE_WITH_FORM).status_code == 303
    assert cookie(client) == ""
    client.set_cookie(COOKIE, kept)
    assert client.get(OWN_PAGE).status_code == 303


OWN_PAGE_WITH_FORM = "/quan-tri/bao-mat/ma-khoi-phuc"


def test_who_is_signed_in_does_not_see_the_sign_in_page(app: Flask) -> None:
    client = signed_in(app, enrolled(app).id)
    assert client.get(SIGN_IN).headers["Location"] == "/quan-tri"


@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_pages_are_valid_html_without_script(app: Flask, language: str) -> None:
    enrolled(app)
    client = app.test_client()
    html5lib.HTMLParser(strict=True).parse(client.get(SIGN_IN + language).text)
    refused = send(client, SIGN_IN + language, {"email": "", "password": ""})
    html5lib.HTMLParser(strict=True).parse(refused.text)
    assert 'aria-invalid="true"' in refused.text
    send(client, SIGN_IN, {"email": "lan@bo.vn", "password": PASSWORD})
    html5lib.HTMLParser(strict=True).parse(client.get(SECOND + language).text)


def test_sessions_of_unknown_ids_do_not_exist(app: Flask) -> None:
    client = signed_in(app, enrolled(app).id)
    path = f"/quan-tri/phien/{UUID(int=1)}/ket-thuc"
    assert send(client, path, page=OWN_PAGE_WITH_FORM).status_code == 404
