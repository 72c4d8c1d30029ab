"""Where a change leads: back to a page that says what was done."""

from __future__ import annotations

from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response


def done_at(endpoint: str, word: str, **values: Any) -> Response:
    """See Other, so that reloading the page repeats nothing; the address carries the word of the message."""
    return redirect(url_for(endpoint, **values, done=word), 303)
