"""Teams, members and telephones in the console: a code that is shown once, and what can be taken back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app import keys
from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.extensions import db
from app.fieldwork.models import Collector, Device, FieldReceipt, Team
from app.transactions import transaction
from tests.integration.console.conftest import NOW
from tests.support.documents import read_document
from tests.support.staff import Console, words

COMMUNE = "03646"
HOME = "/quan-tri/thuc-dia"
Desk = Callable[..., Console]


@pytest.fixture
def member(desk: Desk, app: Flask) -> UUID:
    """A member of a team, set up by its lead."""
    lead = desk(Role.TEAM_LEAD, COMMUNE)
    page = lead.post(f"{HOME}/to/moi/{COMMUNE}", name="Tổ bản Mòng").headers["Location"]
    lead.post(page.partition("?")[0] + "/thanh-vien", name="Lường Thị Ơn")
    with app.app_context():
        row = db.session.scalars(select(Collector)).one()
        assert row.code == "TV-01"
        return row.id


def invited(console: Console, member: UUID) -> tuple[UUID, str]:
    """The telephone, and the code that the page shows."""
    page = console.post(f"{HOME}/thanh-vien/{member}/may", 200)
    code = re.search(r"/thuc-dia/#([A-Za-z0-9_-]{22})<", page.text)
    device = re.search(r"/may/([0-9a-f-]{36})/the", page.text)
    assert code and device and page.headers["Cache-Control"] == "no-store"
    return UUID(device[1]), code[1]


def row_of(app: Flask, device: UUID) -> Device:
    with app.app_context():
        row = db.session.get(Device, device)
        assert row is not None
        db.session.expunge(row)
        return row


def enrol(app: Flask, device: UUID, **changes: object) -> None:
    with app.app_context(), transaction():
        row = db.session.get(Device, device)
        row.state, row.enrolled_at, row.token_hash = "active", NOW, keys.token_hash(str(device))
        row.code_hash = row.code_until = None
        for name, value in changes.items():
            setattr(row, name, value)


def test_a_code_of_enrolment_is_shown_once_and_kept_as_a_hash(
    desk: Desk, app: Flask, member: UUID, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lead = desk(Role.TEAM_LEAD, COMMUNE)
    device, code = invited(lead, member)
    row = row_of(app, device)
    assert row.code_hash == keys.token_hash(code) and row.code_until == NOW + timedelta(hours=24)
    for page in (f"{HOME}/may/{device}", f"{HOME}/may"):
        assert code not in lead.get(page)
    card = lead.post(f"{HOME}/may/{device}/the", 200, code=code)
    file = tmp_path_factory.mktemp("card") / "the.pdf"
    file.write_bytes(card.data)
    printed = read_document(file).text
    assert "TV-01" in printed and "Tổ bản Mòng" in printed and code in printed.replace("\n", "")
    # Another code is no code, and a new one takes the place of the first.
    lead.post(f"{HOME}/may/{device}/the", 409, code="A" * 22)
    lead.post(f"{HOME}/may/{device}/ma-moi", 200)
    lead.post(f"{HOME}/may/{device}/the", 409, code=code)
    with app.app_context():
        trail = db.session.scalars(select(AuditEvent.details).where(AuditEvent.action.contains("device")))
        assert not any(code in details or "Lường" in details for details in trail)


def test_a_telephone_pauses_and_goes_on_and_is_revoked_for_good(desk: Desk, app: Flask, member: UUID) -> None:
    lead = desk(Role.TEAM_LEAD, COMMUNE)
    device, _code = invited(lead, member)
    lead.post(f"{HOME}/may/{device}/tam-dung", 409)
    enrol(app, device)
    lead.post(f"{HOME}/may/{device}/tam-dung")
    assert row_of(app, device).state == "paused"
    lead.post(f"{HOME}/may/{device}/chay-tiep")
    asked = lead.post(f"{HOME}/may/{device}/thu-hoi", 200).text
    assert "Không hoàn tác được" in asked and row_of(app, device).state == "active"
    lead.post(f"{HOME}/may/{device}/thu-hoi", confirmed="1")
    revoked = row_of(app, device)
    # The token is still known, so that the telephone is told 403 and not 401.
    assert revoked.state == "revoked" and revoked.token_hash is not None
    lead.post(f"{HOME}/may/{device}/chay-tiep", 409)
    assert str(device) not in lead.get(f"{HOME}/may") and str(device) in lead.get(f"{HOME}/may?state=all")


def test_who_leaves_keeps_what_the_telephone_holds(desk: Desk, app: Flask, member: UUID) -> None:
    lead = desk(Role.AGENCY, COMMUNE)
    device, _code = invited(lead, member)
    enrol(app, device)
    other, _code = invited(lead, member)
    assert "Hoàn tác được" in lead.post(f"{HOME}/thanh-vien/{member}/nghi", 200).text
    lead.post(f"{HOME}/thanh-vien/{member}/nghi", confirmed="1")
    assert row_of(app, device).state == "paused" and row_of(app, other).code_hash is None
    lead.post(f"{HOME}/may/{device}/chay-tiep", 409)
    lead.post(f"{HOME}/thanh-vien/{member}/may", 409)
    lead.post(f"{HOME}/thanh-vien/{member}/mo-lai")
    lead.post(f"{HOME}/may/{device}/chay-tiep")
    with app.app_context():
        team = db.session.scalars(select(Team.id)).one()
    lead.post(f"{HOME}/to/{team}/nghi", confirmed="1")
    assert row_of(app, device).state == "paused"
    lead.post(f"{HOME}/to/{team}/thanh-vien", 409, name="Người mới")
    lead.post(f"{HOME}/to/{team}/mo-lai")
    lead.post(f"{HOME}/to/{team}/doi-ten", name="Tổ bản Mòng Lớn")
    lead.post(f"{HOME}/to/{team}/doi-ten", 400, name=" ")
    assert "Tổ bản Mòng Lớn" in lead.get(f"{HOME}/to")


def test_the_list_says_what_has_not_arrived_and_whose_storage_is_not_safe(
    desk: Desk, app: Flask, member: UUID
) -> None:
    lead = desk(Role.TEAM_LEAD, COMMUNE)
    device, _code = invited(lead, member)
    ids = [str(uuid4()) for _n in range(4)]
    report = {"created": 9, "ready": 4, "acknowledged": 5, "waiting": ids, "persisted": False, "app": "1"}
    enrol(app, device, label="Nokia cũ", report=json.dumps(report), reported_at=NOW)
    with app.app_context(), transaction():
        db.session.add(FieldReceipt(id=ids[0], sha256="0" * 64))
    shown = words(lead.get(f"{HOME}/may"))
    assert "3 phiếu trên máy Nokia cũ chưa về" in shown and "bộ nhớ chưa được giữ chắc" in shown
    one = words(lead.get(f"{HOME}/may/{device}"))
    assert "Máy chủ đã nhận 5" in one and "hãy thêm trang vào màn hình chính" in one


def test_teams_of_elsewhere_are_not_found(desk: Desk, app: Flask, member: UUID) -> None:
    device, _code = invited(desk(Role.TEAM_LEAD, COMMUNE), member)
    with app.app_context():
        team = db.session.scalars(select(Team.id)).one()
    for role, scope in ((Role.TEAM_LEAD, "11365"), (Role.PROVINCE, "31"), (Role.AGENCY, "14-SKHCN")):
        other = desk(role, scope)
        other.get(f"{HOME}/to/{team}", 404)
        other.get(f"{HOME}/may/{device}", 404)
        other.post(f"{HOME}/may/{device}/thu-hoi", 404, confirmed="1")
        other.post(f"{HOME}/thanh-vien/{member}/may", 404)
    auditor = desk(Role.AUDITOR, "nation")
    for page in ("to", f"to/{team}", "may", f"may/{device}"):
        auditor.get(f"{HOME}/{page}", 404)
