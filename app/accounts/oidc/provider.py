"""What we say to the provider that the operator configured, and how its answers are judged.

The one module of the product that opens a connection to elsewhere; without OIDC_ISSUER it never does.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import quote_plus, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.config import Config

SECONDS: Final = 5
MOST_BYTES: Final = 256 * 1024
LEEWAY_SECONDS: Final = 60
SCOPE: Final = "openid email"
# Only signatures that nobody but the provider can make: no `none`, nothing under a shared secret.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class ProviderAway(Exception):
    """The provider does not answer, or says what no provider says."""


class BadAnswer(Exception):
    """The provider has refused, or what it has signed is not for this sign-in."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is to the provider. An address counts only where the provider has verified it."""

    issuer: str
    subject: str
    verified_email: str
    factors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Provider:
    """Its addresses, from its discovery document."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str
    posts_secret: bool


class _NoRedirect(HTTPRedirectHandler):
    """Wherever the provider sends us, the secret does not follow."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None


def discover(config: Config) -> Provider:
    """Raises ProviderAway."""
    found = _fetch(config, get_well_known_url(config.oidc_issuer, external=True))
    # Of another issuer nothing would be true.
    if found.get("issuer") != config.oidc_issuer:
        raise ProviderAway("issuer")
    methods = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Provider(
        issuer=config.oidc_issuer,
        authorization=_address(config, found.get("authorization_endpoint")),
        token=_address(config, found.get("token_endpoint")),
        keys=_address(config, found.get("jwks_uri")),
        userinfo=str(found.get("userinfo_endpoint") or ""),
        posts_secret="client_secret_basic" not in methods,
    )


def authorization_address(
    config: Config, provider: Provider, *, back: str, state: str, nonce: str, verifier: str
) -> str:
    address: str = prepare_grant_uri(
        provider.authorization,
        config.oidc_client_id,
        "code",
        redirect_uri=back,
        scope=SCOPE,
        state=state,
        nonce=nonce,
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
    )
    return address


def identify(
    config: Config, provider: Provider, *, code: str, back: str, nonce: str, verifier: str, now: datetime
) -> Identity:
    """Trades the code for an identity. Raises ProviderAway or BadAnswer."""
    answer = _trade(config, provider, code=code, back=back, verifier=verifier)
    access = str(answer.get("access_token") or "")
    claims = _verified(config, provider, str(answer.get("id_token") or ""), nonce, access, now)
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise BadAnswer("sub")
    told: Mapping[str, Any] = claims
    if "email" not in claims and provider.userinfo and access:
        told = _fetch(config, _address(config, provider.userinfo), {"Authorization": f"Bearer {access}"})
        if told.get("sub") != subject:
            raise BadAnswer("sub")
    email = told.get("email")
    verified = isinstance(email, str) and told.get("email_verified") is True
    factors = [claims.get("acr"), *(claims.get("amr") or [])]
    return Identity(
        issuer=provider.issuer,
        subject=subject,
        verified_email=str(email) if verified else "",
        factors=frozenset(word for word in factors if isinstance(word, str)),
    )


def _trade(config: Config, provider: Provider, *, code: str, back: str, verifier: str) -> dict[str, Any]:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": verifier,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if provider.posts_secret:
        fields |= {"client_id": config.oidc_client_id, "client_secret": config.oidc_client_secret}
    else:
        pair = f"{quote_plus(config.oidc_client_id)}:{quote_plus(config.oidc_client_secret)}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    return _fetch(config, provider.token, headers, urlencode(fields).encode())


def _verified(
    config: Config, provider: Provider, token: str, nonce: str, access: str, now: datetime
) -> CodeIDToken:
    """The claims of an id token that this provider has signed for this sign-in of ours, just now."""
    keys = _fetch(config, provider.keys)
    options = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": config.oidc_client_id},
        "exp": {"essential": True},
        "nonce": {"essential": True, "value": nonce},
    }
    params = {"nonce": nonce, "client_id": config.oidc_client_id, "access_token": access}
    try:
        # What is not signed by a key that the provider has published now is not read at all.
        signed = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]  # importing checks what came as JSON
        claims = CodeIDToken(signed.claims, signed.header, options, params)
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise BadAnswer(type(error).__name__) from error
    return claims


def _fetch(
    config: Config, address: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> dict[str, Any]:
    """A JSON object. Raises ProviderAway, or BadAnswer for a refusal (4xx)."""
    request = Request(_address(config, address), data=body, headers=dict(headers or {}))  # noqa: S310  # the address is the operator's or was checked against it
    request.add_header("Accept", "application/json")
    try:
        with build_opener(_NoRedirect).open(request, timeout=SECONDS) as answer:
            content = answer.read(MOST_BYTES + 1)
        found = json.loads(content) if len(content) <= MOST_BYTES else None
    except URLError as error:
        _close(error)
        if body is not None and 400 <= getattr(error, "code", 0) < 500:
            raise BadAnswer("refused") from error
        raise ProviderAway(type(error).__name__) from error
    except (OSError, HTTPException, ValueError, RecursionError) as error:
        raise ProviderAway(type(error).__name__) from error
    if not isinstance(found, dict):
        raise ProviderAway("json")
    return found


def _close(error: URLError) -> None:
    """A status other than 200 comes as an error that still holds its connection."""
    close = getattr(error, "close", None)
    if close is not None:
        close()


def _address(config: Config, address: object) -> str:
    """Over TLS; a provider on the same machine also without, outside of production. Raises ProviderAway."""
    parts = urlsplit(address if isinstance(address, str) else "")
    plain = parts.scheme == "http" and parts.hostname in LOOPBACK and not config.production
    if not (plain or (parts.scheme == "https" and parts.hostname)):
        raise ProviderAway("address")
    return parts.geturl()
