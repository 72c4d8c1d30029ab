"""Codes of an authenticator (RFC 6238: SHA-1, 30 seconds, six digits, as every app has them). Pure."""

from __future__ import annotations

import hmac
import re
import struct
from base64 import b32encode
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

STEP_SECONDS: Final = 30
# A clock may be one step off, either way.
LEEWAY_STEPS: Final = 1
SECRET_BYTES: Final = 20
ISSUER: Final = "Hài Lòng"
_CODE: Final = re.compile(r"[0-9]{6}")


def step_of(now: datetime) -> int:
    return int(now.timestamp()) // STEP_SECONDS


def code_at(secret: bytes, step: int) -> str:
    digest = hmac.digest(secret, struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def typed(text: str) -> str:
    """A code as people type it: apps show it with a space in the middle."""
    return re.sub(r"\s", "", text)


def matching_step(secret: bytes, code: str, now: datetime, *, after: int = 0) -> int | None:
    """The step whose code this is, none at or before `after`; None for a wrong or a spent code."""
    if _CODE.fullmatch(typed(code)) is None:
        return None
    found = None
    for step in range(step_of(now) - LEEWAY_STEPS, step_of(now) + LEEWAY_STEPS + 1):
        # Every step is compared, so that the time taken tells nothing about which one it was.
        if hmac.compare_digest(code_at(secret, step), typed(code)) and step > after:
            found = step
    return found


def readable(secret: bytes) -> str:
    """The secret for who types it: groups of four letters and digits."""
    return " ".join(re.findall(".{4}", b32encode(secret).decode()))


def address(secret: bytes, email: str) -> str:
    """What the QR code says to the authenticator."""
    label = quote(f"{ISSUER}:{email}")
    return f"otpauth://totp/{label}?" + urlencode({"secret": b32encode(secret).decode(), "issuer": ISSUER})
