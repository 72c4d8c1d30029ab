"""Numbers of others in the console: what is known, and a file that brings more."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.validators import ValidationError

from app import clock
from app.accounts.identity import current_actor
from app.accounts.places import find_places
from app.accounts.queries import names_of
from app.accounts.roles import Permission
from app.csv_reading import ImportReport
from app.indices.actions import import_indices
from app.indices.forms import UploadForm
from app.indices.indicators import INDICATORS
from app.indices.queries import page_of_indices
from app.indices.reading import COLUMNS
from app.keys import configuration
from app.text_files import TableProblem
from app.transactions import transaction

blueprint = Blueprint("indices_staff", __name__, url_prefix="/quan-tri")


@blueprint.get("/chi-so")
def indices() -> ResponseReturnValue:
    return _page(UploadForm(formdata=None))


@blueprint.post("/chi-so")
def upload() -> ResponseReturnValue:
    """Everything in the file is right, or nothing of it is kept; the page says which."""
    form = UploadForm()
    if not form.validate():
        return _page(form), 400
    try:
        return _page(UploadForm(formdata=None), _import(form.content()))
    except (TableProblem, ValidationError) as problem:
        form.refuse("file", str(problem))
    return _page(form), 400


def _import(content: bytes) -> ImportReport:
    """Reading a table needs a file with a name; it is gone with its last line."""
    actor = current_actor()
    with NamedTemporaryFile(dir=configuration().data_dir, suffix=".csv") as kept:
        kept.write(content)
        kept.flush()
        with transaction():
            scopes = actor.scopes(Permission.INDICES_IMPORT)
            return import_indices(Path(kept.name), scopes, by=actor.id, now=clock.now())


def _page(form: UploadForm, report: ImportReport | None = None) -> str:
    place, indicator = request.args.get("place", "")[:40], request.args.get("indicator", "")[:20]
    page = page_of_indices(request.args, place=place, indicator=indicator)
    return render_template(
        "console/indices/indices.html",
        form=form,
        report=report,
        page=page,
        place=place,
        indicator=indicator,
        indicators=[("", _("mọi chỉ tiêu")), *((item.code, item.name) for item in INDICATORS)],
        known=INDICATORS,
        columns=COLUMNS,
        places=find_places({line.row.place for line in page.rows}),
        names=names_of({line.row.imported_by for line in page.rows}),
        may_import=current_actor().may(Permission.INDICES_IMPORT),
    )
