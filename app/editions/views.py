"""Public results: the nation, a province, an agency; the method; search by name. All from published files."""

from __future__ import annotations

import gzip

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import i18n
from app.clock import now
from app.directory.naming import KINDS
from app.directory.queries import search_agencies
from app.editions import raw_views
from app.editions.keeping import KeptPage, kept_page
from app.editions.listing import PublishedFigures, find_edition, info_of
from app.results import opening, queries
from app.results.integrity import INTEGRITY_COLUMNS, integrity_page, integrity_rows
from app.results.pages import place_page
from app.results.presenters import EVERY_KIND, SORTS
from app.results.searching import search_provinces
from app.results.source import UnknownPlace
from app.results.wording import kind_name, level_names, place_name
from app.thresholds.queries import thresholds_of
from app.ui.download import download
from exports.cells import CSV_TYPE, csv_bytes
from surveys.editions import EditionCode
from surveys.figures import NATION
from surveys.periods import Locale, Period, Quarter, local_day, quarter_of, quarter_of_day
from surveys.printing import date_text, number, percent, thresholds_note

blueprint = Blueprint("editions", __name__)
blueprint.register_blueprint(raw_views.blueprint)
KEPT = "public, max-age=300"
LONGEST_QUERY = 100


@blueprint.get("/ket-qua")
def nation() -> ResponseReturnValue:
    source = PublishedFigures()
    latest = _latest(source)
    if latest is None:
        return render_template("editions/empty.html")
    return _closed(source, latest, NATION)


@blueprint.get("/ket-qua/<period>")
def period(period: str) -> ResponseReturnValue:
    """An edition of the nation; the code of a place leads to its latest quarter."""
    try:
        code = EditionCode.parse(period)
    except ValueError:
        return _latest_of(period)
    return _page(code, NATION)


@blueprint.get("/ket-qua/<period>/<place>")
def place(period: str, place: str) -> ResponseReturnValue:
    try:
        code = EditionCode.parse(period)
    except ValueError:
        raise UnknownPlace(period) from None
    if place == NATION:
        return redirect(here("editions.period", period=period))
    return _page(code, place)


@blueprint.get("/phuong-phap")
def method() -> ResponseReturnValue:
    """The method, with the thresholds of the running quarter; each page of results prints its own."""
    return render_template(
        f"editions/method_{_locale()}.html", thresholds=thresholds_of(quarter_of(now()).code)
    )


@blueprint.get("/toan-ven")
def integrity() -> ResponseReturnValue:
    source = PublishedFigures()
    latest = _latest(source)
    if latest is None:
        return render_template("editions/empty.html")
    return _integrity(source, latest, NATION)


@blueprint.get("/toan-ven/<period>")
def integrity_period(period: str) -> ResponseReturnValue:
    source = PublishedFigures()
    return _integrity(source, _published_quarter(source, period), NATION)


@blueprint.get("/toan-ven/<period>/<place>")
def integrity_place(period: str, place: str) -> ResponseReturnValue:
    source = PublishedFigures()
    return _integrity(source, _published_quarter(source, period), place)


@blueprint.get("/toan-ven/<period>.csv")
def integrity_file(period: str) -> Response:
    source = PublishedFigures()
    quarter = _published_quarter(source, period)
    content = csv_bytes(INTEGRITY_COLUMNS, integrity_rows(source, quarter))
    response = download(f"toan-ven-{quarter.code}.csv", content, CSV_TYPE)
    response.headers["Cache-Control"] = KEPT
    return response


def _published_quarter(source: PublishedFigures, period: str) -> Quarter:
    """Raises UnknownPlace for a quarter that is none or was not published."""
    for item in source.periods("quarter"):
        if item.code == period and isinstance(item, Quarter):
            return item
    raise UnknownPlace(period)


def _latest(source: PublishedFigures) -> Quarter | None:
    found = next(iter(source.periods("quarter")), None)
    return found if isinstance(found, Quarter) else None


def _integrity(source: PublishedFigures, quarter: Quarter, code: str) -> ResponseReturnValue:
    locale = _locale()

    def render() -> str:
        page = integrity_page(source, code, quarter, locale=locale)
        return render_template("editions/integrity.html", page=page)

    plain = all(name == i18n.PARAMETER and value == locale for name, value in request.args.items(multi=True))
    return _sent(kept_page(("integrity", quarter.code, code, locale), source.stamp(), render, keep=plain))


@blueprint.get("/tim")
def search() -> ResponseReturnValue:
    text = request.args.get("q", "")[:LONGEST_QUERY]
    quarter = _latest(PublishedFigures())
    day = local_day(now())
    agencies = search_agencies(text, day) if text.strip() else []
    provinces = search_provinces(text, day)
    return render_template(
        "editions/search.html", text=text, agencies=agencies, provinces=provinces, quarter=quarter
    )


def _latest_of(code: str) -> ResponseReturnValue:
    source = PublishedFigures()
    quarter = _latest(source)
    if quarter is None or source.find(code, quarter.code) is None:
        raise UnknownPlace(code)
    return redirect(here("editions.place", period=quarter.code, place=code))


def _page(code: EditionCode, place: str) -> ResponseReturnValue:
    """An address without a revision is that of the newest one; a revision stays readable at its own."""
    source = PublishedFigures()
    if code.revision:
        edition = find_edition(code.code)
        if edition is None or edition.published_at is None:
            raise UnknownPlace(code.code)
        return _closed(PublishedFigures(edition), code.period, place)
    if source.edition(code.period.code) is None:
        return _open(source, code.period, place)
    return _closed(source, code.period, place)


def _closed(source: PublishedFigures, period: Period, code: str) -> ResponseReturnValue:
    kind, sort, locale = request.args.get("kind", ""), request.args.get("sort", SORTS[0]), _locale()
    kind, sort = kind if kind in (*KINDS, EVERY_KIND) else "", sort if sort in SORTS else SORTS[0]
    edition = source.edition(period.code)
    assert edition is not None, "only published periods come here"

    def render() -> str:
        page = place_page(source, code, period, kind=kind, sort=sort, locale=locale)
        return render_template("editions/place.html", page=page, edition=info_of(edition))

    expected = {"kind": kind, "sort": sort, i18n.PARAMETER: locale}
    plain = all(expected.get(name) == value for name, value in request.args.items(multi=True))
    return _sent(kept_page((edition.code, code, kind, sort, locale), source.stamp(), render, keep=plain))


def _open(source: PublishedFigures, period: Period, code: str) -> ResponseReturnValue:
    """Of a period that is not published only a rounded number is told, and when there will be more."""
    found = queries.find_place(code, quarter_of_period(period).code)
    over = period.is_closable(now())
    nothing = over and quarter_of_period(period) not in queries.closed_quarters(now())
    if found is None or nothing or period.first_day > local_day(now()):
        raise UnknownPlace(f"{period} {code}")
    count = opening.open_count(code, period.code, local_day(now())) if isinstance(period, Quarter) else None
    return render_template(
        "editions/open.html",
        place=found,
        quarter=period,
        count=count,
        closes=local_day(period.closable_from),
        closable=over,
        latest=_latest(source),
    )


def quarter_of_period(period: Period) -> Quarter:
    """The quarter in which a period ends."""
    return period if isinstance(period, Quarter) else quarter_of_day(period.last_day)


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
