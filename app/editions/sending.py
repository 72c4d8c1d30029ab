"""How public pages are sent: compressed, with an ETag, and kept by others for as long as they stay true."""

from __future__ import annotations

import gzip
from functools import partial
from typing import Final

from flask import Response, make_response, request, url_for

from app import i18n
from app.editions.keeping import KeptPage
from app.editions.revisions import own_address
from app.results.wording import kind_name, level_names, place_name
from app.ui.download import download
from surveys.editions import EditionCode
from surveys.figures import NATION
from surveys.periods import Locale
from surveys.printing import date_text, number, percent, thresholds_note

KEPT: Final = "public, max-age=300"
KEPT_LONG: Final = "public, max-age=2592000, immutable"
"""For what was overtaken by a revision: its numbers never change, and that it was overtaken stays true."""


def page_locale() -> Locale:
    return "en" if i18n.current_language() == "en" else "vi"


def here(endpoint: str, **values: str | None) -> str:
    """An address in the language of this page."""
    language = i18n.current_language()
    given = {name: value for name, value in values.items() if value}
    if language != i18n.DEFAULT:
        given[i18n.PARAMETER] = language
    return url_for(endpoint, _external=False, **given)


def is_plain(**expected: str) -> bool:
    """Whether the address has no argument but these: only such a page may be kept for others."""
    expected[i18n.PARAMETER] = page_locale()
    return all(expected.get(name) == value for name, value in request.args.items(multi=True))


def sent(page: KeptPage, keep: str = KEPT) -> Response:
    """A page may be kept for a while and is sent again only where it has changed."""
    accepts = request.accept_encodings["gzip"] > 0
    response = make_response(page.compressed if accepts else gzip.decompress(page.compressed))
    response.headers["Cache-Control"] = keep
    response.headers["Vary"] = "Accept-Encoding"
    if accepts:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(page.etag, weak=True)
    response.make_conditional(request)
    return response


def kept_download(name: str, content: bytes, media_type: str, keep: str = KEPT) -> Response:
    """A public file that is made when it is asked for, and sent again only where it has changed."""
    response = download(name, content, media_type)
    response.headers["Cache-Control"] = keep
    response.add_etag()
    response.make_conditional(request)
    return response


def page_helpers() -> dict[str, object]:
    locale = page_locale()
    return {
        "here": here,
        "locale": locale,
        "own_address": own_address,
        "edition_label": lambda code: EditionCode.parse(code).label_in(locale),
        "number": lambda n: number(n, locale),
        "percent": lambda share: percent(share, locale=locale, decimals=0),
        "date_text": lambda day: date_text(day, locale),
        "thresholds_note": partial(thresholds_note, locale=locale),
        "kind_name": kind_name,
        "place_name": place_name,
        "level_names": level_names(locale),
        "nation": NATION,
    }


def compress(response: Response) -> Response:
    """Results pages hold nothing secret beside public numbers, so compressing them gives nothing away."""
    done = "Content-Encoding" in response.headers
    if done or response.mimetype != "text/html" or response.is_streamed or response.status_code != 200:
        return response
    response.headers["Vary"] = "Accept-Encoding"
    if request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
