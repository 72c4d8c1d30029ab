"""Signing in by an OpenID Connect provider, a real one on loopback: who comes in, and what belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import html5lib
import pytest
from flask import Flask

from app.accounts.actions import create_person, disable, reset
from app.accounts.identity import Grant
from app.accounts.queries import get_person, get_person_by_email
from app.accounts.roles import Role
from app.transactions import transaction
from tests.support.accounts import COOKIE, NOW, SECOND, SIGN_IN, code, enrolled, send
from tests.support.oidc_way import BACK, BEGIN, OWN_PAGE, PASSAGE, actions, bound, come_back, go, next_page
from tests.support.provider import Provider


def test_the_provider_is_the_first_factor_and_ours_the_second(app: Flask, provider: Provider) -> None:
    enrolled(app)
    client = app.test_client()
    page = client.get(SIGN_IN)
    html5lib.HTMLParser(strict=True).parse(page.text)
    assert "Đăng nhập bằng VNeID" in page.text
    step = next_page(come_back(client, provider, OWN_PAGE))
    assert step == f"{SECOND}?tiep={OWN_PAGE}"
    assert client.get(OWN_PAGE).status_code == 303
    done = send(client, step, {"code": code()})
    assert (done.status_code, done.headers["Location"]) == (303, OWN_PAGE)
    assert client.get(OWN_PAGE).status_code == 200
    assert bound(app) == ["người-7"]
    assert actions(app)[-2:] == ["oidc.bound", "session.begun"]


def test_what_is_asked_of_the_provider_is_new_each_time_and_hides_the_verifier(
    app: Flask, provider: Provider
) -> None:
    addresses = [go(app.test_client()) for _ in range(2)]
    asked = [parse_qs(urlsplit(address).query) for address in addresses]
    for one in asked:
        assert one["response_type"] == ["code"]
        assert one["scope"] == ["openid email"]
        assert one["code_challenge_method"] == ["S256"]
        assert one["redirect_uri"] == [f"http://127.0.0.1:8000{BACK}"]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]


def test_the_cookie_of_the_passage_is_lax_short_and_counts_once(app: Flask, provider: Provider) -> None:
    enrolled(app)
    client = app.test_client()
    header = client.get(BEGIN).headers["Set-Cookie"]
    assert header.startswith(f"{PASSAGE}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"} <= set(header.split("; "))
    page = come_back(client, provider)
    dropped = [one for one in page.headers.getlist("Set-Cookie") if one.startswith(f"{PASSAGE}=;")]
    assert len(dropped) == 1
    assert client.get_cookie(PASSAGE) is None


def test_behind_tls_the_cookie_is_bound_to_the_host(app: Flask, provider: Provider) -> None:
    app.extensions["hailong"] = replace(app.extensions["hailong"], base_url="https://hailong.vn")
    header = app.test_client().get(BEGIN, base_url="https://hailong.vn").headers["Set-Cookie"]
    assert header.startswith("__Host-hailong-oidc=")
    assert "Secure" in header.split("; ")
    assert "Domain" not in header


def test_an_identity_that_is_known_needs_no_address_any_more(app: Flask, provider: Provider) -> None:
    enrolled(app)
    next_page(come_back(app.test_client(), provider))
    provider.claims = {"email": "ten-moi@bo.vn", "email_verified": None}
    assert next_page(come_back(app.test_client(), provider)) == SECOND


@pytest.mark.parametrize("name", ["state", "iss", "code"])
def test_what_comes_back_must_belong_to_what_was_asked(app: Flask, provider: Provider, name: str) -> None:
    enrolled(app)
    client = app.test_client()
    page = come_back(client, provider, **{name: "khác"})
    assert page.status_code in (400, 403)
    assert client.get_cookie(COOKIE) is None
    assert (provider.traded, bound(app)) == (0, [])


def test_nothing_comes_of_it_in_another_browser_or_too_late(
    app: Flask, provider: Provider, set_now: Callable[[datetime], None]
) -> None:
    enrolled(app)
    client = app.test_client()
    answer = provider.authorize(go(client))
    assert app.test_client().get(BACK, query_string=answer).status_code == 400
    set_now(NOW + timedelta(minutes=10))
    assert client.get(BACK, query_string=answer).status_code == 400
    assert provider.traded == 0


def test_a_forged_cookie_is_no_passage(app: Flask, provider: Provider) -> None:
    enrolled(app)
    client = app.test_client()
    answer = provider.authorize(go(client))
    cookie = client.get_cookie(PASSAGE)
    assert cookie is not None
    content, _dot, signature = cookie.value.rpartition(".")
    other = "A" if signature[0] != "A" else "B"
    for forged in ("", "x.y", f"{content}.{other}{signature[1:]}", f"{other}{content[1:]}.{signature}"):
        client.set_cookie(PASSAGE, forged)
        assert client.get(BACK, query_string=answer).status_code == 400


def test_a_code_counts_once(app: Flask, provider: Provider) -> None:
    enrolled(app)
    client = app.test_client()
    answer = provider.authorize(go(client))
    cookie = client.get_cookie(PASSAGE)
    assert cookie is not None
    assert client.get(BACK, query_string=answer).status_code == 200
    thief = app.test_client()
    thief.set_cookie(PASSAGE, cookie.value)
    page = thief.get(BACK, query_string=answer)
    assert page.status_code == 403
    assert "đã từ chối" in page.text


def test_only_a_verified_address_finds_a_person(app: Flask, provider: Provider) -> None:
    enrolled(app)
    for verified in (False, None, "true", 1):
        provider.claims = {"email_verified": verified}
        page = come_back(app.test_client(), provider)
        assert page.status_code == 403
        assert "chưa xác minh địa chỉ thư" in page.text
    assert bound(app) == []


def test_an_address_that_only_userinfo_knows_counts_for_the_same_subject(
    app: Flask, provider: Provider
) -> None:
    enrolled(app)
    provider.claims = {"email": None, "email_verified": None}
    provider.userinfo = {"sub": "khác", "email": "lan@bo.vn", "email_verified": True}
    assert come_back(app.test_client(), provider).status_code == 403
    provider.userinfo["sub"] = "người-7"
    assert next_page(come_back(app.test_client(), provider)) == SECOND


def test_unknown_disabled_and_not_enrolled_look_the_same(app: Flask, provider: Provider) -> None:
    out = enrolled(app, "nghi@bo.vn").id
    with app.app_context(), transaction():
        disable(get_person(out), by="command:test", now=NOW)
        create_person("moi@bo.vn", "Mới", [Grant(Role.AUDITOR, "nation")], by="command:test", now=NOW)
    for email in ("khongco@bo.vn", "nghi@bo.vn", "moi@bo.vn"):
        provider.claims = {"email": email}
        page = come_back(app.test_client(), provider)
        assert page.status_code == 403
        assert "chưa được mời, chưa nhận lời mời hoặc đang bị khóa" in page.text
    assert bound(app) == []


def test_somebody_disabled_later_is_out_although_bound(app: Flask, provider: Provider) -> None:
    member = enrolled(app)
    next_page(come_back(app.test_client(), provider))
    with app.app_context(), transaction():
        disable(get_person(member.id), by="command:test", now=NOW)
    assert come_back(app.test_client(), provider).status_code == 403


def test_another_identity_under_the_same_address_is_refused_and_told(app: Flask, provider: Provider) -> None:
    """An address of somebody who left is given to somebody new."""
    enrolled(app)
    next_page(come_back(app.test_client(), provider))
    provider.claims = {"sub": "người-8"}
    page = come_back(app.test_client(), provider)
    assert page.status_code == 403
    assert "đã gắn với một tài khoản khác" in page.text
    assert actions(app)[-1] == "oidc.other-identity"
    assert bound(app) == ["người-7"]
    with app.app_context(), transaction():
        reset(get_person_by_email("lan@bo.vn"), lost_authenticator=False, by="command:test", now=NOW)
    next_page(come_back(app.test_client(), provider))
    assert bound(app) == ["người-8"]


@pytest.mark.parametrize("told", [{"acr": "mfa"}, {"amr": ["pwd", "mfa"]}])
def test_a_second_factor_of_the_provider_counts_only_where_the_operator_says_so(
    app: Flask, provider: Provider, told: dict[str, object]
) -> None:
    enrolled(app)
    provider.claims = told
    assert next_page(come_back(app.test_client(), provider)) == SECOND
    app.extensions["hailong"] = replace(app.extensions["hailong"], oidc_second_factor_acr=("mfa",))
    client = app.test_client()
    assert next_page(come_back(client, provider, OWN_PAGE)) == OWN_PAGE
    assert client.get(OWN_PAGE).status_code == 200
    provider.claims = {"acr": "pwd"}
    assert next_page(come_back(app.test_client(), provider)) == SECOND
