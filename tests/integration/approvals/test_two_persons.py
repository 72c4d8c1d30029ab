"""An act for two persons: one proposes, another decides, once, and the act is part of the decision."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.approvals import kinds
from app.approvals.actions import decide, propose, withdraw
from app.approvals.kinds import Approved, Decision, Kind
from app.approvals.queries import (
    Place,
    count_waiting,
    find_waiting,
    get_approval,
    list_decided,
    list_waiting,
    list_waiting_of_others,
)
from app.approvals.rules import (
    AlreadyDecided,
    AlreadyProposed,
    InOneHand,
    NoReason,
    NotTheProposer,
    TheSamePerson,
    UnknownApproval,
)
from app.audit.actions import record
from app.audit.queries import get_head
from app.extensions import db
from app.installation import Fact
from app.transactions import transaction
from tests.support.audit import recorded

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ONE, TWO, THREE = "person-1", "person-2", "person-3"


@pytest.fixture(autouse=True)
def hiding(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A feature that owns two kinds: hiding leaves a fact, verifying always fails half way.

    The application comes first: its own features register their kinds when they are imported.
    """

    def hide(act: Approved) -> None:
        db.session.add(
            Fact(name=act.subject, value=f"{act.payload['why']} {act.proposed_by} {act.decided_by}")
        )
        record("comment-hidden", by=act.decided_by, subject=act.subject, scope=act.scope, now=act.now)

    def fail(act: Approved) -> None:
        db.session.add(Fact(name=act.subject, value="half"))
        db.session.flush()
        raise RuntimeError

    monkeypatch.setattr(kinds, "_acts", {})
    kinds.register(Kind.HIDE_COMMENT, hide)
    kinds.register(Kind.VERIFY_SOURCE, fail)
    yield


def proposed(
    subject: str = "comment-1",
    *,
    kind: Kind = Kind.HIDE_COMMENT,
    scope: str = "14",
    by: str = ONE,
    at: datetime = NOW,
) -> UUID:
    with transaction():
        return propose(
            kind,
            subject=subject,
            scope=scope,
            payload={"why": "số điện thoại"},
            reason="Có số điện thoại",
            by=by,
            now=at,
        )


def decided(
    approval: UUID, *, approve: bool = True, by: str = TWO, at: datetime = LATER, reason: str = "Đúng"
) -> None:
    with transaction():
        decide(approval, approve=approve, reason=reason, by=by, now=at)


def test_a_proposal_waits_and_has_done_nothing(session: Session) -> None:
    approval = get_approval(proposed())
    assert approval.decision is None
    assert (approval.kind, approval.subject, approval.scope) == (Kind.HIDE_COMMENT, "comment-1", "14")
    assert (approval.proposed_by, approval.proposed_at) == (ONE, NOW)
    assert approval.payload == {"why": "số điện thoại"}
    assert session.get(Fact, "comment-1") is None
    (event,) = recorded()
    assert (event.action, event.by, event.subject, event.scope) == (
        "approval-proposed",
        ONE,
        str(approval.id),
        "14",
    )
    assert event.details == {"kind": "hide-comment", "of": "comment-1"}
    assert "điện thoại" not in str(event)


def test_another_person_approves_and_the_act_is_done(session: Session) -> None:
    approval = proposed()
    decided(approval)
    fact = session.get(Fact, "comment-1")
    assert fact is not None
    assert fact.value == "số điện thoại person-1 person-2"
    settled = get_approval(approval)
    assert (settled.decision, settled.decided_by, settled.decided_at) == (Decision.APPROVED, TWO, LATER)
    assert settled.decision_reason == "Đúng"
    assert [event.action for event in recorded()] == [
        "approval-proposed",
        "comment-hidden",
        "approval-approved",
    ]


@pytest.mark.parametrize("approve", [True, False])
def test_who_proposed_cannot_decide(session: Session, approve: bool) -> None:
    approval = proposed()
    with pytest.raises(TheSamePerson):
        decided(approval, approve=approve, by=ONE)
    assert get_approval(approval).decision is None
    assert session.get(Fact, "comment-1") is None
    assert get_head().position == 1


def test_a_refusal_says_why_and_does_nothing(session: Session) -> None:
    approval = proposed()
    with pytest.raises(NoReason):
        decided(approval, approve=False, reason="  ")
    decided(approval, approve=False, reason="Không có số nào")
    assert get_approval(approval).decision is Decision.REFUSED
    assert session.get(Fact, "comment-1") is None
    assert recorded()[-1].action == "approval-refused"


def test_only_the_proposer_withdraws(session: Session) -> None:
    approval = proposed()
    with pytest.raises(NotTheProposer), transaction():
        withdraw(approval, by=TWO, now=LATER)
    with transaction():
        withdraw(approval, by=ONE, now=LATER)
    assert get_approval(approval).decision is Decision.WITHDRAWN
    with pytest.raises(AlreadyDecided):
        decided(approval)
    assert recorded()[-1].action == "approval-withdrawn"
    assert session.get(Fact, "comment-1") is None


@pytest.mark.parametrize("first", [True, False])
def test_it_is_decided_once(session: Session, first: bool) -> None:
    approval = proposed()
    decided(approval, approve=first)
    with pytest.raises(AlreadyDecided):
        decided(approval, approve=not first, by=THREE)
    with pytest.raises(AlreadyDecided), transaction():
        withdraw(approval, by=ONE, now=LATER)
    assert get_approval(approval).decided_by == TWO


def test_of_several_who_decide_at_once_exactly_one_wins(app: Flask) -> None:
    with app.app_context():
        approvals = [proposed(f"comment-{number}") for number in range(5)]
    ready = Barrier(6)

    def one(number: int, approval: UUID) -> str:
        with app.app_context():
            ready.wait()
            try:
                decided(approval, approve=number % 2 == 0, by=f"person-{number + 2}")
            except AlreadyDecided:
                return "lost"
            return "won"

    with ThreadPoolExecutor(6) as pool:
        for approval in approvals:
            assert sorted(pool.map(one, range(6), [approval] * 6)) == ["lost"] * 5 + ["won"]
    with app.app_context():
        assert sum(event.action in ("approval-approved", "approval-refused") for event in recorded()) == 5


def test_an_act_that_fails_leaves_the_proposal_waiting(session: Session) -> None:
    approval = proposed("source-1", kind=Kind.VERIFY_SOURCE)
    with pytest.raises(RuntimeError):
        decided(approval)
    assert get_approval(approval).decision is None
    assert session.get(Fact, "source-1") is None
    assert get_head().position == 1


def test_the_same_act_waits_only_once(session: Session) -> None:
    approval = proposed()
    with pytest.raises(AlreadyProposed):
        proposed(by=THREE)
    decided(approval, approve=False)
    assert find_waiting(Kind.HIDE_COMMENT, "comment-1") is None
    again = proposed(by=THREE)
    waiting = find_waiting(Kind.HIDE_COMMENT, "comment-1")
    assert waiting is not None
    assert waiting.id == again
    assert find_waiting(Kind.HIDE_COMMENT, "comment-2") is None, "it is the waiting one of this subject"
    assert find_waiting(Kind.VERIFY_SOURCE, "comment-1") is None, "and of this kind"
    proposed("comment-1", kind=Kind.VERIFY_SOURCE)
    proposed("comment-2")
    assert count_waiting(None) == 3, "neither another kind nor another subject is the same act"


def test_of_several_who_propose_the_same_at_once_one_succeeds(app: Flask) -> None:
    ready = Barrier(6)

    def one(number: int) -> str:
        with app.app_context():
            ready.wait()
            try:
                proposed(by=f"person-{number}")
            except AlreadyProposed:
                return "lost"
            return "won"

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(one, range(6))) == ["lost"] * 5 + ["won"]
    with app.app_context():
        assert count_waiting(None) == get_head().position == 1


def test_what_cannot_be_done_cannot_be_proposed(session: Session) -> None:
    with pytest.raises(KeyError):
        proposed(kind=Kind.CHANGE_THRESHOLDS)
    with pytest.raises(NoReason), transaction():
        propose(Kind.HIDE_COMMENT, subject="c", scope="14", payload={}, reason=" ", by=ONE, now=NOW)
    with pytest.raises(UnknownApproval):
        decided(uuid4())


def test_two_features_cannot_own_one_kind() -> None:
    with pytest.raises(AssertionError):
        kinds.register(Kind.HIDE_COMMENT, lambda _act: None)


def test_lists_show_a_scope_and_page_by_key(session: Session) -> None:
    first = [proposed(f"c{n}", scope="14", at=NOW + timedelta(minutes=n // 2)) for n in range(5)]
    other = proposed("c9", scope="31", by=TWO)
    key = {approval: (get_approval(approval).proposed_at, approval) for approval in first}
    expected = sorted(first, key=lambda approval: (key[approval][0], approval.hex))
    shown = list_waiting({"14"}, limit=3)
    after = Place(shown[-1].proposed_at, shown[-1].id)
    assert [item.id for item in [*shown, *list_waiting({"14"}, after=after)]] == expected
    assert [item.id for item in list_waiting({"31", "nation"})] == [other]
    assert list_waiting(set()) == []
    assert len(list_waiting(None)) == count_waiting(None) == 6
    others = list_waiting_of_others({"14", "31"}, Kind.HIDE_COMMENT, person=TWO)
    assert [one.id for one in others] == expected
    assert list_waiting_of_others({"14", "31"}, Kind.VERIFY_SOURCE, person=TWO) == []
    for number, approval in enumerate(expected):
        decided(approval, approve=number != 1, at=LATER + timedelta(minutes=number))
    newest = list_decided({"14"}, limit=2)
    before = Place(newest[-1].decided_at or NOW, newest[-1].id)
    assert [item.id for item in [*newest, *list_decided({"14"}, before=before)]] == expected[::-1]
    assert list_decided({"31"}) == []
    assert [item.id for item in list_waiting(None)] == [other], "what is decided waits no more"
    assert count_waiting({"14"}) == 0


def test_a_broken_rule_is_a_page_with_its_own_words(app: Flask) -> None:
    for error, words in (
        (TheSamePerson, "Cần người thứ hai"),
        (NotTheProposer, "Không rút được đề xuất"),
        (AlreadyDecided, "Đề xuất đã được quyết định"),
        (AlreadyProposed, "Việc này đã được đề xuất"),
        (NoReason, "Cần ghi lý do"),
        (InOneHand, "Cần người thứ hai khác"),
    ):
        with app.test_request_context():
            response = app.make_response(app.handle_user_exception(error()))
        assert response.status_code == 409
        assert words in response.get_data(as_text=True)
