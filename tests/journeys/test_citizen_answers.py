"""From a message with a link to a counted answer, and to a contact that is taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app.comments.models import Contact
from app.dossiers.models import Link
from app.extensions import db
from app.responding.models import Response
from app.responding.store import response_store
from tests.support import citizens
from tests.support.citizens import NOW, hidden_fields, links, post


def test_a_citizen_answers_is_thanked_leaves_a_contact_and_takes_it_back(
    app: Flask, set_now: Callable[[datetime], None]
) -> None:
    set_now(NOW)
    citizens.prepare(app)
    client = app.test_client()
    (token,) = links(app)

    # A scanner of messages looks first; the person comes an hour later.
    assert client.get(f"/k/{token}").status_code == 200
    set_now(NOW + timedelta(hours=1))
    page = client.get(f"/k/{token}")
    assert "Sở Khoa học và Công nghệ, Tỉnh Sơn La" in page.text
    hidden = hidden_fields(page.text)

    # The first try forgets the only required question; nothing else has to be answered twice.
    set_now(NOW + timedelta(hours=1, seconds=50))
    again = post(client, f"/k/{token}", {**hidden, "submit_time": "under_5", "comment": "Nhanh"})
    assert again.status_code == 400
    set_now(NOW + timedelta(hours=1, seconds=72))
    sent = post(
        client,
        f"/k/{token}",
        {**hidden_fields(again.text), "satisfaction": "5", "submit_time": "under_5", "comment": "Nhanh"},
    )
    thanks = client.get(sent.headers["Location"])
    assert "Cảm ơn Ông/Bà" in thanks.text
    assert token not in thanks.text

    with app.app_context():
        row = db.session.scalars(select(Response)).one()
        assert (row.channel, row.quarantine, row.fill_seconds) == ("link", "", 70)
        assert db.session.scalars(select(Link.spent)).one() is True

    # The contact is left elsewhere and holds nothing of the answer.
    address = re.search(r'href="(/lien-he)"', thanks.text)
    assert address
    form = client.get(f"{address[1]}?agency={citizens.AGENCY}").text
    nonce = re.search(r'name="nonce" value="([^"]+)"', form)
    assert nonce
    kept = post(
        client, f"/lien-he?agency={citizens.AGENCY}", {"nonce": nonce[1], "address": "a@b.vn", "consent": "y"}
    )
    code = re.search(r'class="code"><strong>([^<]+)<', kept.text)
    assert code
    with app.app_context():
        contact = db.session.scalars(select(Contact)).one()
        assert hidden["id"] not in " ".join(map(str, vars(contact).values()))
    assert "Đã xóa" in post(client, f"/lien-he/{code[1].replace(' ', '')}", {}).text
    with app.app_context():
        assert db.session.scalars(select(Contact)).all() == []
        assert (
            db.session.scalars(select(Response)).one().answers == '{"satisfaction":5,"submit_time":"under_5"}'
        )
    response_store(app).close()
