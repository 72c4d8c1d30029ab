"""The review of a round: who is flagged, what is decided about a flag, and what stays of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select, update

from app.accounts.roles import Role
from app.extensions import db
from app.fieldwork.models import Round, Visit, VisitCount
from app.fieldwork.retention import part_rounds
from app.fieldwork.reviews import reviewing
from app.fieldwork.reviews.flags import FlagLine, FlagState, decide_flag, list_flags
from app.fieldwork.reviews.models import BackCheck, Flag
from app.fieldwork.reviews.reviewing import review_all, review_round
from app.fieldwork.reviews.rules import DecidedMeanwhile
from app.fieldwork.rules import RoundIsOver
from app.responding.models import Response
from app.transactions import transaction
from surveys.interviews import Indicator
from tests.support.accounts import member_client, token_on
from tests.support.audit import recorded
from tests.support.phones import NOW, ROUND, VILLAGE, the_round
from tests.support.waves import own_round


def review() -> int:
    with transaction():
        return review_round(own_round(), now=NOW)


def in_a_row() -> FlagLine:
    return next(one for one in list_flags(ROUND) if one.row.indicator == Indicator.IDENTICAL_IN_ROW)


def decide(line: FlagLine, state: FlagState, note: str = "Cùng một ngõ nhà trọ") -> None:
    seen = line.seen
    with transaction():
        decide_flag(own_round(), line.row, state, note, seen=seen, by="p", now=NOW)


def test_who_always_hands_in_the_same_is_flagged_and_a_decision_stays(app: Flask, people: list[UUID]) -> None:
    with app.app_context():
        assert review() >= 1
        lines = list_flags(ROUND)
        assert {line.row.collector for line in lines} == {people[-1]}
        assert (in_a_row().collector, in_a_row().numbers["in_row"]) == ("TV-15", 12)
        decide(in_a_row(), FlagState.EXPLAINED)
        assert review() == len(lines) - 1
        kept = in_a_row().row
        assert (kept.state, kept.note, kept.decided_by) == ("explained", "Cùng một ngõ nhà trọ", "p")
        event = recorded(action="field-flag-decided")[-1]
        assert (event.subject, event.details["after"]) == (ROUND, "explained")
        assert "nhà trọ" not in str(event.details)


def test_an_explanation_holds_until_the_sign_is_much_clearer(app: Flask, people: list[UUID]) -> None:
    with app.app_context():
        review()
        decide(in_a_row(), FlagState.EXPLAINED)
        found = in_a_row().row.p
        for factor, state in ((500, FlagState.EXPLAINED), (2000, FlagState.OPEN)):
            with transaction():
                in_a_row().row.p = found * factor
            review()
            assert in_a_row().row.state == state
        assert in_a_row().row.note and recorded(action="field-flag-reopened")


def test_an_untouched_flag_goes_when_the_numbers_no_longer_bear_it_out(
    app: Flask, people: list[UUID]
) -> None:
    with app.app_context():
        review()
        decide(in_a_row(), FlagState.CONFIRMED)
        with transaction():
            own = select(Visit.answer_id).where(Visit.collector == people[-1])
            db.session.execute(update(Response).where(Response.id.in_(own)).values(test=True))
        assert review() == 0
        assert db.session.scalars(select(Flag.state)).all() == ["confirmed"]


def test_paper_is_judged_by_what_is_written_on_it_alone(app: Flask, people: list[UUID]) -> None:
    """Neither its round minutes nor that it has no closed doors make anybody stand out."""
    with app.app_context():
        with transaction():
            paper = update(Visit).where(Visit.collector == people[0])
            db.session.execute(paper.values(device=None, seconds=5))
            db.session.add_all(
                VisitCount(
                    round=ROUND, village=VILLAGE, collector=who, outcome="refused", day=NOW.date(), n=40
                )
                for who in people[1:]
            )  # fmt: skip
        review()
        assert people[0] not in {line.row.collector for line in list_flags(ROUND)}
        own = update(Visit).where(Visit.collector == people[0])
        with transaction():
            # Where the doors of its days were tallied, that nobody ever refused is a sign on paper too.
            db.session.execute(own.values(tallied=True))
        review()
        signs = {line.row.indicator for line in list_flags(ROUND) if line.row.collector == people[0]}
        assert Indicator.NO_REFUSALS in signs and Indicator.FLOOR not in signs
        with transaction():
            db.session.execute(own.values(device=people[0]))
        review()
        signs = {line.row.indicator for line in list_flags(ROUND) if line.row.collector == people[0]}
        assert {Indicator.FLOOR, Indicator.NO_REFUSALS} <= signs


def test_of_two_who_decide_at_once_the_second_reads_the_first(app: Flask, people: list[UUID]) -> None:
    with app.app_context():
        review()
        line = in_a_row()
        seen = line.seen
        decide(line, FlagState.CONFIRMED)
        with pytest.raises(DecidedMeanwhile), transaction():
            decide_flag(own_round(), line.row, FlagState.EXPLAINED, "khác", seen=seen, by="q", now=NOW)
        assert in_a_row().row.state == "confirmed"


def test_parting_ends_the_review(app: Flask, people: list[UUID]) -> None:
    with app.app_context():
        review()
        decide(in_a_row(), FlagState.CONFIRMED)
        with transaction():
            part_rounds(NOW + timedelta(days=120))
        assert set(db.session.scalars(select(Flag.note))) == {""}
        assert review() == 0 and review_all(now=NOW) == {}
        with pytest.raises(RoundIsOver):
            decide(in_a_row(), FlagState.EXPLAINED)


def test_a_round_at_which_the_review_fails_keeps_no_other_from_it(
    app: Flask, people: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = reviewing.review_round

    def fails(row: Round, **rest: object) -> int:
        if row.code == "A-hong":
            raise KeyError(row.code)
        return whole(row, now=NOW)

    monkeypatch.setattr(reviewing, "review_round", fails)
    with app.app_context():
        with transaction():
            db.session.add(the_round("A-hong"))
        assert set(review_all(now=NOW)) == {ROUND}


def test_the_command_says_in_one_line_what_waits(app: Flask, people: list[UUID]) -> None:
    runner: FlaskCliRunner = app.test_cli_runner()
    done = runner.invoke(args=["field", "review", ROUND])
    with app.app_context():
        waiting = db.session.scalar(select(func.count()).select_from(Flag))
        drawn = db.session.scalar(select(func.count()).select_from(BackCheck))
    said = f"Đợt {ROUND}: {waiting} dấu hiệu chờ xem; rút thêm {drawn} hộ để thăm lại.\n"
    assert (done.exit_code, done.output) == (0, said)
    unknown = runner.invoke(args=["field", "review", "khong-co"])
    assert unknown.exit_code != 0 and "Không có đợt khong-co" in unknown.output


def test_the_lead_reads_flags_and_decides(app: Flask, people: list[UUID]) -> None:
    with app.app_context():
        review()
        flag = in_a_row().row.id
    client = member_client(app, (Role.PROVINCE, "14"))
    home = f"/quan-tri/thuc-dia/dot/{ROUND}"
    assert "dấu hiệu chờ xem" in client.get(home).text
    page = client.get(f"{home}/ra-soat").text
    assert "Từ 10 phiếu giống hệt liên tiếp" in page and "12 phiếu giống hệt liên tiếp" in page
    path = f"{home}/ra-soat/{flag}"
    first = client.get(path).text
    seen = first.split('name="seen" type="hidden" value="')[1].split('"')[0]
    sent = {"csrf_token": token_on(first), "seen": seen, "state": "confirmed", "note": "Đã hỏi thành viên"}
    wrong = client.post(path, data=sent | {"note": ""})
    assert wrong.status_code == 400 and "lý do ngắn" in wrong.text
    assert "Đề xuất loại phiếu" not in first
    done = client.post(path, data=sent)
    assert done.status_code == 303
    assert "đã xác nhận có vấn đề" in client.get(done.location).text
    late = client.post(path, data=sent | {"state": "explained", "note": "Lời của người thứ hai"})
    assert late.status_code == 409
    # What was written meanwhile stands above, what was typed stays below.
    assert "Đã hỏi thành viên" in late.text and "Lời của người thứ hai" in late.text
    assert f"/loai/{people[-1]}" in late.text and "Mở lại để xem tiếp" in late.text
