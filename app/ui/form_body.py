"""The body of a citizen's form: read whole and as it was sent, or refused with a reason of its own."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote_to_bytes

from flask import Request
from werkzeug.exceptions import LengthRequired, UnsupportedMediaType

from app.errors import BrokenEncoding, CutShort, FileSent, TooManyFields

FORM: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
MOST_FIELDS: Final = 200
_BROKEN_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def read_pairs(request: Request) -> list[tuple[str, str]]:
    """Names and values in their order; bytes that are no UTF-8 become lone surrogates.

    Raises FileSent, TooManyFields, BrokenEncoding, CutShort, LengthRequired, UnsupportedMediaType or
    RequestEntityTooLarge.
    """
    body = _whole_body(request)
    if request.mimetype == MULTIPART and b"filename" in body:
        raise FileSent
    if request.mimetype != FORM:
        raise UnsupportedMediaType
    if body.count(b"&") >= MOST_FIELDS:
        raise TooManyFields
    if b"%" in body and _BROKEN_ESCAPE.search(body):
        raise BrokenEncoding
    pairs = []
    for part in body.split(b"&"):
        name, _equals, value = part.partition(b"=")
        pairs.append((_decoded(name), _decoded(value)))
    return pairs


def _whole_body(request: Request) -> bytes:
    """A line that breaks half way looks to the server like the end of the body, and half an answer is none.

    Only the announced length shows it, so a body without one is refused; every browser announces it.
    """
    announced = request.content_length
    if announced is None:
        raise LengthRequired
    body = request.get_data(parse_form_data=False)
    if len(body) != announced:
        raise CutShort
    return body


def _decoded(encoded: bytes) -> str:
    """Replacing what is no UTF-8, as is usual, would store words that nobody wrote."""
    plain = encoded.replace(b"+", b" ")
    if b"%" in plain:
        plain = unquote_to_bytes(plain)
    return plain.decode("utf-8", "surrogateescape")
