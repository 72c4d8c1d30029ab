"""A page on which up to four places of one period stand beside each other; it works without a script."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import i18n
from app.clock import now
from app.directory.queries import search_agencies
from app.editions.comparison import MOST, compare_places
from app.editions.keeping import kept_page
from app.editions.listing import PublishedFigures
from app.editions.sending import page_locale, sent
from app.results.searching import search_provinces
from app.results.wording import _
from surveys.periods import Period, local_day

blueprint = Blueprint("comparison", __name__)
LONGEST_QUERY = 100
MOST_FOUND = 12


@blueprint.get("/so-sanh")
def compare() -> ResponseReturnValue:
    source = PublishedFigures()
    periods = [*source.periods("quarter"), *source.periods("month"), *source.periods("week")]
    if not periods:
        return render_template("editions/empty.html")
    asked, text = request.args.get("ky", ""), request.args.get("tim", "")[:LONGEST_QUERY].strip()
    period = next((item for item in periods if item.code == asked), None)
    page = compare_places(source, period or periods[0], request.args.getlist("noi"), locale=page_locale())
    problems = list(page.problems)
    if asked and period is None:
        problems.insert(0, _("Chưa công bố kỳ nào có mã “%(code)s”.", code=asked[:40]))
    found = _found(text, set(page.codes)) if len(page.codes) < MOST else []
    html = render_template(
        "editions/compare.html",
        page=page,
        problems=problems,
        periods=periods,
        text=text,
        found=found[:MOST_FOUND],
        more=len(found) > MOST_FOUND,
        full=len(page.codes) >= MOST,
        with_places=lambda codes: compare_address(page.period, codes),
    )
    response = sent(kept_page("", "", lambda: html, keep=False))
    response.status_code = 400 if problems and response.status_code == 200 else response.status_code
    if problems:
        response.headers["Cache-Control"] = "no-store"
    return response


def compare_address(period: Period, codes: list[str]) -> str:
    arguments = [("ky", period.code), *(("noi", code) for code in codes)]
    if i18n.current_language() != i18n.DEFAULT:
        arguments.append((i18n.PARAMETER, i18n.current_language()))
    return f"{url_for('editions.comparison.compare')}?{urlencode(arguments)}"


def _found(text: str, chosen: set[str]) -> list[tuple[str, str, str]]:
    """Code, name and province of places that bear the words, without those that stand there already.

    One more than is shown tells that there are more.
    """
    if not text:
        return []
    day = local_day(now())
    provinces = [(view.code, view.name, "") for view in search_provinces(text, day)]
    agencies = [(view.code, view.name, view.province_name) for view in search_agencies(text, day)]
    return [place for place in (*provinces, *agencies) if place[0] not in chosen][: MOST_FOUND + 1]
