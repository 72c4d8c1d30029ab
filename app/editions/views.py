"""Public results: the nation, a province, an agency; the method; search by name. All from published files."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.clock import now
from app.directory.naming import KINDS
from app.directory.queries import search_agencies
from app.editions import comparison_views, document_views, raw_views
from app.editions.document_serving import is_there
from app.editions.heads import MINISTRY
from app.editions.keeping import kept_page
from app.editions.listing import PublishedFigures, find_edition, frozen, info_of
from app.editions.open_data import offered_files
from app.editions.reporting import has_answers
from app.editions.revisions import Address, own_address, revisions_of
from app.editions.sending import (
    KEPT,
    KEPT_LONG,
    compress,
    here,
    is_plain,
    kept_download,
    page_helpers,
    page_locale,
    sent,
)
from app.improvements.queries import list_public_improvements
from app.results import opening, queries
from app.results.integrity import INTEGRITY_COLUMNS, integrity_page, integrity_rows
from app.results.pages import place_page
from app.results.presenters import EVERY_KIND, SORTS
from app.results.searching import search_provinces
from app.results.source import UnknownPlace
from app.thresholds.queries import thresholds_of
from exports.cells import CSV_TYPE, csv_bytes
from surveys.figures import NATION
from surveys.improvements import Improvement
from surveys.periods import Period, Quarter, local_day, quarter_of, quarter_of_day

blueprint = Blueprint("editions", __name__)
blueprint.register_blueprint(raw_views.blueprint)
blueprint.register_blueprint(document_views.blueprint)
blueprint.register_blueprint(comparison_views.blueprint)
LONGEST_QUERY = 100
MOST_FOUND = 40
"""A department of one name stands in each of the 34 provinces."""
MOST_IMPROVEMENTS = 12
SECONDS_OF_WORDS = 300


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
        address = Address.parse(period)
    except ValueError:
        return _latest_of(period)
    return _page(address, NATION)


@blueprint.get("/ket-qua/<period>/<place>")
def place(period: str, place: str) -> ResponseReturnValue:
    try:
        address = Address.parse(period)
    except ValueError:
        raise UnknownPlace(period) from None
    if place == NATION:
        return redirect(here("editions.period", period=period))
    return _page(address, place)


@blueprint.get("/phuong-phap")
def method() -> ResponseReturnValue:
    """The method, with the thresholds of the running quarter; each page of results prints its own."""
    html = render_template(
        f"editions/method_{page_locale()}.html", thresholds=thresholds_of(quarter_of(now()).code)
    )
    return sent(kept_page("", "", lambda: html, keep=False))


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
    return kept_download(f"toan-ven-{quarter.code}.csv", content, CSV_TYPE)


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
    locale, edition = page_locale(), source.edition(quarter.code)
    assert edition is not None, "only published quarters come here"

    def render() -> str:
        return render_template(
            "editions/integrity.html",
            page=integrity_page(source, code, quarter, locale=locale),
            edition=info_of(edition),
            revisions=revisions_of(edition, source.published),
        )

    return sent(kept_page(("integrity", quarter.code, code, locale), source.stamp(), render, keep=is_plain()))


@blueprint.get("/tim")
def search() -> ResponseReturnValue:
    text = request.args.get("q", "")[:LONGEST_QUERY]
    quarter = _latest(PublishedFigures())
    day = local_day(now())
    found = search_agencies(text, day, MOST_FOUND + 1) if text.strip() else []
    return render_template(
        "editions/search.html",
        text=text,
        agencies=found[:MOST_FOUND],
        more=len(found) > MOST_FOUND,
        provinces=search_provinces(text, day),
        quarter=quarter,
    )


def _latest_of(code: str) -> ResponseReturnValue:
    source = PublishedFigures()
    quarter = _latest(source)
    if quarter is None or source.find(code, quarter.code) is None:
        raise UnknownPlace(code)
    return redirect(here("editions.place", period=quarter.code, place=code))


def _page(address: Address, place: str) -> ResponseReturnValue:
    """An address without a revision is that of the newest one; each edition stays readable at its own."""
    period = address.edition.period
    if address.pinned:
        edition = find_edition(address.edition.code)
        if edition is None or edition.published_at is None:
            raise UnknownPlace(address.edition.code)
        return _closed(PublishedFigures(edition), period, place, pinned=True)
    source = PublishedFigures()
    if source.edition(period.code) is None:
        return _open(source, period, place)
    return _closed(source, period, place)


def _closed(
    source: PublishedFigures, period: Period, code: str, *, pinned: bool = False
) -> ResponseReturnValue:
    kind, sort, locale = request.args.get("kind", ""), request.args.get("sort", SORTS[0]), page_locale()
    kind, sort = kind if kind in (*KINDS, EVERY_KIND) else "", sort if sort in SORTS else SORTS[0]
    edition = source.edition(period.code)
    assert edition is not None, "only published periods come here"
    revisions = revisions_of(edition, source.published)
    has_document = is_there(edition, code)
    frozen_for_good = pinned and revisions.newer is not None

    def render() -> str:
        page = place_page(source, code, period, kind=kind, sort=sort, locale=locale)
        return render_template(
            "editions/place.html",
            page=page,
            edition=info_of(edition),
            revisions=revisions,
            files=offered_files(edition),
            has_document=has_document and has_answers(page.figures),
            late=frozen(edition).late_note(page.figures.place.code),
            publisher=MINISTRY,
            # Words that are withdrawn must not live on in pages that others keep for weeks.
            improvements=() if frozen_for_good else _improvements(code, period),
            # The links of a page that shows exactly one edition stay in it.
            address=own_address(edition.code) if pinned else period.code,
        )

    name = (edition.code, pinned, code, kind, sort, locale)
    # What an agency does goes on after its figures are frozen: its words are read again now and then.
    stamp = (source.stamp(), len(revisions.every), has_document, int(now().timestamp()) // SECONDS_OF_WORDS)
    page = kept_page(name, stamp, render, keep=is_plain(kind=kind, sort=sort))
    return sent(page, KEPT_LONG if frozen_for_good else KEPT)


def _improvements(code: str, period: Period) -> tuple[Improvement, ...]:
    return list_public_improvements(code, quarter_of_period(period), MOST_IMPROVEMENTS)


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


blueprint.context_processor(page_helpers)
blueprint.after_request(compress)
