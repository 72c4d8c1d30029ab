"""Public results: the nation, a province, an agency; the method; search by name."""

from __future__ import annotations

import gzip

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import i18n
from app.clock import now
from app.directory.naming import KINDS
from app.directory.queries import search_agencies
from app.results import opening, queries
from app.results.integrity import INTEGRITY_COLUMNS, integrity_page, integrity_rows
from app.results.keeping import KeptPage, kept_page
from app.results.pages import place_page
from app.results.presenters import EVERY_KIND, SORTS
from app.results.queries import UnknownPlace
from app.results.searching import search_provinces
from app.results.wording import kind_name, level_names, place_name
from app.thresholds.queries import thresholds_of
from app.ui.download import download
from exports.cells import CSV_TYPE, csv_bytes
from surveys.figures import NATION
from surveys.periods import Locale, Quarter, local_day, quarter_of
from surveys.printing import date_text, number, percent, thresholds_note

blueprint = Blueprint("results", __name__)
KEPT = "public, max-age=300"
LONGEST_QUERY = 100


@blueprint.get("/ket-qua")
def nation() -> ResponseReturnValue:
    quarter = queries.latest_closed(now())
    if quarter is None:
        return render_template("results/empty.html")
    return _closed(quarter, NATION)


@blueprint.get("/ket-qua/<period>")
def period(period: str) -> ResponseReturnValue:
    """A quarter of the nation; the code of a place leads to its latest quarter."""
    try:
        quarter = Quarter.parse(period)
    except ValueError:
        return _latest_of(period)
    return _page(quarter, NATION)


@blueprint.get("/ket-qua/<period>/<place>")
def place(period: str, place: str) -> ResponseReturnValue:
    try:
        quarter = Quarter.parse(period)
    except ValueError:
        raise UnknownPlace(period) from None
    if place == NATION:
        return redirect(here("results.period", period=period))
    return _page(quarter, place)


@blueprint.get("/phuong-phap")
def method() -> ResponseReturnValue:
    """The method, with the thresholds of the running quarter; each page of results prints its own."""
    return render_template(
        f"results/method_{_locale()}.html", thresholds=thresholds_of(quarter_of(now()).code)
    )


@blueprint.get("/toan-ven")
def integrity() -> ResponseReturnValue:
    quarter = queries.latest_closed(now())
    if quarter is None:
        return render_template("results/empty.html")
    return _integrity(quarter, NATION)


@blueprint.get("/toan-ven/<period>")
def integrity_period(period: str) -> ResponseReturnValue:
    return _integrity(_closed_quarter(period), NATION)


@blueprint.get("/toan-ven/<period>/<place>")
def integrity_place(period: str, place: str) -> ResponseReturnValue:
    return _integrity(_closed_quarter(period), place)


@blueprint.get("/toan-ven/<period>.csv")
def integrity_file(period: str) -> Response:
    quarter = _closed_quarter(period)
    content = csv_bytes(INTEGRITY_COLUMNS, integrity_rows(quarter))
    response = download(f"toan-ven-{quarter.code}.csv", content, CSV_TYPE)
    response.headers["Cache-Control"] = KEPT
    return response


def _closed_quarter(period: str) -> Quarter:
    """Raises UnknownPlace for a quarter that is none, has no answers or is not to be closed yet."""
    quarter = next((item for item in queries.closed_quarters(now()) if item.code == period), None)
    if quarter is None:
        raise UnknownPlace(period)
    queries.ensure_digests(quarter.code, now())
    return quarter


def _integrity(quarter: Quarter, code: str) -> ResponseReturnValue:
    queries.ensure_digests(quarter.code, now())
    locale = _locale()

    def render() -> str:
        page = integrity_page(code, quarter, now=now(), locale=locale)
        return render_template("results/integrity.html", page=page)

    plain = all(name == i18n.PARAMETER and value == locale for name, value in request.args.items(multi=True))
    return _sent(kept_page(("integrity", quarter.code, code, locale), render, keep=plain))


@blueprint.get("/tim")
def search() -> ResponseReturnValue:
    text = request.args.get("q", "")[:LONGEST_QUERY]
    quarter = queries.latest_closed(now())
    day = local_day(now())
    agencies = search_agencies(text, day) if text.strip() else []
    provinces = search_provinces(text, day)
    return render_template(
        "results/search.html", text=text, agencies=agencies, provinces=provinces, quarter=quarter
    )


def _latest_of(code: str) -> ResponseReturnValue:
    quarter = queries.latest_closed(now())
    if quarter is None or queries.find_figures(code, quarter.code) is None:
        raise UnknownPlace(code)
    return redirect(here("results.place", period=quarter.code, place=code))


def _page(quarter: Quarter, code: str) -> ResponseReturnValue:
    if quarter.is_closable(now()):
        return _closed(quarter, code)
    return _open(quarter, code)


def _closed(quarter: Quarter, code: str) -> ResponseReturnValue:
    queries.ensure_digests(quarter.code, now())
    kind, sort, locale = request.args.get("kind", ""), request.args.get("sort", SORTS[0]), _locale()
    kind, sort = kind if kind in (*KINDS, EVERY_KIND) else "", sort if sort in SORTS else SORTS[0]

    def render() -> str:
        page = place_page(code, quarter, kind=kind, sort=sort, now=now(), locale=locale)
        return render_template("results/place.html", page=page)

    expected = {"kind": kind, "sort": sort, i18n.PARAMETER: locale}
    plain = all(expected.get(name) == value for name, value in request.args.items(multi=True))
    return _sent(kept_page((quarter.code, code, kind, sort, locale), render, keep=plain))


def _open(quarter: Quarter, code: str) -> ResponseReturnValue:
    """Of a quarter that is not closed only a rounded number is told, and when there will be more."""
    found = queries.find_place(code, quarter.code)
    if found is None or quarter.first_day > local_day(now()):
        raise UnknownPlace(f"{quarter} {code}")
    return render_template(
        "results/open.html",
        place=found,
        quarter=quarter,
        count=opening.open_count(code, quarter.code, local_day(now())),
        closes=local_day(quarter.closable_from),
        latest=queries.latest_closed(now()),
    )


def _sent(page: KeptPage) -> Response:
    """A closed page may be kept for a while and is sent again only where it has changed."""
    accepts = request.accept_encodings["gzip"] > 0
    response = make_response(page.compressed if accepts else gzip.decompress(page.compressed))
    response.headers["Cache-Control"] = KEPT
    response.headers["Vary"] = "Accept-Encoding"
    if accepts:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(page.etag, weak=True)
    response.make_conditional(request)
    return response


def _locale() -> Locale:
    return "en" if i18n.current_language() == "en" else "vi"


def here(endpoint: str, **values: str | None) -> str:
    """An address in the language of this page."""
    language = i18n.current_language()
    given = {name: value for name, value in values.items() if value}
    if language != i18n.DEFAULT:
        given[i18n.PARAMETER] = language
    return url_for(endpoint, _external=False, **given)


@blueprint.context_processor
def page_helpers() -> dict[str, object]:
    locale = _locale()
    return {
        "here": here,
        "locale": locale,
        "number": lambda n: number(n, locale),
        "percent": lambda share: percent(share, locale=locale, decimals=0),
        "date_text": lambda day: date_text(day, locale),
        "thresholds_note": lambda thresholds: thresholds_note(thresholds, locale),
        "kind_name": kind_name,
        "place_name": place_name,
        "level_names": level_names(locale),
        "nation": NATION,
    }


@blueprint.after_request
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
