"""Keys derived from SECRET_KEY, one for each purpose: a value signed for one is worthless for another."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator

from flask import current_app

from app.config import Config


def configuration() -> Config:
    config: Config = current_app.extensions["hailong"]
    return config


def derive(secret: str, purpose: str) -> bytes:
    """A 32-byte key for one purpose."""
    return hmac.digest(secret.encode(), b"hailong:" + purpose.encode(), "sha256")


def signing_key(purpose: str) -> bytes:
    return derive(configuration().secret_key, purpose)


def verifying_keys(purpose: str) -> Iterator[bytes]:
    """The current key first, then those that are being rotated out."""
    config = configuration()
    for secret in (config.secret_key, *config.secret_key_fallbacks):
        yield derive(secret, purpose)


def token_hash(token: str) -> bytes:
    """What is kept of a one-time token. Tokens carry 128 random bits, so a plain hash cannot be searched."""
    return hashlib.sha256(token.encode()).digest()
