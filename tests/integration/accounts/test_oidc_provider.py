"""A provider that lies, leads elsewhere, breaks or is away: nobody comes in by it, and the password works."""

from __future__ import annotations

from dataclasses import replace

import html5lib
import pytest
from flask import Flask

from app.config import Config, ConfigurationError
from tests.support.accounts import COOKIE, NOW, SECOND, SIGN_IN, enrolled, sign_in
from tests.support.oidc_way import BACK, BEGIN, bound, come_back, next_page
from tests.support.provider import CLIENT, OTHER_KEY, Provider

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
