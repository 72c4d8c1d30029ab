"""Accepting an invitation, and choosing a new password: one page, one code that works once."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts import passwords, sessions, throttling, totp
from app.accounts.credentials import PASSWORD, accept_second_factor, enrol, reset_password
from app.accounts.enrolling import confirmed_secret, pending_secret, personal_words, picture
from app.accounts.forms import EnrolForm
from app.accounts.models import Invitation, Person
from app.accounts.queries import get_invitation
from app.accounts.secrecy import looks_like_recovery_code, spaced
from app.errors import UnknownInvitation
from app.transactions import transaction

blueprint = Blueprint("invitations", __name__, url_prefix="/loi-moi")


@blueprint.get("/<code>")
def page(code: str) -> ResponseReturnValue:
    """Looking at the page uses nothing up."""
    invitation, person = _invitation(code)
    return _page(code, invitation, person, EnrolForm(formdata=None))


@blueprint.get("/<code>/ma.svg")
def qr_code(code: str) -> Response:
    invitation, person = _invitation(code)
    if invitation.kind == PASSWORD:
        raise UnknownInvitation
    return picture(pending_secret(code), person)


@blueprint.post("/<code>")
def accept(code: str) -> ResponseReturnValue:
    invitation, person = _invitation(code)
    form = EnrolForm(personal=personal_words(person))
    if not form.validate():
        return _page(code, invitation, person, form), 400
    take = _take_new_password if invitation.kind == PASSWORD else _take_both_factors
    return take(code, invitation, person, form)


def _take_both_factors(
    code: str, invitation: Invitation, person: Person, form: EnrolForm
) -> ResponseReturnValue:
    """Shows the recovery codes once."""
    now = clock.now()
    confirmed = confirmed_secret(code, form.code.data, now)
    if confirmed is None:
        form.refuse("code", _wrong_code())
        return _page(code, invitation, person, form), 400
    secret, step = confirmed
    password_hash = passwords.hash_password(form.new_password.data)
    with transaction():
        codes = enrol(invitation, person, password_hash, secret, step=step, now=now)
    return render_template("accounts/recovery_codes.html", codes=[spaced(one) for one in codes], plain=True)


def _take_new_password(
    code: str, invitation: Invitation, person: Person, form: EnrolForm
) -> ResponseReturnValue:
    """A new password is no way around the second factor."""
    now = clock.now()
    if not looks_like_recovery_code(form.code.data):
        throttling.count_code(str(person.id), now=now)
    password_hash = passwords.hash_password(form.new_password.data)
    with transaction():
        sessions.hold(person.id)
        accepted = accept_second_factor(person, form.code.data, now=now)
        if accepted:
            reset_password(invitation, person, password_hash, now=now)
    if not accepted:
        form.refuse("code", _wrong_code())
        return _page(code, invitation, person, form), 400
    return render_template("accounts/password_changed.html")


def _wrong_code() -> str:
    words: str = _("Mã không đúng hoặc đã được dùng")
    return words


def _invitation(code: str) -> tuple[Invitation, Person]:
    """Raises UnknownInvitation, or TooManyTries for who tries many."""
    now = clock.now()
    try:
        return get_invitation(code, now=now)
    except UnknownInvitation:
        throttling.count_address(now=now)
        raise


def _page(code: str, invitation: Invitation, person: Person, form: EnrolForm) -> str:
    enrols = invitation.kind != PASSWORD
    secret = pending_secret(code) if enrols else b""
    return render_template(
        "accounts/invitation.html",
        code=code,
        enrols=enrols,
        person=person,
        form=form,
        secret=totp.readable(secret),
        address=totp.address(secret, person.email),
    )
