"""Records that lie aside, in the console: taken in after a correction, or left there with a reason."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app.accounts.roles import Role
from app.extensions import db
from app.fieldwork.models import Device, InboxRecord, Round, RoundVillage, Visit
from tests.support.audit import recorded
from tests.support.phones import COMMUNE, NOW, ROUND, Phone, a_phone, change, said
from tests.support.staff import Console, person, words

HOME = "/quan-tri/thuc-dia"


def lead(app: Flask, role: Role = Role.TEAM_LEAD, scope: str = COMMUNE) -> Console:
    return Console(app, person(role, scope))


def page_of_the_one(console: Console) -> str:
    """The address of the only record that waits."""
    found = re.findall(
        rf'href="({HOME}/de-rieng/[0-9a-f-]{{36}}/[0-9a-f]{{64}})"', console.get(f"{HOME}/de-rieng")
    )
    assert len(found) == 1
    return str(found[0])


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return len(db.session.scalars(select(model)).all())


def test_a_record_of_a_village_that_was_forgotten_is_taken_in_after_it_was_entered(
    app: Flask, phone: Phone
) -> None:
    record = phone.interview(village="03646-09")
    assert said(phone.send(record)) == (202, "aside")
    console = lead(app)
    page = page_of_the_one(console)
    assert "Thôn, bản không có trong đợt" in words(console.get(page))
    # Nothing has been corrected yet: it stays, and says so.
    sent = console.post(f"{page}/lay-vao")
    assert "done=still-aside" in sent.headers["Location"] and count(app, Visit) == 0
    with app.app_context():
        db.session.add(
            RoundVillage(round=ROUND, village="03646-09", commune=COMMUNE, name="Bản Hụm", target=5, start=1)
        )
        db.session.commit()
    console.post(f"{page}/lay-vao")
    assert count(app, Visit) == 1 and count(app, InboxRecord) == 0
    assert "Không có phiếu nào ở đây" in console.get(f"{HOME}/de-rieng")
    with app.app_context():
        event = recorded()[-1]
    assert (event.action, event.subject) == ("field-record-taken-in", ROUND)
    assert record["id"] not in str(event.details)


def test_a_late_record_is_taken_in_by_who_knows_that_it_is_real(
    app: Flask, phone: Phone, set_now: Callable[[datetime], None]
) -> None:
    set_now(NOW + timedelta(days=40))
    assert said(phone.send(phone.interview())) == (202, "aside")
    console = lead(app, Role.PROVINCE, "14")
    assert "1 phiếu thực địa để riêng" in words(console.get("/quan-tri"))
    assert "1 phiếu để riêng" in words(console.get(f"{HOME}/dot/{ROUND}"))
    console.post(f"{page_of_the_one(console)}/lay-vao")
    assert count(app, Visit) == 1


def test_a_record_is_left_aside_with_a_reason_and_is_never_deleted(app: Flask, phone: Phone) -> None:
    body = phone.sealed(phone.interview())
    broken = body.replace(b'"c":"', b'"c":"AAAA')
    assert said(phone.send(broken)) == (202, "aside")
    console = lead(app)
    page = page_of_the_one(console)
    shown = console.get(page)
    assert "Không mở được niêm phong" in shown and "lay-vao" not in shown
    assert "Hãy ghi một lý do" in console.post(f"{page}/de-lai", 400, why="x").text
    console.post(f"{page}/de-lai", why="Máy thử nghiệm hôm tập huấn")
    assert count(app, InboxRecord) == 1
    assert "Máy thử nghiệm" not in console.get(f"{HOME}/de-rieng")
    assert "Máy thử nghiệm" in console.get(f"{HOME}/de-rieng?state=left")
    assert "phiếu thực địa để riêng" not in words(console.get("/quan-tri"))


def test_who_leads_elsewhere_finds_no_record(
    app: Flask, phone: Phone, set_now: Callable[[datetime], None]
) -> None:
    phone.send(phone.interview(village="03646-09"))
    page = page_of_the_one(lead(app))
    for role, scope in ((Role.PROVINCE, "31"), (Role.AGENCY, "14-SKHCN"), (Role.AUDITOR, "nation")):
        other = lead(app, role, scope)
        other.get(page, 404)
        other.post(f"{page}/lay-vao", 404)
    assert "Không có phiếu nào ở đây" in lead(app, Role.AGENCY, "14-SKHCN").get(f"{HOME}/de-rieng")
    # Nor is any of it their work: what lies aside, the round that ends, the telephone that says nothing.
    change(app, Round, ROUND, last_day=NOW.date() + timedelta(days=4))
    set_now(NOW + timedelta(days=3))
    own = words(lead(app).get("/quan-tri"))
    assert "thực địa" in own and "máy khảo sát" in own
    for role, scope in ((Role.PROVINCE, "31"), (Role.TEAM_LEAD, "03667"), (Role.AUDITOR, "nation")):
        home = words(lead(app, role, scope).get("/quan-tri"))
        assert "phiếu thực địa" not in home and "đợt thực địa" not in home and "máy khảo sát" not in home


def test_a_file_of_a_revoked_telephone_is_imported_and_waits_for_its_lead(app: Flask, phone: Phone) -> None:
    other = a_phone(app)
    change(app, Device, phone.id, state="revoked")
    lines = [phone.sealed(phone.interview()), other.sealed(other.door()), b"khong phai phieu"]
    console = lead(app)

    def brought(content: bytes) -> str:
        file = (io.BytesIO(content), "phieu.ndjson")
        return words(console.post(f"{HOME}/nhap-tep", 200, file=file).text)

    told = brought(b"\n".join(lines))
    assert "Số dòng đã đọc 3" in told and "Phiếu mới, đã tính 1" in told
    assert "Để riêng, chờ xem 1" in told and "Không phải phiếu 1" in told
    # A record from a file names its round: who leads it finds it.
    leader = lead(app, Role.PROVINCE, "14")
    leader.post(f"{page_of_the_one(leader)}/lay-vao")
    assert count(app, Visit) == 1
    assert "Đã có từ trước 2" in brought(b"\n".join(lines))
    console.post(f"{HOME}/nhap-tep", 400, file=(io.BytesIO(b""), "trong.ndjson"))
    console.post(f"{HOME}/nhap-tep", 400)


def test_the_home_page_says_which_round_ends_and_which_telephone_is_silent(
    app: Flask, phone: Phone, set_now: Callable[[datetime], None]
) -> None:
    console = lead(app)
    assert "đợt thực địa sắp hết" not in words(console.get("/quan-tri"))
    change(app, Round, ROUND, last_day=NOW.date() + timedelta(days=2))
    set_now(NOW + timedelta(days=1))
    assert "1 đợt thực địa sắp hết" in words(console.get("/quan-tri"))
    assert "máy khảo sát im lặng" not in words(console.get("/quan-tri"))
    set_now(NOW + timedelta(days=2, hours=1))
    assert "1 máy khảo sát im lặng" in words(console.get("/quan-tri"))
    assert "im lặng" in words(console.get(f"{HOME}/dot/{ROUND}"))
