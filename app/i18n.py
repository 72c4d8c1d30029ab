"""Languages of the pages: Vietnamese is the source, English a translation."""

from __future__ import annotations

from flask import request
from flask_babel import get_locale

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
DEFAULT = "vi"
PARAMETER = "lang"


def requested_language() -> str:
    """The language in the address; no cookie and no guess from the browser, so a page can be cached."""
    language = request.args.get(PARAMETER, DEFAULT)
    return language if language in LANGUAGES else DEFAULT


def current_language() -> str:
    locale = get_locale()
    return str(locale.language) if locale else DEFAULT
