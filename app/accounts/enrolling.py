"""The seed that an authenticator is about to take: made from what the browser holds, so that nothing is kept.

Another browser that opens the same invitation is shown another seed. Somebody who has only seen the page of
an invitation therefore does not know the seed with which its owner enrols.
"""

from __future__ import annotations

import hmac
import io
from collections.abc import Iterator
from datetime import datetime

import segno
from flask import Response

from app import keys
from app.accounts import totp
from app.accounts.form_tokens import browser_secret
from app.accounts.models import Person


def pending_secret(occasion: str) -> bytes:
    """The seed for one occasion in this browser."""
    return next(_pending_secrets(occasion))


def confirmed_secret(occasion: str, code: str, now: datetime) -> tuple[bytes, int] | None:
    """The seed that the authenticator has taken and the step of the code that proves it; None if wrong.

    The page may have been shown before the key was rotated.
    """
    for secret in _pending_secrets(occasion):
        step = totp.matching_step(secret, code, now)
        if step is not None:
            return secret, step
    return None


def _pending_secrets(occasion: str) -> Iterator[bytes]:
    text = f"{occasion} {browser_secret()}"
    for key in keys.verifying_keys("totp-enrolment"):
        yield hmac.digest(key, text.encode(), "sha256")[: totp.SECRET_BYTES]


def picture(secret: bytes, person: Person) -> Response:
    """The QR code as an image of its own: our policy allows no inline style or data address."""
    file = io.BytesIO()
    segno.make(totp.address(secret, person.email), error="m").save(
        file, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=True
    )
    return Response(file.getvalue(), mimetype="image/svg+xml")


def personal_words(person: Person) -> list[str]:
    """What must not make up a password: the own name and address, and their parts."""
    return [person.name, *person.name.split(), person.email, *person.email.replace("@", ".").split(".")]
