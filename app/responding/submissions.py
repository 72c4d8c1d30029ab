"""From the body of a request to what a person sent, or to why it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import Request

from app.ui.form_body import read_pairs

ID, STAMP, HONEYPOT = "id", "t", "website"
_UUID4: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


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
    """Reads the form. Raises what `read_pairs` raises."""
    fields: dict[str, list[str]] = {}
    for name, value in read_pairs(request):
        fields.setdefault(name, []).append(value)
    return Submission(fields, _response_id(fields.get(ID, ())), _only(fields.get(STAMP, ())))


def _response_id(values: Sequence[str]) -> UUID | None:
    text = _only(values)
    return UUID(text) if _UUID4.fullmatch(text) else None


def _only(values: Sequence[str]) -> str:
    """The value of a field that may stand once."""
    return values[0] if len(values) == 1 else ""
