"""The directory for staff: lists, one agency with its history, files, units and procedures."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.identity import current_actor
from app.accounts.roles import Permission
from app.directory.naming import KINDS
from app.directory.queries import (
    get_procedure,
    list_procedures_of,
    list_provinces,
    name_history,
    predecessors_of,
)
from app.directory.scopes import is_covered, province_codes
from app.directory.staff_queries import (
    Wanted,
    agencies_of_procedure,
    all_agencies,
    count_agencies,
    get_agency_row,
    page_of_agencies,
    page_of_procedures,
    page_of_units,
)
from app.directory.staff_words import change_messages, kind_words, level_words
from app.i18n import PARAMETER
from app.ui.download import csv_download
from app.ui.links import with_arguments
from surveys.periods import local_day

blueprint = Blueprint("directory_staff", __name__, url_prefix="/quan-tri")
LONGEST_TEXT = 100
ENDED = "ended"


@blueprint.get("/co-quan")
def agencies() -> ResponseReturnValue:
    wanted, today = _wanted(), local_day(clock.now())
    scopes = current_actor().scopes(Permission.DIRECTORY_READ)
    return render_template(
        "console/directory/agencies.html",
        wanted=wanted,
        page=page_of_agencies(wanted, scopes, today, request.args),
        total=count_agencies(wanted, scopes, today),
        provinces=_provinces_within(scopes),
        kinds=[(kind, kind_words(kind)) for kind in KINDS],
        may_edit=current_actor().may(Permission.DIRECTORY_EDIT),
        file=with_arguments(url_for(".agencies_file", **{PARAMETER: None}), request.args.items()),
    )


@blueprint.get("/co-quan.csv")
def agencies_file() -> Response:
    """The list as it is filtered, whole."""
    today = local_day(clock.now())
    rows = all_agencies(_wanted(), current_actor().scopes(Permission.DIRECTORY_READ), today)
    columns = ("code", "name", "kind", "province", "valid_from", "valid_to", "merged_into", "procedures")
    return csv_download(
        f"co-quan-{today.isoformat()}.csv",
        columns,
        (
            (row.code, row.name, row.kind, row.province, row.valid_from, row.valid_to, row.merged_into,
             row.procedures)
            for row in rows
        ),
    )  # fmt: skip


@blueprint.get("/co-quan/<code>")
def agency(code: str) -> ResponseReturnValue:
    today = local_day(clock.now())
    row = get_agency_row(code, current_actor().scopes(Permission.DIRECTORY_READ), today)
    return render_template("console/directory/agency.html", row=row, **agency_details(code))


def agency_details(code: str) -> dict[str, Any]:
    """What the page of an agency shows besides its line, also when a form on it has to be corrected."""
    today = local_day(clock.now())
    edit = current_actor().scopes(Permission.DIRECTORY_EDIT)
    return {
        "names": name_history(code),
        "procedures": list_procedures_of(code),
        "merged": predecessors_of(code, today),
        "may_edit": is_covered(edit, code, today),
        "messages": change_messages(),
        "today": today,
    }


@blueprint.get("/thu-tuc")
def procedures() -> ResponseReturnValue:
    text = request.args.get("q", "")[:LONGEST_TEXT]
    return render_template(
        "console/directory/procedures.html", text=text, page=page_of_procedures(text, request.args)
    )


@blueprint.get("/thu-tuc/<code>")
def procedure(code: str) -> ResponseReturnValue:
    scopes = current_actor().scopes(Permission.DIRECTORY_READ)
    handling = agencies_of_procedure(code, scopes, local_day(clock.now()))
    return render_template(
        "console/directory/procedure.html", procedure=get_procedure(code), agencies=handling
    )


@blueprint.get("/don-vi")
def units() -> ResponseReturnValue:
    text, province = request.args.get("q", "")[:LONGEST_TEXT], request.args.get("province", "")
    today = local_day(clock.now())
    return render_template(
        "console/directory/units.html",
        text=text,
        province=province,
        provinces=[(view.code, view.name) for view in list_provinces(today)],
        page=page_of_units(text, province, today, request.args),
        level_words=level_words,
    )


@blueprint.app_template_filter("kind_words")
def kind_filter(kind: str) -> str:
    return kind_words(kind)


def _wanted() -> Wanted:
    arguments = request.args
    return Wanted(
        text=arguments.get("q", "")[:LONGEST_TEXT],
        province=arguments.get("province", "")[:5],
        kind=arguments.get("kind", "")[:12],
        ended=arguments.get("state") == ENDED,
    )


def _provinces_within(scopes: frozenset[str]) -> list[tuple[str, str]]:
    """What can be chosen: only provinces in which something is this person's."""
    today = local_day(clock.now())
    within = province_codes(scopes, today)
    return [(view.code, view.name) for view in list_provinces(today) if within is None or view.code in within]
