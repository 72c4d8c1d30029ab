"""Enrolling with both factors, and a new password that is no way around the second one."""

from __future__ import annotations

import re
from base64 import b32decode
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts import actions
from app.accounts.credentials import enrol
from app.accounts.identity import Grant
from app.accounts.models import Invitation, Person, RecoveryCode
from app.accounts.passwords import hash_password
from app.accounts.queries import get_invitation, get_person
from app.accounts.roles import Role
from app.errors import UnknownInvitation
from app.extensions import db
from app.transactions import transaction
from tests.support.accounts import NOW, PASSWORD, SECRET, code, enrolled, send, sign_in, signed_in, wrong_code

NEW = "ngựa tím leo cột điện"


def invited(app: Flask) -> tuple[UUID, str]:
    with app.app_context(), transaction():
        grants = [Grant(Role.AGENCY, "14-SKHCN")]
        person, one_time = actions.create_person(
            "lan@bo.vn", "Nguyễn Thị Lan", grants, by="command:t", now=NOW
        )
        return person.id, f"/quan-tri/loi-moi/{one_time}"


def was_reset(app: Flask, person: UUID, *, lost_authenticator: bool = False) -> str:
    with app.app_context(), transaction():
        one_time, _lasts = actions.reset(
            get_person(person), lost_authenticator=lost_authenticator, by="command:t", now=NOW
        )
    return f"/quan-tri/loi-moi/{one_time}"


def secret_on(page: str) -> bytes:
    found = re.search(r"<code>([A-Z2-7 ]{39})</code>", page)
    assert found
    return b32decode(found[1].replace(" ", ""))


def accept(
    client: FlaskClient, path: str, password: str = NEW, second: str = "", **fields: str
) -> TestResponse:
    page = client.get(path).text
    shown = code(secret=secret_on(page)) if "<code>" in page else code()
    return send(
        client, path, {"new_password": password, "again": password, "code": second or shown, **fields}
    )


def test_an_invitation_is_accepted_with_both_factors_and_shows_ten_codes_once(app: Flask) -> None:
    person, path = invited(app)
    client = app.test_client()
    page = client.get(path)
    html5lib.HTMLParser(strict=True).parse(page.text)
    secret = secret_on(page.text)
    done = accept(client, path)
    assert done.status_code == 200
    html5lib.HTMLParser(strict=True).parse(done.text)
    shown = re.findall(r"<code>([A-Z2-7-]{29})</code>", done.text)
    assert len(set(shown)) == 10
    with app.app_context():
        kept = db.session.scalars(select(RecoveryCode.code_hash).where(RecoveryCode.person == person)).all()
        assert len(kept) == 10
        assert not any(one.replace("-", "").encode() in bytes(hash_) for one in shown for hash_ in kept)
    assert sign_in(client, password=NEW, second=code(secret=secret)).status_code == 400, "it was spent"
    assert sign_in(app.test_client(), password=NEW, second=shown[0]).status_code == 303


def test_looking_uses_nothing_up_and_accepting_does(app: Flask) -> None:
    _person, path = invited(app)
    for _ in range(3):
        assert app.test_client().get(path).status_code == 200
        assert app.test_client().head(path).status_code == 200
    client = app.test_client()
    assert accept(client, path).status_code == 200
    again = client.get(path)
    assert again.status_code == 410
    assert "Lời mời không còn dùng được" in again.text


def test_the_qr_code_is_a_picture_of_its_own_that_nothing_keeps(app: Flask) -> None:
    _person, path = invited(app)
    client = app.test_client()
    client.get(path)
    picture = client.get(path + "/ma.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "no-store"
    assert "style" not in picture.text
    assert "<script" not in picture.text
    assert f'src="{path}/ma.svg"' in client.get(path).text


def test_who_saw_the_page_does_not_know_the_seed_of_who_accepts(app: Flask) -> None:
    _person, path = invited(app)
    spy, owner = app.test_client(), app.test_client()
    seen, own = secret_on(spy.get(path).text), secret_on(owner.get(path).text)
    assert seen != own
    assert secret_on(owner.get(path).text) == own
    assert accept(owner, path, second=code(secret=seen)).status_code == 400
    assert accept(owner, path).status_code == 200


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("ngắn quá", "ngắn quá", "ít nhất 12"),
        ("", "", "ít nhất 12"),
        ("ă" * 129, "ă" * 129, "dài nhất 128"),
        ("matkhau123456", "matkhau123456", "dễ đoán"),
        ("nguyenthilan2026", "nguyenthilan2026", "dễ đoán"),
        (NEW, NEW + "x", "chưa giống nhau"),
    ],
)
def test_a_bad_password_is_named_and_nothing_is_used_up(
    app: Flask, password: str, again: str, words: str
) -> None:
    _person, path = invited(app)
    client = app.test_client()
    page = accept(client, path, password, again=again)
    assert page.status_code == 400
    assert words in page.text
    assert password not in page.text or not password
    html5lib.HTMLParser(strict=True).parse(page.text)
    assert accept(client, path).status_code == 200


@pytest.mark.parametrize("length", [12, 64, 128])
def test_passwords_from_twelve_to_128_letters_are_taken_as_typed(app: Flask, length: int) -> None:
    _person, path = invited(app)
    password = (" Đường thẳng vuông góc, mưa xối! " * 5)[:length]
    assert accept(app.test_client(), path, password).status_code == 200
    with app.app_context():
        from app.accounts.credentials import find_by_password

        assert find_by_password("lan@bo.vn", password) is not None
        assert find_by_password("lan@bo.vn", password.strip() + "·") is None


def test_an_invitation_runs_out_to_the_second(app: Flask, set_now: Callable[[datetime], None]) -> None:
    _person, path = invited(app)
    set_now(NOW + timedelta(hours=72, seconds=-1))
    assert app.test_client().get(path).status_code == 200
    set_now(NOW + timedelta(hours=72))
    assert app.test_client().get(path).status_code == 410


def test_a_newer_code_kills_the_older_one(app: Flask) -> None:
    person, path = invited(app)
    newer = was_reset(app, person)
    assert app.test_client().get(path).status_code == 410
    assert app.test_client().get(newer).status_code == 200


def test_a_new_password_asks_for_the_second_factor(app: Flask, set_now: Callable[[datetime], None]) -> None:
    member = enrolled(app)
    session = signed_in(app, member.id)
    path = was_reset(app, member.id)
    assert session.get("/quan-tri/phien").status_code == 303
    client = app.test_client()
    assert "ma.svg" not in client.get(path).text
    assert client.get(path + "/ma.svg").status_code == 410, "nothing to enrol here"
    assert accept(client, path, second=wrong_code()).status_code == 400
    assert accept(client, path).status_code == 200
    assert client.get(path).status_code == 410
    set_now(NOW + timedelta(seconds=90))
    assert sign_in(app.test_client(), password=PASSWORD).status_code == 400
    later = code(NOW + timedelta(seconds=90))
    assert sign_in(app.test_client(), password=NEW, second=later).status_code == 303


def test_a_reset_lasts_an_hour(app: Flask, set_now: Callable[[datetime], None]) -> None:
    path = was_reset(app, enrolled(app).id)
    set_now(NOW + timedelta(minutes=60))
    assert app.test_client().get(path).status_code == 410


def test_who_lost_everything_enrols_again_with_both_factors(app: Flask) -> None:
    member = enrolled(app)
    path = was_reset(app, member.id, lost_authenticator=True)
    client = app.test_client()
    assert accept(client, path).status_code == 200
    assert sign_in(app.test_client(), password=NEW, second=member.recovery_codes[0]).status_code == 400


def test_a_disabled_person_cannot_accept(app: Flask) -> None:
    person, path = invited(app)
    with app.app_context(), transaction():
        actions.disable(get_person(person), by="command:t", now=NOW)
    assert app.test_client().get(path).status_code == 410
    with app.app_context(), transaction():
        actions.enable(get_person(person), by="command:t", now=NOW)
    assert app.test_client().get(path).status_code == 410


def test_the_code_is_kept_only_as_its_hash(app: Flask) -> None:
    _person, path = invited(app)
    with app.app_context():
        (kept,) = db.session.scalars(select(Invitation)).all()
        assert path.rsplit("/", 1)[1].encode() not in kept.code_hash
        assert db.session.scalars(select(Person.password_hash)).all() == [None]


def test_of_two_who_accept_at_once_one_does(app: Flask) -> None:
    """Both have opened the invitation before either of them is done."""
    _person, path = invited(app)
    with app.app_context():
        invitation, person = get_invitation(path.rpartition("/")[2], now=NOW)
        with transaction():
            enrol(invitation, person, hash_password(NEW), SECRET, step=1, now=NOW)
        with pytest.raises(UnknownInvitation), transaction():
            enrol(invitation, person, "another hash", b"x" * 20, step=1, now=NOW)
    assert sign_in(app.test_client(), password=NEW, second=code()).status_code == 303
