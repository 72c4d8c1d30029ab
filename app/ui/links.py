"""Addresses of our own pages: where a change leads, and a page with the arguments that somebody sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from flask import redirect, url_for
from werkzeug.wrappers import Response


def done_at(endpoint: str, word: str, **values: Any) -> Response:
    """See Other, so that reloading the page repeats nothing; the address carries the word of the message."""
    return redirect(url_for(endpoint, **values, done=word), 303)


def with_arguments(page: str, arguments: Iterable[tuple[str, str]]) -> str:
    """A page of ours with arguments out of an address.

    They never go through `url_for`: `_scheme`, `_method` or `endpoint`, sent by anybody, would be its own.
    """
    text = urlencode(list(arguments))
    return f"{page}?{text}" if text else page
