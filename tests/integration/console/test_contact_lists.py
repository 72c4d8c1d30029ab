"""Lists of contacts: each state and each agency shows its own, and what is not there is not found."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.roles import Role
from app.comments.models import Contact, WithdrawnContact
from app.extensions import db
from tests.support.citizens import post
from tests.support.contacts import leave
from tests.support.staff import Console, words

Desk = Callable[..., Console]
LIST = "/quan-tri/lien-he"
AGENCY, NEIGHBOUR = "14-SKHCN", "14-SNV"


def ids(app: Flask) -> set[str]:
    with app.app_context():
        return set(map(str, db.session.scalars(select(Contact.id))))


def left(app: Flask, agency: str = AGENCY) -> str:
    """A contact that was just left; its id."""
    before = ids(app)
    leave(app.test_client(), agency)
    (contact,) = ids(app) - before
    return contact


def numbers(page: str, *contacts: str) -> list[str]:
    """Which of these contacts a list shows."""
    text = words(page)
    return [contact for contact in contacts if contact[:8] in text]


def test_each_state_shows_its_own(app: Flask, desk: Desk) -> None:
    console = desk(Role.PROVINCE, "14")
    new, replied, done = left(app), left(app), left(app)
    console.post(f"{LIST}/{replied}/da-tra-loi", answer="Đã hẹn lại")
    console.post(f"{LIST}/{done}/da-xong", theme="deadline", outcome="Đã trả kết quả")
    shown = {
        state: numbers(console.get(f"{LIST}?state={state}"), new, replied, done)
        for state in ("open", "new", "replied", "done")
    }
    assert shown == {"open": [new, replied], "new": [new], "replied": [replied], "done": [done]}


def test_of_what_was_withdrawn_an_agency_shows_its_own(app: Flask, desk: Desk) -> None:
    for agency in (AGENCY, NEIGHBOUR):
        visitor = app.test_client()
        post(visitor, f"/lien-he/{leave(visitor, agency)}", {})
    with app.app_context():
        gone = {row.agency: str(row.id) for row in db.session.scalars(select(WithdrawnContact))}
    console = desk(Role.PROVINCE, "14")
    both = (gone[AGENCY], gone[NEIGHBOUR])
    assert numbers(console.get(f"{LIST}?state=withdrawn"), *both) == list(both)
    assert numbers(console.get(f"{LIST}?state=withdrawn&agency={NEIGHBOUR}"), *both) == [gone[NEIGHBOUR]]
    console.get(f"{LIST}/{gone[AGENCY]}", 410)
    console.get(f"{LIST}/{uuid4()}", 404)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("Xin gọi (0912) 345 678", "Có số điện thoại: hãy bỏ"),
        ("x" * 1001, "Dài quá 1.000 ký tự"),
    ],
)
def test_an_answer_that_may_not_be_given_changes_nothing(
    app: Flask, desk: Desk, answer: str, reason: str
) -> None:
    console, contact = desk(Role.AGENCY, AGENCY), left(app)
    page = console.post(f"{LIST}/{contact}/da-tra-loi", 400, answer=answer)
    assert reason in words(page.text)
    assert numbers(console.get(f"{LIST}?state=new"), contact) == [contact]
