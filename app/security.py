"""Headers of every response, error pages included."""

from __future__ import annotations

from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest, NotFound

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A page of ours inside another page of ours: what each of the two needs, and nobody else.
FRAMED_POLICY = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
FRAMING_POLICY = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
# A page on which recordings of ours can be heard.
PLAYING_POLICY = f"{CONTENT_SECURITY_POLICY}; media-src 'self'"
HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
HSTS = "max-age=31536000; includeSubDomains"


def stand_in_frame() -> None:
    """This response may be shown inside a page of ours."""
    g.policy = FRAMED_POLICY


def hold_frame() -> None:
    """This page shows another of ours inside."""
    g.policy = FRAMING_POLICY


def play_sounds() -> None:
    """This page has players for recordings of ours."""
    g.policy = PLAYING_POLICY


def protect(app: Flask) -> None:
    @app.before_request
    def refuse_unreadable() -> None:
        """No name or code of ours holds a NUL, and no browser sends an address that is not UTF-8."""
        environ = request.environ
        try:
            request.query_string.decode()
        except UnicodeDecodeError as error:
            # Whoever answers looks there for the language, so it must be readable before anything is said.
            request.query_string, environ["QUERY_STRING"] = b"", ""
            raise BadRequest from error
        if "\0" in environ["PATH_INFO"] or "%00" in environ.get("QUERY_STRING", ""):
            raise NotFound

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS:
            response.headers[name] = value
        response.headers["Content-Security-Policy"] = g.get("policy", CONTENT_SECURITY_POLICY)
        if response.status_code == 412:
            # Of this request alone: a cache that kept it would refuse the page to everybody.
            response.headers["Cache-Control"] = "no-store"
            response.set_data(b"")
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = HSTS
        return response
