"""The way in, the release calendar, the log of corrections and the feed: what was published when, and why."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.editions.keeping import kept_page
from app.editions.listing import PublishedFigures
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
from app.keys import configuration
from app.releases.corrections import (
    COLUMNS,
    Correction,
    count_changed_places,
    get_correction,
    list_changes,
    list_corrections,
    rows_of,
)
from app.releases.feed import MEDIA_TYPE as ATOM_TYPE
from app.releases.feed import atom
from app.releases.presenters import calendar_events, feed_entries, home_page
from app.releases.queries import (
    Coming,
    find_coming,
    find_next,
    list_announcements,
    list_coming,
    list_released,
)
from app.ui.icalendar import MEDIA_TYPE as CALENDAR_TYPE
from app.ui.icalendar import calendar_file
from exports.cells import CSV_TYPE, csv_bytes
from surveys.periods import Period, local_day, parse_period, start_of_day

blueprint = Blueprint("releases", __name__)
blueprint.context_processor(page_helpers)
blueprint.after_request(compress)

MOST_RELEASED = 24
MOST_CHANGES = 300
MOST_ENTRIES = 50


@blueprint.get("/")
def home() -> ResponseReturnValue:
    source, today = PublishedFigures(), local_day(now())

    def render() -> str:
        page = home_page(source, locale=page_locale())
        return render_template("releases/home.html", page=page, coming=find_next(now()))

    stamp = (source.stamp(), today, len(list_announcements()))
    return sent(kept_page(("home", page_locale()), stamp, render, keep=is_plain()))


@blueprint.get("/lich-cong-bo")
def calendar() -> ResponseReturnValue:
    source, today = PublishedFigures(), local_day(now())

    def render() -> str:
        return render_template(
            "releases/calendar.html",
            coming=list_coming(now()),
            released=[(item, parse_period(item.edition.period)) for item in list_released(MOST_RELEASED)],
        )

    stamp = (source.stamp(), today, len(list_announcements()))
    return sent(kept_page(("release-calendar", page_locale()), stamp, render, keep=is_plain()))


@blueprint.get("/lich-cong-bo.ics")
def calendar_ics() -> Response:
    page = configuration().base_url + here("releases.calendar")
    events = calendar_events(list_coming(now()), list_released(MOST_RELEASED), locale=page_locale(), url=page)
    # What it says changes with the day and with what is published: the same until then to whoever asks again.
    content = calendar_file(events, name=_("Lịch công bố"), stamp=start_of_day(local_day(now())))
    return kept_download("lich-cong-bo.ics", content, CALENDAR_TYPE)


@blueprint.get("/dinh-chinh")
def corrections() -> ResponseReturnValue:
    source = PublishedFigures()

    def render() -> str:
        items = [(item, count_changed_places(item)) for item in list_corrections()]
        return render_template("releases/corrections.html", items=items)

    return sent(kept_page(("corrections", page_locale()), source.stamp(), render, keep=is_plain()))


@blueprint.get("/dinh-chinh/<code>")
def correction(code: str) -> ResponseReturnValue:
    found = get_correction(code)

    def render() -> str:
        changes = list_changes(found, page_locale())
        shown = changes[:MOST_CHANGES]
        return render_template("releases/correction.html", item=found, changes=shown, total=len(changes))

    # Both editions are frozen, so what changed between them never does.
    name = ("correction", code, page_locale())
    return sent(kept_page(name, _hashes(found), render, keep=is_plain()), KEPT_LONG)


@blueprint.get("/dinh-chinh/<code>.csv")
def correction_file(code: str) -> Response:
    found = get_correction(code)
    content = csv_bytes(COLUMNS, rows_of(list_changes(found, page_locale())))
    return kept_download(f"dinh-chinh-{code}.csv", content, CSV_TYPE, KEPT_LONG)


@blueprint.app_template_global()
def coming_release(period: Period) -> Coming | None:
    """For pages of features below this one: a page of results and the calendar name one and the same day."""
    return find_coming(period, now())


def _hashes(item: Correction) -> tuple[str, str]:
    return item.before.sha256, item.edition.sha256


@blueprint.get("/ket-qua.atom")
def feed() -> Response:
    base, locale = configuration().base_url, page_locale()
    source = PublishedFigures()
    content = atom(
        feed_entries(source, MOST_ENTRIES, locale=locale, base=base),
        title=_("Hài Lòng: các kỳ công bố"),
        url=base + here("releases.feed"),
        page=base + here("editions.nation"),
        language=locale,
        begun=start_of_day(local_day(now())),
    )
    response = make_response(content)
    response.headers["Content-Type"] = ATOM_TYPE
    response.headers["Cache-Control"] = KEPT
    response.add_etag()
    response.make_conditional(request)
    return response
