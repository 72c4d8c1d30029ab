"""What a telephone does with a record: canonical JSON, sealed for the server."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.fieldwork.sealing import KEY_ID_DIGITS, NONCE_BYTES, content_key, encoded
from surveys.canonical import canonical_json


def seal(
    record: Mapping[str, Any] | bytes,
    record_id: str,
    public: bytes,
    *,
    ephemeral: ec.EllipticCurvePrivateKey | None = None,
    nonce: bytes | None = None,
) -> bytes:
    """The envelope as it goes over the wire; `public` is the server's key, 65 bytes."""
    plain = record if isinstance(record, bytes) else canonical_json(record).encode()
    own = ephemeral or ec.generate_private_key(ec.SECP256R1())
    nonce = nonce or os.urandom(NONCE_BYTES)
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    key = content_key(own.exchange(ec.ECDH(), point), public)
    envelope = {
        "c": encoded(AESGCM(key).encrypt(nonce, plain, record_id.encode())),
        "e": encoded(own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)),
        "id": record_id,
        "k": hashlib.sha256(public).hexdigest()[:KEY_ID_DIGITS],
        "n": encoded(nonce),
        "v": 1,
    }
    return canonical_json(envelope).encode()
