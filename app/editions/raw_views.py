"""The files of a published edition as they were frozen, and the program with which anybody checks them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import Blueprint, Response, make_response, request
from flask.typing import ResponseReturnValue

from app.editions.fileset import MANIFEST, SEALED
from app.editions.listing import find_edition, frozen
from app.editions.models import Edition
from app.editions.rules import UnknownEdition
from app.ui.download import FileBlocks

blueprint = Blueprint("raw", __name__)

# What an address holds never changes: an edition is frozen, and a revision has an address of its own.
FOREVER: Final = "public, max-age=31536000, immutable"
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
    """Only what the manifest names, and the manifest itself. Raises UnknownEdition for everything else."""
    found = published(edition)
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
    response.headers["Cache-Control"] = FOREVER
    return response


def published(code: str) -> Edition:
    """The edition of exactly this code: without a number of a revision it is the first one.

    Raises UnknownEdition, for a draft too.
    """
    found = find_edition(code)
    if found is None or found.published_at is None:
        raise UnknownEdition(code)
    return found
