"""Headers of every response: each route as it answers, and each route with each way to fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug import exceptions
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app import create_app, security
from app.accounts.access import ACCESS, Door
from app.errors import Conflict, NotFound
from app.extensions import db
from tests.support import citizens
from tests.support.accounts import NOW, enrolled, signed_in

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EXACT = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": POLICY,
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
# One page of ours stands in another: what each of the two needs, and no more.
POLICIES = {
    "catalogue_staff.preview": f"{POLICY}; frame-src 'self'",
    "fieldwork_staff.prompts": f"{POLICY}; media-src 'self'",
    "responding_staff.preview_frame": POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
}
# What names the software tells an attacker which holes to try.
SILENT = ("Server", "X-Powered-By", "X-Frame-Options")
HOST = "hailong.vn"
TLS = f"https://{HOST}"
FAILURES: dict[int, Exception] = {
    400: exceptions.BadRequest(),
    403: exceptions.Forbidden(),
    404: NotFound(),
    405: exceptions.MethodNotAllowed(["GET"]),
    409: Conflict(),
    410: exceptions.Gone(),
    411: exceptions.LengthRequired(),
    413: exceptions.RequestEntityTooLarge(),
    415: exceptions.UnsupportedMediaType(),
    429: exceptions.TooManyRequests(retry_after=7),
    500: RuntimeError("a mistake of ours"),
    503: OperationalError("SELECT 1", {}, Exception("away")),
}
VALUES = {
    "agency": citizens.AGENCY, "procedure": citizens.PROCEDURE, "code": "x", "version": "1.0", "plan": "x",
    "token": "x" * 22, "receipt": "A" * 16, "period": "2026-Q3", "place": "14", "name": "x", "path": "x",
    "filename": "site.css", "extension": "csv", "old": "1.0", "new": "1.0", "batch": "x",
    "quarter": "2026-Q3", "reason": "budget",
}  # fmt: skip


@pytest.fixture
def whole(app: Flask) -> Flask:
    """The service behind TLS as in production, with one member of staff who may open everything."""
    app.testing = False
    app.extensions["clock"] = lambda: NOW
    app.extensions["hailong"] = replace(app.extensions["hailong"], base_url=TLS)
    citizens.prepare(app)
    return app


def address_of(rule: Rule) -> str:
    """An address of the route; whether it leads to anything does not matter to its headers."""

    def value(part: re.Match[str]) -> str:
        kind, name = part[1] or "", part[2]
        if kind.startswith("uuid"):
            return "00000000-0000-0000-0000-000000000001"
        return "1" if kind.startswith("int") else VALUES.get(name, "x")

    return re.sub(r"<(?:([^:>]+):)?([^>]+)>", value, rule.rule)


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method, address."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            yield rule.endpoint, method, address_of(rule)


def wrong_with(answer: TestResponse, endpoint: str, *, failed: bool = False) -> list[str]:
    """Everything about the headers that is not exactly as it has to be."""
    expected = dict(EXACT)
    if not failed and answer.status_code == 200:
        expected["Content-Security-Policy"] = POLICIES.get(endpoint, POLICY)
    found = [
        f"{name}: {answer.headers.getlist(name)}"
        for name, value in expected.items()
        if answer.headers.getlist(name) != [value]
    ]
    found += [f"{name} is sent" for name in SILENT if name in answer.headers]
    staff = ACCESS[endpoint] is not Door.PUBLIC
    cookies = answer.headers.getlist("Set-Cookie")
    if cookies and not staff:
        found.append(f"a citizen gets {cookies}")
    found += [f"cookie {cookie}" for cookie in cookies if not _is_bound(cookie)]
    if staff and answer.headers.get("Cache-Control") != "no-store":
        found.append(f"a cache keeps it: {answer.headers.get('Cache-Control')}")
    if failed and answer.headers.get("Cache-Control") != "no-store":
        found.append("an error page is kept")
    if re.search(r"<(?:script|style)(?![^>]*\bsrc=)[^>]*>|\son\w+=|\sstyle=", _page(answer)):
        found.append("inline code or style")
    return found


def _page(answer: TestResponse) -> str:
    return answer.text if answer.mimetype == "text/html" else ""


def _is_bound(cookie: str) -> bool:
    """`__Host-` with all it asks for, and out of reach of scripts and other sites."""
    name, *attributes = (part.strip() for part in cookie.split(";"))
    wanted = {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"}
    return name.startswith("__Host-") and wanted <= set(attributes) and "Domain" not in cookie


def visitors(app: Flask) -> tuple[FlaskClient, FlaskClient]:
    """Nobody, and somebody of the ministry."""
    staff = signed_in(app, enrolled(app).id)
    kept = staff.get_cookie("hailong")
    assert kept is not None
    staff.set_cookie("__Host-hailong", kept.value, domain=HOST, secure=True)
    assert staff.get("/quan-tri", base_url=TLS).status_code == 200
    return app.test_client(), staff


def test_every_route_and_method_answers_with_exactly_these_headers(whole: Flask) -> None:
    nobody, staff = visitors(whole)
    wrong, seen = [], set()
    for endpoint, method, address in routes(whole):
        for client in (nobody, staff):
            answer = client.open(address, method=method, base_url=TLS)
            seen.add(answer.status_code)
            wrong += [(method, address, answer.status_code, why) for why in wrong_with(answer, endpoint)]
    assert wrong == []
    # The walk has met pages, redirects and refusals, so none of these was judged by its absence.
    assert {200, 303, 403, 404} <= seen


@pytest.mark.parametrize("status", FAILURES)
def test_every_route_fails_with_exactly_these_headers(whole: Flask, status: int) -> None:
    """Each route in turn meets each way to fail, at its very end: behind the guard, in place of its view."""
    nobody, staff = visitors(whole)
    wrong = []
    for endpoint, method, address in routes(whole):
        if ACCESS[endpoint] is not Door.PUBLIC and method not in ("GET", "HEAD"):
            continue

        def fail(**_values: object) -> Response:
            raise FAILURES[status]

        kept = whole.view_functions[endpoint]
        whole.view_functions[endpoint] = fail
        try:
            answer = (nobody if ACCESS[endpoint] is Door.PUBLIC else staff).open(
                address, method=method, base_url=TLS
            )
        finally:
            whole.view_functions[endpoint] = kept
        if answer.status_code != status:
            wrong.append((method, address, answer.status_code, "not the failure"))
        wrong += [(method, address, status, why) for why in wrong_with(answer, endpoint, failed=True)]
    assert wrong == []


def test_what_no_route_takes_has_the_headers_too(whole: Flask) -> None:
    client = whole.test_client()
    for method, address, status in (
        ("GET", "/khong-co", 404), ("PUT", "/phieu", 405), ("TRACE", "/", 405), ("GET", "/phieu/%00", 404),
        ("GET", "/quan-tri/khong-co", 404), ("DELETE", "/quan-tri", 405), ("OPTIONS", "/", 200),
    ):  # fmt: skip
        answer = client.open(address, method=method, base_url=TLS)
        assert answer.status_code == status, (method, address)
        for name, value in EXACT.items():
            assert answer.headers.getlist(name) == [value], (method, address, name)
        assert "Set-Cookie" not in answer.headers


def test_plain_http_promises_no_tls(whole: Flask) -> None:
    assert "Strict-Transport-Security" not in whole.test_client().get("/").headers


def test_the_constants_of_the_code_are_the_words_of_this_test() -> None:
    assert security.CONTENT_SECURITY_POLICY == POLICY


# Whom a request is for, and who says so.


def behind(app: Flask, hops: int) -> Flask:
    config = replace(
        app.extensions["hailong"], proxy_hops=hops, trusted_hosts=(HOST, f"quantri.{HOST}"), base_url=TLS
    )
    made = create_app(config)
    made.extensions["clock"] = lambda: NOW
    return made


WRONG_HOSTS = (
    "evil.vn", "hailong.vn.evil.vn", "evilhailong.vn", "hailong.vn@evil.vn", "hailong.vn:80@evil.vn",
    "hailong.vn.", ".hailong.vn", "hailong.vn/x", "hailong.vn evil.vn", "127.0.0.1", "[::1]", "",
    "hailong.vn:99999", "a" * 300, "hailong.vn\\evil.vn", "hailong.vn#evil.vn",
)  # fmt: skip


def test_a_host_that_is_not_ours_is_refused_on_every_kind_of_page(app: Flask) -> None:
    served = behind(app, 0)
    client = served.test_client()
    for path in ("/", "/quan-tri", "/quan-tri/dang-nhap", "/static/x", "/healthz", "/khong-co"):
        assert client.get(path, headers={"Host": HOST}).status_code != 400
        assert client.get(path, headers={"Host": f"{HOST}:443"}).status_code != 400
        for host in WRONG_HOSTS:
            answer = client.get(path, headers={"Host": host})
            assert answer.status_code == 400, (path, host)
            assert "evil" not in answer.text
            assert "Location" not in answer.headers
            assert answer.headers["Content-Security-Policy"] == POLICY
    _end(served)


def test_forwarding_headers_are_believed_as_far_as_there_are_proxies(app: Flask) -> None:
    forged = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.vn", "Host": HOST}
    direct = behind(app, 0)
    answer = direct.test_client().get("/phieu", headers=forged)
    assert answer.status_code == 200
    assert "Strict-Transport-Security" not in answer.headers
    _end(direct)
    proxied = behind(app, 1)
    client = proxied.test_client()
    # Whatever it says about the host, the request's own is judged: nobody talks themselves to the staff's.
    assert client.get("/phieu", headers=forged).status_code == 200
    ours = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": HOST, "Host": "evil.vn"}
    assert client.get("/phieu", headers=ours).status_code == 400
    # Of a list, only what the nearest proxy has added counts.
    chain = {"X-Forwarded-Proto": "http, https", "Host": HOST}
    answer = client.get("/phieu", headers=chain)
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"] == EXACT["Strict-Transport-Security"]
    other = client.get("/phieu", headers={**chain, "X-Forwarded-Proto": "https, http"})
    assert "Strict-Transport-Security" not in other.headers
    # Only what it says about the address and the scheme is read at all.
    for name, value in (("Forwarded", "host=evil.vn;proto=https"), ("X-Forwarded-Prefix", "//evil.vn")):
        page = client.get("/quan-tri", headers={"Host": HOST, name: value})
        assert page.headers["Location"] == "/quan-tri/dang-nhap", name
    _end(proxied)


def _end(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
