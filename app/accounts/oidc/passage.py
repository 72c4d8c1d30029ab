"""What has to be remembered while somebody is at the provider: in a cookie of their own, for ten minutes.

The session cookie is `Strict` and does not come along on the way back from another site; this one is `Lax`,
opens nothing, and is worth nothing without the answer of the provider.
"""

from __future__ import annotations

import hmac
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from flask import request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from app import keys
from app.accounts import sessions
from app.accounts.secrecy import new_token

LASTS: Final = timedelta(minutes=10)
_SUFFIX: Final = "-oidc"
_PURPOSE: Final = "oidc-passage"


@dataclass(frozen=True, slots=True)
class Passage:
    """`until` is in seconds since 1970; `way` is the page that was asked for."""

    state: str
    nonce: str
    verifier: str
    way: str
    until: int

    def is_of(self, state: str) -> bool:
        return hmac.compare_digest(self.state.encode(), state.encode("utf-8", "surrogatepass"))


def begin(way: str, *, now: datetime) -> Passage:
    until = int((now + LASTS).timestamp())
    return Passage(state=new_token(), nonce=new_token(), verifier=new_token(), way=way, until=until)


def put(response: Response, passage: Passage) -> None:
    text = _serializer().dumps(asdict(passage))
    sessions.put_cookie(response, str(text), _SUFFIX, samesite="Lax", max_age=LASTS)


def drop(response: Response) -> None:
    sessions.drop_cookie(response, _SUFFIX)


def of_request(*, now: datetime) -> Passage | None:
    """The passage that this browser is on; None for none, one that is over, or one that is not ours."""
    try:
        passage = Passage(**_serializer().loads(request.cookies.get(sessions.cookie_name(_SUFFIX), "")))
    except (BadData, TypeError):
        return None
    return passage if now.timestamp() < passage.until else None


def _serializer() -> URLSafeSerializer:
    """The last key signs, all of them verify."""
    signing = [*reversed(list(keys.verifying_keys(_PURPOSE)))]
    return URLSafeSerializer(signing, salt=_PURPOSE, signer_kwargs={"digest_method": sha256})
