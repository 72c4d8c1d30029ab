"""Official documents of published editions: `/ket-qua/2026-Q3.pdf`, `/ket-qua/2026-Q3/14-SYT.pdf`."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.clock import now
from app.editions.data_views import kept_for
from app.editions.document_serving import Busy, Document, NotMadeYet, get_document
from app.editions.models import Edition
from app.editions.open_data import get_published
from app.editions.revisions import own_address
from app.ui.download import FileBlocks
from surveys.figures import NATION

blueprint = Blueprint("documents", __name__)
RETRY_SECONDS: Final = {404: "600", 503: "10"}


@blueprint.get("/ket-qua/<period>.pdf")
def nation(period: str) -> ResponseReturnValue:
    return _sent(period, NATION)


@blueprint.get("/ket-qua/<period>/<place>.pdf")
def place(period: str, place: str) -> ResponseReturnValue:
    return _sent(period, place)


def _sent(period: str, place: str) -> ResponseReturnValue:
    edition = get_published(period)
    try:
        document = get_document(edition, place, second=int(now().timestamp()))
    except NotMadeYet as error:
        return _not_yet(404, edition, place, work=error.work)
    except Busy:
        return _not_yet(503, edition, place, work=None)
    return _file(edition, document, kept_for(edition, period))


def _file(edition: Edition, document: Document, keep: str) -> Response:
    """In parts where a reader wants parts, not again where it has not changed."""
    response = Response(FileBlocks(document.path), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{document.path.name}"'
    response.content_length = document.bytes
    response.set_etag(document.sha256)
    response.make_conditional(request, accept_ranges=True, complete_length=document.bytes)
    response.headers["Cache-Control"] = keep
    return response


def _not_yet(code: int, edition: Edition, place: str, **values: object) -> Response:
    """A page for people: what is not there yet, and when to come again."""
    page = render_template(
        "editions/document_waiting.html", code=code, edition=edition, place=place,
        address=own_address(edition.code), **values,
    )  # fmt: skip
    response = make_response(page, code)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Retry-After"] = RETRY_SECONDS[code]
    return response
