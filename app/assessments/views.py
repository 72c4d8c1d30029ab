"""The calendar of all deadlines, as a page and as a file for calendars."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import gettext as _

from app.assessments.presenters import ALARM_DAYS, calendar_events, calendar_page, scope_name
from app.clock import now
from app.editions.keeping import kept_page
from app.editions.sending import kept_download, sent
from app.errors import NotFound
from app.i18n import DEFAULT, PARAMETER, current_language
from app.plans import list_plans
from app.ui.icalendar import MEDIA_TYPE, calendar_file
from surveys.periods import Locale, local_day, start_of_day
from surveys.plans import Due, Plan, deadlines

blueprint = Blueprint("assessments", __name__)

PLAN = "ke-hoach"
CACHE = "public, max-age=600"


@blueprint.get("/lich")
def calendar() -> Response:
    scopes = _scopes()
    html = render_template(
        "assessments/calendar.html",
        page=calendar_page(_chosen_dues(), scopes, now=now(), locale=_locale()),
        plans=[(plan, scopes[plan.id], _address("calendar", plan.id)) for plan in list_plans()],
        chosen=_chosen_plan(),
        everything=_address("calendar", None),
        file=_address("calendar_ics", request.args.get(PLAN)),
    )
    return sent(kept_page("", "", lambda: html, keep=False), CACHE)


@blueprint.get("/lich.ics")
def calendar_ics() -> Response:
    # A subscribed calendar shows this address to its owner, so it must not depend on how it was fetched.
    url = current_app.extensions["hailong"].base_url + url_for("assessments.calendar")
    events = calendar_events(_chosen_dues(), _scopes(), locale=_locale(), url=url)
    today = start_of_day(local_day(now()))
    content = calendar_file(events, name=_("Lịch hạn báo cáo"), stamp=today, alarm_days=ALARM_DAYS)
    return kept_download("lich.ics", content, MEDIA_TYPE, CACHE)


def _scopes() -> dict[str, str]:
    return {plan.id: scope_name(plan) for plan in list_plans()}


def _locale() -> Locale:
    return "en" if current_language() == "en" else "vi"


def _chosen_plan() -> Plan | None:
    """The plan named in the address; None for all. Raises NotFound for a plan that is not kept here."""
    wanted = request.args.get(PLAN)
    if not wanted:
        return None
    plan = next((plan for plan in list_plans() if plan.id == wanted), None)
    if plan is None:
        raise NotFound(wanted)
    return plan


def _chosen_dues() -> list[Due]:
    chosen = _chosen_plan()
    return [due for due in deadlines(list_plans()) if chosen is None or due.plan == chosen.id]


def _address(view: str, plan: str | None) -> str:
    """The page or file about one plan, or about all, in the language of this request."""
    language = current_language()
    wanted: dict[str, Any] = {PLAN: plan, PARAMETER: language if language != DEFAULT else None}
    return url_for(f"assessments.{view}", **{name: value for name, value in wanted.items() if value})
