"""The frame of the console: its menu, and who is signed in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, request, url_for

from app import i18n
from app.accounts.identity import find_actor
from app.console.menu import menu_for

blueprint = Blueprint("console", __name__, url_prefix="/quan-tri")
STAFF_SUFFIX = "_staff"
# The way in and out belongs to the console as well.
ENTRANCE = "accounts"
# Pages of one's own, by the names that the accounts give them.
OWN_SESSIONS = "accounts_staff.own.list_sessions"
SIGN_OUT = "accounts.sign_out"


@blueprint.app_context_processor
def template_helpers() -> dict[str, Any]:
    return {"staff_menu": _menu, "staff_person": _person}


@blueprint.app_url_defaults
def keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """Whoever reads the console in English goes on in English: there is no cookie that would remember it."""
    feature = endpoint.partition(".")[0]
    if feature in (blueprint.name, ENTRANCE) or feature.endswith(STAFF_SUFFIX):
        language = request.args.get(i18n.PARAMETER) if request else None
        if language in i18n.LANGUAGES and language != i18n.DEFAULT:
            values.setdefault(i18n.PARAMETER, language)


def _menu() -> list[Any]:
    actor = find_actor()
    return menu_for(actor) if actor else []


def _person() -> dict[str, str] | None:
    """Who is signed in, and the ways to one's own sessions and out."""
    actor = find_actor()
    if actor is None:
        return None
    known = current_app.view_functions
    return {
        "name": actor.name,
        "url": url_for(OWN_SESSIONS) if OWN_SESSIONS in known else "",
        "logout": url_for(SIGN_OUT) if SIGN_OUT in known else "",
    }
