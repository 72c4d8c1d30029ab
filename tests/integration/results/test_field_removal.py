"""A collector's interviews left out by two persons: nothing is lost, recounts agree, and it comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.roles import Role
from app.approvals.actions import decide
from app.approvals.kinds import describe
from app.approvals.queries import get_approval
from app.catalogue.actions import publish_shipped
from app.directory.models import Agency, AgencyName
from app.extensions import db
from app.fieldwork.models import Collector, Round, Team, Visit
from app.results.comparing import compare
from app.results.field_removal import (
    REMOVED,
    Act,
    Standing,
    cases_of,
    change_of,
    possible_acts,
    propose_removal,
)
from app.results.field_removal_rules import MovedMeanwhile, NothingToMove, VisitsParted
from app.results.folding import RESPONSES, fold_waiting
from app.results.review_rules import QuarterClosed
from app.results.tally_tables import TALLIES
from app.transactions import transaction
from tests.support.acts import ACT
from tests.support.audit import recorded
from tests.support.field_work import a_visit
from tests.support.sheets import SheetMaker, keep
from tests.support.staff import Console, person, words
from tests.support.tallies import everything

NOW = datetime(2026, 9, 10, 3, 0, tzinfo=UTC)
DAY = date(2026, 8, 3)
CODE, VILLAGE = "00001-2026-1", "00001-01"


class World:
    """A round with one collector under suspicion and one without."""

    def __init__(self) -> None:
        self.round = Round(
            code=CODE, agency="00001", title="Quý III", questionnaire="COT_LOI", version="1.0", first_day=DAY,
            last_day=date(2026, 8, 30), grace_days=7, step=5, review_days=60, created_by="p", created_at=NOW,
        )  # fmt: skip
        self.team = Team(id=uuid4(), agency="00001", name="Tổ 1", created_at=NOW)
        self.bad, self.good = (
            Collector(id=uuid4(), team=self.team.id, code=f"TV-0{n}", name="", created_at=NOW) for n in (1, 2)
        )
        self.maker = SheetMaker(7)
        with transaction():
            db.session.add_all([self.round, self.team])
            db.session.flush()
            db.session.add_all([self.bad, self.good])

    def interviews(self, collector: Collector, count: int, **given: object) -> None:
        base = {"quarter": "2026-Q3", "day": DAY, "channel": "field", "quarantine": "", "test": False}
        rows = self.maker.sheets(count, **(base | given))
        keep(rows)
        with transaction():
            db.session.add_all(
                a_visit(CODE, VILLAGE, self.team.id, collector.id, day=DAY, answer=(row["agency"], row["id"]))
                for row in rows
            )
        fold_waiting()

    def propose(self, act: Act = Act.REMOVE, now: datetime = NOW) -> UUID:
        with transaction():
            return propose_removal(
                self.round, self.bad, act, scope="99", reason="Quá nhanh", by="person-1", now=now
            )


def approve(approval: UUID, now: datetime = NOW) -> None:
    with transaction():
        decide(approval, approve=True, by="person-2", now=now)


def set_aside() -> int:
    of_reason = (TALLIES.c.question == "_set_aside", TALLIES.c.value == REMOVED)
    assert set(db.session.scalars(select(TALLIES.c.channel).where(*of_reason))) <= {"field"}
    return db.session.scalar(select(func.sum(TALLIES.c.n)).where(*of_reason)) or 0


def recounts_agree() -> bool:
    return not any(comparison.missing for comparison in compare())


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    with app.app_context():
        with transaction():
            publish_shipped(**ACT)
        made = World()
        made.interviews(made.bad, 25)
        made.interviews(made.good, 40)
        yield made


def test_two_persons_leave_interviews_out_and_take_them_back(world: World) -> None:
    world.interviews(world.bad, 3, quarantine="too-fast")
    before = everything()
    cases = cases_of(world.round)
    assert len(cases) == 68 and possible_acts(world.round, cases, world.bad.id, NOW) == [Act.REMOVE]
    ratings = [
        (case.collector, case.rating) for case in cases if case.rating is not None and not case.quarantine
    ]
    own = [rating for collector, rating in ratings if collector == world.bad.id]
    change = change_of(cases, world.bad.id, Act.REMOVE)
    assert change.number == 25
    assert change.before == Standing(len(ratings), sum(rating >= 4 for _collector, rating in ratings))
    assert change.before.n - change.after.n == len(own)
    approve(world.propose())
    # What was aside for another reason stays so, and the public table counts the others by channel.
    assert set_aside() == 25 and recounts_agree()
    marks = select(func.count()).where(RESPONSES.c.quarantine == REMOVED)
    assert db.session.scalar(marks) == 25
    assert possible_acts(world.round, cases_of(world.round), world.bad.id, NOW) == [Act.RESTORE]
    with pytest.raises(NothingToMove):
        world.propose()
    approve(world.propose(Act.RESTORE))
    assert everything() == before and recounts_agree()
    done = [event for event in recorded() if event.action.startswith("field-cases")]
    assert [event.action for event in done] == ["field-cases-removed", "field-cases-restored"]
    # The trail points at no answer and no name.
    assert all(set(event.details) == {"of", "count"} and event.subject == CODE for event in done)


def test_the_second_person_sees_the_score_before_and_after(app: Flask, world: World) -> None:
    proposal = get_approval(world.propose())
    with app.test_request_context():
        told = describe(proposal.kind, proposal.subject, proposal.payload)
    assert "TV-01" in told.subject
    before, after = proposal.payload["before"], proposal.payload["after"]
    assert f"n = {before[0]}" in told.effects[1] and f"n = {after[0]}" in told.effects[1]
    assert told.effects[1].count("%") == 2 and "25 phiếu" in told.effects[0]


def test_of_few_interviews_no_rating_can_be_told(app: Flask, world: World) -> None:
    """The difference of two printed scores would be what a handful of households answered."""
    world.bad = Collector(id=uuid4(), team=world.team.id, code="TV-03", name="", created_at=NOW)
    with transaction():
        db.session.add(world.bad)
    world.interviews(world.bad, 4)
    proposal = get_approval(world.propose())
    with app.test_request_context():
        told = describe(proposal.kind, proposal.subject, proposal.payload)
    assert "%" not in told.effects[1] and "n = " in told.effects[1]


def test_what_was_not_seen_is_not_done(world: World) -> None:
    proposal = world.propose()
    world.interviews(world.bad, 1)
    with pytest.raises(MovedMeanwhile):
        approve(proposal)
    assert set_aside() == 0


def test_when_the_time_is_over_nothing_moves_any_more(world: World) -> None:
    with pytest.raises(QuarterClosed):
        world.propose(now=datetime(2026, 10, 20, 3, 0, tzinfo=UTC))
    proposal = world.propose()
    with transaction():
        world.round.parted_at = NOW
        for visit in db.session.scalars(select(Visit)):
            visit.answer_agency = visit.answer_id = None
    with pytest.raises(VisitsParted):
        approve(proposal)
    assert possible_acts(world.round, cases_of(world.round), world.bad.id, NOW) == []


def test_answers_that_nobody_has_counted_yet_are_left_out_as_well(world: World) -> None:
    """Those that wait for the fold carry the reason when they are folded."""
    rows = world.maker.sheets(
        12, agency="99-A", quarter="2026-Q3", day=DAY, channel="field", quarantine="", test=False
    )
    keep(rows)
    with transaction():
        db.session.add_all(
            a_visit(CODE, VILLAGE, world.team.id, world.bad.id, day=DAY, answer=("99-A", row["id"]))
            for row in rows
        )
    approve(world.propose())
    assert set_aside() == 25
    fold_waiting()
    assert set_aside() == 37 and recounts_agree()


def enter(agency: str, kind: str) -> None:
    """Into the directory of province 99."""
    start = date(2025, 7, 1)
    with transaction():
        db.session.add(Agency(code=agency, province="99", kind=kind, valid_from=start))
        db.session.flush()
        db.session.add(AgencyName(agency=agency, valid_from=start, name=agency, folded=agency.lower()))


def test_the_province_proposes_on_a_page_that_shows_what_would_happen(
    app: Flask, world: World, set_now: Callable[[datetime], None]
) -> None:
    """The commune that is judged by the answers finds no such page."""
    set_now(NOW)
    enter("00001", "commune")
    path = f"/quan-tri/thuc-dia/dot/{CODE}/loai/{world.bad.id}"
    Console(app, person(Role.AGENCY, "00001")).get(path, 404)
    leader = Console(app, person(Role.PROVINCE, "99"))
    if db.engine.dialect.name == "postgresql":
        # Nobody decides about a part: the second wall does not show answers about agencies of elsewhere.
        assert "cơ quan ngoài phạm vi" in words(leader.get(path))
    for agency in ("99-A", "99-B"):
        enter(agency, "department")
    shown = words(leader.get(path))
    assert "25 phiếu ra ngoài mọi số liệu" in shown and "trước" in shown and "sau" in shown
    assert "Hãy chọn một trong các đề xuất" in leader.post(path, 400, act="restore", reason="Thử").text
    sent = leader.post(path, act="remove", reason="Quá nhanh")
    assert "đang chờ quyết định" in words(leader.get(path))
    approval = sent.headers["Location"].partition("?")[0]
    assert "25 phiếu ra ngoài mọi số liệu" in words(leader.get(approval))
    approve(UUID(approval.rpartition("/")[2]))
    assert set_aside() == 25
    assert "đưa lại vào số liệu" in words(leader.get(path))
