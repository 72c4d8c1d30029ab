"""Before every request: who is this, and may they? What the table does not open stays closed."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask, Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, keys, walls
from app.accounts import form_tokens, sessions, staff_reach
from app.accounts.access import ACCESS, SHARED, UPLOADS, WITH_OLD_PASSWORD, Door
from app.accounts.identity import Actor, find_actor
from app.accounts.refused import note_access
from app.accounts.returning import way_back
from app.errors import NotFound
from app.transactions import transaction
from surveys.periods import local_day

STAFF_PREFIX: Final = "/quan-tri"
# Read in blocks of 64 KiB, of which more than one may wait.
_FORM_BESIDE_FILES: Final = 256 * 1024
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def protect(app: Flask) -> None:
    app.before_request(let_in)
    app.extensions["note_refusal"] = note_access
    app.after_request(keep_nowhere)
    app.context_processor(_template_helpers)


def let_in() -> ResponseReturnValue | None:
    """Goes on to the view, or answers in its place."""
    g.actor = g.visit = None
    walls.set_reach(walls.NOTHING)
    g.pop("form_secret", None)
    g.pop("new_form_secret", None)
    if request.endpoint is None:
        return None  # The router says what is wrong.
    rule = ACCESS.get(request.endpoint)
    if rule is None or not _is_host_of(rule is not Door.PUBLIC, request.endpoint):
        raise NotFound
    if rule is Door.PUBLIC:
        walls.set_reach(_reach_of_strangers(request.blueprint or ""))
        return None
    walls.set_reach(walls.ENTRANCE)
    load_actor()
    if rule is not Door.SIGNED_OUT:
        actor = find_actor()
        if actor is None:
            return _to_the_entrance()
        walls.set_reach(staff_reach.reach_of(actor, local_day(clock.now())))
        if g.visit.password_is_old and request.endpoint not in WITH_OLD_PASSWORD:
            return _to_the_new_password()
        if not isinstance(rule, Door) and not actor.may(rule):
            raise NotFound
    if request.endpoint in UPLOADS:
        _take_files()
    if request.method not in _SAFE_METHODS:
        form_tokens.verify()
    return None


def load_actor() -> None:
    """Finds out who this is. Whoever is only half way in is a visit and not yet an actor."""
    token = sessions.token_of_request()
    now = clock.now()
    g.visit = visit = sessions.find_visit(token, now=now) if token else None
    if visit is None or not visit.has_second_factor:
        return
    g.actor = Actor(id=str(visit.person), name=visit.name, grants=visit.grants)
    with transaction():
        sessions.note_click(visit, now=now)


def keep_nowhere(response: Response) -> Response:
    """What staff see is in no cache, and the form cookie goes out with the page that needs it."""
    if request.path == STAFF_PREFIX or request.path.startswith(STAFF_PREFIX + "/"):
        response.headers["Cache-Control"] = "no-store"
        form_tokens.give_cookie(response)
    return response


def _reach_of_strangers(blueprint: str) -> str:
    """How far a page reaches that asks nobody who they are."""
    if blueprint.startswith("fieldwork"):
        return walls.FIELD
    return walls.CONTACT if blueprint == "comments" else walls.PUBLIC


def _is_host_of(staff: bool, endpoint: str) -> bool:
    """Where staff have a host of their own, each host answers for its own pages only."""
    staff_host = keys.configuration().staff_host
    if not staff_host or endpoint in SHARED:
        return True
    here = request.host.lower() in (staff_host.lower(), f"{staff_host.lower()}:443")
    return here is staff


def _to_the_entrance() -> Response:
    """To the next step of signing in, and from there back to the page that was asked for."""
    step = "accounts.sign_in_page" if g.visit is None else "accounts.second_factor_page"
    asked = request.full_path.rstrip("?") if request.method == "GET" else ""
    response = redirect(url_for(step, tiep=way_back(asked) or None), 303)
    assert isinstance(response, Response)
    return response


def _take_files() -> None:
    """Files go to disk while they are read for the token; of the rest little is held in memory at once."""
    request.max_content_length = keys.configuration().maximum_upload
    request.max_form_memory_size = _FORM_BESIDE_FILES


def _to_the_new_password() -> Response:
    response = redirect(url_for("accounts_staff.own.password_page"), 303)
    assert isinstance(response, Response)
    return response


def _template_helpers() -> dict[str, Any]:
    return {"csrf_token": form_tokens.form_token, "actor": find_actor()}
