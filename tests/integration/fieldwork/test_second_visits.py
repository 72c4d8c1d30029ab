"""Second visits: whom they are drawn for, what is compared and kept, and that two at once are one."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.accounts.roles import Role
from app.catalogue.queries import get_questionnaire
from app.errors import Conflict
from app.extensions import db
from app.fieldwork.judging import slip_hash
from app.fieldwork.models import Visit
from app.fieldwork.retention import part_rounds
from app.fieldwork.reviews.comparing import facts_of, record_second_visit
from app.fieldwork.reviews.drawing import AT_LEAST, SHARE, draw_backchecks
from app.fieldwork.reviews.flags import list_flags
from app.fieldwork.reviews.models import BackCheck
from app.fieldwork.reviews.reviewing import review_all, review_round
from app.fieldwork.reviews.rules import AlreadyChecked, NoFacts, SameCollector, UnknownSlip
from app.responding.models import Response
from app.transactions import transaction
from surveys.interviews import Indicator
from tests.support.accounts import member_client, token_on
from tests.support.at_once import at_once
from tests.support.audit import recorded
from tests.support.phones import COMMUNE, NOW, OTHER_VILLAGE, ROUND, VILLAGE
from tests.support.waves import own_round

BOTH = {VILLAGE, OTHER_VILLAGE}
SLIP = "0-000"
AFTER = NOW + timedelta(days=25)


def drawn_of() -> Counter[UUID]:
    return Counter(db.session.scalars(select(BackCheck.collector).where(BackCheck.reason != "shown")))


def facts_at(slip: str = SLIP) -> dict[str, str]:
    """What a household said of the stable facts."""
    visit = db.session.scalars(select(Visit).where(Visit.slip_hash == slip_hash(slip))).one()
    answers = json.loads(db.session.get_one(Response, (visit.answer_agency, visit.answer_id)).answers)
    return {question.id: answers[question.id] for question in facts_of(get_questionnaire("TAI_NHA", "1.0"))}


def enter(facts: dict[str, str], who: UUID, *, slip: str = SLIP, within: set[str] = BOTH) -> None:
    with transaction():
        record_second_visit(own_round(), slip, facts, who, within=within, by="p", now=NOW)


def test_whom_a_second_visit_is_drawn_for(app: Flask, people: list[UUID]) -> None:
    with app.app_context():
        # While it runs: a tenth as it comes, all of the flagged.
        assert review_all(now=NOW)[ROUND].drawn >= 12
        running = drawn_of()
        assert running[people[-1]] == 12
        assert review_all(now=NOW)[ROUND].drawn == 0
        # When it has ended, five of everybody; of who gave out no slips none.
        with transaction():
            db.session.execute(update(Visit).where(Visit.collector == people[0]).values(slip_hash=None))
            before = running[people[0]]
        with transaction():
            draw_backchecks(own_round(), now=AFTER)
        after = drawn_of()
        assert after[people[0]] == before
        assert {after[who] for who in people[1:-1]} == {AT_LEAST} and after[people[-1]] == 12
        # What is drawn while it runs is spread over its days, not over its first evening.
        lowest = select(Visit.id).where(Visit.collector == people[1])
        ids = sorted(db.session.scalars(lowest), key=lambda key: key.int)
        held = set(db.session.scalars(select(BackCheck.visit).where(BackCheck.collector == people[1])))
        assert held == set(ids[:AT_LEAST]) | {key for key in ids if key.int / 2**128 < SHARE}


def test_facts_are_compared_and_nothing_else_is_kept(app: Flask, people: list[UUID]) -> None:
    with app.app_context():
        facts = facts_at()
        other = "no" if facts["vneid_user"] == "yes" else "yes"
        enter(facts | {"vneid_user": other, "satisfaction": "1"}, people[1], slip=" 0 000 ")
        check = db.session.scalars(select(BackCheck).where(BackCheck.done_at.is_not(None))).one()
        # The rating is no fact: it compares with nothing.
        assert (check.agreed, check.disagreed, check.reason) == (3, 1, "shown")
        assert (check.collector, check.checked_by) == (people[0], people[1])
        assert recorded(action="field-second-visit")[-1].details == {}
        with pytest.raises(AlreadyChecked):
            enter(facts, people[1])


def test_who_may_not_compare_learns_nothing(app: Flask, people: list[UUID]) -> None:
    with app.app_context():
        facts = facts_at()
        for error, slip, given, who, within in (
            (UnknownSlip, "khac", facts, people[1], BOTH),
            (UnknownSlip, SLIP, facts, people[1], {OTHER_VILLAGE}),
            (SameCollector, SLIP, facts, people[0], BOTH),
            (NoFacts, SLIP, {"satisfaction": "5"}, people[1], BOTH),
        ):
            with pytest.raises(error):
                enter(given, who, slip=slip, within=within)
        with transaction():
            twice = select(Visit.id).where(Visit.slip_hash == slip_hash("1-000"))
            db.session.execute(
                update(Visit).where(Visit.id.in_(twice)).values(slip_hash=slip_hash(SLIP), village=VILLAGE)
            )
        # A code in two houses is nobody's.
        with pytest.raises(UnknownSlip):
            enter(facts, people[2])
        assert db.session.scalar(select(func.count()).select_from(BackCheck)) == 0


def test_of_two_who_enter_one_household_at_once_one_is_told(app: Flask, people: list[UUID]) -> None:
    with app.app_context():
        facts = facts_at()

    def one(who: UUID) -> str:
        try:
            enter(facts, who)
        except Conflict as error:
            return type(error).__name__
        return "stored"

    done = at_once(app, lambda: one(people[1]), lambda: one(people[2]), lambda: one(people[3]))
    assert sorted(done) == ["AlreadyChecked", "AlreadyChecked", "stored"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(BackCheck)) == 1


def test_disagreement_at_second_visits_is_a_sign_of_its_own(app: Flask, people: list[UUID]) -> None:
    with app.app_context():
        with transaction():
            draw_backchecks(own_round(), now=AFTER)
            db.session.execute(
                update(BackCheck)
                .where(BackCheck.collector == people[1])
                .values(done_at=NOW, checked_by=people[2], agreed=1, disagreed=3)
            )
        with transaction():
            review_round(own_round(), now=NOW)
        found = {(line.row.collector, line.row.indicator) for line in list_flags(ROUND)}
        assert (people[1], Indicator.BACKCHECK) in found


def test_parting_leaves_no_way_from_a_second_visit_to_a_first(app: Flask, people: list[UUID]) -> None:
    with app.app_context():
        review_all(now=NOW)
        with transaction():
            part_rounds(NOW + timedelta(days=120))
        assert set(db.session.scalars(select(BackCheck.visit))) == {None}
        assert set(db.session.scalars(select(Visit.slip_hash))) == {None}
        assert draw_backchecks(own_round(), now=AFTER) == 0


def test_the_page_says_where_and_never_what(app: Flask, people: list[UUID]) -> None:
    with app.app_context():
        review_all(now=NOW)
        facts = facts_at()
    client = member_client(app, (Role.TEAM_LEAD, COMMUNE))
    path = f"/quan-tri/thuc-dia/dot/{ROUND}/tham-lai/{COMMUNE}"
    assert path in client.get(f"/quan-tri/thuc-dia/dot/{ROUND}").text
    page = client.get(path).text
    assert "Bản Mòng" in page and "TV-15" in page and "11/11/2026" in page
    fields = {f"q-{name}": value for name, value in facts.items()}
    fields |= {"csrf_token": token_on(page), "slip": SLIP, "checker": str(people[1])}
    wrong = client.post(path, data=fields | {"slip": "sai"})
    assert wrong.status_code == 409 and "Không có phiếu hẹn mang mã này" in wrong.text
    # What was typed stays.
    assert 'value="sai"' in wrong.text and wrong.text.count(" selected") >= 5
    assert client.post(path, data=fields | {"checker": ""}).status_code == 400
    own = client.post(path, data=fields | {"checker": str(people[0])})
    assert own.status_code == 409 and "không tự kiểm tra mình" in own.text
    sent = client.post(path, data=fields)
    assert sent.status_code == 303
    assert "Đã lưu lần thăm lại" in client.get(sent.location).text
    assert "Hộ này đã được thăm lại" in client.post(path, data=fields).text
    assert client.get(path.replace(COMMUNE, "00001")).status_code == 404
