"""One's own password, authenticator and recovery codes: changed only by who proves both factors again."""

from __future__ import annotations

import re
from base64 import b32decode
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

import html5lib
import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.extensions import db
from tests.support.accounts import (
    NOW,
    PASSWORD,
    code,
    enrolled,
    send,
    sign_in,
    signed_in,
    token_on,
    wrong_code,
)

NEW = "ngựa tím leo cột điện"
HOME = "/quan-tri/bao-mat"
LATER = NOW + timedelta(minutes=2)


def fields(**changes: str) -> dict[str, str]:
    return {"password": PASSWORD, "new_password": NEW, "again": NEW, "code": code(), **changes}


def test_a_new_password_ends_the_other_sessions_and_replaces_the_old_one(
    app: Flask, set_now: Callable[[datetime], None]
) -> None:
    member = enrolled(app)
    here, there = signed_in(app, member.id), signed_in(app, member.id)
    assert send(here, f"{HOME}/mat-khau", fields()).status_code == 303
    assert here.get(HOME).status_code == 200
    assert there.get(HOME).status_code == 303
    set_now(LATER)
    assert sign_in(app.test_client(), second=code(LATER)).status_code == 400
    assert sign_in(app.test_client(), password=NEW, second=code(LATER)).status_code == 303
    with app.app_context():
        assert "password.changed" in db.session.scalars(select(AuditEvent.action)).all()


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "sai mật khẩu rồi nhé"},
        {"code": ""},
        {"code": "wrong"},
        {"new_password": "ngắn", "again": "ngắn"},
        {"new_password": "NguyenThiLan1990", "again": "NguyenThiLan1990"},
        {"again": "khác"},
        {"new_password": PASSWORD, "again": PASSWORD},
    ],
)
def test_an_unlocked_screen_is_not_enough_for_a_new_password(app: Flask, changes: dict[str, str]) -> None:
    client = signed_in(app, enrolled(app).id)
    if changes.get("code") == "wrong":
        changes = {"code": wrong_code()}
    page = send(client, f"{HOME}/mat-khau", fields(**changes))
    assert page.status_code == 400
    html5lib.HTMLParser(strict=True).parse(page.text)
    with app.app_context():
        assert "password.changed" not in db.session.scalars(select(AuditEvent.action)).all()


def test_where_a_password_has_served_its_time_nothing_opens_before_it_is_changed(
    app: Flask, set_now: Callable[[datetime], None]
) -> None:
    member = enrolled(app)
    due = NOW + timedelta(days=90)
    set_now(due)
    app.extensions["hailong"] = replace(app.extensions["hailong"], staff_password_days=90)
    client = signed_in(app, member.id, now=due)
    for path in ("/quan-tri", HOME, f"{HOME}/ung-dung", "/quan-tri/co-quan", "/quan-tri/he-thong"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{HOME}/mat-khau"), path
    page = client.get(f"{HOME}/mat-khau")
    assert "Mật khẩu đã quá 90 ngày" in page.text
    html5lib.HTMLParser(strict=True).parse(page.text)
    assert client.post(f"{HOME}/ma-khoi-phuc", data={"csrf_token": token_on(page.text)}).status_code == 303
    assert send(client, f"{HOME}/mat-khau", fields(code=code(due))).status_code == 303
    assert client.get("/quan-tri").status_code == 200


def test_a_password_lasts_until_its_last_day_and_for_ever_where_nothing_is_set(
    app: Flask, set_now: Callable[[datetime], None]
) -> None:
    member = enrolled(app)
    for days, after in ((90, timedelta(days=90, seconds=-1)), (0, timedelta(days=9000))):
        app.extensions["hailong"] = replace(app.extensions["hailong"], staff_password_days=days)
        set_now(NOW + after)
        assert signed_in(app, member.id, now=NOW + after).get("/quan-tri").status_code == 200


def test_guessing_the_own_password_is_counted(app: Flask) -> None:
    client = signed_in(app, enrolled(app).id)
    for _ in range(20):
        assert send(client, f"{HOME}/mat-khau", fields(password="sai rồi sai rồi")).status_code == 400
    assert send(client, f"{HOME}/mat-khau", fields()).status_code == 429


def test_new_recovery_codes_replace_the_old_ones(app: Flask) -> None:
    member = enrolled(app)
    client = signed_in(app, member.id)
    assert send(client, f"{HOME}/ma-khoi-phuc", {"code": wrong_code()}).status_code == 400
    assert send(client, f"{HOME}/ma-khoi-phuc", {"code": member.recovery_codes[0]}).status_code == 400
    page = send(client, f"{HOME}/ma-khoi-phuc", {"code": code()})
    shown = re.findall(r"<code>([A-Z2-7-]{29})</code>", page.text)
    assert len(shown) == 10
    html5lib.HTMLParser(strict=True).parse(page.text)
    assert sign_in(app.test_client(), second=member.recovery_codes[0]).status_code == 400
    assert sign_in(app.test_client(), second=shown[5]).status_code == 303
    assert "9" in client.get(HOME).text


def test_a_new_authenticator_takes_over_and_the_old_one_is_worth_nothing(
    app: Flask, set_now: Callable[[datetime], None]
) -> None:
    client = signed_in(app, enrolled(app).id)
    path = f"{HOME}/ung-dung"
    page = client.get(path).text
    found = re.search(r"<code>([A-Z2-7 ]{39})</code>", page)
    assert found
    secret = b32decode(found[1].replace(" ", ""))
    assert client.get(f"{path}/ma.svg").mimetype == "image/svg+xml"
    given = {"password": PASSWORD, "code": code(), "new_code": code(secret=secret)}
    assert send(client, path, {**given, "new_code": code()}).status_code == 400
    assert send(client, path, {**given, "password": "sai mật khẩu rồi"}).status_code == 400
    assert send(client, path, given).status_code == 303
    set_now(LATER)
    assert sign_in(app.test_client(), second=code(LATER)).status_code == 400
    assert sign_in(app.test_client(), second=code(LATER, secret)).status_code == 303
    again = re.search(r"<code>([A-Z2-7 ]{39})</code>", client.get(path).text)
    assert again
    assert again[1] != found[1], "the next change has a seed of its own"


@pytest.mark.parametrize("page", ["", "/mat-khau", "/ma-khoi-phuc", "/ung-dung", "/../phien"])
@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_pages_are_valid_html(app: Flask, page: str, language: str) -> None:
    client = signed_in(app, enrolled(app).id)
    opened = client.get("/quan-tri/phien" + language if page == "/../phien" else HOME + page + language)
    assert opened.status_code == 200
    html5lib.HTMLParser(strict=True).parse(opened.text)


@pytest.mark.parametrize("name", ["password", "new_password", "code"])
def test_a_file_in_the_place_of_a_text_counts_as_nothing(app: Flask, name: str) -> None:
    """The library would hand the file to what expects a text."""
    client = signed_in(app, enrolled(app).id)
    file = (BytesIO(b"x"), "x.csv")
    sent = {**fields(), name: file, "csrf_token": token_on(client.get(f"{HOME}/mat-khau").text)}
    assert client.post(f"{HOME}/mat-khau", data=sent).status_code == 400
