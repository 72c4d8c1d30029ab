"""Changes of people: only within what the actor holds, each recorded with its actor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts import actions, sessions
from app.accounts.forms import GrantForm, InviteForm, ResetForm
from app.accounts.identity import NATION_SCOPE, Grant, current_actor
from app.accounts.invitations import invitation_address
from app.accounts.models import Person
from app.accounts.places import find_places
from app.accounts.queries import PersonView, UnknownPerson, get_person
from app.accounts.reach import may_grant, may_manage
from app.accounts.roles import Permission, Role
from app.accounts.staff_views import blueprint, person_page, role_choices, visible_person
from app.transactions import commits, transaction
from app.ui.confirming import Asked, ask, is_confirmed
from app.ui.links import done_at


@blueprint.get("/nguoi-dung/moi")
def invite_page() -> ResponseReturnValue:
    form = InviteForm(formdata=None)
    scopes = sorted(current_actor().scopes(Permission.PEOPLE_MANAGE))
    # A province invites into itself most of the time; the whole country is never the easy choice.
    form.scope.data = scopes[0] if len(scopes) == 1 and scopes != [NATION_SCOPE] else ""
    form.role.choices = role_choices()
    return render_template("accounts/invite.html", form=form)


@blueprint.post("/nguoi-dung/moi")
def invite() -> ResponseReturnValue:
    """Shows the address of the invitation once: nobody but the invited person needs it."""
    form, now = InviteForm(), clock.now()
    form.role.choices = role_choices()
    grant = _grant_in(form) if form.validate() else None
    if grant is None:
        return render_template("accounts/invite.html", form=form), 400
    name = form.name.data.strip()
    try:
        with transaction():
            by = current_actor().id
            person, code = actions.create_person(form.email.data, name, [grant], by=by, now=now)
            key = person.id
    except actions.AlreadyInvited:
        form.refuse("email", _("Đã có tài khoản với địa chỉ này"))
        return render_template("accounts/invite.html", form=form), 400
    return _code_page(key, name, code, actions.INVITATION_LASTS)


@blueprint.post("/nguoi-dung/<uuid:person>/vai-tro")
def add_grant(person: UUID) -> ResponseReturnValue:
    view, form = _managed(person), GrantForm()
    form.role.choices = role_choices()
    grant = _grant_in(form) if form.validate() else None
    if grant is None:
        return person_page(view, form), 400
    return _with_grants(person, lambda held: held | {grant}, "grant")


@blueprint.post("/nguoi-dung/<uuid:person>/vai-tro/bo")
def remove_grant(person: UUID) -> ResponseReturnValue:
    given = (request.form.get("role", ""), request.form.get("scope", ""))

    def kept(held: set[Grant]) -> set[Grant]:
        return {grant for grant in held if (grant.role.value, grant.scope) != given}

    return _with_grants(person, kept, "take-back")


@blueprint.route("/nguoi-dung/<uuid:person>/khoa", methods=["GET", "POST"])
@commits
def disable(person: UUID) -> ResponseReturnValue:
    if not is_confirmed():
        return ask(_disabling(_managed(person)))
    view = _held(person)
    actions.disable(_row(view), by=current_actor().id, now=clock.now())
    return done_at(".person", "disable", person=view.id)


@blueprint.post("/nguoi-dung/<uuid:person>/mo")
@commits
def enable(person: UUID) -> ResponseReturnValue:
    view = _held(person)
    actions.enable(_row(view), by=current_actor().id, now=clock.now())
    return done_at(".person", "enable", person=view.id)


@blueprint.get("/nguoi-dung/<uuid:person>/dat-lai")
def reset_page(person: UUID) -> ResponseReturnValue:
    return render_template("accounts/reset.html", person=_managed(person), form=ResetForm(formdata=None))


@blueprint.post("/nguoi-dung/<uuid:person>/dat-lai")
def reset(person: UUID) -> ResponseReturnValue:
    """Ends every session of the person and shows the one-time address once."""
    form = ResetForm()
    try:
        with transaction():
            view = _held(person)
            lost = bool(form.lost_authenticator.data)
            by = current_actor().id
            code, lasts = actions.reset(_row(view), lost_authenticator=lost, by=by, now=clock.now())
    except actions.IsDisabled:
        form.refuse("lost_authenticator", _("Tài khoản đang khóa; hãy mở khóa trước"))
        return render_template("accounts/reset.html", person=_managed(person), form=form), 409
    return _code_page(view.id, view.name, code, lasts)


def _code_page(person: UUID, name: str, code: str, lasts: timedelta) -> str:
    return render_template(
        "accounts/invited.html",
        person=person,
        name=name,
        address=invitation_address(code),
        hours=lasts // timedelta(hours=1),
    )


def _managed(person: UUID) -> PersonView:
    """Raises UnknownPerson for whoever is not the actor's to change, oneself included."""
    view = visible_person(person)
    if not may_manage(current_actor(), str(view.id), view.grants):
        raise UnknownPerson
    return view


def _held(person: UUID) -> PersonView:
    """The same, held until the end of the transaction: somebody else may just have given them more.

    Raises UnknownPerson.
    """
    sessions.held(_managed(person).id)
    return _managed(person)


def _row(view: PersonView) -> Person:
    return get_person(view.id)


def _grant_in(form: GrantForm) -> Grant | None:
    """The grant that was asked for; None, with the reason beside the field, where it cannot be given."""
    scope = form.scope.data.strip()
    if form.role.data not in set(Role):
        form.refuse("role", _("Hãy chọn một vai trò"))
        return None
    grant = Grant(Role(form.role.data), scope)
    if (scope != NATION_SCOPE and scope not in find_places([scope])) or not may_grant(
        current_actor(), [grant]
    ):
        form.refuse("scope", _("Vai trò hoặc phạm vi này ngoài quyền của bạn, hoặc không có mã này"))
        return None
    return grant


def _with_grants(person: UUID, changed: Callable[[set[Grant]], set[Grant]], word: str) -> ResponseReturnValue:
    with transaction():
        view = _held(person)
        grants = changed(set(view.grants))
        seen = request.form.get("seen", "")
        actions.change_grants(_row(view), grants, seen=seen, by=current_actor().id, now=clock.now())
    if not grants:
        # Who holds nothing is no longer within the reach of a province.
        return done_at(".people", word)
    return done_at(".person", word, person=view.id)


def _disabling(view: PersonView) -> Asked:
    return Asked(
        title=_("Khóa tài khoản của %(name)s?", name=view.name),
        effects=[
            _("Mọi phiên đang mở kết thúc ở yêu cầu kế tiếp."),
            _("Lời mời hoặc đường dẫn đặt lại đang có không còn dùng được."),
            _("Những việc người này đã làm vẫn ở trong nhật ký."),
        ],
        undo=_("Có thể mở khóa bất cứ lúc nào."),
        action=_("Khóa"),
        back=url_for(".person", person=view.id),
        grave=True,
    )
