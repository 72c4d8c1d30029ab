"""The survey page and its answer, the same for a one-time link and an open form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from flask import Response, make_response, render_template, request

from app.errors import NoResponseId, error_page
from app.i18n import DEFAULT, LANGUAGES, PARAMETER
from app.responding.entries import Outcome
from app.responding.pages import Fresh, corrected_page, fresh_page
from app.responding.receiving import Received, gate, receive
from app.responding.sheets import Sheet
from app.responding.store import StoreUnavailable
from app.responding.submissions import Submission, read_submission
from surveys.answers import Problem, read_answers

# A page with an id or a token is kept nowhere.
HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Vary", "Accept-Encoding"),
)
HEADERS_GZIP = (*HEADERS, ("Content-Encoding", "gzip"))


def survey(sheet: Sheet, *, now: datetime) -> Response:
    """An empty sheet with an id of its own."""
    fresh = Fresh(uuid4(), gate().stamp(now), _language(sheet), address_argument("p"))
    gzip = "gzip" in request.environ.get("HTTP_ACCEPT_ENCODING", "")
    return Response(fresh_page(sheet, fresh, gzip=gzip), headers=HEADERS_GZIP if gzip else HEADERS)


def answer(sheet: Sheet, *, now: datetime, token_hash: bytes | None = None, spent: bool = False) -> Response:
    """Reads, checks and stores what was sent. `spent`: the link was used, so only a resend succeeds.

    Citizens carry no authority that another site could borrow, but it may not speak for them either.
    `Origin` is not judged: without a referrer it is `null` for our own forms too.
    """
    if request.environ.get("HTTP_SEC_FETCH_SITE") == "cross-site":
        return error_page(403)
    submission = read_submission(request)
    response_id = submission.response_id
    if response_id is None:
        if spent:
            return plain_page("responding/spent.html")
        raise NoResponseId
    assigned = sheet.questionnaire.assigned(response_id)
    reading = read_answers(sheet.questionnaire, submission.fields, phase=sheet.phase, assigned=assigned)
    if not reading.ok:
        return (
            plain_page("responding/spent.html")
            if spent
            else _corrected(sheet, submission, reading.problems, now)
        )
    try:
        received = receive(
            sheet, submission, reading,
            response_id=response_id, language=_language(sheet), token_hash=token_hash, now=now,
        )  # fmt: skip
    except StoreUnavailable:
        return error_page(503)
    return _after(received, sheet)


def address_argument(name: str) -> str:
    """One argument of the address; most addresses have none, which is seen faster than parsed."""
    return request.args.get(name, "") if request.environ.get("QUERY_STRING") else ""


def plain_page(template: str, code: int = 200, **values: object) -> Response:
    """A page that belongs to one visit and is kept nowhere."""
    response = make_response(render_template(template, **values), code)
    response.headers["Cache-Control"] = "no-store"
    return response


def _after(received: Received, sheet: Sheet) -> Response:
    if received.outcome in (Outcome.NEW, Outcome.SAME):
        suffix = "" if received.language == DEFAULT else f"?{PARAMETER}={received.language}"
        location = ("Location", f"/cam-on/{received.receipt}{suffix}")
        return Response(status=303, headers=(location, *HEADERS))
    if sheet.one_time:
        return plain_page("responding/spent.html")
    return plain_page("responding/aside.html", address=request.full_path.rstrip("?"))


def _corrected(sheet: Sheet, submission: Submission, problems: Sequence[Problem], now: datetime) -> Response:
    """The same sheet, with the same id and time, so that correcting it is not a second answer."""
    stamp = submission.stamp if gate().knows(submission.stamp) else gate().stamp(now)
    assert submission.response_id is not None
    fresh = Fresh(submission.response_id, stamp, _language(sheet), address_argument("p"))
    page = corrected_page(sheet, fresh, submission.fields, problems)
    return Response(page, 400, headers=HEADERS)


def _language(sheet: Sheet) -> str:
    """The language asked for in the address, where the questionnaire is written in it."""
    asked = address_argument(PARAMETER)
    return asked if asked in LANGUAGES and asked in sheet.questionnaire.languages else DEFAULT
