"""Records that lie aside, in the console; and files that telephones have exported."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts.identity import NATION_SCOPE, current_actor
from app.accounts.queries import names_of
from app.accounts.roles import Permission
from app.fieldwork import aside_words, staff_words
from app.fieldwork.aside_actions import leave_record_aside, take_record_in
from app.fieldwork.aside_queries import LEFT, AsideLine, get_record, page_of_records
from app.fieldwork.importing import import_records
from app.fieldwork.interpreting import State
from app.fieldwork.staff_forms import FileForm, LeaveForm
from app.fieldwork.staff_views import blueprint
from app.keys import configuration
from app.transactions import commits, transaction
from app.ui.links import done_at
from surveys.periods import local_day


@blueprint.get("/de-rieng")
def aside() -> ResponseReturnValue:
    scopes, today = current_actor().scopes(Permission.FIELD_LEAD), local_day(clock.now())
    state, code = request.args.get("state", "")[:8], request.args.get("dot", "")[:40]
    return render_template(
        "console/fieldwork/aside.html",
        page=page_of_records(scopes, today, request.args, left=state == LEFT, code=code),
        state=state,
        code=code,
        **_words(),
    )


@blueprint.get("/de-rieng/<uuid:record>/<sha256>")
def aside_record(record: UUID, sha256: str) -> ResponseReturnValue:
    return _page(_record(record, sha256), LeaveForm(formdata=None))


@blueprint.post("/de-rieng/<uuid:record>/<sha256>/lay-vao")
@commits
def take_in(record: UUID, sha256: str) -> ResponseReturnValue:
    """Tries once more; what still cannot be counted stays where it is, with the reason that holds now."""
    line = _record(record, sha256)
    state = take_record_in(line.row, _scope(line), by=current_actor().id, now=clock.now())
    if state is State.ASIDE:
        return done_at(".aside_record", "still-aside", record=record, sha256=sha256)
    return done_at(".aside", "taken-in")


@blueprint.post("/de-rieng/<uuid:record>/<sha256>/de-lai")
def leave_aside(record: UUID, sha256: str) -> ResponseReturnValue:
    line, form = _record(record, sha256), LeaveForm()
    if not form.validate():
        return _page(line, form), 400
    with transaction():
        leave_record_aside(line.row, _scope(line), why=form.why.data, by=current_actor().id, now=clock.now())
    return done_at(".aside", "left")


@blueprint.route("/nhap-tep", methods=["GET", "POST"])
def import_file() -> ResponseReturnValue:
    """Each record is durable when its line is told; the same file once more adds nothing."""
    form, report = FileForm(), None
    if form.validate_on_submit():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "phieu"
            form.file.data.save(path)
            report = import_records(path, by=current_actor().id, scope=_own_scope(), now=clock.now())
        if not report.read:
            form.refuse("file", _("Tệp trống: không có phiếu nào"))
            report = None
    page = render_template(
        "console/fieldwork/import.html",
        form=form,
        report=report,
        lines=aside_words.import_lines(report) if report else [],
        most=configuration().upload_megabytes,
        **staff_words.shared(),
    )
    return page, 400 if form.errors else 200


def _record(record: UUID, sha256: str) -> AsideLine:
    scopes, today = current_actor().scopes(Permission.FIELD_LEAD), local_day(clock.now())
    return get_record(record, sha256, scopes, today)


def _page(line: AsideLine, form: LeaveForm) -> str:
    return render_template(
        "console/fieldwork/aside_record.html",
        line=line,
        row=line.row,
        form=form,
        names=names_of({line.row.left_by} if line.row.left_by else set()),
        **_words(),
    )


def _scope(line: AsideLine) -> str:
    """Where the event of the trail belongs."""
    return line.round.agency if line.round else _own_scope()


def _own_scope() -> str:
    """A file does not say where it belongs before it is opened: the event belongs to who brings it."""
    scopes = current_actor().scopes(Permission.FIELD_LEAD)
    return NATION_SCOPE if NATION_SCOPE in scopes else min(scopes)


def _words() -> dict[str, Any]:
    return {
        "reason_words": aside_words.reason_words,
        "reason_advice": aside_words.reason_advice,
        **staff_words.shared(),
    }
