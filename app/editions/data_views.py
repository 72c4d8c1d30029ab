"""Downloads of open data. Everything is public, frozen, and told apart by its hash."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, make_response, request

from app.editions import open_data
from app.editions.models import Edition
from app.editions.open_data import MEDIA_TYPES, STEM, get_file, get_published
from app.editions.revisions import own_address
from app.ui.download import FileBlocks

blueprint = Blueprint("open_data", __name__)

NEWEST: Final = "public, max-age=300"
FOREVER: Final = "public, max-age=31536000, immutable"
"""Of one edition by its own address: another content would have another number."""


@blueprint.get("/ket-qua/<period>.<any(csv, xlsx, json, parquet):extension>")
def table(period: str, extension: str) -> Response:
    """Every place of an edition in one file."""
    return _whole(period, f"{STEM}.{extension}")


@blueprint.get("/ket-qua/<period>/<place>.<any(csv, xlsx, json, parquet):extension>")
def place(period: str, place: str, extension: str) -> Response:
    """The rows of one place; under the name that descriptions use, those of all places."""
    if place == STEM:
        return _whole(period, f"{STEM}.{extension}")
    edition = get_published(period)
    tag = open_data.place_tag(edition, place, extension)
    response = make_response(b"")
    response.content_type = MEDIA_TYPES[extension]
    name = f"{STEM}-{edition.code}-{place}.{extension}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.set_etag(tag)
    response.headers["Cache-Control"] = kept_for(edition, period)
    response.make_conditional(request)
    # Made only for who is sent it, and for everybody who is: several conditions may contradict each other.
    if response.status_code == 200:
        response.set_data(open_data.place_content(edition, place, extension))
    return response


@blueprint.get("/ket-qua/<period>/tu-dien.json")
def dictionary(period: str) -> Response:
    return _whole(period, "tu-dien.json")


@blueprint.get("/ket-qua/<period>/datapackage.json")
def package(period: str) -> Response:
    return _whole(period, "datapackage.json")


@blueprint.get("/ket-qua/<period>/dcat.jsonld")
def dcat(period: str) -> Response:
    return _whole(period, "dcat.jsonld")


def _whole(period: str, name: str) -> Response:
    """A file as it was frozen: in parts where a reader wants parts, not again where it has not changed."""
    edition = get_published(period)
    file = get_file(edition, name)
    response = Response(FileBlocks(file.path), content_type=MEDIA_TYPES[file.extension])
    response.headers["Content-Disposition"] = f'attachment; filename="{file.download_name}"'
    response.content_length = file.bytes
    response.set_etag(file.sha256)
    response.make_conditional(request, accept_ranges=True, complete_length=file.bytes)
    response.headers["Cache-Control"] = kept_for(edition, period)
    return response


def kept_for(edition: Edition, period: str) -> str:
    """For how long others may keep a file of an edition that was asked for under this address."""
    return FOREVER if period == own_address(edition.code) else NEWEST
