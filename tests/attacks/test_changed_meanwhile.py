"""What changes between a look and its act is looked at again, while the row is held."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import walls
from app.accounts import actions, sessions
from app.accounts.identity import Grant
from app.accounts.models import Person, ProviderIdentity, RecoveryCode, StaffSession
from app.accounts.oidc import people
from app.accounts.oidc.people import NotInvited, person_of
from app.accounts.oidc.provider import Identity
from app.accounts.queries import get_person
from app.accounts.roles import Role
from app.extensions import db
from app.transactions import transaction
from tests.attacks.conftest import Drill
from tests.support.accounts import (
    NOW,
    PASSWORD,
    Member,
    code,
    enrolled,
    send,
    signed_in,
    token_on,
    write_grants,
)
from tests.support.at_once import at_once, interrupted

ISSUER = "https://idp.vn"
OLD, NEW = (Identity(ISSUER, subject, "lan@bo.vn", frozenset()) for subject in ("old", "new"))


@pytest.fixture(autouse=True)
def still(app: Flask) -> Iterator[None]:
    app.extensions["clock"] = lambda: NOW
    yield


def reset(person: UUID, *, both: bool = False) -> None:
    with transaction():
        actions.reset(get_person(person), lost_authenticator=both, by="command:test", now=NOW)


def living(app: Flask, person: UUID) -> int:
    with app.app_context():
        rows = select(func.count()).select_from(StaffSession).where(StaffSession.person == person)
        return db.session.scalar(rows) or 0


def bound(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(ProviderIdentity.subject)))


def come_in(app: Flask, identity: Identity) -> bool:
    """As the way back from the provider does."""
    with app.test_request_context(headers={"User-Agent": "Mozilla/5.0"}), suppress(NotInvited):
        walls.set_reach(walls.ENTRANCE)
        with transaction():
            person = person_of(identity, now=NOW)
            sessions.begin(person.id, second_factor=False, now=NOW)
        return True
    return False


# Somebody signs in by the provider, and the identity is forgotten, or the person shut out, meanwhile.


@pytest.mark.parametrize("what", ["reset", "reset both", "disabled"])
@pytest.mark.parametrize("is_known", [True, False])
def test_an_identity_that_changes_before_the_row_is_held_opens_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, what: str, is_known: bool
) -> None:
    lan = enrolled(app).id
    if is_known:
        assert come_in(app, OLD)

    def meanwhile() -> None:
        if what == "disabled":
            with transaction():
                actions.disable(get_person(lan), by="command:test", now=NOW)
        else:
            reset(lan, both=what == "reset both")

    monkeypatch.setattr(people, "_held", interrupted(app, meanwhile, people._held))
    # An identity that nobody knows yet may be bound after a reset that leaves the authenticator.
    opens = not is_known and what == "reset"
    assert come_in(app, OLD) is opens
    assert living(app, lan) == opens
    assert bound(app) == (["old"] if opens or (is_known and what == "disabled") else [])


def test_an_identity_that_somebody_else_binds_meanwhile_is_theirs(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(app)
    monkeypatch.setattr(people, "_held", interrupted(app, lambda: come_in(app, NEW), people._held))
    with pytest.raises(people.OtherIdentity):
        come_in(app, OLD)
    assert bound(app) == ["new"]


def test_signing_in_by_the_provider_and_a_reset_at_once(app: Flask, drill: Drill) -> None:
    """After the reset there is neither a session of the old identity nor the identity itself."""
    count, opened = drill.scaled(10, 300), 0
    for number in range(count):
        member = enrolled(app, f"n{number}@bo.vn")
        identity = Identity(ISSUER, f"s{number}", member.email, frozenset())
        assert come_in(app, identity)
        came, _none = at_once(app, partial(come_in, app, identity), partial(reset, member.id, both=True))
        opened += came
        assert living(app, member.id) == 0
    drill.report(n=count, came_before_the_reset=opened)
    assert bound(app) == []


# Somebody manages a person who is given more at that moment.


def raise_up(person: UUID) -> None:
    with transaction():
        write_grants(person, [Grant(Role.MINISTRY, "nation")])


@pytest.mark.parametrize("way", ["khoa", "mo", "dat-lai", "vai-tro", "vai-tro/bo"])
def test_nobody_manages_who_was_raised_above_them_meanwhile(
    app: Flask, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    by = enrolled(app, "tinh@bo.vn", (Role.PROVINCE, "nation")).id
    other = enrolled(app, "hai@bo.vn", (Role.PROVINCE, "nation"), (Role.AGENCY, "nation")).id
    client, address = signed_in(app, by), f"/quan-tri/nguoi-dung/{other}"
    fields = {"csrf_token": token_on(client.get("/quan-tri/nguoi-dung/moi").text), "confirmed": "1"}
    fields |= {"role": "agency", "scope": "nation", "seen": "ministry:nation"}
    with app.app_context():
        before = db.session.get_one(Person, other).password_hash
    monkeypatch.setattr(sessions, "hold", interrupted(app, partial(raise_up, other), sessions.hold))
    assert client.post(f"{address}/{way}", data=fields).status_code == 404
    with app.app_context():
        row = db.session.get_one(Person, other)
        assert (row.password_hash, row.disabled_at) == (before, None)
        assert sessions.grants_of(other) == (Grant(Role.MINISTRY, "nation"),)


def test_nobody_resets_who_was_shut_out_meanwhile(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    other = enrolled(app).id

    def shut_out() -> None:
        with transaction():
            actions.disable(get_person(other), by="command:test", now=NOW)

    with app.app_context():
        as_looked_at = get_person(other)
        monkeypatch.setattr(sessions, "hold", interrupted(app, shut_out, sessions.hold))
        with pytest.raises(actions.IsDisabled), transaction():
            actions.reset(as_looked_at, lost_authenticator=False, by="command:test", now=NOW)


def test_of_two_who_invite_one_address_at_once_one_does(app: Flask) -> None:
    grants = [Grant(Role.AUDITOR, "nation")]

    def invite() -> bool:
        with suppress(actions.AlreadyInvited), transaction():
            actions.create_person("moi@bo.vn", "Mới", grants, by="command:test", now=NOW)
            return True
        return False

    for _round in range(3):
        assert sum(at_once(app, invite, invite)) == (_round == 0)


# Somebody's session is ended while their own change of a secret is on the way.


def change_password(app: Flask, member: Member) -> Callable[[], int]:
    client, page = signed_in(app, member.id), "/quan-tri/bao-mat/mat-khau"
    new = "sáu con mèo ngồi trên mái"
    fields = {"password": PASSWORD, "new_password": new, "again": new, "code": code()}
    return lambda: send(client, page, fields).status_code


def renew_codes(app: Flask, member: Member) -> Callable[[], int]:
    client = signed_in(app, member.id)
    return lambda: send(client, "/quan-tri/bao-mat/ma-khoi-phuc", {"code": code()}).status_code


@pytest.mark.parametrize("change", [change_password, renew_codes])
def test_no_secret_is_renewed_by_a_session_that_was_ended_meanwhile(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Flask, Member], Callable[[], int]],
) -> None:
    member = enrolled(app)
    act = change(app, member)
    again = interrupted(app, partial(reset, member.id, both=True), sessions.hold_own)
    monkeypatch.setattr(sessions, "hold_own", again)
    assert act() == 403
    with app.app_context():
        assert db.session.get_one(Person, member.id).password_hash is None
        codes = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.person == member.id)
        assert db.session.scalar(codes) == 0
