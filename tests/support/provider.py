"""A small OpenID Connect provider on loopback, which can be told to misbehave."""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from authlib.common.encoding import urlsafe_b64encode
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.support.accounts import NOW

CLIENT, SECRET = "hai-long", "bí mật/của+ta"
OWN_KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one"})


@dataclass
class Provider:
    """What is asked of it, and what it answers. A test changes `claims` and the rest as it needs."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: OWN_KEY)
    algorithm: str = "RS256"
    discovery: dict[str, Any] = field(default_factory=dict)
    # Called with the body and the type in place of what `/token` answers.
    answer: Callable[[], tuple[int, bytes]] | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    traded: int = 0

    def authorize(self, address: str) -> dict[str, str]:
        """What a browser would do there: signs in and comes back with code and state."""
        assert address.startswith(f"{self.issuer}/authorize?"), address
        asked = dict(parse_qsl(urlsplit(address).query))
        self.asked.append(asked)
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def document(self) -> dict[str, Any]:
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
        paths = ("authorize", "token", "keys", "userinfo")
        found = {name: f"{self.issuer}/{path}" for name, path in zip(names, paths, strict=True)}
        return {"issuer": self.issuer, **found, **self.discovery}

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, bytes]:
        """One code counts once, for this client and for who knows the verifier."""
        if self.answer is not None:
            return self.answer()
        asked = self.codes.pop(form.get("code", ""), None)
        pair = f"{CLIENT}:b%C3%AD+m%E1%BA%ADt%2Fc%E1%BB%A7a%2Bta"
        expected = f"Basic {b64encode(pair.encode()).decode()}"
        challenge = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        if (
            asked is None
            or authorization != expected
            or challenge.decode() != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return 400, b'{"error": "invalid_grant"}'
        self.traded += 1
        body = {"access_token": "opaque", "token_type": "Bearer", "id_token": self.signed(asked["nonce"])}
        return 200, json.dumps(body).encode()

    def signed(self, nonce: str) -> str:
        at = int(NOW.timestamp())
        usual = {
            "iss": self.issuer, "aud": CLIENT, "sub": "người-7", "iat": at, "exp": at + 300, "nonce": nonce,
            "email": "lan@bo.vn", "email_verified": True,
        }  # fmt: skip
        claims = {name: value for name, value in {**usual, **self.claims}.items() if value is not None}
        if self.algorithm == "none":
            head = urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
            return f"{head}.{urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b'=').decode()}."
        key = OctKey.import_key(SECRET * 3) if self.algorithm == "HS256" else self.key
        return jwt.encode({"alg": self.algorithm, "kid": "one"}, claims, key, algorithms=[self.algorithm])


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        provider, path = self.server.provider, urlsplit(self.path).path
        pages: dict[str, Callable[[], Any]] = {
            "/.well-known/openid-configuration": provider.document,
            "/keys": lambda: {"keys": [OWN_KEY.as_dict(private=False)]},
            "/userinfo": lambda: provider.userinfo,
        }
        if path == "/authorize":
            asked = f"{provider.issuer}{self.path}"
            answer = urlencode(provider.authorize(asked))
            back = f"{provider.asked[-1]['redirect_uri']}?{answer}"
            self._answer(200, f'<!doctype html><a href="{escape(back)}">Đồng ý</a>'.encode(), "text/html")
        elif path not in pages:
            self._answer(404, b"{}")
        else:
            self._answer(200, json.dumps(pages[path]()).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._answer(*self.server.provider.token(form, self.headers.get("Authorization", "")))

    def _answer(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        if status == 302:
            self.send_header("Location", body.decode())
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Tests are quiet."""


class _Server(ThreadingHTTPServer):
    provider: Provider


@contextmanager
def running() -> Iterator[Provider]:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.provider = Provider(issuer=f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.provider
        finally:
            server.shutdown()
            thread.join()
