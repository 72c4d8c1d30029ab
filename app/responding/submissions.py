"""From the body of a request to what a person sent, or to why it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes
from uuid import UUID

from flask import Request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

FORM: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
MOST_FIELDS: Final = 200
ID, STAMP, HONEYPOT = "id", "t", "website"
_UUID4: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


class FileSent(BadRequest):
    """A file stands where an answer belongs; the form takes none."""


class TooManyFields(BadRequest):
    """More fields than any questionnaire has."""


@dataclass(frozen=True, slots=True)
class Submission:
    """The fields of a form. `response_id` is None where it is missing, repeated or no random UUID."""

    fields: Mapping[str, Sequence[str]]
    response_id: UUID | None
    stamp: str

    @property
    def honeypot(self) -> bool:
        """A field that no person sees was filled in."""
        return any(self.fields.get(HONEYPOT, ()))


def read_submission(request: Request) -> Submission:
    """Reads the form. Raises FileSent, TooManyFields, UnsupportedMediaType or RequestEntityTooLarge."""
    fields: dict[str, list[str]] = {}
    for name, value in _pairs(request):
        fields.setdefault(name, []).append(value)
    return Submission(fields, _response_id(fields.get(ID, ())), _only(fields.get(STAMP, ())))


def _pairs(request: Request) -> list[tuple[str, str]]:
    body = request.get_data(parse_form_data=False)
    # A body of unannounced length is cut at the limit instead of refused, and half an answer is none.
    if request.content_length is None and len(body) >= (request.max_content_length or 0):
        raise RequestEntityTooLarge
    if request.mimetype == MULTIPART and b"filename" in body:
        raise FileSent
    if request.mimetype != FORM:
        raise UnsupportedMediaType
    if body.count(b"&") >= MOST_FIELDS:
        raise TooManyFields
    pairs = []
    for part in body.split(b"&"):
        name, _equals, value = part.partition(b"=")
        pairs.append((_decoded(name), _decoded(value)))
    return pairs


def _decoded(encoded: bytes) -> str:
    """Bytes that are no UTF-8 become lone surrogates, which the reading of answers refuses.

    Replacing them, as is usual, would store words that nobody wrote.
    """
    plain = encoded.replace(b"+", b" ")
    if b"%" in plain:
        plain = unquote_to_bytes(plain)
    return plain.decode("utf-8", "surrogateescape")


def _response_id(values: Sequence[str]) -> UUID | None:
    text = _only(values)
    return UUID(text) if _UUID4.fullmatch(text) else None


def _only(values: Sequence[str]) -> str:
    """The value of a field that may stand once."""
    return values[0] if len(values) == 1 else ""
