"""Signing in by an OpenID Connect provider: a real one on loopback, in every way in which it may lie."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.actions import create_person, disable, reset
from app.accounts.identity import Grant
from app.accounts.models import ProviderIdentity
from app.accounts.queries import get_person, get_person_by_email
from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.config import Config, ConfigurationError
from app.extensions import db
from app.transactions import transaction
from tests.support.accounts import COOKIE, NOW, SECOND, SIGN_IN, code, enrolled, send, sign_in
from tests.support.provider import CLIENT, OTHER_KEY, SECRET, Provider, running

BEGIN = "/quan-tri/dang-nhap/oidc"
BACK = f"{BEGIN}/ve"
OWN_PAGE = "/quan-tri/phien"
PASSAGE = f"{COOKIE}-oidc"


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(app: Flask, server: Provider) -> Provider:
    """As good as new, and configured."""
    fresh = Provider(issuer=server.issuer)
    server.__dict__.update(fresh.__dict__)
    app.extensions["hailong"] = replace(
        app.extensions["hailong"],
        oidc_issuer=server.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_name="VNeID",
    )
    return server


def go(client: FlaskClient, way: str = "") -> str:
    """To the provider; the address there."""
    response = client.get(BEGIN, query_string={"tiep": way} if way else None)
    assert response.status_code == 303, response.text
    return response.headers["Location"]


def come_back(client: FlaskClient, provider: Provider, way: str = "", **changes: str) -> TestResponse:
    answer = {**provider.authorize(go(client, way)), **changes}
    return client.get(BACK, query_string=answer)


def next_page(page: TestResponse) -> str:
    assert page.status_code == 200, page.text
    html5lib.HTMLParser(strict=True).parse(page.text)
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', page.text)
    assert found
    return unescape(found[1])


def actions(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.position)))


def bound(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(ProviderIdentity.subject)))


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


LIES = {
    "nonce": {"claims": {"nonce": "khác"}},
    "no nonce": {"claims": {"nonce": None}},
    "audience": {"claims": {"aud": "another"}},
    "among audiences": {"claims": {"aud": [CLIENT, "another"], "azp": "another"}},
    "issuer": {"claims": {"iss": "https://other.example"}},
    "expired": {"claims": {"exp": int(NOW.timestamp()) - 61}},
    "no end": {"claims": {"exp": None}},
    "not yet": {"claims": {"nbf": int(NOW.timestamp()) + 300}},
    "no subject": {"claims": {"sub": None}},
    "empty subject": {"claims": {"sub": ""}},
    "another key": {"key": OTHER_KEY},
    "no signature": {"algorithm": "none"},
    "our secret": {"algorithm": "HS256"},
    "no token": {"answer": lambda: (200, b"{}")},
}


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("lie", list(LIES))
def test_an_id_token_that_is_not_for_this_sign_in_is_refused(
    app: Flask, provider: Provider, lie: str
) -> None:
    enrolled(app)
    client = app.test_client()
    vars(provider).update(LIES[lie])
    page = come_back(client, provider)
    assert page.status_code == 403
    html5lib.HTMLParser(strict=True).parse(page.text)
    assert "trả lời không dùng được" in page.text
    assert client.get_cookie(COOKIE) is None
    assert bound(app) == []


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


@pytest.mark.parametrize("way", ["https://evil.example", "//evil.example", "/quan-tri/../x", "javascript:x"])
def test_nobody_is_led_to_another_site(app: Flask, provider: Provider, way: str) -> None:
    enrolled(app)
    assert next_page(come_back(app.test_client(), provider, way)) == SECOND


AWAY = {
    "nothing listens": {"oidc_issuer": "http://127.0.0.1:9"},
    "not over TLS": {"oidc_issuer": "http://provider.example"},
    "no document": {"oidc_issuer": "ISSUER/elsewhere"},
}


@pytest.mark.parametrize("what", list(AWAY))
def test_while_the_provider_is_away_the_password_works(app: Flask, provider: Provider, what: str) -> None:
    enrolled(app)
    config = app.extensions["hailong"]
    issuer = AWAY[what]["oidc_issuer"].replace("ISSUER", provider.issuer)
    app.extensions["hailong"] = replace(config, oidc_issuer=issuer)
    client = app.test_client()
    page = client.get(BEGIN)
    assert page.status_code == 503
    html5lib.HTMLParser(strict=True).parse(page.text)
    assert "Không liên lạc được" in page.text
    assert 'name="password"' in page.text
    assert sign_in(client).status_code == 303


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://other.example"},
        {"token_endpoint": "http://provider.example/token"},
        {"authorization_endpoint": None},
        {"jwks_uri": "file:///etc/passwd"},
    ],
)
def test_a_document_that_leads_elsewhere_is_none(
    app: Flask, provider: Provider, document: dict[str, object]
) -> None:
    provider.discovery = document
    assert app.test_client().get(BEGIN).status_code == 503


def test_in_production_no_provider_is_spoken_to_in_the_open(app: Flask, provider: Provider) -> None:
    app.extensions["hailong"] = replace(app.extensions["hailong"], environment="production")
    assert app.test_client().get(BEGIN, base_url="https://hailong.vn").status_code == 503


@pytest.mark.parametrize(
    "answer", [(500, b"{}"), (200, b"<html>"), (200, b"[" * 300_000), (302, b"http://127.0.0.1:9/")]
)
def test_a_provider_that_breaks_half_way_is_away(
    app: Flask, provider: Provider, answer: tuple[int, bytes]
) -> None:
    enrolled(app)
    provider.answer = lambda: answer
    page = come_back(app.test_client(), provider)
    assert page.status_code == 503
    assert "Không liên lạc được" in page.text


def test_trying_without_end_is_throttled(app: Flask, provider: Provider) -> None:
    client = app.test_client()
    statuses = [client.get(BACK, query_string={"state": "x"}).status_code for _ in range(101)]
    assert statuses == [400] * 100 + [429]


def test_without_a_provider_there_is_no_way(app: Flask) -> None:
    client = app.test_client()
    assert "oidc" not in client.get(SIGN_IN).text
    assert client.get(BEGIN).status_code == 404
    assert client.get(BACK).status_code == 404


def test_a_provider_is_configured_whole_and_over_tls() -> None:
    whole = {
        "HAILONG_ENV": "test", "SECRET_KEY": "x", "OIDC_ISSUER": "https://id.example",
        "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b", "OIDC_SECOND_FACTOR_ACR": "mfa, otp",
    }  # fmt: skip
    config = Config.from_environ(whole)
    assert (config.oidc_issuer, config.oidc_second_factor_acr) == ("https://id.example", ("mfa", "otp"))
    with pytest.raises(ConfigurationError, match="OIDC_CLIENT_SECRET"):
        Config.from_environ({**whole, "OIDC_CLIENT_SECRET": ""})
    production = {**whole, "HAILONG_ENV": "production", "SECRET_KEY": "k" * 40}
    with pytest.raises(ConfigurationError, match="https"):
        Config.from_environ({**production, "OIDC_ISSUER": "http://127.0.0.1:1"})
