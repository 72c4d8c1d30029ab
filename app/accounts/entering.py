"""What the ways in have in common: the page of signing in, and the session that begins behind it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import g, render_template, request

from app import keys
from app.accounts import sessions
from app.accounts.forms import SignInForm
from app.accounts.returning import way_back
from app.audit.actions import record


def entrance(form: SignInForm | None = None, problem: str = "") -> str:
    """The page of signing in; `problem` is what went wrong elsewhere than in its own fields."""
    config = keys.configuration()
    form = form or SignInForm(formdata=None)
    if problem:
        form.form_errors = [problem]
    return render_template(
        "accounts/sign_in.html",
        form=form,
        way=way_back(request.args.get("tiep", "")) or None,
        provider=(config.oidc_name or config.oidc_issuer) if config.oidc_issuer else "",
    )


def begin_half(person: UUID, *, now: datetime) -> str:
    """Half a session, in place of what this browser had."""
    sessions.hold(person)
    _end_own()
    return sessions.begin(person, second_factor=False, now=now)


def begin_whole(person: UUID, *, now: datetime, **details: bool) -> str:
    """A session, with its event; `details` say how somebody came in."""
    sessions.hold(person)
    _end_own()
    token = sessions.begin(person, second_factor=True, now=now)
    record("session.begun", by=str(person), subject=str(person), details=details, now=now)
    return token


def _end_own() -> None:
    if g.visit is not None:
        sessions.end(g.visit.session, person=g.visit.person)
