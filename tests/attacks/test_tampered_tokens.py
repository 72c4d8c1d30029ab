"""Nothing that is only nearly a secret opens anything, and every refusal looks the same."""

from __future__ import annotations

import hmac
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import keys
from app.accounts import sessions
from app.accounts.actions import create_person
from app.accounts.identity import Grant
from app.accounts.models import Invitation, StaffSession
from app.accounts.roles import Role
from app.comments.actions import ContactWish, keep_contact
from app.comments.codes import contact_code, new_nonce
from app.comments.models import Contact
from app.dossiers.models import Link
from app.extensions import db
from app.responding.models import Response
from app.responding.receiving import gate
from app.responding.signing import read_stamp
from app.transactions import transaction
from tests.attacks.conftest import Drill
from tests.support import citizens
from tests.support.accounts import COOKIE, NOW, SIGN_IN, enrolled, signed_in, token_on
from tests.support.citizens import AGENCY
from tests.support.fuzzing import FORM, urlencoded
from tests.support.raw_requests import RawAnswer, RawRequest, call
from tests.support.tampering import tampered

WHOLE = 10_000
SMALL = 250
OLD_KEY = "k" * 48


@pytest.fixture
def house(app: Flask) -> Flask:
    """Nobody is slowed down, so that every refusal is one of the secret itself."""
    app.extensions["clock"] = lambda: NOW
    app.extensions["hailong"] = replace(app.extensions["hailong"], unknown_tokens_per_minute=10**9)
    citizens.prepare(app)
    return app


class Refusals:
    """What was answered: of one kind, or the attacker learns something."""

    def __init__(self) -> None:
        self.kinds: Counter[tuple[int, bytes, str]] = Counter()

    def add(self, answer: RawAnswer) -> None:
        self.kinds[(answer.status, answer.body, answer.headers.get("location", ""))] += 1

    def statuses(self) -> dict[int, int]:
        counted: Counter[int] = Counter()
        for (status, _body, _location), n in self.kinds.items():
            counted[status] += n
        return dict(counted)

    def assert_uniform(self, usual: int) -> None:
        """Whatever reaches the page gets the same bytes; what is no address is not found, or tidied first."""
        assert set(self.statuses()) <= {usual, 404, 308}, self.statuses()
        pages = {kind for kind in self.kinds if kind[0] == usual}
        assert len(pages) == 1, [(status, len(body), where) for status, body, where in pages]


def address(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def path(prefix: str, token: str) -> bytes:
    return (prefix + token).encode("utf-8", "surrogatepass")


def elsewhere(app: Flask) -> list[str]:
    """Good secrets of every other kind."""
    person = enrolled(app, "khac@bo.vn").id
    client = signed_in(app, person)
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    with app.app_context(), transaction():
        _invited, code = create_person(
            "moi@bo.vn", "Người mới", [Grant(Role.AGENCY, AGENCY)], by="command:test", now=NOW
        )
        contact = contact_code(keys.signing_key("contact"), new_nonce())
        keep_contact(ContactWish(AGENCY, "0912 345 678", "", "Đồng ý"), code=contact, day=NOW.date())
    form = token_on(client.get("/quan-tri/bao-mat/ma-khoi-phuc").text)
    return [cookie.value, code, contact, form, *citizens.links(app, 3)]


def run(drill: Drill, real: list[str], others: Iterable[str]) -> list[str]:
    wrong = [text for text in others if text not in set(real)]
    return list(tampered(drill.draw, real, wrong, drill.scaled(SMALL, WHOLE)))


def test_one_time_links(house: Flask, drill: Drill) -> None:
    others = elsewhere(house)
    real = [token for _batch in range(3) for token in citizens.links(house, 5)]
    refused, texts = Refusals(), run(drill, real, others[:4])
    for number, text in enumerate(texts):
        if number % 2:
            body = urlencoded([("id", str(uuid4())), ("satisfaction", "5")])
            refused.add(call(house, RawRequest("POST", path("/k/", text), body=body, content_type=FORM)))
        else:
            refused.add(call(house, RawRequest("GET", path("/k/", text))))
    with house.app_context():
        spent = db.session.scalar(select(func.count()).select_from(Link).where(Link.spent))
        stored = db.session.scalar(select(func.count()).select_from(Response))
    drill.report(n=len(texts), accepted=spent, stored=stored, statuses=refused.statuses())
    assert (spent, stored) == (0, 0)
    refused.assert_uniform(410)
    # The same request with the right token is taken.
    body = urlencoded([("id", str(uuid4())), ("satisfaction", "5")])
    assert call(house, RawRequest("POST", path("/k/", real[0]), body=body, content_type=FORM)).status == 303


def test_codes_of_invitations(house: Flask, drill: Drill) -> None:
    others = elsewhere(house)
    with house.app_context(), transaction():
        grants = [Grant(Role.AGENCY, AGENCY)]
        real = [
            create_person(f"n{number}@bo.vn", "Người mới", grants, by="command:test", now=NOW)[1]
            for number in range(5)
        ]
    form = house.test_client()
    token = token_on(form.get(SIGN_IN).text)
    secret = form.get_cookie("hailong-form")
    assert secret is not None
    cookie = {"Cookie": f"hailong-form={secret.value}"}
    body = urlencoded([("csrf_token", token), ("new_password", "ngựa tím leo cột điện"), ("code", "123456")])
    others.remove(others[1])
    before = invitations(house)
    refused, texts = Refusals(), run(drill, real, others)
    for number, text in enumerate(texts):
        where = path("/quan-tri/loi-moi/", text)
        request = RawRequest("GET", where, headers=cookie, address=address(number))
        if number % 2:
            request = replace(request, method="POST", body=body, content_type=FORM)
        refused.add(call(house, request))
    drill.report(n=len(texts), statuses=refused.statuses(), used=before - invitations(house))
    refused.assert_uniform(410)
    assert invitations(house) == before
    assert call(house, RawRequest("GET", path("/quan-tri/loi-moi/", real[0]))).status == 200


def invitations(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Invitation)) or 0


def test_cookies_of_staff(house: Flask, drill: Drill) -> None:
    others = elsewhere(house)[1:]
    person = enrolled(house).id
    with house.test_request_context(), transaction():
        real = [sessions.begin(person, second_factor=True, now=NOW) for _ in range(5)]
    refused, texts = Refusals(), run(drill, real, others)
    # Spaces at the ends belong to the header and not to the cookie, so there they change nothing.
    texts = [text for text in texts if text.strip(' \t\r\n"') not in real]
    for text in texts:
        sent = text.encode("utf-8", "surrogatepass").decode("latin-1")
        refused.add(
            call(house, RawRequest("GET", b"/quan-tri/phien", headers={"Cookie": f"{COOKIE}={sent}"}))
        )
    with house.app_context():
        left = db.session.scalar(select(func.count()).select_from(StaffSession))
    drill.report(n=len(texts), statuses=refused.statuses(), sessions_left=left)
    refused.assert_uniform(303)
    good = RawRequest("GET", b"/quan-tri/phien", headers={"Cookie": f"{COOKIE}={real[0]}"})
    assert call(house, good).status == 200


def test_codes_of_contacts(house: Flask, drill: Drill) -> None:
    others = elsewhere(house)
    others.remove(others[2])
    with house.app_context(), transaction():
        real = [contact_code(keys.signing_key("contact"), new_nonce()) for _ in range(5)]
        foreign = contact_code(keys.derive(OLD_KEY, "contact"), new_nonce())
        swapped = contact_code(keys.signing_key("receipt"), new_nonce())
        for code in real:
            keep_contact(ContactWish(AGENCY, "0912 345 678", "", "Đồng ý"), code=code, day=NOW.date())
    refused, texts = Refusals(), run(drill, real, [*others, foreign, swapped])
    for number, text in enumerate(texts):
        method = "POST" if number % 2 else "GET"
        body = b"x=1" if number % 2 else b""
        refused.add(call(house, RawRequest(method, path("/lien-he/", text), body=body, content_type=FORM)))
    with house.app_context():
        kept = db.session.scalar(select(func.count()).select_from(Contact))
    drill.report(n=len(texts), statuses=refused.statuses(), contacts_left=kept)
    refused.assert_uniform(404)
    assert kept == len(real) + 1
    assert call(house, RawRequest("GET", path("/lien-he/", real[0]))).status == 200


def test_tokens_of_forms(house: Flask, drill: Drill) -> None:
    """Also of another browser, of another key and of another purpose."""
    others = elsewhere(house)
    client, other = (signed_in(house, enrolled(house, f"f{number}@bo.vn").id) for number in range(2))
    page = "/quan-tri/bao-mat/ma-khoi-phuc"
    real, foreign = token_on(client.get(page).text), token_on(other.get(page).text)
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    with house.app_context():
        purposes = (keys.derive(OLD_KEY, "form-token"), keys.signing_key("throttle"), b"")
        forged = [hmac.digest(key, cookie.value.encode(), "sha256").hex() for key in purposes]
    refused, texts = Refusals(), run(drill, [real], [*others, foreign, *forged, cookie.value])
    for text in texts:
        request = RawRequest(
            "POST", b"/quan-tri/phien/ket-thuc-khac", body=urlencoded([("csrf_token", text)]),
            content_type=FORM, headers={"Cookie": f"{COOKIE}={cookie.value}"},
        )  # fmt: skip
        refused.add(call(house, request))
    drill.report(n=len(texts), statuses=refused.statuses())
    refused.assert_uniform(403)
    assert set(refused.statuses()) == {403}
    good = replace(request, body=urlencoded([("csrf_token", real)]))
    assert call(house, good).status == 303


def test_signed_times_of_forms(house: Flask, drill: Drill) -> None:
    """A forged time does not make an answer slower than it was."""
    with house.app_context():
        real = gate().stamp(NOW)
        verifying = gate().stamp_keys
        other = [f"{int(NOW.timestamp())}.{secrets.token_hex(16)}", f"0{real}", real.replace(".", "..")]
        texts = list(tampered(drill.draw, [real], other, drill.scaled(SMALL, WHOLE)))
        accepted = [text for text in texts if read_stamp(verifying, text) is not None]
        drill.report(n=len(texts), accepted=len(accepted))
        assert accepted == []
        assert read_stamp(verifying, real) == int(NOW.timestamp())
