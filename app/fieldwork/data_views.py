"""What telephones ask and send, as docs/adr/0017-field-work.md promises it: JSON, a bearer token, no cookie.

A telephone keeps its record after every refusal, so a record meets 400, 401, 403, 413, 429 or 503 and
nothing else. The words of an answer are for programs; people read those of the app.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final, ParamSpec

from flask import Blueprint, Response, current_app, g, request

from app import clock, keys
from app.budgets import Crowd, MinuteBudget
from app.catalogue.queries import get_questionnaire
from app.errors import RETRY_SECONDS, NotFound
from app.extensions import db
from app.fieldwork.enrolling import ACTIVE, MOST_LABEL, REVOKED, CodeUsedUp, Known, enrol, find_device
from app.fieldwork.inbox import DeskFull, InboxUnavailable, desk
from app.fieldwork.interpreting import State
from app.fieldwork.judging import Arrived
from app.fieldwork.prompts.keeping import find_file
from app.fieldwork.records import NoEnvelope, read_envelope
from app.fieldwork.reports import BadReport, keep_report, read_report
from app.fieldwork.work import fingerprint, work_of
from app.transactions import transaction
from surveys.canonical import canonical_json
from surveys.questions import has_control

blueprint = Blueprint("fieldwork_data", __name__, url_prefix="/thuc-dia/api")

P = ParamSpec("P")
BEARER: Final = "Bearer "
MOST_TOKEN: Final = 100
# What a telephone asks for at once.
PIECE: Final = 65_536
STATUS: Final = {State.STORED: 201, State.KNOWN: 200, State.ASIDE: 202}


class Budgets:
    """What one process takes in a minute."""

    def __init__(self) -> None:
        config = keys.configuration()
        self.devices = MinuteBudget(config.field_records_per_device)
        self.all = MinuteBudget(config.field_records_per_minute)
        self.crowd = Crowd()
        self.pieces_per_device = MinuteBudget(config.field_pieces_per_device)
        self.pieces = MinuteBudget(config.field_pieces_per_minute)
        self.unknown = MinuteBudget(config.unknown_tokens_per_minute)


def budgets() -> Budgets:
    extensions = current_app.extensions
    known: Budgets | None = extensions.get("field_budgets")
    if known is None:
        known = extensions.setdefault("field_budgets", Budgets())
    return known


def for_devices(view: Callable[P, Response]) -> Callable[P, Response]:
    """Only a telephone that is known and active gets to the view, which finds it in `g.device`."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        # A body that is too large is refused before anybody reads it or looks anything up.
        refused = _refused_length()
        if refused is not None:
            return refused
        device = _device()
        if device is not None and device.state == REVOKED:
            return _error(403, "revoked")
        if device is None or device.state != ACTIVE:
            response = _error(401, "paused" if device else "unknown")
            response.headers["WWW-Authenticate"] = "Bearer"
            return response
        g.device = device
        return view(*args, **kwargs)

    return guarded


@blueprint.post("/ghi-danh")
def enrolment() -> Response:
    """A code of one use becomes a token; guessing is slow for everybody together."""
    refused = _refused_length()
    if refused is not None:
        return refused
    data = _json_body()
    code, label = (data.get(name, "") for name in ("code", "label")) if isinstance(data, dict) else ("", "")
    if not _is_text(code) or not _is_text(label):
        return _error(400, "unreadable")
    now = clock.now()
    wait = budgets().unknown.wait(int(now.timestamp()))
    if wait:
        return _busy(429, wait)
    try:
        with transaction():
            enrolled = enrol(code, label.strip()[:MOST_LABEL], now=now)
    except CodeUsedUp:
        return _error(410, "used-up")
    return _answer(
        200,
        {
            "device": str(enrolled.device),
            "token": enrolled.token,
            "collector": {"id": str(enrolled.collector), "code": enrolled.collector_code},
            "team": enrolled.team,
        },
    )


@blueprint.get("/viec")
@for_devices
def work() -> Response:
    """The work of this telephone; unchanged but for the time of day, it costs no body."""
    found = work_of(g.device.collector, now=clock.now())
    response = _answer(200, found)
    response.set_etag(fingerprint(found))
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


@blueprint.get("/phieu-hoi/<code>/<version>")
def questionnaire(code: str, version: str) -> Response:
    """What is asked is public, and a version never changes."""
    try:
        found = get_questionnaire(code, version)
    except NotFound:
        return _error(404, "unknown")
    response = _answer(200, found.definition)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.set_etag(found.fingerprint)
    response.make_conditional(request)
    return response


@blueprint.get("/loi-doc/<sha256>")
@for_devices
def prompt(sha256: str) -> Response:
    """Words or a voice by hash, also a part of one: a line that breaks costs the last piece only.

    Who asks for more than a minute's worth is sent away before anything is looked up; what an answer weighs
    beyond one piece counts against the next question.
    """
    second, device = int(clock.now().timestamp()), str(g.device.id)
    wait = budgets().pieces_per_device.wait(second, device) or budgets().pieces.wait(second)
    if wait:
        return _busy(429, wait)
    found = find_file(sha256)
    if found is None:
        return _error(404, "unknown")
    response = Response(found.content, content_type=found.media_type)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.set_etag(sha256)
    response.make_conditional(request, accept_ranges=True, complete_length=found.size)
    more = ((response.content_length or 0) - 1) // PIECE
    if more > 0:
        budgets().pieces_per_device.take(second, device, n=more)
        budgets().pieces.take(second, n=more)
    return response


@blueprint.post("/phieu")
@for_devices
def record() -> Response:
    """One envelope: durable before it is answered, and answered with what became of it.

    Where as many are being taken in as can be, the others hear at once when to come back.
    """
    body, device = request.get_data(cache=False), g.device
    try:
        name = read_envelope(body)["id"]
    except NoEnvelope:
        return _error(400, "unreadable")
    # The lookup of the telephone is over; whoever stores begins a transaction of their own.
    db.session.rollback()
    now = clock.now()
    second, sender = int(now.timestamp()), str(device.id)
    try:
        with desk().place():
            # Only what is taken in counts against what is taken in a minute.
            wait = budgets().all.wait(second) or budgets().devices.wait(second, sender)
            if wait:
                return _busy(429, wait)
            sha256 = hashlib.sha256(body).hexdigest()
            state = desk().bring(Arrived(name, sha256, body, device.id, now))
    except DeskFull:
        return _busy(429, budgets().crowd.turned_away(second, sender))
    except InboxUnavailable:
        return _busy(503, int(RETRY_SECONDS))
    budgets().crowd.served(second, sender)
    desk().look_behind(now=now)
    return _answer(STATUS[state], {"id": name, "sha256": sha256, "state": state.value})


@blueprint.post("/tinh-trang")
@for_devices
def report() -> Response:
    """What the telephone says of itself, for the console to hold against what arrived."""
    try:
        text = read_report(_json_body())
    except BadReport:
        return _error(400, "unreadable")
    with transaction():
        keep_report(g.device.id, text, now=clock.now())
    return _empty()


@blueprint.get("/con-day")
def here() -> Response:
    """The network is ours: no hotel answers so."""
    return _empty()


def _device() -> Known | None:
    header = request.headers.get("Authorization", "")
    token = header.removeprefix(BEARER)
    if token == header or not 0 < len(token) <= MOST_TOKEN:
        return None
    return find_device(token)


def _refused_length() -> Response | None:
    """A body without an announced length is taken for an empty one, which is no record."""
    length = request.content_length or 0
    return _error(413, "large") if length > keys.configuration().maximum_body else None


def _json_body() -> Any:
    """The body as JSON, None where it is none."""
    try:
        return json.loads(request.get_data(cache=False).decode("utf-8"))
    except (ValueError, RecursionError):
        return None


def _is_text(value: object) -> bool:
    """A string that any database keeps."""
    return isinstance(value, str) and len(value) <= 200 and not has_control(value)


def _answer(status: int, data: Any) -> Response:
    response = Response(canonical_json(data), status, content_type="application/json; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def _error(status: int, word: str) -> Response:
    return _answer(status, {"error": word})


def _busy(status: int, seconds: int) -> Response:
    response = _error(status, "busy")
    response.headers["Retry-After"] = str(seconds)
    return response


def _empty() -> Response:
    response = Response(status=HTTPStatus.NO_CONTENT)
    response.headers["Cache-Control"] = "no-store"
    return response
