"""Field work of two communes in one round: each lead has the own commune, and a province its own."""

from __future__ import annotations

from datetime import date
from functools import partial
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.accounts.roles import Role
from app.directory.models import Agency, AgencyName, Unit
from app.extensions import db
from app.fieldwork.models import Collector, Round, RoundVillage, Team
from app.fieldwork.reviews.models import Flag
from app.fieldwork.reviews.reviewing import review_round
from app.fieldwork.team_actions import add_collector
from app.transactions import transaction
from surveys.collation import fold
from tests.support.at_once import at_once
from tests.support.audit import recorded
from tests.support.phones import COMMUNE, NOW, ROUND, Phone, change
from tests.support.staff import Console, person, words
from tests.support.waves import collectors, interviews

HOME = "/quan-tri/thuc-dia"
OTHER = "03667"


def a_commune(code: str, province: str, name: str) -> None:
    start = date(2025, 7, 1)
    db.session.add(Agency(code=code, province=province, kind="commune", valid_from=start))
    db.session.flush()
    db.session.add(AgencyName(agency=code, valid_from=start, name=name, folded=fold(name)))


@pytest.fixture
def neighbour(app: Flask, phone: Phone) -> Console:
    """Who leads the other commune, which has one village in the same round."""
    with app.app_context(), transaction():
        a_commune(OTHER, "14", "Ủy ban nhân dân xã Mường La")
        db.session.add(
            RoundVillage(round=ROUND, village=f"{OTHER}-01", commune=OTHER, name="Bản Hụm", target=5, start=1)
        )
    return Console(app, person(Role.TEAM_LEAD, OTHER))


def test_of_a_shared_round_a_lead_reads_the_own_villages(app: Flask, neighbour: Console) -> None:
    own = words(neighbour.get(f"{HOME}/dot/{ROUND}"))
    assert "Mường La" in own and "Tô Hiệu" not in own
    whole = words(Console(app, person(Role.PROVINCE, "14")).get(f"{HOME}/dot/{ROUND}"))
    assert "Mường La" in whole and "Tô Hiệu" in whole


@pytest.mark.parametrize("part", ["giay", "tham-lai", "phan-cong"])
def test_work_of_a_commune_is_for_its_lead(neighbour: Console, part: str) -> None:
    assert "Mường La" in words(neighbour.get(f"{HOME}/dot/{ROUND}/{part}/{OTHER}"))
    neighbour.get(f"{HOME}/dot/{ROUND}/{part}/{COMMUNE}", 404)


def test_telephones_are_listed_for_who_leads_their_collectors(
    app: Flask, phone: Phone, neighbour: Console
) -> None:
    with app.app_context():
        code = db.session.scalars(select(Collector.code)).first()
    assert code and code not in words(neighbour.get(f"{HOME}/may?state=all"))
    assert code in words(Console(app, person(Role.TEAM_LEAD, COMMUNE)).get(f"{HOME}/may?state=all"))


def test_teams_are_listed_and_set_up_in_the_own_commune(app: Flask, neighbour: Console) -> None:
    assert "Tổ CNSCĐ Tô Hiệu" not in words(neighbour.get(f"{HOME}/to"))
    # There is nothing to choose, and nothing to be had by an address that was guessed.
    assert neighbour.client.get(f"{HOME}/to/moi").location == f"{HOME}/to/moi/{OTHER}"
    neighbour.get(f"{HOME}/to/moi/{COMMUNE}", 404)
    assert "Tổ CNSCĐ Tô Hiệu" in words(Console(app, person(Role.TEAM_LEAD, COMMUNE)).get(f"{HOME}/to"))


def test_of_two_members_entered_at_once_each_has_a_number(app: Flask, phone: Phone) -> None:
    def enter(name: str) -> None:
        with transaction():
            team = db.session.scalars(select(Team).where(Team.agency == COMMUNE).order_by(Team.name)).first()
            assert team is not None
            add_collector(team, name, by="p", now=NOW)

    at_once(app, *(partial(enter, f"Thành viên {number}") for number in range(4)))
    with app.app_context():
        codes = db.session.scalars(select(Collector.code)).all()
    assert len(codes) == len(set(codes)) == 5


def test_a_round_of_a_province_takes_no_village_of_another(app: Flask, phone: Phone) -> None:
    with app.app_context(), transaction():
        a_commune("11365", "31", "Ủy ban nhân dân phường An Biên")
    leader = Console(app, person(Role.PROVINCE, "14"))
    page = leader.post(f"{HOME}/dot/{ROUND}/thon", 400, lines="11365, 1, Tổ 1, 5").text
    assert "Không có xã, phường mã “11365”" in page


def test_what_a_lead_brings_in_a_file_belongs_to_the_own_commune(
    app: Flask, phone: Phone, neighbour: Console
) -> None:
    neighbour.post(f"{HOME}/nhap-tep", 200, file=(BytesIO(phone.sealed(phone.door())), "phieu.ndjson"))
    with app.app_context():
        assert recorded()[-1].scope == OTHER


def test_only_who_may_propose_it_is_led_to_a_removal(app: Flask, phone: Phone) -> None:
    made: list[UUID] = collectors(app, 5)
    interviews(app, made, 12, same=made[-1])
    with app.app_context():
        with transaction():
            review_round(db.session.get_one(Round, ROUND), now=NOW)
            db.session.execute(update(Flag).values(state="confirmed"))
        flag = db.session.scalars(select(Flag.id).where(Flag.collector == made[-1])).first()
    path = f"{HOME}/dot/{ROUND}/ra-soat/{flag}"
    assert f"/loai/{made[-1]}" in Console(app, person(Role.PROVINCE, "14")).get(path)
    # A round of a commune is led by somebody who decides about flags and proposes nothing.
    change(app, Round, ROUND, agency=COMMUNE)
    lead = Console(app, person(Role.TEAM_LEAD, COMMUNE))
    for page in (path, f"{HOME}/dot/{ROUND}"):
        assert f"/loai/{made[-1]}" not in lead.get(page), page


def test_words_in_other_languages_are_listed_for_the_own_province(app: Flask, phone: Phone) -> None:
    with app.app_context(), transaction():
        for code, name in (("14", "Tỉnh Sơn La"), ("31", "Thành phố Hải Phòng")):
            if db.session.get(Unit, (code, date(2025, 7, 1))) is None:
                db.session.add(Unit(code=code, name=name, level="province", valid_from=date(2025, 7, 1)))
    here = words(Console(app, person(Role.PROVINCE, "14")).get(f"{HOME}/loi-doc"))
    assert "Sơn La" in here and "Hải Phòng" not in here
    assert "Sơn La" not in words(Console(app, person(Role.PROVINCE, "31")).get(f"{HOME}/loi-doc"))
