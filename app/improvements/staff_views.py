"""Improvements in the console: what was promised, by when, and whether it was done; one with its history."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.identity import current_actor
from app.accounts.queries import names_of
from app.accounts.roles import Permission
from app.directory.scopes import is_covered
from app.i18n import PARAMETER
from app.improvements import staff_words
from app.improvements.forms import FinishForm
from app.improvements.rules import UNDOABLE
from app.improvements.staff_queries import (
    OPEN,
    Line,
    Wanted,
    all_improvements,
    get_line,
    list_quarters_of,
    list_versions,
    page_of_improvements,
)
from app.ui.download import csv_download
from app.ui.links import with_arguments
from surveys.periods import Quarter, local_day

blueprint = Blueprint("improvements_staff", __name__, url_prefix="/quan-tri")
COLUMNS = (
    "quarter", "agency", "agency_name", "shortcoming", "solution", "lead", "due", "done_on", "done_words",
    "state", "version",
)  # fmt: skip


@blueprint.get("/viec-cai-tien")
def improvements() -> ResponseReturnValue:
    scopes, today = current_actor().scopes(Permission.IMPROVEMENTS_READ), local_day(clock.now())
    wanted = _wanted()
    return render_template(
        "console/improvements/improvements.html",
        wanted=wanted,
        page=page_of_improvements(wanted, scopes, today, request.args),
        quarters=[(code, staff_words.quarter_words(code)) for code in list_quarters_of(scopes, today)],
        states=staff_words.states(),
        today=today,
        may_write=current_actor().may(Permission.IMPROVEMENTS_WRITE),
        file=with_arguments(url_for(".improvements_file", **{PARAMETER: None}), request.args.items()),
        **shared(),
    )


@blueprint.get("/viec-cai-tien.csv")
def improvements_file() -> Response:
    """The list as it is filtered, whole."""
    scopes, today = current_actor().scopes(Permission.IMPROVEMENTS_READ), local_day(clock.now())
    rows = (
        (
            line.row.quarter, line.row.agency, line.agency_name, line.row.shortcoming, line.row.solution,
            line.row.lead, line.row.due, line.row.done_on, line.row.done_words, line.row.state,
            line.row.number,
        )
        for line in all_improvements(_wanted(), scopes, today)
    )  # fmt: skip
    return csv_download(f"viec-cai-tien-{today.isoformat()}.csv", COLUMNS, rows)


@blueprint.get("/viec-cai-tien/<uuid:improvement>")
def improvement(improvement: UUID) -> ResponseReturnValue:
    line = found(improvement, Permission.IMPROVEMENTS_READ)
    return page_of(line, finish_form(line, formdata=None))


def found(improvement: UUID, permission: Permission) -> Line:
    """Raises UnknownImprovement for one that is not this person's."""
    return get_line(improvement, current_actor().scopes(permission), local_day(clock.now()))


def finish_form(line: Line, **given: Any) -> FinishForm:
    """Without `formdata=None` it reads what was sent."""
    form = FinishForm(done_on=local_day(clock.now()), seen=str(line.row.number), **given)
    form.first_day, form.today = Quarter.parse(line.row.quarter).first_day, local_day(clock.now())
    return form


def page_of(line: Line, finishing: FinishForm) -> str:
    """The page of one improvement, also when its form has to be corrected."""
    versions = list_versions(line.row.id)
    today = local_day(clock.now())
    writing = current_actor().scopes(Permission.IMPROVEMENTS_WRITE)
    return render_template(
        "console/improvements/improvement.html",
        line=line,
        row=line.row,
        versions=versions,
        names=names_of({version.by for version in versions}),
        finishing=finishing,
        today=today,
        may_write=is_covered(writing, line.row.agency, today),
        may_undo=versions[0].act in UNDOABLE,
        **shared(),
    )


def shared() -> dict[str, Any]:
    return {
        "state_words": staff_words.state_words,
        "act_words": staff_words.act_words,
        "late_words": staff_words.late_words,
        "quarter_words": staff_words.quarter_words,
        "messages": staff_words.messages(),
    }


def _wanted() -> Wanted:
    arguments = request.args
    return Wanted(
        state=arguments.get("state", OPEN)[:12],
        quarter=arguments.get("quarter", "")[:7],
        agency=arguments.get("agency", "")[:40],
        text=arguments.get("q", "")[:100],
    )
