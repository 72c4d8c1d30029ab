"""SECRET_KEY is rotated without anybody noticing; what the old key made ends with it."""

from __future__ import annotations

import re
from base64 import b32decode
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select, update

from app.accounts import totp
from app.accounts.actions import create_person
from app.accounts.identity import Grant
from app.accounts.models import Person
from app.accounts.roles import Role
from app.comments.models import Contact
from app.extensions import db
from app.responding.models import Response
from app.transactions import transaction
from tests.support import citizens, contacts
from tests.support.accounts import (
    NOW,
    PASSWORD,
    SECOND,
    SIGN_IN,
    code,
    enrolled,
    member_client,
    send,
    sign_in,
    token_on,
)
from tests.support.audit import recorded

NEW, OLD = "N" * 20 + "ew-key-for-tests" * 2, "only-for-tests-" + "0" * 40
CHANGE = "/quan-tri/phien/ket-thuc-khac"
PAGE = "/quan-tri/bao-mat/ma-khoi-phuc"


@pytest.fixture(autouse=True)
def at_noon(app: Flask) -> None:
    app.extensions["clock"] = lambda: NOW


def rotate(app: Flask) -> None:
    """What a restart with a new key and the old one as fallback is."""
    _restart(app, secret_key=NEW, secret_key_fallbacks=(OLD,))


def finish(app: Flask) -> None:
    """The old key is taken out."""
    _restart(app, secret_key=NEW, secret_key_fallbacks=())


def _restart(app: Flask, **changes: object) -> None:
    app.extensions["hailong"] = replace(app.extensions["hailong"], **changes)
    app.extensions.pop("responding_gate", None)


def test_a_form_of_staff_is_taken_until_the_old_key_goes(app: Flask) -> None:
    client = member_client(app)
    old = token_on(client.get(PAGE).text)
    rotate(app)
    new = token_on(client.get(PAGE).text)
    assert new != old
    assert client.post(CHANGE, data={"csrf_token": old}).status_code == 303
    finish(app)
    assert client.post(CHANGE, data={"csrf_token": old}).status_code == 403
    # The session itself is a row and outlives every key.
    assert client.post(CHANGE, data={"csrf_token": new}).status_code == 303


def test_a_page_of_the_entrance_is_taken_until_the_old_key_goes(app: Flask, client: FlaskClient) -> None:
    enrolled(app)
    form = {"csrf_token": token_on(client.get(SIGN_IN).text), "email": "lan@bo.vn", "password": PASSWORD}
    rotate(app)
    assert client.post(SIGN_IN, data=form).status_code == 303
    stranger = app.test_client()
    form["csrf_token"] = token_on(stranger.get(SIGN_IN).text)
    finish(app)
    assert stranger.post(SIGN_IN, data=form).status_code == 303
    form["csrf_token"] = "0" * 64
    assert app.test_client().post(SIGN_IN, data=form).status_code == 403


def _quarantine_of_a_page_opened_before(app: Flask, change: object) -> str:
    app.extensions["clock"] = lambda: NOW
    client, path = app.test_client(), f"/phieu/{citizens.AGENCY}"
    fields = {**citizens.hidden_fields(client.get(path).text), "satisfaction": "5"}
    change(app)
    app.extensions["clock"] = lambda: NOW.replace(minute=30)
    assert citizens.post(client, path, fields).status_code == 303
    with app.app_context():
        reason = db.session.scalar(select(Response.quarantine).where(Response.id == fields["id"]))
        assert reason is not None
        return reason


def test_a_survey_page_opened_before_counts_until_the_old_key_goes(app: Flask) -> None:
    citizens.prepare(app)
    assert _quarantine_of_a_page_opened_before(app, rotate) == ""
    # Opened under the new key: the old one is not missed.
    assert _quarantine_of_a_page_opened_before(app, finish) == ""
    _restart(app, secret_key=OLD)
    # Never refused, but set aside: nobody can tell any more when it was opened.
    assert _quarantine_of_a_page_opened_before(app, finish) == "no-time"


def test_a_contact_keeps_its_code_and_is_left_once(app: Flask, client: FlaskClient) -> None:
    citizens.prepare(app)
    form, address = contacts.filled(client), contacts.address_of(citizens.AGENCY)
    before = contacts.code_on(citizens.post(client, address, form).text)
    rotate(app)
    assert contacts.code_on(citizens.post(client, address, form).text) == before
    other = contacts.leave(client)
    finish(app)
    with app.app_context():
        assert len(db.session.scalars(select(Contact.id)).all()) == 2
    for one in (before, other):
        assert client.get(f"/lien-he/{one}").status_code == 200


def test_an_authenticator_that_is_being_set_up_still_finishes(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        grants = [Grant(Role.MINISTRY, "nation")]
        person, invitation = create_person("moi@bo.vn", "Lò Văn Mới", grants, by="command:test", now=NOW)
        key = person.id
    path = f"/quan-tri/loi-moi/{invitation}"
    page = client.get(path).text
    found = re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page)
    assert found, "the page shows the seed"
    secret = b32decode(found[0].replace(" ", ""))
    rotate(app)
    words = "bảy con trâu qua suối"
    fields = {"new_password": words, "again": words, "code": totp.code_at(secret, totp.step_of(NOW))}
    answer = client.post(path, data={"csrf_token": token_on(page), **fields})
    assert answer.status_code == 200, answer.text
    with app.app_context():
        from app.accounts import secrecy

        kept = db.session.scalar(select(Person.totp_secret).where(Person.id == key))
        assert kept is not None
        finish(app)
        assert secrecy.decrypt(kept, key) == secret


def test_the_command_saves_every_authenticator_and_may_run_again(app: Flask, runner: FlaskCliRunner) -> None:
    enrolled(app)
    enrolled(app, "minh@bo.vn")
    rotate(app)
    enrolled(app, "moi@bo.vn")
    result = runner.invoke(args=["staff", "rotate-key"])
    assert (result.exit_code, result.output) == (
        0,
        "Đã mã hóa lại cho 2 người; 1 người đã dùng khóa mới từ trước.\n",
    )
    again = runner.invoke(args=["staff", "rotate-key"])
    assert again.output == "Đã mã hóa lại cho 0 người; 3 người đã dùng khóa mới từ trước.\n"
    finish(app)
    for email in ("lan@bo.vn", "minh@bo.vn", "moi@bo.vn"):
        assert sign_in(app.test_client(), email).status_code == 303
    with app.app_context():
        events = recorded(action="key.rotated")
        assert [event.details for event in events] == [{"count": 2}]


def test_a_key_that_went_too_early_is_named_and_recovery_codes_still_open(
    app: Flask, runner: FlaskCliRunner, client: FlaskClient
) -> None:
    member = enrolled(app)
    enrolled(app, "minh@bo.vn")
    finish(app)
    result = runner.invoke(args=["staff", "rotate-key"])
    assert result.exit_code == 1
    assert "lan@bo.vn, minh@bo.vn: không khóa nào mở được" in result.output
    send(client, SIGN_IN, {"email": "lan@bo.vn", "password": PASSWORD})
    refused = send(client, SECOND, {"code": code()})
    assert refused.status_code == 409
    assert "nhập mã khôi phục" in refused.text
    assert send(client, SECOND, {"code": member.recovery_codes[0]}).status_code == 303
    # The old key put back saves them still.
    rotate(app)
    assert runner.invoke(args=["staff", "rotate-key"]).output.startswith("Đã mã hóa lại cho 2 người")
    with app.app_context(), transaction():
        db.session.execute(update(Person).values(totp_last_step=0))
    finish(app)
    assert sign_in(app.test_client(), "minh@bo.vn").status_code == 303
