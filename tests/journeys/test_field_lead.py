"""The lead of a commune's teams sets up a round with one browser; a telephone is lost and replaced."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app.accounts.roles import Role
from app.extensions import db
from app.fieldwork.models import Visit
from app.fieldwork.sealing import seal_keys
from app.transactions import transaction
from tests.support.directory import load_small_directory
from tests.support.phones import API, Phone, said
from tests.support.staff import Console, person, words

COMMUNE = "03646"
HOME = "/quan-tri/thuc-dia"
MORNING = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def enrolled(app: Flask, page: str, label: str) -> tuple[Phone, dict[str, Any]]:
    """A telephone scans the code on the page, and gets its work."""
    code = re.search(r"/thuc-dia/#([\w-]{22})<", page)
    assert code
    told = app.test_client().post(f"{API}/ghi-danh", json={"code": code[1], "label": label})
    assert told.status_code == 200, told.text
    known = told.get_json()
    with app.app_context():
        public = seal_keys()[0].public
    phone = Phone(app, UUID(known["device"]), UUID(known["collector"]["id"]), known["token"], public)
    work = phone.get("viec")
    assert work.status_code == 200
    # The code is good once.
    again = app.test_client().post(f"{API}/ghi-danh", json={"code": code[1], "label": label})
    assert again.status_code == 410
    return phone, work.get_json()


@pytest.fixture
def lead(app: Flask, tmp_path: Path, set_now: Callable[[datetime], None]) -> Console:
    set_now(MORNING)
    with app.app_context(), transaction():
        load_small_directory(tmp_path, communes=(COMMUNE,))
    return Console(app, person(Role.TEAM_LEAD, COMMUNE))


def test_a_round_is_set_up_runs_and_survives_a_lost_telephone(
    app: Flask, lead: Console, set_now: Callable[[datetime], None]
) -> None:
    # A team with one member, a round with two villages, the team in one of them.
    team = lead.post(f"{HOME}/to/moi/{COMMUNE}", name="Tổ bản Mòng").headers["Location"].partition("?")[0]
    lead.post(f"{team}/thanh-vien", name="Lường Thị Ơn")
    member = re.search(r"/thanh-vien/([0-9a-f-]{36})/may", lead.get(team))
    assert member
    villages = lead.post(
        f"{HOME}/dot/moi/{COMMUNE}", title="Quý IV", questionnaire="TAI_NHA 1.0", first_day="2026-11-20",
        last_day="2026-11-30", grace_days="7", step="5", review_days="60",
    ).headers["Location"].partition("?")[0]  # fmt: skip
    lead.post(villages, lines="1, Bản Mòng, 20\n2, Bản Cá, 10")
    code = villages.removeprefix(f"{HOME}/dot/").removesuffix("/thon")
    team_id = team.rpartition("/")[2]
    lead.post(f"{HOME}/dot/{code}/phan-cong/{COMMUNE}", **{f"{COMMUNE}-01": team_id})

    # The telephone sees its village, with the first household that was drawn, and nothing else.
    invitation = lead.post(f"{HOME}/thanh-vien/{member[1]}/may", 200).text
    phone, work = enrolled(app, invitation, "Máy cũ")
    (round_,) = work["rounds"]
    (village,) = round_["villages"]
    assert village["name"] == "Bản Mòng" and 1 <= village["start"] <= 5 and work["team"] == "Tổ bản Mòng"

    def interview(by: Phone, **changes: Any) -> bytes:
        record = by.interview(round=code, village=f"{COMMUNE}-01", service=None, **changes)
        return by.sealed(record)

    assert said(phone.send(interview(phone))) == (201, "stored")
    door = phone.door(round=code, village=f"{COMMUNE}-01")
    assert said(phone.send(door)) == (201, "stored")
    waiting = [interview(phone), interview(phone)]
    ids = [json.loads(body)["id"] for body in waiting]
    report = {"created": 4, "ready": 2, "acknowledged": 2, "waiting": ids, "persisted": True, "app": "1"}
    assert phone.say(report).status_code == 204
    shown = words(lead.get(f"{HOME}/dot/{code}")).replace("\xa0", " ")
    assert "1 trên 30 phiếu" in shown and "2 phiếu trên máy Máy cũ chưa về" in shown
    assert "TV-01 Tổ bản Mòng 2 1 50,0 % 50,0 %" in shown

    # It is lost. The lead replaces it; the finder of the old one can send nothing.
    set_now(MORNING + timedelta(hours=3))
    old = f"{HOME}/may/{phone.id}"
    assert "2 phiếu trên máy Máy cũ chưa về" in lead.post(f"{old}/thay", 200).text
    new, _work = enrolled(app, lead.post(f"{old}/thay", 200, confirmed="1").text, "Máy mới")
    assert phone.send(waiting[0]).status_code == 403
    assert said(new.send(interview(new))) == (201, "stored")

    # It turns up after all: its file is imported, and waits until the lead says that it is real.
    file = (io.BytesIO(b"\n".join(waiting)), "phieu.ndjson")
    assert "Để riêng, chờ xem 2" in words(lead.post(f"{HOME}/nhap-tep", 200, file=file).text)
    assert "2 phiếu thực địa để riêng" in words(lead.get("/quan-tri"))
    aside = re.findall(rf'href="({HOME}/de-rieng/[^"?]+)"', lead.get(f"{HOME}/de-rieng"))
    assert len(aside) == 2
    lead.post(f"{aside[0]}/lay-vao")
    lead.post(f"{aside[1]}/de-lai", why="Phiếu làm thử khi tập huấn")
    assert "3 trên 30 phiếu" in words(lead.get(f"{HOME}/dot/{code}"))
    assert "chưa về" not in words(lead.get(f"{HOME}/may?state=all"))
    with app.app_context():
        assert db.session.query(Visit).count() == 3
