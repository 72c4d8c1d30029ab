"""Uploading a file of answers, looking at what it would bring, importing it, fetching what was rejected."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.validators import ValidationError

from app import clock
from app.accounts.identity import current_actor
from app.accounts.queries import names_of
from app.accounts.roles import Permission
from app.errors import Conflict
from app.keys import configuration
from app.responding.importing.mapping_file import MappingProblem
from app.responding.importing.previewing import Preview, preview
from app.results.imports import actions, files
from app.results.imports.forms import UploadForm
from app.results.imports.models import Import
from app.results.imports.progress import progress_of, state_words
from app.results.imports.queries import (
    ImportView,
    State,
    count_halted,
    get_import,
    list_mappings,
    page_of_imports,
)
from app.text_files import TableProblem
from app.transactions import commits, transaction
from app.ui.links import done_at
from exports.cells import CSV_TYPE

blueprint = Blueprint("imports", __name__, url_prefix="/nhap-du-lieu")
# Whoever asks for it gets the page anew by itself; nobody else does.
REFRESH_SECONDS = 10
FOLLOW = "tu-dong"
MOST_HALTED = 10


class NoRejects(Conflict):
    """There is no file of rejected rows: none was rejected, the import has not ended, or it was deleted."""

    def words(self) -> tuple[str, str]:
        return (
            _("Không có tệp dòng lỗi"),
            _("Không có dòng nào bị loại, việc nhập chưa xong, hoặc tệp đã được xóa sau bảy ngày."),
        )


@blueprint.get("")
def list_imports() -> ResponseReturnValue:
    form = UploadForm(formdata=None)
    _offer_mappings(form)
    return _list_page(form)


@blueprint.post("")
def upload() -> ResponseReturnValue:
    """Keeps the file if it can be read to its end. Its rows wait until somebody has looked at them."""
    form, actor, now = UploadForm(), current_actor(), clock.now()
    _offer_mappings(form)
    if not form.validate() or not _has_room(form):
        return _list_page(form), 400
    try:
        mapping = form.mapping_text() or _earlier_mapping(form.earlier.data)
        reading = actions.reading_for(mapping, actor.scopes(Permission.IMPORTS_RUN), now=now)
        with transaction():
            sent = form.file.data
            key = actions.take_in(sent.stream, sent.filename, reading, mapping, by=actor, now=now).id
    except TableProblem as problem:
        form.refuse("file", str(problem))
    except (MappingProblem, ValidationError) as problem:
        form.refuse("mapping", str(problem))
    else:
        return redirect(url_for(".show", upload=key), 303)
    return _list_page(form), 400


@blueprint.get("/<uuid:upload>")
def show(upload: UUID) -> ResponseReturnValue:
    view, now = _import(upload), clock.now()
    seen, problem = _preview(view) if view.state is State.UPLOADED else (None, "")
    follows = view.is_under_way and FOLLOW in request.args
    return render_template(
        "console/results/import.html",
        view=view,
        seen=seen,
        problem=problem,
        progress=progress_of(view, now=now),
        refresh=REFRESH_SECONDS if follows else 0,
        names=names_of({str(view.row.person), str(view.row.asked_by)}),
        **_words(),
    )


@blueprint.post("/<uuid:upload>/chay")
def run(upload: UUID) -> ResponseReturnValue:
    with transaction():
        actions.start(_import(upload), by=current_actor(), now=clock.now())
    actions.enqueue(upload)
    return redirect(url_for(".show", upload=upload), 303)


@blueprint.get("/<uuid:upload>/dong-loi.csv")
def rejects(upload: UUID) -> Response:
    view = _import(upload)
    if view.state is not State.DONE or not view.has_rejects:
        raise NoRejects
    assert view.row.run is not None, "what has ended was run"
    path = files.rejects_of(upload, view.row.run)
    name = f"dong-loi-{str(upload)[:8]}.csv"
    return send_file(path, mimetype=CSV_TYPE, as_attachment=True, download_name=name, etag=False)


@blueprint.post("/<uuid:upload>/bo")
@commits
def discard(upload: UUID) -> ResponseReturnValue:
    actions.discard(_import(upload), by=current_actor(), now=clock.now())
    return done_at(".list_imports", "discarded")


def _has_room(form: UploadForm) -> bool:
    """Files that nobody imports must not fill the disk."""
    if count_halted(current_actor().scopes(Permission.IMPORTS_RUN), now=clock.now()) < MOST_HALTED:
        return True
    form.refuse("file", _("Đã có %(most)s tệp chờ: hãy nhập hoặc bỏ bớt trước", most=MOST_HALTED))
    return False


def _import(upload: UUID) -> ImportView:
    own = current_actor().scopes(Permission.IMPORTS_RUN)
    return get_import(upload, own, now=clock.now())


def _preview(view: ImportView) -> tuple[Preview | None, str]:
    """What it would bring, or why the directory as it is now allows no import of it any more."""
    try:
        reading = actions.reading_for(view.row.mapping, view.row.scopes.split(), now=clock.now())
        return preview(files.path_of(view.id, view.row.kind), reading), ""
    except (TableProblem, MappingProblem) as problem:
        return None, str(problem)


def _mappings() -> list[Import]:
    return list_mappings(current_actor().scopes(Permission.IMPORTS_RUN))


def _offer_mappings(form: UploadForm) -> None:
    own = [("", _("Theo mẫu của Hài Lòng, hoặc theo tệp ánh xạ mới bên dưới"))]
    known = [(str(row.id), _("Như đã đọc %(name)s", name=row.name)) for row in _mappings()]
    form.earlier.choices = own + known


def _earlier_mapping(upload: str) -> str | None:
    return next((row.mapping for row in _mappings() if str(row.id) == upload), None)


def _list_page(form: UploadForm) -> str:
    page = page_of_imports(current_actor().scopes(Permission.IMPORTS_RUN), request.args, now=clock.now())
    return render_template(
        "console/results/imports.html",
        form=form,
        page=page,
        most=configuration().upload_megabytes,
        names=names_of({str(view.row.person) for view in page.rows}),
        messages={"discarded": _("Đã bỏ tệp. Chưa có gì được lưu.")},
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {"state_words": state_words}
