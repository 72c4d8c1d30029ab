"""The proof that a form came from a page of ours: every change by staff carries one.

It is an HMAC over the secret of the browser: the token of the session or, before anybody has signed in, a
random cookie of its own. Flask-WTF would need Flask's session, which is a second cookie that can neither
be ended nor bound to ours; one HMAC needs no state at all.
"""

from __future__ import annotations

import hmac
from typing import Final

from flask import Response, g, request
from werkzeug.exceptions import Forbidden

from app import keys
from app.accounts import sessions
from app.accounts.secrecy import new_token
from app.errors import StaleForm

FIELD: Final = "csrf_token"
_FORM_COOKIE: Final = "-form"
_PURPOSE: Final = "form-token"


def form_token() -> str:
    """The token for the forms of this page."""
    return hmac.digest(keys.signing_key(_PURPOSE), browser_secret().encode(), "sha256").hex()


def browser_secret() -> str:
    """What only this browser holds: the token of its session, or its form cookie, made when needed."""
    if g.get("visit") is not None:
        return sessions.token_of_request()
    if "form_secret" not in g:
        kept = request.cookies.get(sessions.cookie_name(_FORM_COOKIE), "")
        g.form_secret = kept or new_token()
        g.new_form_secret = not kept
    secret: str = g.form_secret
    return secret


def give_cookie(response: Response) -> None:
    """Hands out the form cookie where a page of this request needed a new one."""
    if g.get("new_form_secret"):
        sessions.put_cookie(response, g.form_secret, _FORM_COOKIE)


def verify() -> None:
    """The request must carry the token of this browser and come from our own pages.

    `Origin` is not judged: under our referrer policy it is `null` for our own forms too.
    Raises StaleForm or Forbidden.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden
    given = request.form.get(FIELD, "")
    secret = browser_secret()
    expected = (hmac.digest(key, secret.encode(), "sha256").hex() for key in keys.verifying_keys(_PURPOSE))
    if g.get("new_form_secret") or not any(_equal(given, token) for token in expected):
        raise StaleForm


def _equal(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), token.encode())
