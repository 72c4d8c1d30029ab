"""Texts before they are set: composed letters only."""

from __future__ import annotations

import unicodedata


def clean(text: str) -> str:
    """Composed letters (NFC), so that what is copied out of the file can be searched for."""
    return unicodedata.normalize("NFC", text)
