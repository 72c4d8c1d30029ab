"""What people who answer do leaves nothing in the trail: it would tell when somebody did it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from flask import Flask

from app.audit.queries import get_head
from app.comments.models import Contact
from app.dossiers.models import Link
from app.extensions import db
from app.responding.models import KeptAside, Response
from tests.support import citizens
from tests.support.citizens import AGENCY, links, post, sheet


def count(model: type) -> int:
    return db.session.query(model).count()


def test_answering_and_leaving_and_withdrawing_a_contact_are_never_recorded(
    app: Flask, set_now: Callable[[datetime], None]
) -> None:
    set_now(citizens.NOW)
    citizens.prepare(app)
    (token,) = links(app)
    with app.app_context():
        before = get_head()
    client = app.test_client()
    by_link, by_form = sheet("1", comment="Chậm"), sheet("5")
    assert client.get(f"/k/{token}").status_code == 200
    assert post(client, f"/k/{token}", by_link).status_code == 303
    assert post(client, f"/k/{token}", by_link).status_code == 303
    assert post(client, f"/phieu/{AGENCY}", by_form).status_code == 303
    post(client, f"/phieu/{AGENCY}", {**by_form, "satisfaction": "2"})
    assert post(client, f"/phieu/{AGENCY}", sheet("9")).status_code == 400
    code = _leave_contact(app)
    with app.app_context():
        assert (count(Response), count(KeptAside), count(Contact)) == (2, 1, 1)
        assert db.session.query(Link).filter(Link.spent).count() == 1
    _withdraw(app, code)
    with app.app_context():
        assert count(Contact) == 0
        assert get_head() == before


def _leave_contact(app: Flask) -> str:
    client, form = app.test_client(), f"/lien-he?agency={AGENCY}"
    nonce = re.search(r'name="nonce" value="([0-9a-f]{32})"', client.get(form).text)
    assert nonce is not None
    fields = {"nonce": nonce[1], "address": "0912 345 678", "message": "Xin gọi lại", "consent": "y"}
    shown = re.search(r'class="code"><strong>([A-Z2-7 ]+)</strong>', post(client, form, fields).text)
    assert shown is not None
    return shown[1].replace(" ", "")


def _withdraw(app: Flask, code: str) -> None:
    assert post(app.test_client(), f"/lien-he/{code}", {"withdraw": "y"}).status_code in (200, 303)
