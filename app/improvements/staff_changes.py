"""Changes of improvements by staff: write, change, publish, finish, withdraw, undo."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.identity import current_actor
from app.accounts.roles import Permission
from app.directory.staff_choosing import choose_agency_page
from app.directory.staff_queries import get_agency_row
from app.improvements import actions, staff_words
from app.improvements.forms import SeenForm, WithdrawForm, WriteForm
from app.improvements.staff_queries import Line
from app.improvements.staff_views import blueprint, finish_form, found, page_of, shared
from app.transactions import commits
from app.ui.links import done_at
from surveys.periods import last_quarters, local_day, quarter_of

QUARTERS = 5
"""The one that runs and a year before it."""


@blueprint.get("/viec-cai-tien/viet")
def choose_agency() -> ResponseReturnValue:
    """Whoever writes for one agency only has nothing to choose."""
    template = "console/improvements/choose.html"
    return choose_agency_page(Permission.IMPROVEMENTS_WRITE, template, only_one=".write")


@blueprint.route("/viec-cai-tien/viet/<agency>", methods=["GET", "POST"])
@commits
def write(agency: str) -> ResponseReturnValue:
    actor, now = current_actor(), clock.now()
    row = get_agency_row(agency, actor.scopes(Permission.IMPROVEMENTS_WRITE), local_day(now))
    form = _write_form(WriteForm(lead=row.name))
    if not form.validate_on_submit():
        return _form_page(form, row.name, None), 400 if request.method == "POST" else 200
    key = actions.write(row.code, form.words, by=actor.id, now=now)
    return done_at(".improvement", "written", improvement=key)


@blueprint.route("/viec-cai-tien/<uuid:improvement>/sua", methods=["GET", "POST"])
@commits
def change(improvement: UUID) -> ResponseReturnValue:
    line = _writable(improvement)
    row = line.row
    given = {name: getattr(row, name) for name in ("quarter", "shortcoming", "solution", "lead", "due")}
    form = _write_form(WriteForm(seen=str(row.number), **given), row.quarter)
    if not form.validate_on_submit():
        return _form_page(form, line.agency_name, line), 400 if request.method == "POST" else 200
    actions.change(row, form.words, seen=form.seen_number, by=current_actor().id, now=clock.now())
    return done_at(".improvement", "changed", improvement=improvement)


@blueprint.post("/viec-cai-tien/<uuid:improvement>/cong-bo")
@commits
def publish(improvement: UUID) -> ResponseReturnValue:
    line, form = _writable(improvement), SeenForm()
    actions.publish(line.row, seen=form.seen_number, by=current_actor().id, now=clock.now())
    return done_at(".improvement", "published", improvement=improvement)


@blueprint.post("/viec-cai-tien/<uuid:improvement>/da-xong")
@commits
def finish(improvement: UUID) -> ResponseReturnValue:
    line = _writable(improvement)
    form = finish_form(line)
    if not form.validate():
        return page_of(line, form), 400
    actions.finish(
        line.row,
        done_on=form.done_on.data,
        done_words=form.done_words.data,
        seen=form.seen_number,
        by=current_actor().id,
        now=clock.now(),
    )
    return done_at(".improvement", "done", improvement=improvement)


@blueprint.route("/viec-cai-tien/<uuid:improvement>/rut", methods=["GET", "POST"])
@commits
def withdraw(improvement: UUID) -> ResponseReturnValue:
    line = _writable(improvement)
    form = WithdrawForm(seen=str(line.row.number))
    if not form.validate_on_submit():
        page = render_template("console/improvements/withdraw.html", form=form, row=line.row, **shared())
        return page, 400 if request.method == "POST" else 200
    actions.withdraw(
        line.row, why=form.why.data, seen=form.seen_number, by=current_actor().id, now=clock.now()
    )
    return done_at(".improvement", "withdrawn", improvement=improvement)


@blueprint.post("/viec-cai-tien/<uuid:improvement>/hoan-tac")
@commits
def undo(improvement: UUID) -> ResponseReturnValue:
    line, form = _writable(improvement), SeenForm()
    actions.undo(line.row, seen=form.seen_number, by=current_actor().id, now=clock.now())
    return done_at(".improvement", "undone", improvement=improvement)


def _writable(improvement: UUID) -> Line:
    return found(improvement, Permission.IMPROVEMENTS_WRITE)


def _write_form(form: WriteForm, own: str = "") -> WriteForm:
    """`own` is the quarter of an improvement that is changed, which stays possible for ever."""
    now = clock.now()
    codes = {quarter.code for quarter in last_quarters(quarter_of(now), QUARTERS)} | ({own} if own else set())
    form.quarter.choices = [(code, staff_words.quarter_words(code)) for code in sorted(codes, reverse=True)]
    form.today = local_day(now)
    return form


def _form_page(form: WriteForm, agency_name: str, line: Line | None) -> str:
    return render_template(
        "console/improvements/write.html", form=form, agency_name=agency_name, line=line, **shared()
    )
