"""The files of a published edition as they were frozen, and the program with which anybody checks them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import Blueprint, Response, make_response, request
from flask.typing import ResponseReturnValue

from app.editions.data_views import kept_for
from app.editions.fileset import MANIFEST, SEALED
from app.editions.listing import frozen
from app.editions.open_data import get_published
from app.editions.rules import UnknownEdition
from app.ui.download import FileBlocks

blueprint = Blueprint("raw", __name__)

_CHECK: Final = Path(__file__).with_name("check_edition.py")
_TYPES: Final = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".ndjson": "application/x-ndjson",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@blueprint.get("/ket-qua/kiem-tra.py")
def check_program() -> ResponseReturnValue:
    response = make_response(_CHECK.read_bytes())
    response.content_type = "text/x-python; charset=utf-8"
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/ket-qua/<edition>/tep/<path:name>")
def file(edition: str, name: str) -> ResponseReturnValue:
    """Only what the manifest names, and the manifest itself. Raises UnknownEdition for everything else.

    An address means here what it means for pages and tables: without a number of a revision it is the
    newest edition. Who checks the address of a page checks the figures that stand there.
    """
    found = get_published(edition)
    opened = frozen(found)
    known = {entry["path"]: entry["sha256"] for entry in opened.manifest["files"]}
    known[MANIFEST] = found.sha256
    if name not in known or name.startswith(SEALED.partition("/")[0]):
        raise UnknownEdition(name)
    path = opened.folder / name
    size = path.stat().st_size
    response = Response(FileBlocks(path), content_type=_TYPES.get(path.suffix, "application/octet-stream"))
    response.content_length = size
    response.set_etag(known[name])
    response.make_conditional(request, accept_ranges=True, complete_length=size)
    response.headers["Cache-Control"] = kept_for(found, edition)
    return response
