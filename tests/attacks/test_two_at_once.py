"""What happens at the same moment happens one after the other: nobody gains by being quick."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts import actions, passwords
from app.accounts.models import StaffSession
from app.accounts.queries import get_person
from app.approvals import kinds
from app.approvals.actions import decide, propose, withdraw
from app.approvals.kinds import Approved, Kind
from app.approvals.queries import get_approval
from app.approvals.rules import AlreadyDecided
from app.errors import Conflict
from app.extensions import db
from app.installation import Fact
from app.transactions import transaction
from tests.attacks.conftest import Drill
from tests.support.accounts import NOW, PASSWORD, SECOND, SIGN_IN, Member, enrolled, token_on
from tests.support.at_once import at_once
from tests.support.audit import recorded

# Two who decide otherwise, and the one who proposed and takes it back.


def settle(act: Callable[[], None]) -> str:
    try:
        with transaction():
            act()
    except AlreadyDecided:
        return "late"
    return "first"


def test_of_approving_refusing_and_withdrawing_exactly_one_happens(
    app: Flask, drill: Drill, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hide(act: Approved) -> None:
        db.session.add(Fact(name=act.subject, value="done"))

    monkeypatch.setattr(kinds, "_acts", {})
    kinds.register(Kind.HIDE_COMMENT, hide)
    count, ends = drill.scaled(20, 500), Counter[str]()
    for number in range(count):
        with app.app_context(), transaction():
            key = propose(
                Kind.HIDE_COMMENT, subject=f"c-{number}", scope="14", payload={}, reason="Số điện thoại",
                by="person-1", now=NOW,
            )  # fmt: skip

        def approve(key: UUID = key) -> str:
            return settle(lambda: decide(key, approve=True, reason="Đúng", by="person-2", now=NOW))

        def refuse(key: UUID = key) -> str:
            return settle(lambda: decide(key, approve=False, reason="Sai", by="person-3", now=NOW))

        def take_back(key: UUID = key) -> str:
            return settle(lambda: withdraw(key, by="person-1", now=NOW))

        answers = at_once(app, approve, refuse, take_back)
        assert sorted(answers) == ["first", "late", "late"]
        with app.app_context():
            found = get_approval(key)
            done = db.session.get(Fact, f"c-{number}") is not None
        assert found.decision == ("approved", "refused", "withdrawn")[answers.index("first")]
        assert done is (found.decision == "approved")
        ends[str(found.decision)] += 1
    with app.app_context():
        events = Counter(event.action for event in recorded())
    drill.report(n=count, ends=dict(ends), events=dict(events))
    assert sum(events.values()) == 2 * count
    assert {f"approval-{end}": n for end, n in ends.items()}.items() <= events.items()


# Somebody is thrown out, and signs in, in the same moment.


class Thief:
    """Knows the password and holds the recovery codes, and is quick."""

    def __init__(self, app: Flask, member: Member) -> None:
        self.member = member
        self.client = app.test_client()
        self.first_token = token_on(self.client.get(SIGN_IN).text)
        self.codes = iter(member.recovery_codes)

    def first_step(self) -> int:
        fields = {"csrf_token": self.first_token, "email": self.member.email, "password": PASSWORD}
        return self.client.post(SIGN_IN, data=fields).status_code

    def ready_for_the_second(self) -> None:
        self.second_token = token_on(self.client.get(SECOND).text)

    def second_step(self) -> int:
        fields = {"csrf_token": self.second_token, "code": next(self.codes)}
        return self.client.post(SECOND, data=fields).status_code


def living(app: Flask, person: UUID) -> int:
    with app.app_context():
        rows = select(func.count()).select_from(StaffSession).where(StaffSession.person == person)
        return db.session.scalar(rows) or 0


def thrown_out(person: UUID, how: str) -> None:
    with suppress(Conflict), transaction():
        if how == "reset":
            actions.reset(get_person(person), lost_authenticator=True, by="command:test", now=NOW)
        elif how == "disabled":
            actions.disable(get_person(person), by="command:test", now=NOW)
            actions.enable(get_person(person), by="command:test", now=NOW)


@pytest.mark.parametrize("how", ["reset", "disabled"])
def test_a_session_that_begins_while_its_person_is_thrown_out_is_none(
    app: Flask, drill: Drill, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """With the second step, which makes a whole session."""
    app.extensions["clock"] = lambda: NOW
    monkeypatch.setattr(passwords, "matches", lambda given, kept: bool(kept) and given == PASSWORD)
    count, left, answers = drill.scaled(15, 200), 0, Counter[int]()
    for number in range(count):
        member = enrolled(app, f"n{number}@bo.vn")
        thief = Thief(app, member)
        assert thief.first_step() == 303
        thief.ready_for_the_second()
        answers[at_once(app, thief.second_step, partial(thrown_out, member.id, how))[0]] += 1
        left += living(app, member.id)
    drill.report(n=count, answers=dict(answers), left=left)
    assert left == 0
    # 403: the form of the second step came from a session that was there no more.
    assert set(answers) <= {303, 400, 403}


def test_half_a_session_that_begins_while_its_person_is_reset_is_none(
    app: Flask, drill: Drill, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the password, while its slow hash is looked at."""
    app.extensions["clock"] = lambda: NOW
    compared = threading.Event()

    def matches(given: str, kept: str | None) -> bool:
        found = bool(kept) and given == PASSWORD
        compared.set()
        gone.wait(2)
        return found

    monkeypatch.setattr(passwords, "matches", matches)
    count, left, answers = drill.scaled(4, 50), 0, Counter[int]()
    for number in range(count):
        member, gone = enrolled(app, f"n{number}@bo.vn"), threading.Event()
        compared.clear()
        thief = Thief(app, member)

        def throw_out(member: Member = member, gone: threading.Event = gone) -> None:
            compared.wait(5)
            thrown_out(member.id, "reset")
            gone.set()

        answers[at_once(app, thief.first_step, throw_out)[0]] += 1
        left += living(app, member.id)
    drill.report(n=count, answers=dict(answers), left=left)
    assert left == 0
    assert set(answers) == {400}
