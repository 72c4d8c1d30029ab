"""Secrets of people as the database keeps them: codes as hashes, seeds of authenticators encrypted."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from base64 import b32encode
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask_babel import gettext as _

from app import keys
from app.errors import Conflict

RECOVERY_CODES: Final = 10
RECOVERY_LETTERS: Final = 25
# Those that were given out before; each counts until it is used or renewed.
EARLIER_LETTERS: Final = 20
_NONCE_BYTES: Final = 12
_PURPOSE: Final = "totp-secret"


class LostKey(Conflict):
    """The key that encrypted an authenticator's seed is gone; a recovery code still opens.

    The old key stays in SECRET_KEY_FALLBACKS until `flask staff rotate-key` has run.
    """

    def words(self) -> tuple[str, str]:
        return (
            _("Ứng dụng xác thực không còn dùng được"),
            _("Hãy quay lại và nhập mã khôi phục, hoặc xin người quản trị đặt lại cả hai yếu tố."),
        )


def encrypt(secret: bytes, person: UUID) -> bytes:
    """Bound to the person: the same bytes in the row of somebody else open nothing."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(keys.signing_key(_PURPOSE)).encrypt(nonce, secret, person.bytes)


def decrypt(kept: bytes, person: UUID) -> bytes:
    """Raises LostKey."""
    for key in keys.verifying_keys(_PURPOSE):
        try:
            return AESGCM(key).decrypt(kept[:_NONCE_BYTES], kept[_NONCE_BYTES:], person.bytes)
        except InvalidTag:
            continue
    raise LostKey


def encrypted_anew(kept: bytes, person: UUID) -> bytes | None:
    """The same secret under the current key; None where it is already. Raises LostKey."""
    current, *_earlier = keys.verifying_keys(_PURPOSE)
    try:
        AESGCM(current).decrypt(kept[:_NONCE_BYTES], kept[_NONCE_BYTES:], person.bytes)
    except InvalidTag:
        return encrypt(decrypt(kept, person), person)
    return None


def new_token() -> str:
    """256 random bits, for a session or an invitation."""
    return secrets.token_urlsafe(32)


def new_recovery_code() -> str:
    """Twenty-five letters and digits: 125 bits cannot be guessed, so no counter ever refuses them."""
    return b32encode(secrets.token_bytes(16))[:RECOVERY_LETTERS].decode()


def spaced(code: str) -> str:
    """As it is shown: groups of five."""
    return "-".join(re.findall(".{5}", code))


def recovery_hash(code: str, person: UUID) -> bytes:
    """What is kept of a recovery code, however it was typed. Of its person's only."""
    plain = re.sub(r"[\s-]", "", code).upper()
    return hashlib.sha256(person.bytes + plain.encode()).digest()


def looks_like_recovery_code(text: str) -> bool:
    plain = re.sub(r"[\s-]", "", text).upper()
    return len(plain) in (RECOVERY_LETTERS, EARLIER_LETTERS) and re.fullmatch("[A-Z2-7]+", plain) is not None
