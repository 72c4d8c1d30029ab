"""The audit trail for who may read it: newest first, by act, person, thing and day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.identity import current_actor
from app.accounts.queries import names_of
from app.accounts.roles import Permission
from app.audit.queries import PAGE, Event, Filter, get_head, list_actions, list_events
from app.console.frame import blueprint
from app.console.trail_words import action_words, detail_words, value_words
from app.directory.scopes import covered_codes
from app.ui.download import csv_download
from surveys.periods import ZONE, local_day

MOST_IN_FILE: Final = 10_000
_LONGEST: Final = 120


@blueprint.get("/nhat-ky")
def trail() -> ResponseReturnValue:
    wanted = _wanted()
    before = _position(request.args.get("before", ""))
    events = list_events(wanted, before=before, limit=PAGE + 1)
    shown = events[:PAGE]
    return render_template(
        "console/trail.html",
        events=shown,
        names=_names(shown),
        words=action_words,
        detail_words=detail_words,
        value_words=value_words,
        actions=[(action, action_words(action)) for action in list_actions()],
        wanted=wanted,
        head=get_head(),
        first=url_for(".trail", **_kept()) if before is not None else "",
        later=url_for(".trail", **{**_kept(), "before": shown[-1].position}) if len(events) > PAGE else "",
        kept=_kept(),
    )


@blueprint.get("/nhat-ky.csv")
def trail_file() -> Response:
    """The newest events of the filter, as the trail holds them."""
    events = list_events(_wanted(), limit=MOST_IN_FILE)
    columns = ("position", "at", "by", "action", "subject", "scope", "details")
    name = f"nhat-ky-{local_day(clock.now()).isoformat()}.csv"
    return csv_download(name, columns, map(_row, events))


def _row(event: Event) -> tuple[int | str, ...]:
    details = "; ".join(f"{key}={value}" for key, value in event.details.items())
    at = event.at.astimezone(ZONE).isoformat(timespec="seconds")
    return (event.position, at, event.by, event.action, event.subject, event.scope, details)


def _wanted() -> Filter:
    """Only what concerns the scopes of this person; what concerns the system as a whole is for the nation."""
    scopes = current_actor().scopes(Permission.AUDIT_READ)
    agencies = covered_codes(scopes, local_day(clock.now()))
    return Filter(
        by=_text("by"),
        action=_text("action"),
        subject=_text("subject"),
        scopes=None if agencies is None else frozenset(scopes) | agencies,
        first_day=_day("from"),
        last_day=_day("to"),
    )


def _text(name: str) -> str | None:
    return request.args.get(name, "")[:_LONGEST] or None


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _position(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _kept() -> dict[str, Any]:
    names = ("by", "action", "subject", "from", "to")
    return {name: request.args[name] for name in names if request.args.get(name)}


def _names(events: Iterable[Event]) -> Mapping[str, str]:
    """Persons who acted, and persons who were acted upon."""
    return names_of({text for event in events for text in (event.by, event.subject)})
