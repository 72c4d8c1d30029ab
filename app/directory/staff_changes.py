"""Changes of the directory by staff: add, rename, merge, close, take back; procedures of an agency."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts.identity import Actor, current_actor
from app.accounts.roles import Permission
from app.directory import staff_actions
from app.directory.actions import CannotChange
from app.directory.naming import KINDS
from app.directory.queries import UnknownAgency, UnknownProcedure, list_provinces
from app.directory.scopes import may_add_in, province_codes
from app.directory.staff_forms import AddForm, DayForm, MergeForm, ProcedureForm, RenameForm
from app.directory.staff_queries import AgencyRow, get_agency_row
from app.directory.staff_views import agency_details, blueprint
from app.directory.staff_words import kind_words
from app.errors import NotFound
from app.transactions import transaction
from app.ui.confirming import Asked, ask, is_confirmed
from app.ui.forms import StaffForm
from app.ui.links import done_at
from surveys.periods import local_day
from surveys.printing import date_text


@blueprint.route("/co-quan/them", methods=["GET", "POST"])
def add_agency() -> ResponseReturnValue:
    form = AddForm()
    actor, today = current_actor(), local_day(clock.now())
    within = province_codes(actor.scopes(Permission.DIRECTORY_EDIT), today)
    form.province.choices = [
        (view.code, view.name) for view in list_provinces(today) if within is None or view.code in within
    ]
    form.kind.choices = [(kind, kind_words(kind)) for kind in KINDS]
    if form.validate_on_submit():
        _require_province(actor, form.province.data)
        if _tried(form, "code", staff_actions.add, code=form.code.data, name=form.name.data,
                  kind=form.kind.data, province=form.province.data, on=form.on.data):  # fmt: skip
            return done_at(".agency", "add", code=form.code.data)
    return _form_page("add", form, None)


@blueprint.route("/co-quan/<code>/doi-ten", methods=["GET", "POST"])
def rename_agency(code: str) -> ResponseReturnValue:
    row, form = _editable(code), RenameForm()
    given = {"code": code, "name": form.name.data, "on": form.on.data}
    if form.validate_on_submit() and _tried(form, "on", staff_actions.rename, **given):
        return done_at(".agency", "rename", code=code)
    return _form_page("rename", form, row)


@blueprint.route("/co-quan/<code>/sap-nhap", methods=["GET", "POST"])
def merge_agency(code: str) -> ResponseReturnValue:
    row, form = _editable(code), MergeForm()
    if not form.validate_on_submit():
        return _form_page("merge", form, row)
    into = _other(form, row)
    if into is None:
        return _form_page("merge", form, row)
    if not is_confirmed():
        return ask(_merging(row, into, form))
    if _tried(form, "on", staff_actions.merge, code=code, into=into.code, on=form.on.data):
        return done_at(".agency", "merge", code=code)
    return _form_page("merge", form, row)


@blueprint.route("/co-quan/<code>/cham-dut", methods=["GET", "POST"])
def close_agency(code: str) -> ResponseReturnValue:
    row, form = _editable(code), DayForm()
    if not form.validate_on_submit():
        return _form_page("close", form, row)
    if not is_confirmed():
        return ask(_closing(row, form))
    if _tried(form, "on", staff_actions.close, code=code, on=form.on.data):
        return done_at(".agency", "close", code=code)
    return _form_page("close", form, row)


@blueprint.post("/co-quan/<code>/hoan-tac")
def reopen_agency(code: str) -> ResponseReturnValue:
    """Takes back a merger or a closing."""
    return _without_form(_editable(code), staff_actions.reopen, "reopen")


@blueprint.post("/co-quan/<code>/bo-ten")
def withdraw_name(code: str) -> ResponseReturnValue:
    """Takes back the latest name."""
    return _without_form(_editable(code), staff_actions.withdraw_name, "withdraw-name")


@blueprint.route("/co-quan/<code>/thu-tuc", methods=["GET", "POST"])
def add_procedure(code: str) -> ResponseReturnValue:
    row, form = _editable(code), ProcedureForm()
    given = {"code": code, "procedure": form.procedure.data}
    if form.validate_on_submit() and _tried(form, "procedure", staff_actions.add_procedure, **given):
        return done_at(".agency", "add-procedure", code=code)
    return _form_page("add_procedure", form, row)


@blueprint.post("/co-quan/<code>/thu-tuc/<procedure>/bo")
def remove_procedure(code: str, procedure: str) -> ResponseReturnValue:
    _editable(code)
    with transaction():
        staff_actions.remove_procedure(code=code, procedure=procedure, by=current_actor().id, now=clock.now())
    return done_at(".agency", "remove-procedure", code=code)


def _editable(code: str) -> AgencyRow:
    """Raises UnknownAgency for one that is not this person's to change."""
    scopes = current_actor().scopes(Permission.DIRECTORY_EDIT)
    return get_agency_row(code, scopes, local_day(clock.now()))


def _require_province(actor: Actor, province: str) -> None:
    if not may_add_in(actor.scopes(Permission.DIRECTORY_EDIT), province):
        raise NotFound(province)


def _other(form: MergeForm, row: AgencyRow) -> AgencyRow | None:
    """The agency that takes over; what is not this person's to change cannot be named either."""
    scopes, today = current_actor().scopes(Permission.DIRECTORY_EDIT), local_day(clock.now())
    try:
        if form.into.data == row.code:
            raise UnknownAgency(row.code)
        return get_agency_row(form.into.data, scopes, today)
    except UnknownAgency:
        form.into.errors = [_("Không có cơ quan khác mang mã này trong phạm vi của bạn")]
        return None


def _tried(form: StaffForm, place: str, act: Any, **given: Any) -> bool:
    """Acts and commits, or puts the reason beside a field: nothing is stored then."""
    try:
        with transaction():
            act(**given, by=current_actor().id, now=clock.now())
    except CannotChange as error:
        form[place].errors = [str(error)]
        return False
    except UnknownProcedure:
        form[place].errors = [_("Không có thủ tục mang mã này")]
        return False
    except UnknownAgency:
        form[place].errors = [_("Cơ quan không hoạt động vào ngày này")]
        return False
    return True


def _without_form(row: AgencyRow, act: Any, word: str) -> ResponseReturnValue:
    try:
        with transaction():
            act(code=row.code, by=current_actor().id, now=clock.now())
    except CannotChange as error:
        details = agency_details(row.code)
        return render_template("console/directory/agency.html", row=row, problem=str(error), **details), 409
    return done_at(".agency", word, code=row.code)


def _form_page(what: str, form: StaffForm, row: AgencyRow | None) -> ResponseReturnValue:
    page = render_template(f"console/directory/{what}.html", form=form, row=row)
    return page, 400 if request.method == "POST" else 200


def _merging(row: AgencyRow, into: AgencyRow, form: MergeForm) -> Asked:
    day = date_text(form.on.data)
    return Asked(
        title=_("Sáp nhập %(name)s vào %(into)s?", name=row.name, into=into.name),
        effects=(
            _("Từ ngày %(day)s, %(name)s không còn nhận phiếu mới.", day=day, name=row.name),
            _("Phiếu đã có vẫn ở mã %(code)s và được cộng vào số liệu của %(into)s.",
              code=row.code, into=into.name),
            _("%(into)s tiếp nhận %(count)s thủ tục.", into=into.name, count=row.procedures),
        ),
        undo=_undo_words(),
        action=_("Sáp nhập"),
        back=url_for(".agency", code=row.code),
        fields={"into": into.code, "on": form.on.data.isoformat()},
        grave=True,
    )  # fmt: skip


def _closing(row: AgencyRow, form: DayForm) -> Asked:
    day = date_text(form.on.data)
    return Asked(
        title=_("Chấm dứt hoạt động của %(name)s?", name=row.name),
        effects=(
            _("Từ ngày %(day)s, %(name)s không còn nhận phiếu mới.", day=day, name=row.name),
            _("Phiếu đã có được giữ nguyên; số liệu của cơ quan đứng riêng, không cộng vào nơi nào khác."),
        ),
        undo=_undo_words(),
        action=_("Chấm dứt"),
        back=url_for(".agency", code=row.code),
        fields={"on": form.on.data.isoformat()},
        grave=True,
    )


def _undo_words() -> str:
    words: str = _("Có thể hoàn tác cho đến khi quý chứa ngày này đến hạn chốt số liệu.")
    return words
