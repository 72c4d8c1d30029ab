"""The code with which a person sees and withdraws a contact."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import b32encode
from typing import Final

CODE: Final = re.compile(r"[A-Z2-7]{20}(?:[A-Z2-7]{5})?")
"""Those of twenty letters were given out before."""


def new_nonce() -> str:
    """Goes into the form, so that sending it twice leaves one contact."""
    return secrets.token_hex(16)


def contact_code(key: bytes, nonce: str) -> str:
    """Twenty-five letters and digits, 125 bits, that only the server can make from a nonce."""
    return b32encode(hmac.digest(key, nonce.encode(), "sha256"))[:25].decode()


def code_hash(code: str) -> bytes:
    """What is kept of a code."""
    return hashlib.sha256(code.encode()).digest()


def typed(text: str) -> str:
    """A code as people type it: small letters, spaces and hyphens do not matter."""
    return re.sub(r"[\s-]", "", text).upper()
