"""Signing in, in two steps, and out."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts import invitation_views, sessions, throttling
from app.accounts.credentials import accept_second_factor, find_by_password
from app.accounts.entering import begin_half, entrance
from app.accounts.forms import CodeForm, SignInForm
from app.accounts.identity import find_actor
from app.accounts.oidc import views as oidc_views
from app.accounts.queries import normal_email
from app.accounts.refused import Refused, note
from app.accounts.returning import way_back
from app.accounts.secrecy import looks_like_recovery_code
from app.audit.actions import record
from app.transactions import commits, transaction

blueprint = Blueprint("accounts", __name__, url_prefix="/quan-tri")
blueprint.register_blueprint(invitation_views.blueprint)
blueprint.register_blueprint(oidc_views.blueprint)

HOME = "/quan-tri"


@blueprint.get("/dang-nhap")
def sign_in_page() -> ResponseReturnValue:
    if find_actor() is not None:
        return redirect(_next(), 303)
    return entrance()


@blueprint.post("/dang-nhap")
def sign_in() -> ResponseReturnValue:
    """Says the same to a wrong password, an unknown address and a person who is disabled."""
    form, now = SignInForm(), clock.now()
    if not form.validate():
        return entrance(form), 400
    tries = throttling.count_try(normal_email(form.email.data), now=now)
    with transaction():
        person = find_by_password(form.email.data, form.password.data)
        token = begin_half(person.id, now=now) if person is not None else ""
    if not token:
        note(Refused.SIGN_IN, "sign_in_failed", step="password")
        form.refuse("password", _("Email hoặc mật khẩu không đúng"))
        return entrance(form), 400
    tries.succeeded()
    response = redirect(url_for(".second_factor_page", tiep=_next(default=None)), 303)
    sessions.put_cookie(response, token)
    return response


@blueprint.get("/dang-nhap/ma")
def second_factor_page() -> ResponseReturnValue:
    if g.visit is None or g.visit.has_second_factor:
        return redirect(url_for(".sign_in_page", tiep=_next(default=None)), 303)
    return render_template("accounts/second_factor.html", form=CodeForm(formdata=None))


@blueprint.post("/dang-nhap/ma")
def second_factor() -> ResponseReturnValue:
    """The session begins here, under a token that did not exist before."""
    visit, form, now = g.visit, CodeForm(), clock.now()
    if visit is None or visit.has_second_factor:
        return redirect(url_for(".sign_in_page", tiep=_next(default=None)), 303)
    if not form.validate():
        return render_template("accounts/second_factor.html", form=form), 400
    recovery = looks_like_recovery_code(form.code.data)
    tries = None if recovery else throttling.count_code(str(visit.person), now=now)
    with transaction():
        person = sessions.held(visit.person)
        accepted = accept_second_factor(person, form.code.data, now=now)
        token = _rotate(visit, with_recovery_code=recovery) if accepted else ""
    if not token:
        note(Refused.SIGN_IN, "sign_in_failed", step="recovery-code" if recovery else "code")
        form.refuse("code", _("Mã không đúng hoặc đã được dùng"))
        return render_template("accounts/second_factor.html", form=form), 400
    if tries is not None:
        tries.succeeded()
    response = redirect(_next(), 303)
    sessions.put_cookie(response, token)
    return response


@blueprint.post("/dang-xuat")
@commits
def sign_out() -> ResponseReturnValue:
    sessions.end(g.visit.session, person=g.visit.person)
    record("session.ended", by=str(g.visit.person), subject=str(g.visit.person), now=clock.now())
    response = redirect(url_for(".sign_in_page"), 303)
    sessions.drop_cookie(response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _rotate(visit: sessions.Visit, *, with_recovery_code: bool) -> str:
    """A whole session in place of the half one; none where that was ended in the meantime."""
    if not sessions.end(visit.session, person=visit.person):
        return ""
    now, person = clock.now(), str(visit.person)
    token = sessions.begin(visit.person, second_factor=True, now=now)
    record("session.begun", by=person, subject=person, details={"recovery": with_recovery_code}, now=now)
    return token


def _next(default: str | None = HOME) -> str:
    return way_back(request.args.get("tiep", "")) or default  # type: ignore[return-value]  # None leaves the parameter out
