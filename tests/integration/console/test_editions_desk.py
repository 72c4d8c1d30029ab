"""Editions in the console: closing as work, drafts within one's reach, objections, publication by two."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from app.accounts.roles import Role
from app.approvals.models import ApprovalRow
from app.audit.models import AuditEvent
from app.editions import desk as closing_desk
from app.editions import work
from app.editions.closing import close
from app.editions.document_acts import BY_PUBLICATION
from app.editions.listing import find_edition, get_edition
from app.editions.models import Objection
from app.editions.publishing import publish
from app.editions.rules import OpenObjections
from app.extensions import db
from app.transactions import transaction
from surveys.editions import EditionCode
from tests.support import citizens
from tests.support.accounts import enrolled, member_client, send, signed_in
from tests.support.staff import words as words_of
from tests.support.tallies import TallyWriter

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
LIST = "/quan-tri/ky-cong-bo"
DRAFT = f"{LIST}/2026-Q3"
OWN, OTHER = citizens.AGENCY, citizens.OTHER_AGENCY
TEXT = "Phiếu của Trung tâm phục vụ ngày 30 tháng 9 chưa có trong số liệu này."
ANSWER = "Các phiếu ấy đến ngày 12 tháng 10, sau lúc chốt, và sẽ vào bản đính chính."


@pytest.fixture
def counted(app: Flask) -> Flask:
    app.extensions["clock"] = lambda: NOW
    app.extensions[closing_desk.QUEUE] = lambda code: None
    citizens.prepare(app)
    with app.app_context(), transaction():
        for quarter in ("2026-Q3", "2026-Q4"):
            writer = TallyWriter(quarter)
            writer.rated(OWN, (60, 20, 5, 3, 2))
            writer.rated(OTHER, (50, 10, 5, 3, 2))
            writer.write()
    return app


@pytest.fixture
def draft(counted: Flask) -> Flask:
    with counted.app_context():
        close(EditionCode.parse("2026-Q3"), by="command:test", now=NOW)
    return counted


def test_the_list_says_what_is_open_due_and_drafted(counted: Flask) -> None:
    client = member_client(counted)
    assert "1 kỳ đến hạn chốt" in words(client.get("/quan-tri"))
    page = words(client.get(LIST))
    assert "Đến hạn chốt Chốt số liệu quý III năm 2026" in page
    assert "Quý IV năm 2026 160" in page
    assert "Tháng 10 năm 2026" in page

    with counted.app_context():
        close(EditionCode.parse("2026-Q3"), by="command:test", now=NOW)
    page = words(client.get(LIST))
    assert "Đến hạn chốt" not in page
    assert "Dự thảo Kỳ Chốt lúc SHA-256 Quý III năm 2026" in page
    assert "đến hạn chốt" not in words(client.get("/quan-tri"))


def test_a_close_is_asked_for_seen_and_done_once(counted: Flask) -> None:
    client = member_client(counted)
    assert "mã băm; từ đó không ai đổi được" in words(client.get(f"{LIST}/chot/2026-Q3"))
    assert find_work(counted) is None
    asked = send(client, f"{LIST}/chot/2026-Q3")
    assert asked.headers["Location"] == f"{LIST}?done=asked"
    assert "Quý III năm 2026 chốt số liệu đang chờ đến lượt" in words(client.get(LIST))
    assert send(client, f"{LIST}/chot/2026-Q3").status_code == 409

    with counted.app_context():
        closing_desk.run_closing("2026-Q3")
        assert get_edition("2026-Q3").closed_by == work_by(counted)
        closing_desk.run_closing("2026-Q3")
    assert "Việc đang làm" not in words(client.get(LIST))
    refused = client.get(f"{LIST}/chot/2026-Q3")
    assert refused.status_code == 409
    assert "Kỳ này đã được chốt" in words(refused)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_no_look_asks_for_a_close(counted: Flask, method: str) -> None:
    answer = member_client(counted).open(f"{LIST}/chot/2026-Q3", method=method, data={"confirmed": "1"})
    assert answer.status_code == 200
    assert find_work(counted) is None


def test_who_may_not_close_is_offered_nothing_of_it(draft: Flask) -> None:
    agency = member_client(draft, (Role.AGENCY, OWN))
    send(agency, f"{DRAFT}/y-kien", {"place": OWN, "text": TEXT}, page=DRAFT)
    assert "ý kiến về số liệu" not in words(agency.get("/quan-tri"))
    page = agency.get(DRAFT).text
    assert f'href="{DRAFT}/so-lieu/{OWN}"' in page
    assert f'value="{OWN}"' in page
    assert f"{DRAFT}/cong-bo" not in page and "tra-loi" not in page
    assert f"{LIST}/chot/" not in agency.get(LIST).text
    both = member_client(draft, (Role.AGENCY, OWN), (Role.AGENCY, OTHER), email="hai@bo.vn")
    assert "so-lieu/" not in both.get(DRAFT).text, (
        "of two places neither is meant, and the nation is not theirs"
    )


def test_who_may_not_close_hears_nothing_of_what_is_due(counted: Flask) -> None:
    province = member_client(counted, (Role.PROVINCE, "14"))
    assert "đến hạn chốt" not in words(province.get("/quan-tri"))
    page = province.get(LIST).text
    assert "Đến hạn chốt" in page and f"{LIST}/chot/" not in page


def test_a_close_that_was_killed_is_seen_and_done_again(
    counted: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = member_client(counted)
    send(client, f"{LIST}/chot/2026-Q3")

    def killed(*_args: object, **_values: object) -> None:
        raise KeyboardInterrupt

    with counted.app_context():
        monkeypatch.setattr("app.editions.closing.write_tables", killed)
        with pytest.raises(KeyboardInterrupt):
            closing_desk.run_closing("2026-Q3")
        monkeypatch.undo()
        assert find_edition("2026-Q3") is None
    assert "dừng giữa chừng, chưa có gì được lưu" in words(client.get(LIST))
    assert send(client, f"{LIST}/chot/2026-Q3").status_code == 303
    with counted.app_context():
        closing_desk.run_closing("2026-Q3")
        assert find_edition("2026-Q3") is not None


def test_what_is_being_done_is_not_begun_a_second_time(counted: Flask) -> None:
    send(member_client(counted), f"{LIST}/chot/2026-Q3")
    with counted.app_context(), work.doing(work.CLOSE, "2026-Q3"):
        with pytest.raises(work.Taken):
            closing_desk.run_closing("2026-Q3")
        found = work.find_work(work.CLOSE, "2026-Q3")
        assert found is not None
        assert found.state is work.State.RUNNING


def test_a_close_that_is_refused_says_why_in_vietnamese(counted: Flask) -> None:
    """Somebody else has closed the quarter between the asking and the work."""
    client = member_client(counted)
    send(client, f"{LIST}/chot/2026-Q3")
    with counted.app_context():
        close(EditionCode.parse("2026-Q3"), by="command:test", now=NOW)
        closing_desk.run_closing("2026-Q3")
    assert "không làm được: Kỳ này đã được chốt" in words(client.get(LIST))


def test_whoever_lost_the_right_closes_nothing(counted: Flask) -> None:
    member = enrolled(counted)
    send(signed_in(counted, member.id), f"{LIST}/chot/2026-Q3")
    with counted.app_context():
        with transaction():
            db.session.execute(text("DELETE FROM grants"))
        closing_desk.run_closing("2026-Q3")
        assert find_edition("2026-Q3") is None
        found = work.find_work(work.CLOSE, "2026-Q3")
        assert found is not None
        assert found.state is work.State.REFUSED


@pytest.mark.parametrize("period", ["2026-Q4", "2026-Q3.r1"])
def test_a_quarter_that_runs_and_a_revision_are_not_closed_here(counted: Flask, period: str) -> None:
    expected = 409 if period == "2026-Q4" else 404
    assert member_client(counted).get(f"{LIST}/chot/{period}").status_code == expected


def test_everybody_sees_the_draft_of_the_own_places_only(draft: Flask) -> None:
    agency = member_client(draft, (Role.AGENCY, OWN))
    page = agency.get(f"{DRAFT}/so-lieu/{OWN}")
    assert page.status_code == 200
    assert "Dự thảo. Chưa công bố" in words(page)
    assert "no-store" in page.headers["Cache-Control"]
    for place in (OTHER, "14", "VN", "31", "99-KHONG"):
        assert agency.get(f"{DRAFT}/so-lieu/{place}").status_code == 404, place
        assert agency.get(f"{DRAFT}/so-lieu/{place}.pdf").status_code == 404, place
    province = member_client(draft, (Role.PROVINCE, "14"), email="tinh@bo.vn")
    assert province.get(f"{DRAFT}/so-lieu/14").status_code == 200
    assert f'href="{DRAFT}/so-lieu/{OWN}"' in province.get(f"{DRAFT}/so-lieu/14").text
    assert province.get(f"{DRAFT}/so-lieu/31").status_code == 404
    ministry = member_client(draft, email="bo@bo.vn")
    assert ministry.get(f"{DRAFT}/so-lieu/VN").status_code == 200
    assert draft.test_client().get(f"/ket-qua/2026-Q3/{OWN}").status_code != 200 or (
        "89" not in words(draft.test_client().get(f"/ket-qua/2026-Q3/{OWN}"))
    )


def test_the_report_of_a_draft_is_a_document(draft: Flask) -> None:
    answer = member_client(draft, (Role.AGENCY, OWN)).get(f"{DRAFT}/so-lieu/{OWN}.pdf")
    assert answer.content_type == "application/pdf"
    assert answer.data.startswith(b"%PDF")


def test_an_objection_is_kept_and_answered_once_before_anything_is_published(draft: Flask) -> None:
    agency, ministry = member_client(draft, (Role.AGENCY, OWN)), member_client(draft, email="bo@bo.vn")
    assert send(agency, f"{DRAFT}/y-kien", {"place": OWN, "text": TEXT}, page=DRAFT).status_code == 303
    assert TEXT in words(agency.get(DRAFT))
    assert "1 ý kiến về số liệu chờ trả lời" in words(ministry.get("/quan-tri"))
    with draft.app_context(), pytest.raises(OpenObjections), transaction():
        publish("2026-Q3", by="command:test", now=NOW)
    refused = send(ministry, f"{DRAFT}/cong-bo", {"reason": "Đã đủ số liệu"})
    assert refused.status_code == 409
    assert "chưa được trả lời nên chưa công bố được" in words(refused)

    path = f"{DRAFT}/y-kien/{objection(draft)}/tra-loi"
    assert send(ministry, path, {"answer": "ừ"}, page=DRAFT).status_code == 400
    assert send(ministry, path, {"answer": ANSWER}, page=DRAFT).status_code == 303
    token_page = f"{LIST}/chot/2026-10"
    assert (
        send(ministry, path, {"answer": "Một câu trả lời khác hẳn, dài hơn."}, page=token_page).status_code
        == 409
    )
    assert ANSWER in words(agency.get(DRAFT))
    with draft.app_context():
        row = db.session.scalars(select(Objection)).one()
        assert (row.text, row.answer) == (TEXT, ANSWER)
        actions = db.session.scalars(select(AuditEvent.action)).all()
    assert {"objection-written", "objection-answered"} <= set(actions)

    proposed = send(ministry, f"{DRAFT}/cong-bo", {"reason": "Đã đủ số liệu"})
    assert "/quan-tri/phe-duyet/" in proposed.headers["Location"]
    second = member_client(draft, email="hai@bo.vn")
    with draft.app_context():
        approval = db.session.scalars(select(ApprovalRow.id)).one()
    assert (
        send(
            second, f"/quan-tri/phe-duyet/{approval}/chap-thuan", page=f"/quan-tri/phe-duyet/{approval}"
        ).status_code
        == 303
    )
    with draft.app_context():
        assert get_edition("2026-Q3").published_at is not None
        asked = work.find_work(work.DOCUMENTS, "2026-Q3")
        assert asked is not None and (asked.by, asked.state) == (BY_PUBLICATION, work.State.WAITING)
    late = send(
        agency, f"{DRAFT}/y-kien", {"place": OWN, "text": TEXT}, page="/quan-tri/bao-mat/ma-khoi-phuc"
    )
    assert late.status_code == 409


def test_nobody_objects_for_another_or_names_a_person(draft: Flask) -> None:
    agency = member_client(draft, (Role.AGENCY, OWN))
    for place, said, message in (
        (OTHER, TEXT, "trong phạm vi của bạn"),
        ("VN", TEXT, "trong phạm vi của bạn"),
        (OWN, "ngắn", "ít nhất 20 ký tự"),
        (OWN, "a" * 2001, "Dài quá 2000 ký tự"),
        (OWN, f"{TEXT} Gọi 0912 345 678.", "số điện thoại"),
        (OWN, f"{TEXT} Gửi lan@example.vn.", "thư điện tử"),
    ):
        answer = send(agency, f"{DRAFT}/y-kien", {"place": place, "text": said}, page=DRAFT)
        assert (answer.status_code, message in words(answer)) == (400, True), message
    with draft.app_context():
        assert db.session.scalars(select(Objection)).all() == []
    other = member_client(draft, (Role.AGENCY, OTHER), email="khac@bo.vn")
    send(agency, f"{DRAFT}/y-kien", {"place": OWN, "text": TEXT}, page=DRAFT)
    assert TEXT not in words(other.get(DRAFT))


def test_a_revision_is_asked_for_with_its_reason(draft: Flask) -> None:
    client = member_client(draft)
    assert client.get(f"{DRAFT}/dinh-chinh").status_code == 409
    with draft.app_context(), transaction():
        publish("2026-Q3", by="command:test", now=NOW)
    assert send(client, f"{DRAFT}/dinh-chinh", {"reason": " "}).status_code == 400
    assert send(client, f"{DRAFT}/dinh-chinh", {"reason": "Phiếu đến muộn"}).status_code == 303
    with draft.app_context():
        closing_desk.run_closing("2026-Q3.r1")
        assert get_edition("2026-Q3.r1").reason == "Phiếu đến muộn"


def words(answer: TestResponse) -> str:
    return words_of(answer.text)


def find_work(app: Flask) -> work.Work | None:
    with app.app_context():
        return work.find_work(work.CLOSE, "2026-Q3")


def work_by(app: Flask) -> str:
    found = find_work(app)
    assert found is not None
    return found.by


def objection(app: Flask) -> UUID:
    with app.app_context():
        return db.session.scalars(select(Objection.id)).one()
