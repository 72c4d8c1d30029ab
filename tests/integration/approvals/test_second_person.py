"""Whose account has been in the hands of the proposer is no second person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts import actions as people
from app.accounts.hands import REMEMBERED
from app.accounts.identity import Grant
from app.accounts.models import ProviderIdentity
from app.accounts.oidc.people import person_of
from app.accounts.oidc.provider import Identity
from app.accounts.queries import get_person
from app.accounts.roles import Role
from app.approvals import actions, kinds
from app.approvals.actions import decide, propose
from app.approvals.kinds import Approved, Decision, Kind
from app.approvals.queries import get_approval, list_waiting
from app.approvals.rules import InOneHand
from app.extensions import db
from app.installation import Fact
from app.transactions import transaction
from tests.support.accounts import enrolled
from tests.support.at_once import at_once, interrupted
from tests.support.audit import recorded

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(days=7)
LONG_AGO = NOW - timedelta(days=400)


@pytest.fixture(autouse=True)
def hidden(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was hidden so far, also where it was undone."""
    done: list[str] = []

    def hide(act: Approved) -> None:
        done.append(act.subject)
        db.session.add(Fact(name=act.subject, value="hidden"))

    monkeypatch.setattr(kinds, "_acts", {})
    kinds.register(Kind.HIDE_COMMENT, hide)
    yield done


def recent() -> UUID:
    (waiting,) = list_waiting(None)
    return waiting.id


class Office:
    """Three who have worked here for long: each may do everything."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.lan, self.mai, self.nam = (
            enrolled(app, f"{name}@bo.vn", now=LONG_AGO).id for name in ("lan", "mai", "nam")
        )

    def reset(self, person: UUID, by: UUID | str, at: datetime = BEFORE) -> None:
        with transaction():
            people.reset(get_person(person), lost_authenticator=True, by=str(by), now=at)

    def invited(self, by: UUID, at: datetime = BEFORE) -> UUID:
        grants = [Grant(Role.MINISTRY, "nation")]
        with transaction():
            return people.create_person(f"{at:%d}@bo.vn", "Mới", grants, by=str(by), now=at)[0].id


@pytest.fixture
def office(app: Flask, session: Session) -> Office:
    return Office(app)


def proposed(by: UUID, at: datetime = NOW) -> UUID:
    with transaction():
        return propose(
            Kind.HIDE_COMMENT, subject="c", scope="14", payload={}, reason="Lộ số", by=str(by), now=at
        )


def try_to_decide(approval: UUID, by: UUID, *, approve: bool = True, at: datetime = NOW) -> bool:
    try:
        with transaction():
            decide(approval, approve=approve, reason="Đúng", by=str(by), now=at)
    except InOneHand:
        assert get_approval(approval).decision is None
        assert db.session.get(Fact, "c") is None
        return False
    return True


def test_those_who_have_worked_side_by_side_decide_for_each_other(office: Office) -> None:
    assert try_to_decide(proposed(office.lan), office.mai)


@pytest.mark.parametrize("approve", [True, False])
def test_whom_the_proposer_has_reset_is_no_second_person(
    office: Office, hidden: list[str], approve: bool
) -> None:
    office.reset(office.mai, by=office.lan)
    approval = proposed(office.lan)
    assert not try_to_decide(approval, office.mai, approve=approve)
    assert hidden == [], "the act is not even begun"
    assert try_to_decide(approval, office.nam)


def test_nor_is_who_has_reset_the_proposer(office: Office) -> None:
    office.reset(office.lan, by=office.mai)
    assert not try_to_decide(proposed(office.lan), office.mai)


def test_nor_whom_the_proposer_has_invited(office: Office) -> None:
    assert not try_to_decide(proposed(office.lan), office.invited(by=office.lan))


def test_nor_two_whom_one_third_has_invited(office: Office) -> None:
    one, two = office.invited(by=office.lan), office.invited(by=office.lan, at=BEFORE + timedelta(days=1))
    assert not try_to_decide(proposed(one), two)


def test_nor_whose_account_came_over_from_another_that_the_proposer_took(office: Office) -> None:
    office.reset(office.mai, by=office.lan)
    office.reset(office.nam, by=office.mai, at=BEFORE + timedelta(hours=1))
    assert not try_to_decide(proposed(office.lan), office.nam)


@pytest.mark.parametrize("act", ["grants", "enabled"])
def test_nor_whom_the_proposer_gave_rights_or_let_in_again(office: Office, act: str) -> None:
    with transaction():
        mai, by = get_person(office.mai), str(office.lan)
        if act == "grants":
            held = people.told([Grant(Role.MINISTRY, "nation")])
            more = [Grant(Role.MINISTRY, "nation"), Grant(Role.PROVINCE, "14")]
            people.change_grants(mai, more, seen=held, by=by, now=BEFORE)
        else:
            people.disable(mai, by=str(office.nam), now=LONG_AGO)
            people.enable(mai, by=by, now=BEFORE)
    assert not try_to_decide(proposed(office.lan), office.mai)


def test_nor_whose_identity_at_the_provider_was_forgotten_and_bound_anew(office: Office) -> None:
    """Whoever controls the mailbox binds an identity of theirs after the reset."""
    identity = Identity("https://idp.vn", "cũ", "mai@bo.vn", frozenset())
    with transaction():
        person_of(identity, now=LONG_AGO)
    with transaction():
        people.reset(get_person(office.mai), lost_authenticator=False, by=str(office.lan), now=BEFORE)
    with transaction():
        person_of(Identity("https://idp.vn", "mới", "mai@bo.vn", frozenset()), now=BEFORE)
    assert [row.subject for row in db.session.query(ProviderIdentity)] == ["mới"]
    assert not try_to_decide(proposed(office.lan), office.mai)


def test_what_was_done_at_the_server_itself_counts_for_nobody(office: Office) -> None:
    office.reset(office.mai, by="command:staff")
    office.reset(office.lan, by="command:staff")
    assert try_to_decide(proposed(office.lan), office.mai)


def test_it_is_forgotten_after_its_days_and_not_before(office: Office) -> None:
    office.reset(office.mai, by=office.lan, at=NOW - REMEMBERED)
    assert not try_to_decide(proposed(office.lan), office.mai)
    with transaction():
        actions.withdraw(recent(), by=str(office.lan), now=NOW)
    later = NOW + timedelta(microseconds=1)
    assert try_to_decide(proposed(office.lan, at=later), office.mai, at=later)


def test_who_waits_with_the_decision_gains_nothing(office: Office) -> None:
    office.reset(office.mai, by=office.lan)
    assert not try_to_decide(proposed(office.lan), office.mai, at=NOW + timedelta(days=300))


def test_a_reset_after_the_proposal_counts_as_well(office: Office) -> None:
    approval = proposed(office.lan)
    office.reset(office.mai, by=office.lan, at=NOW + timedelta(days=1))
    assert not try_to_decide(approval, office.mai, at=NOW + timedelta(days=2))


def test_a_reset_between_the_look_and_the_act_is_seen(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the very moment: the first look found nothing, and the second is the one that counts."""
    approval = proposed(office.lan)

    def reset() -> None:
        office.reset(office.mai, by=office.lan, at=NOW)

    monkeypatch.setattr(actions, "_settle", interrupted(office.app, reset, actions._settle))
    assert not try_to_decide(approval, office.mai)
    assert [event.action for event in recorded()][-2:] == ["approval-proposed", "person.reset"]


def test_deciding_and_resetting_at_once_come_one_after_the_other(
    office: Office,
) -> None:
    """Whatever comes first: nothing is approved once the reset is in the trail."""
    for _round in range(6):
        with transaction():
            approval = propose(
                Kind.HIDE_COMMENT, subject=f"c{_round}", scope="14", payload={}, reason="Lộ số",
                by=str(office.lan), now=NOW,
            )  # fmt: skip
        other = enrolled(office.app, f"n{_round}@bo.vn", now=LONG_AGO).id

        def settle(approval: UUID = approval, other: UUID = other) -> bool:
            return try_to_decide(approval, other)

        def reset(other: UUID = other) -> None:
            office.reset(other, by=office.lan, at=NOW)

        was_decided, _none = at_once(office.app, settle, reset)
        subjects = {str(approval): "approval-approved", str(other): "person.reset"}
        order = [event.action for event in recorded() if subjects.get(event.subject) == event.action]
        assert order == (["approval-approved", "person.reset"] if was_decided else ["person.reset"])
        db.session.rollback()
        assert (get_approval(approval).decision is Decision.APPROVED) is was_decided
