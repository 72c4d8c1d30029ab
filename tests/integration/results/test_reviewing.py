"""Quarantined answers after a review: released by two persons they count, and every recount agrees."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.approvals.actions import decide
from app.approvals.queries import get_approval
from app.catalogue.actions import publish_shipped
from app.errors import Conflict
from app.extensions import db
from app.results import reviewing
from app.results.comparing import compare
from app.results.folding import RESPONSES, fold_waiting
from app.results.models import QuarantineReview
from app.results.recounting import count_period
from app.results.review_rules import AlreadySo, GroupTooSmall, QuarterClosed, QuarterRuns, UnknownGroup
from app.results.reviewing import propose_review
from app.results.reviews import Group, ReviewAct, list_left_out, list_released, list_reviews
from app.results.tally_tables import BY_CLUSTER, BY_PROCEDURE, STATES, TALLIES
from app.results.verification import rebuild
from app.transactions import transaction
from tests.support.acts import ACT
from tests.support.audit import recorded
from tests.support.sheets import SheetMaker, keep
from tests.support.tallies import everything, stored

NOW = datetime(2026, 10, 5, 3, 0, tzinfo=UTC)
QUARTER = "2026-Q3"
GROUP = Group(QUARTER, "99-A", "too-fast")
RELEASE, LEAVE_OUT = ReviewAct.RELEASE, ReviewAct.LEAVE_OUT


@pytest.fixture(autouse=True)
def published(app: Flask) -> Iterator[None]:
    with app.app_context():
        with transaction():
            publish_shipped(**ACT)
        yield


def kept(seed: int, count: int, **given: Any) -> list[dict[str, Any]]:
    """Stored and folded, of the third quarter."""
    day = {"quarter": QUARTER, "day": datetime(2026, 8, 3).date()}
    rows = SheetMaker(seed).sheets(count, **day, **given)
    keep(rows)
    fold_waiting()
    return rows


def proposed(act: ReviewAct = RELEASE, group: Group = GROUP, now: datetime = NOW) -> UUID:
    with transaction():
        return propose_review(group, act, scope="99", reason="Máy dùng chung", by="person-1", now=now)


def decided(approval: UUID, now: datetime = NOW) -> None:
    with transaction():
        decide(approval, approve=True, by="person-2", now=now)


def reviewed(act: ReviewAct = RELEASE, group: Group = GROUP) -> None:
    decided(proposed(act, group))


def recounts_agree() -> bool:
    return not any(comparison.missing for comparison in compare())


def counted(agency: str = "99-A") -> int:
    """Answers of the quarter that count."""
    own = (TALLIES.c.agency == agency, TALLIES.c.quarter == QUARTER, TALLIES.c.question == "_sheets")
    return db.session.scalar(select(func.sum(TALLIES.c.n)).where(*own)) or 0


def pseudo(question: str, agency: str = "99-A") -> Counter[str]:
    own = (TALLIES.c.agency == agency, TALLIES.c.question == question)
    found: Counter[str] = Counter()
    for reason, n in db.session.execute(select(TALLIES.c.value, TALLIES.c.n).where(*own)):
        found[reason] += n
    return found


def test_released_answers_count_and_keep_their_reason() -> None:
    clean = kept(1, 30, agency="99-A", quarantine="", test=False)
    fast = kept(2, 40, agency="99-A", quarantine="too-fast", test=False)
    rated = sum("satisfaction" in row["answers"] for row in fast)
    assert 10 < rated < 40
    before, sheets = everything(), counted()
    reviewed()
    assert counted() == sheets + rated
    assert pseudo("_released") == {"too-fast": rated}
    unrated = sum("satisfaction" not in row["answers"] for row in clean)
    assert pseudo("_set_aside") == {"no-rating": 40 - rated + unrated}
    assert recounts_agree()
    untouched = select(func.count()).where(RESPONSES.c.quarantine == "too-fast")
    assert db.session.scalar(untouched) == 40
    reviewed(LEAVE_OUT)
    assert everything() == before
    assert recounts_agree()
    assert [(row.number, row.act, row.why) for row in list_reviews(GROUP)] == [
        (1, "release", "Máy dùng chung"),
        (2, "leave-out", "Máy dùng chung"),
    ]
    assert [event.action for event in recorded()][-2:] == ["quarantine-reviewed", "approval-approved"]


def test_a_fold_after_the_decision_equals_a_rebuild() -> None:
    """Answers that waited for the fold when the decision fell, and every other group, are counted alike."""
    kept(3, 60, agency="99-A", quarantine="too-fast", test=False)
    maker = SheetMaker(4)
    day = {"quarter": QUARTER, "day": datetime(2026, 9, 30).date()}
    keep(maker.sheets(80, **day))
    keep(maker.sheets(15, agency="99-A", quarantine="too-fast", **day))
    reviewed()
    fold_waiting()
    folded = everything()
    assert recounts_agree()
    assert rebuild(**ACT).repaired == 0
    with transaction():
        for table in (TALLIES, BY_PROCEDURE, BY_CLUSTER, STATES):
            db.session.execute(table.delete())
    rebuild(**ACT)
    assert everything() == folded


def test_a_fold_and_a_decision_at_once_lose_and_double_nothing(app: Flask) -> None:
    """Answers that wait are counted either before the decision, and moved by it, or after it, by its rule."""
    for seed in range(30, 34):
        group = GROUP._replace(agency=f"99-{seed}")
        kept(seed, 15, agency=group.agency, quarantine="too-fast", test=False)
        day = {"quarter": QUARTER, "day": datetime(2026, 9, 30).date()}
        keep(SheetMaker(seed + 10).sheets(40, agency=group.agency, quarantine="too-fast", test=False, **day))
        approval, ready = proposed(group=group), Barrier(2)

        def fold(ready: Barrier = ready) -> None:
            with app.app_context():
                ready.wait()
                fold_waiting(batch=7)

        def release(approval: UUID = approval, ready: Barrier = ready) -> None:
            with app.app_context():
                ready.wait()
                decided(approval)

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(fold), pool.submit(release)]:
                done.result()
        assert recounts_agree()
        assert counted(group.agency) == pseudo("_released", group.agency)["too-fast"] > 15


def test_a_window_of_days_counts_what_was_released() -> None:
    kept(5, 30, agency="99-A", quarantine="too-fast", test=False, answers='{"satisfaction":5}')
    window = (datetime(2026, 8, 1).date(), datetime(2026, 8, 31).date(), ["99-A"])
    sheets = [key for key in count_period(*window).tallies if key.question == "_sheets"]
    assert sheets == []
    reviewed()
    found = count_period(*window).tallies
    assert sum(n for key, n in found.items() if key.question == "_sheets") == 30


def test_only_the_group_itself_moves() -> None:
    groups = [(agency, reason) for agency in ("99-A", "99-B") for reason in ("too-fast", "honeypot")]
    for seed, (agency, reason) in enumerate(groups, start=20):
        kept(seed, 12, agency=agency, quarantine=reason, test=False)
    earlier = SheetMaker(9).sheets(12, agency="99-A", quarantine="too-fast", test=False,
                                   day=datetime(2026, 5, 1).date())  # fmt: skip
    keep(earlier)
    fold_waiting()
    others = stored(TALLIES)
    reviewed()
    now = stored(TALLIES)
    moved = {key for key in others | now if others[key] != now[key]}
    assert {(key[0], key[1]) for key in moved} == {(QUARTER, "99-A")}
    assert pseudo("_set_aside")["honeypot"] == 12


@pytest.mark.parametrize(
    "other",
    [GROUP._replace(agency="99-B"), GROUP._replace(reason="honeypot"), GROUP._replace(quarter="2026-Q2")],
)
def test_a_later_decision_about_another_group_changes_nothing_about_this_one(other: Group) -> None:
    kept(40, 20, agency="99-A", quarantine="too-fast", test=False)
    reviewed()
    with transaction():
        for number, act in enumerate((RELEASE, LEAVE_OUT), start=1):
            db.session.add(
                QuarantineReview(
                    **other._asdict(), number=number, act=act.value, why="g", approval=uuid.uuid4(),
                    proposed_by="a", decided_by="b", decided_at=NOW,
                )
            )  # fmt: skip
    assert list_released(db.session.connection()) == {("99-A", "too-fast", QUARTER)}
    assert list_left_out(other.quarter) == {(other.agency, other.reason)}
    assert list_left_out("2026-Q1") == frozenset()
    assert [row.act for row in list_reviews(GROUP)] == ["release"]


def test_a_decision_marks_no_answer_of_another_agency() -> None:
    """It was just sent there and waits for the fold, which judges it by its own rules."""
    double = str(uuid.UUID(int=77, version=4))
    answers = {"answers": '{"satisfaction":5}', "test": False}
    kept(6, 20, agency="99-A", quarantine="too-fast", **answers)
    kept(7, 1, agency="99-A", quarantine="too-fast", id=double, **answers)
    day = {"quarter": QUARTER, "day": datetime(2026, 8, 3).date()}
    keep(SheetMaker(8).sheets(1, agency="99-B", quarantine="", id=double, **day, **answers))
    reviewed()
    marks = select(RESPONSES.c.agency, RESPONSES.c.quarantine).where(RESPONSES.c.id == double)
    assert dict(db.session.execute(marks).all()) == {"99-A": "two-agencies", "99-B": ""}


def test_an_id_under_two_agencies_counts_for_neither_whatever_is_decided() -> None:
    both = [str(uuid.UUID(int=number, version=4)) for number in range(1, 4)]
    answers = {"answers": '{"satisfaction":5}', "test": False}
    kept(6, 20, agency="99-A", quarantine="too-fast", **answers)
    for name in both:
        kept(7, 1, agency="99-A", quarantine="too-fast", id=name, **answers)
    kept(8, 1, agency="99-B", quarantine="", id=both[0], **answers)
    theirs = select(RESPONSES.c.quarantine).where(RESPONSES.c.agency == "99-B")
    before = db.session.scalars(theirs).all()
    reviewed()
    assert db.session.scalars(theirs).all() == before, "the answers of others are theirs to judge"
    assert counted() == 22 and counted("99-B") == 0
    assert pseudo("_set_aside")["two-agencies"] == 1
    assert recounts_agree()
    kept(9, 1, agency="99-B", quarantine="", id=both[1], **answers)
    assert counted() == 21 and counted("99-B") == 0
    keep(SheetMaker(11).sheets(1, agency="99-A", quarantine="too-fast", id=str(uuid.UUID(int=77, version=4)),
                               quarter=QUARTER, day=datetime(2026, 8, 3).date(), **answers))  # fmt: skip
    kept(10, 1, agency="99-B", quarantine="", id=str(uuid.UUID(int=77, version=4)), **answers)
    assert counted() == 21 and counted("99-B") == 0
    assert recounts_agree() and rebuild(**ACT).repaired == 0


@pytest.mark.parametrize(
    ("act", "group", "now", "rule"),
    [
        (RELEASE, GROUP, datetime(2026, 9, 30, 16, 59, tzinfo=UTC), QuarterRuns),
        (LEAVE_OUT, GROUP, datetime(2026, 9, 30, 16, 59, tzinfo=UTC), QuarterRuns),
        (RELEASE, GROUP, datetime(2026, 10, 10, 17, 0, tzinfo=UTC), QuarterClosed),
        (LEAVE_OUT, GROUP, datetime(2026, 10, 10, 17, 0, tzinfo=UTC), QuarterClosed),
        (RELEASE, GROUP._replace(reason="honeypot"), NOW, GroupTooSmall),
        (RELEASE, GROUP._replace(reason="two-agencies"), NOW, UnknownGroup),
        (RELEASE, GROUP._replace(agency="99-B"), NOW, UnknownGroup),
    ],
)
def test_what_cannot_be_decided_cannot_be_proposed(
    act: ReviewAct, group: Group, now: datetime, rule: type[Exception]
) -> None:
    kept(12, 10, agency="99-A", quarantine="too-fast")
    kept(13, 9, agency="99-A", quarantine="honeypot", test=False)
    kept(14, 12, agency="99-A", quarantine="two-agencies", test=False)
    with pytest.raises(rule):
        proposed(act, group, now)


def test_the_first_and_the_last_moment_of_a_review() -> None:
    kept(15, 40, agency="99-A", quarantine="too-fast", test=False)
    first, last = datetime(2026, 9, 30, 17, 0, tzinfo=UTC), datetime(2026, 10, 10, 16, 59, tzinfo=UTC)
    decided(proposed(RELEASE, now=first), now=first)
    decided(proposed(LEAVE_OUT, now=last), now=last)
    with pytest.raises(AlreadySo):
        proposed(LEAVE_OUT, now=last)


def test_a_small_group_can_be_left_out() -> None:
    kept(16, 3, agency="99-A", quarantine="too-fast", test=False)
    before = everything()
    reviewed(LEAVE_OUT)
    assert everything() == before and len(list_reviews(GROUP)) == 1


def test_a_decision_that_comes_too_late_changes_nothing_and_the_proposal_waits() -> None:
    kept(17, 20, agency="99-A", quarantine="too-fast", test=False)
    approval, before = proposed(), everything()
    with pytest.raises(QuarterClosed):
        decided(approval, now=NOW + timedelta(days=6))
    assert get_approval(approval).decision is None
    assert everything() == before and not list_reviews(GROUP)


def test_a_decision_that_breaks_half_way_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    kept(18, 20, agency="99-A", quarantine="too-fast", test=False)
    approval, before = proposed(), everything()

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(reviewing, "record", fail)
    with pytest.raises(RuntimeError):
        decided(approval)
    assert get_approval(approval).decision is None
    assert everything() == before and not list_reviews(GROUP)


def test_the_rules_have_words(app: Flask) -> None:
    with app.test_request_context():
        for rule in (QuarterRuns, QuarterClosed, GroupTooSmall, AlreadySo):
            assert issubclass(rule, Conflict) and all(rule().words())
