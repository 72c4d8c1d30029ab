"""Another spelling of a mailbox is nobody: it gets no account, no reset and no way in of somebody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from app.accounts.models import Invitation, Person, ProviderIdentity
from app.accounts.oidc.people import NotInvited, person_of
from app.accounts.oidc.provider import Identity
from app.extensions import db
from app.transactions import transaction
from tests.support.accounts import NOW, PASSWORD, SIGN_IN, enrolled, send, signed_in

# Each looks like, or might by some server be taken for, kim@bo.vn.
OTHERS = (
    "\u212aim@bo.vn", "\uff4bim@bo.vn", "k\u0456m@bo.vn", "kim@b\u043e.vn", "k\u0131m@bo.vn",
    "ki\u0307m@bo.vn", "kim+1@bo.vn", "kim@bo.vn.", '"kim"@bo.vn', "kim(x)@bo.vn", "k\u200bim@bo.vn",
    "kim@bo\u3002vn",
    "kim.@bo.vn",
)  # fmt: skip
SAME = ("KIM@bo.vn", " kim@BO.VN ")


def count(app: Flask, model: type[Person] | type[Invitation] | type[ProviderIdentity]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_no_other_spelling_gets_an_account_or_a_reset(app: Flask, runner: FlaskCliRunner) -> None:
    app.extensions["clock"] = lambda: NOW
    enrolled(app, "kim@bo.vn")
    client = signed_in(app, enrolled(app, "lan@bo.vn").id)
    people, codes = count(app, Person), count(app, Invitation)
    for email in (*OTHERS, *SAME):
        fields = {"email": email, "name": "Kim", "role": "auditor", "scope": "nation"}
        answer = send(client, "/quan-tri/nguoi-dung/moi", fields)
        assert answer.status_code == 400, email
        made = runner.invoke(args=["staff", "create", email, "--name", "Kim", "--role", "auditor"])
        assert made.exit_code != 0, email
    for email in OTHERS:
        for verb in ("reset", "disable", "enable"):
            assert runner.invoke(args=["staff", verb, email]).exit_code != 0, email
    assert (count(app, Person), count(app, Invitation)) == (people, codes)


@pytest.mark.parametrize("email", OTHERS)
def test_a_provider_that_verified_another_spelling_lets_nobody_in(app: Flask, email: str) -> None:
    enrolled(app, "kim@bo.vn")
    identity = Identity("https://idp.vn", "x", email, frozenset())
    with app.app_context():
        with pytest.raises(NotInvited), transaction():
            person_of(identity, now=NOW)
        with transaction():
            assert person_of(replace(identity, verified_email="Kim@bo.vn"), now=NOW).email == "kim@bo.vn"


def test_another_spelling_is_no_way_around_the_counter_of_tries(app: Flask) -> None:
    """It is nobody's, so the right password opens nothing with it."""
    app.extensions["clock"] = lambda: NOW
    enrolled(app, "kim@bo.vn")
    for email in OTHERS[:4]:
        answer = send(app.test_client(), SIGN_IN, {"email": email, "password": PASSWORD})
        assert answer.status_code == 400, email
    for email in SAME:
        assert send(app.test_client(), SIGN_IN, {"email": email, "password": PASSWORD}).status_code == 303
