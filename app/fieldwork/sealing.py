"""The seal of a record: encrypted on the telephone for this server alone (docs/adr/0017-field-work.md).

P-256 ECDH with a key made for one record, HKDF-SHA256, AES-256-GCM: what WebCrypto has in every browser.
"""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import current_app

from app import keys

PURPOSE: Final = "field-seal"
VERSION: Final = 1
NONCE_BYTES: Final = 12
KEY_ID_DIGITS: Final = 16
INFO: Final = b"hailong-field-1"
# The number of points of P-256: private keys are whole numbers from 1 to one less.
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_WITHOUT_PADDING: Final = re.compile(r"[A-Za-z0-9_-]*")


class BrokenSeal(Exception):
    """The envelope is not sealed for this server, or something of it was changed: nothing of it is read."""


@dataclass(frozen=True)
class SealKey:
    """The server's key. `public` is the uncompressed point (65 bytes), `id` what an envelope names it by."""

    private: ec.EllipticCurvePrivateKey
    public: bytes
    id: str

    @classmethod
    def derived(cls, secret: bytes) -> SealKey:
        """The same key from the same secret, on every host and after every restored backup.

        Sixteen bytes more than the order has leave no number more likely than another.
        """
        number = int.from_bytes(_expanded(secret, b"", b"hailong-field-key", 48)) % (_ORDER - 1) + 1
        private = ec.derive_private_key(number, ec.SECP256R1())
        public = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return cls(private, public, hashlib.sha256(public).hexdigest()[:KEY_ID_DIGITS])


def seal_keys() -> tuple[SealKey, ...]:
    """The current key first, then those that are being rotated out, which still open."""
    known: tuple[SealKey, ...] | None = current_app.extensions.get("field_seal_keys")
    if known is None:
        made = tuple(SealKey.derived(secret) for secret in keys.verifying_keys(PURPOSE))
        known = current_app.extensions.setdefault("field_seal_keys", made)
    return known


def open_sealed(envelope: Mapping[str, Any], own: Iterable[SealKey] | None = None) -> bytes:
    """The record inside an envelope. Raises BrokenSeal for whatever is not exactly a seal for us."""
    if set(envelope) != {"c", "e", "id", "k", "n", "v"} or envelope["v"] != VERSION:
        raise BrokenSeal
    if isinstance(envelope["v"], bool) or not isinstance(envelope["id"], str):
        raise BrokenSeal
    key = next((key for key in (seal_keys() if own is None else own) if key.id == envelope["k"]), None)
    ephemeral, nonce, sealed = (decoded(envelope[name]) for name in ("e", "n", "c"))
    if key is None or len(nonce) != NONCE_BYTES:
        raise BrokenSeal
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), ephemeral)
        # A compressed point would be a second spelling of the same envelope.
        if len(ephemeral) != len(key.public):
            raise BrokenSeal
        secret = content_key(key.private.exchange(ec.ECDH(), point), key.public)
        return AESGCM(secret).decrypt(nonce, sealed, envelope["id"].encode())
    except (InvalidTag, ValueError) as error:
        raise BrokenSeal from error


def content_key(shared: bytes, server_public: bytes) -> bytes:
    """The key of one record, from what the exchange gave and from whom it is for."""
    return _expanded(shared, server_public, INFO, 32)


def encoded(data: bytes) -> str:
    """Base64 as addresses take it, without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decoded(text: object) -> bytes:
    """The bytes of such a text, which has exactly one spelling. Raises BrokenSeal."""
    if not isinstance(text, str) or _WITHOUT_PADDING.fullmatch(text) is None or len(text) % 4 == 1:
        raise BrokenSeal
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encoded(data) != text:
        raise BrokenSeal
    return data


def _expanded(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
