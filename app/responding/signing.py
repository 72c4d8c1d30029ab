"""The signed time in a form, which is never stored, and the receipt of an answer."""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from collections.abc import Iterable
from typing import Final

RECEIPT_FORMAT: Final = re.compile(r"[A-Z2-7]{16}")
_STAMP: Final = re.compile(r"([1-9][0-9]{0,11})\.([0-9a-f]{32})")


class Stamps:
    """Signs the second at which a form was opened; made once a second, since all forms share it."""

    def __init__(self) -> None:
        self._last = (0, b"", "")

    def stamp(self, key: bytes, second: int) -> str:
        known_second, known_key, text = self._last
        if known_second != second or known_key != key:
            text = f"{second}.{_signature(key, second)}"
            self._last = (second, key, text)
        return text


def read_stamp(keys: Iterable[bytes], text: str) -> int | None:
    """The second in a stamp; None where it is missing or forged."""
    found = _STAMP.fullmatch(text)
    if found is None:
        return None
    second = int(found[1])
    right = any(hmac.compare_digest(found[2], _signature(key, second)) for key in keys)
    return second if right else None


def _signature(key: bytes, second: int) -> str:
    return hmac.digest(key, b"form opened at %d" % second, "sha256")[:16].hex()


def receipt(key: bytes, response_id: str) -> str:
    """Sixteen letters and digits that show that an answer arrived and lead to nothing."""
    return b32encode(hmac.digest(key, response_id.encode(), "sha256")[:10]).decode()
