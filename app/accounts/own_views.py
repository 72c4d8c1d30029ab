"""What belongs to each member of staff alone: open sessions, password, authenticator, recovery codes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts import credentials, passwords, sessions, throttling, totp
from app.accounts.enrolling import confirmed_secret, pending_secret, personal_words, picture
from app.accounts.forms import ChangePasswordForm, CodeForm, NewAuthenticatorForm
from app.accounts.models import Person
from app.accounts.queries import count_recovery_codes, get_person
from app.accounts.secrecy import spaced
from app.audit.actions import record
from app.errors import NotFound
from app.keys import configuration
from app.transactions import commits, transaction
from app.ui.forms import StaffForm

blueprint = Blueprint("own", __name__)


@blueprint.get("/phien")
def list_sessions() -> ResponseReturnValue:
    rows = sessions.list_sessions(g.visit.person, now=clock.now())
    return render_template("accounts/sessions.html", sessions=rows, here=g.visit.session)


@blueprint.post("/phien/<uuid:session>/ket-thuc")
@commits
def end_session(session: UUID) -> ResponseReturnValue:
    if not sessions.end(session, person=g.visit.person):
        raise NotFound
    _record("session.ended")
    return redirect(url_for(".list_sessions"), 303)


@blueprint.post("/phien/ket-thuc-khac")
@commits
def end_other_sessions() -> ResponseReturnValue:
    sessions.end_all(g.visit.person, but=g.visit.session)
    _record("session.others-ended")
    return redirect(url_for(".list_sessions"), 303)


@blueprint.get("/bao-mat")
def security() -> ResponseReturnValue:
    left = count_recovery_codes(g.visit.person)
    return render_template("accounts/security.html", person=_person(), codes_left=left)


@blueprint.get("/bao-mat/mat-khau")
def password_page() -> ResponseReturnValue:
    return _password_page(_person(), ChangePasswordForm(formdata=None))


@blueprint.post("/bao-mat/mat-khau")
def change_password() -> ResponseReturnValue:
    """Ends every other session: whoever knew the old password is out."""
    person, now = _person(), clock.now()
    form = ChangePasswordForm(personal=personal_words(person))
    if not form.validate() or not _is_confirmed(person, form, now=now):
        return _password_page(person, form), 400
    password_hash = passwords.hash_password(form.new_password.data)
    with transaction():
        person = sessions.hold_own(g.visit)
        credentials.set_password(person, password_hash, now=now)
        sessions.end_all(person.id, but=g.visit.session)
        _record("password.changed")
    return redirect(url_for(".security"), 303)


def _password_page(person: Person, form: ChangePasswordForm) -> str:
    days = configuration().staff_password_days if g.visit.password_is_old else 0
    return render_template("accounts/password.html", form=form, person=person, is_old=days)


@blueprint.get("/bao-mat/ma-khoi-phuc")
def recovery_codes_page() -> ResponseReturnValue:
    return render_template("accounts/new_recovery_codes.html", form=CodeForm(formdata=None))


@blueprint.post("/bao-mat/ma-khoi-phuc")
def renew_recovery_codes() -> ResponseReturnValue:
    """Shows the new codes once; the old ones are worth nothing from here on."""
    person, form, now = _person(), CodeForm(), clock.now()
    if form.validate():
        tries = throttling.count_code(str(person.id), now=now)
        with transaction():
            codes, person = [], sessions.hold_own(g.visit)
            if credentials.spend_code(person, form.code.data, now=now):
                codes = credentials.renew_recovery_codes(person.id)
                _record("recovery-code.renewed")
        if codes:
            tries.succeeded()
            return render_template("accounts/recovery_codes.html", codes=[spaced(one) for one in codes])
        form.refuse("code", _("Mã không đúng hoặc đã được dùng"))
    return render_template("accounts/new_recovery_codes.html", form=form), 400


@blueprint.get("/bao-mat/ung-dung")
def authenticator_page() -> ResponseReturnValue:
    return _authenticator_page(_person(), NewAuthenticatorForm(formdata=None))


@blueprint.get("/bao-mat/ung-dung/ma.svg")
def authenticator_qr_code() -> Response:
    person = _person()
    return picture(pending_secret(_occasion(person)), person)


@blueprint.post("/bao-mat/ung-dung")
def change_authenticator() -> ResponseReturnValue:
    """The old authenticator, or a recovery code, lets the new one in."""
    person, form, now = _person(), NewAuthenticatorForm(), clock.now()
    if not form.validate():
        return _authenticator_page(person, form), 400
    proven = confirmed_secret(_occasion(person), form.new_code.data, now)
    if proven is None:
        form.refuse("new_code", _("Mã của ứng dụng mới không đúng"))
        return _authenticator_page(person, form), 400
    if not _is_confirmed(person, form, now=now):
        return _authenticator_page(person, form), 400
    with transaction():
        secret, step = proven
        person = sessions.hold_own(g.visit)
        credentials.set_authenticator(person, secret, step=step)
        sessions.end_all(person.id, but=g.visit.session)
        _record("authenticator.changed")
    return redirect(url_for(".security"), 303)


def _is_confirmed(person: Person, form: StaffForm, *, now: datetime) -> bool:
    """Password and second factor again: who merely found the screen unlocked changes nothing."""
    tries = throttling.count_code(str(person.id), now=now)
    with transaction():
        confirmed = passwords.matches(form.password.data, person.password_hash)
        confirmed = confirmed and credentials.accept_second_factor(person, form.code.data, now=now)
    if confirmed:
        tries.succeeded()
    else:
        form.refuse("code", _("Mật khẩu hiện nay hoặc mã không đúng, hoặc mã đã được dùng"))
    return confirmed


class NoAuthenticator(NotFound):
    """Somebody has reset this person while the page was on its way; the session has ended with it."""


def _occasion(person: Person) -> str:
    """Bound to the authenticator in use, so that the next change has a seed of its own."""
    if person.totp_secret is None:
        raise NoAuthenticator
    return f"new authenticator {person.totp_secret.hex()}"


def _authenticator_page(person: Person, form: NewAuthenticatorForm) -> str:
    secret = pending_secret(_occasion(person))
    return render_template(
        "accounts/authenticator.html",
        form=form,
        person=person,
        secret=totp.readable(secret),
        address=totp.address(secret, person.email),
    )


def _person() -> Person:
    return get_person(g.visit.person)


def _record(action: str) -> None:
    record(action, by=str(g.visit.person), subject=str(g.visit.person), now=clock.now())
