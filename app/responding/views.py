"""The citizen's pages: survey by link and by open address, thanks, privacy. None sets a cookie."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, keys
from app.directory.choosing import choosing
from app.dossiers.queries import find_link
from app.errors import NotFound, error_page
from app.i18n import DEFAULT, PARAMETER, current_language
from app.responding.answering import address_argument, answer, plain_page, survey
from app.responding.receiving import gate
from app.responding.sheets import link_sheet, open_sheet
from app.responding.signing import RECEIPT_FORMAT
from surveys.periods import local_day

blueprint = Blueprint("responding", __name__)

# 16 random bytes in the alphabet of addresses; anything else was never issued.
TOKEN_LENGTH = 22


@blueprint.app_context_processor
def link_helpers() -> dict[str, Any]:
    return {"in_language": in_language}


def in_language(path: str, **arguments: str) -> str:
    """An address of ours in the language of the page that links to it."""
    language = current_language()
    if language != DEFAULT:
        arguments[PARAMETER] = language
    return f"{path}?{urlencode(arguments)}" if arguments else path


@blueprint.route("/k/<token>", methods=["GET", "POST"])
def one_time_form(token: str) -> Response:
    """Looking never spends a link: scanners and previews open it within seconds."""
    now = clock.now()
    token_hash = keys.token_hash(token)
    link = find_link(token_hash) if len(token) == TOKEN_LENGTH else None
    if link is None:
        return _unknown_token(now)
    # A link that was spent takes the same answer again for as long as somebody resends it.
    if not link.spent and not link.is_usable(local_day(now)):
        return plain_page("responding/gone.html", 410)
    if request.method == "POST":
        sheet = link_sheet(link, on=local_day(now))
        return answer(sheet, now=now, token_hash=token_hash, spent=link.spent)
    if link.spent:
        return plain_page("responding/spent.html")
    return survey(link_sheet(link, on=local_day(now)), now=now)


@blueprint.route("/phieu/<agency>", methods=["GET", "POST"])
@blueprint.route("/phieu/<agency>/<procedure>", methods=["GET", "POST"])
def open_form(agency: str, procedure: str | None = None) -> Response:
    """The form that anybody may open, from a poster (`?p=`) or from a page."""
    now = clock.now()
    sheet = open_sheet(agency, procedure, poster=bool(address_argument("p")), on=local_day(now))
    return answer(sheet, now=now) if request.method == "POST" else survey(sheet, now=now)


@blueprint.get("/phieu")
def choose() -> ResponseReturnValue:
    """Province, agency and procedure, for who comes without a link."""
    found = choosing(request.args, on=local_day(clock.now()))
    if found.agency is not None and (found.procedure is not None or not found.procedures):
        language = request.args.get(PARAMETER)
        procedure = found.procedure.code if found.procedure else None
        return redirect(
            url_for(".open_form", agency=found.agency.code, procedure=procedure, lang=language), 303
        )
    return render_template("responding/choose.html", found=found)


@blueprint.get("/cam-on/<receipt>")
def thanks(receipt: str) -> Response:
    """Says nothing about the answer or the agency, so it may be left open on the screen."""
    if RECEIPT_FORMAT.fullmatch(receipt) is None:
        raise NotFound
    return plain_page("responding/thanks.html", receipt=receipt)


@blueprint.get("/rieng-tu")
def privacy() -> Response:
    return make_response(render_template("responding/privacy.html", kept=keys.configuration()))


def _unknown_token(now: datetime) -> Response:
    """Guessing is slow for everybody together: nobody's address has to be remembered for it."""
    if not gate().unknown_tokens.take(int(now.timestamp())):
        return error_page(429)
    return plain_page("responding/gone.html", 410)
