"""Rounds in the console: set up, their villages, who goes where, what may change later, and how far it is."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.extensions import db
from app.fieldwork.models import Collector, Round, RoundVillage, Team, TeamVillage, VisitCount
from app.transactions import transaction
from tests.support.field_work import a_visit
from tests.support.staff import Console, words

COMMUNE = "03646"
HOME = "/quan-tri/thuc-dia"
FIELDS = {
    "title": "Quý IV, bản vùng cao",
    "questionnaire": "TAI_NHA 1.0",
    "first_day": "2026-11-20",
    "last_day": "2026-12-10",
    "grace_days": "7",
    "step": "5",
    "review_days": "60",
}
Desk = Callable[..., Console]


def opened(console: Console, place: str, **changes: str) -> str:
    """The code of a new round."""
    console.post(f"{HOME}/dot/moi/{place}", **FIELDS | changes)
    with console.app.app_context():
        return db.session.scalars(
            select(Round.code).where(Round.agency == place).order_by(Round.code.desc())
        ).first()


def team_of(app: Flask, agency: str, name: str) -> Team:
    with app.app_context(), transaction():
        team = Team(id=uuid4(), agency=agency, name=name, created_at=datetime(2026, 11, 1, tzinfo=UTC))
        db.session.add(team)
        db.session.flush()
        db.session.add(
            Collector(id=team.id, team=team.id, code=f"TV-{name[-1]}", name="Lường Thị Ơn",
                      created_at=team.created_at)
        )  # fmt: skip
        db.session.expunge(team)
    return team


def test_a_commune_opens_a_round_and_types_its_villages(desk: Desk, app: Flask) -> None:
    lead = desk(Role.TEAM_LEAD, COMMUNE)
    assert "Chưa có đợt thực địa nào" in lead.get(HOME)
    assert lead.client.get(f"{HOME}/dot/moi").headers["Location"] == f"{HOME}/dot/moi/{COMMUNE}"
    code = opened(lead, COMMUNE)
    assert code == f"{COMMUNE}-2026-1"
    page = lead.post(f"{HOME}/dot/{code}/thon", 400, lines="1, Bản Mòng, 20\n2, Bản Cá, nhiều").text
    assert "Dòng 2" in page and "1, Bản Mòng, 20" in page and "2, Bản Cá, nhiều" in page
    with app.app_context():
        assert db.session.query(RoundVillage).count() == 0
    lead.post(f"{HOME}/dot/{code}/thon", lines="1, Bản Mòng, 20\n2, Bản Cá, 15")
    file = (io.BytesIO("xã;số;tên;cần làm\n3646;2;Bản Cá Lớn;18\n03646;3;Bản Hụm;9\n".encode()), "ban.csv")
    lead.post(f"{HOME}/dot/{code}/thon", lines="", file=file)
    with app.app_context():
        rows = db.session.scalars(select(RoundVillage).order_by(RoundVillage.village)).all()
        assert [(row.village, row.name, row.target) for row in rows] == [
            ("03646-01", "Bản Mòng", 20), ("03646-02", "Bản Cá Lớn", 18), ("03646-03", "Bản Hụm", 9),
        ]  # fmt: skip
        assert all(1 <= row.start <= 5 for row in rows)
    assert "Bỏ Bản Hụm" in lead.post(f"{HOME}/dot/{code}/thon/03646-03/bo", 200).text
    lead.post(f"{HOME}/dot/{code}/thon/03646-03/bo", confirmed="1")
    shown = words(lead.get(f"{HOME}/dot/{code}"))
    assert "0 trên 38 phiếu" in shown and "Bản Hụm" not in shown and "chưa phân công" in shown
    with app.app_context():
        done = db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject == code)).all()
    assert sorted(done) == [
        "field-round-created", "field-village-removed", "field-villages-put", "field-villages-put"
    ]  # fmt: skip


def test_who_leads_elsewhere_finds_nothing_and_a_department_leads_no_round(desk: Desk, app: Flask) -> None:
    code = opened(desk(Role.PROVINCE, "14"), COMMUNE)
    for role, scope in ((Role.TEAM_LEAD, "11365"), (Role.PROVINCE, "31"), (Role.AGENCY, "14-SKHCN")):
        other = desk(role, scope)
        other.get(f"{HOME}/dot/{code}", 404)
        other.get(f"{HOME}/dot/moi/{COMMUNE}", 404)
        assert code not in other.get(HOME)
    desk(Role.AGENCY, "14-SKHCN").get(f"{HOME}/dot/moi/14-SKHCN", 409)
    desk(Role.TEAM_LEAD, COMMUNE).get(f"{HOME}/dot/moi/14", 404)
    # An auditor reads the round and opens no page of change.
    auditor = desk(Role.AUDITOR, "nation")
    auditor.get(f"{HOME}/dot/{code}")
    for page in ("sua", "thon", f"phan-cong/{COMMUNE}"):
        auditor.get(f"{HOME}/dot/{code}/{page}", 404)


def test_before_it_begins_everything_changes_then_only_to_be_longer(
    desk: Desk, app: Flask, set_now: Callable[[datetime], None]
) -> None:
    lead = desk(Role.AGENCY, COMMUNE)
    code = opened(lead, COMMUNE, first_day="2026-11-25")
    lead.post(f"{HOME}/dot/{code}/thon", lines="1, Bản Mòng, 20")
    change = f"{HOME}/dot/{code}/sua"
    lead.post(change, **FIELDS | {"first_day": "2026-11-24", "step": "1"})
    with app.app_context():
        assert db.session.scalars(select(RoundVillage.start)).one() == 1
    set_now(datetime(2026, 11, 26, 3, 0, tzinfo=UTC))
    kept = FIELDS | {"first_day": "2026-11-24", "step": "1"}
    for shorter in ({"last_day": "2026-12-09"}, {"grace_days": "6"}, {"step": "2"}, {"review_days": "30"}):
        lead.post(change, 409, **kept | shorter)
    lead.post(change, **kept | {"last_day": "2026-12-20", "title": "Kéo dài"})
    set_now(datetime(2027, 1, 5, 3, 0, tzinfo=UTC))
    assert "đã đóng" in lead.get(f"{HOME}/dot/{code}")
    kept |= {"last_day": "2026-12-20"}
    lead.post(change, 409, **kept | {"last_day": "2027-01-20"})
    lead.post(change, **kept | {"grace_days": "20"})
    assert "đang chờ gửi nốt" in lead.get(f"{HOME}/dot/{code}")
    with app.app_context(), transaction():
        db.session.get(Round, code).parted_at = datetime(2027, 3, 1, tzinfo=UTC)
    lead.post(change, 409, **kept | {"grace_days": "30"})
    lead.post(f"{HOME}/dot/{code}/thon", 409, lines="2, Bản Cá, 20")


def going() -> set[tuple[str, object]]:
    return {(pair.village, pair.team) for pair in db.session.scalars(select(TeamVillage))}


def test_a_commune_assigns_its_own_villages_in_a_round_of_the_province(desk: Desk, app: Flask) -> None:
    leader = desk(Role.PROVINCE, "14")
    code = opened(leader, "14")
    assert code == "14-2026-1"
    page = leader.post(f"{HOME}/dot/{code}/thon", 400, lines="11365, 1, Tổ 1, 5").text
    assert "Không có xã, phường mã “11365”" in page
    leader.post(f"{HOME}/dot/{code}/thon", lines=f"{COMMUNE}, 1, Bản Mòng, 20\n{COMMUNE}, 2, Bản Cá, 5")
    one, two = team_of(app, COMMUNE, "Tổ 1"), team_of(app, COMMUNE, "Tổ 2")
    commune = desk(Role.TEAM_LEAD, COMMUNE)
    assert "Phân công tổ" in commune.get(f"{HOME}/dot/{code}")
    # What is the province's to decide is not the commune's.
    commune.get(f"{HOME}/dot/{code}/sua", 404)
    commune.get(f"{HOME}/dot/{code}/thon", 404)
    assign = f"{HOME}/dot/{code}/phan-cong/{COMMUNE}"
    commune.post(assign, **{"03646-01": [str(one.id), str(two.id)], "03646-02": str(uuid4())})
    with app.app_context():
        assert going() == {("03646-01", one.id), ("03646-01", two.id)}
    commune.post(assign, **{"03646-02": str(two.id)})
    with app.app_context():
        assert going() == {("03646-02", two.id)}
    desk(Role.TEAM_LEAD, "11365").get(assign, 404)


@pytest.fixture
def walked(desk: Desk, app: Flask) -> str:
    """A round with two teams, of which the second has gone to few doors."""
    leader = desk(Role.PROVINCE, "14")
    code = opened(leader, COMMUNE)
    leader.post(f"{HOME}/dot/{code}/thon", lines="1, Bản Mòng, 20\n2, Bản Cá, 5")
    teams = [team_of(app, COMMUNE, f"Tổ {number}") for number in (1, 2, 3)]
    with app.app_context(), transaction():
        for team, village, answered, refused in zip(
            teams, ("03646-01", "03646-02", "03646-01"), (12, 3, 20), (4, 1, 0), strict=True
        ):
            visits = [a_visit(code, village, team.id, team.id) for _n in range(answered)]
            for visit in visits:
                # On paper, with the doors of its day.
                visit.tallied = True
            db.session.add_all(visits)
            if refused:
                db.session.add(
                    VisitCount(round=code, village=village, collector=team.id, outcome="refused",
                               day=date(2026, 11, 20), n=refused)
                )  # fmt: skip
    return code


def test_a_lead_sees_how_far_a_round_is_by_village_team_and_member(desk: Desk, walked: str) -> None:
    shown = words(desk(Role.TEAM_LEAD, COMMUNE).get(f"{HOME}/dot/{walked}"))
    assert "35 trên 25 phiếu" in shown
    assert "TV-1 Tổ 1 16 12 75,0 % 25,0 %" in shown.replace("\xa0", " ")
    assert "TV-2 Tổ 2 4 3 75,0 % 25,0 %" in shown.replace("\xa0", " ")


def test_an_auditor_reads_numbers_and_neither_names_nor_small_groups(desk: Desk, walked: str) -> None:
    page = desk(Role.AUDITOR, "nation").get(f"{HOME}/dot/{walked}")
    shown = words(page).replace("\xa0", " ")
    assert "TV-2 Tổ 2 bm bm bm bm" in shown
    # Alone it could be subtracted: the next smallest is hidden with it.
    assert "TV-1 Tổ 1 bm bm bm bm" in shown and "TV-3 Tổ 3 20 20" in shown
    assert "Lường Thị Ơn" not in page and "Phân công" not in page


def test_a_village_where_somebody_was_stays(desk: Desk, walked: str) -> None:
    lead = desk(Role.AGENCY, COMMUNE)
    lead.post(f"{HOME}/dot/{walked}/thon/03646-01/bo", 409, confirmed="1")
