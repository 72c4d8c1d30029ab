"""A page that asks once before what cannot simply be taken back, and says what will happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from flask import render_template, request

CONFIRMED: Final = "confirmed"


@dataclass(frozen=True, slots=True)
class Asked:
    """`undo` says how the act is taken back, or why it cannot be; `fields` are sent again with the answer."""

    title: str
    effects: Sequence[str]
    undo: str
    action: str
    back: str
    fields: Mapping[str, str] = field(default_factory=dict)
    grave: bool = False


def is_confirmed() -> bool:
    """Only by a form: with a look that has a body the guard asks for no token."""
    return request.method == "POST" and request.form.get(CONFIRMED) == "1"


def ask(asked: Asked) -> str:
    """The page with the question. The answer comes back to the same address with `confirmed=1`."""
    fields = {**asked.fields, CONFIRMED: "1"}
    return render_template("console/confirm.html", asked=asked, fields=fields)
