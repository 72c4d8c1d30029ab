"""A complaint that comes back answered: left, replied to in time, done, read, withdrawn, forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask

from app.accounts.roles import Role
from app.comments.models import Contact, WithdrawnContact
from app.extensions import db
from app.responding.rewriting import rewrite_tables
from app.retention import count_expired, purge
from app.transactions import transaction
from tests.support import citizens
from tests.support.audit import recorded
from tests.support.citizens import AGENCY, NOW, post
from tests.support.contacts import leave
from tests.support.staff import Console, person, words

CANARY = "0912 345 678"
ANSWER = "Chúng tôi đã gọi, sẽ trả kết quả tuần này."
MESSAGE = "Hồ sơ đất của tôi trễ hẹn"


def test_a_citizen_is_answered_and_then_forgotten(
    app: Flask, set_now: Callable[[datetime], None], tmp_path: Path
) -> None:
    set_now(NOW)  # Friday
    citizens.prepare(app)
    visitor, officer = app.test_client(), Console(app, person(Role.AGENCY, AGENCY))
    code = leave(visitor, message=MESSAGE)

    set_now(NOW + timedelta(days=3))  # Monday: the first of two working days
    home = words(officer.get("/quan-tri"))
    assert "1 liên hệ của người dân chờ trả lời" in home and "hôm nay" not in home
    with app.app_context():
        contact = str(db.session.query(Contact.id).scalar())
    assert "còn 1 ngày làm việc" in words(officer.get("/quan-tri/lien-he"))
    assert CANARY in officer.get(f"/quan-tri/lien-he/{contact}")
    officer.post(f"/quan-tri/lien-he/{contact}/da-tra-loi", answer=ANSWER)

    set_now(NOW + timedelta(days=7))
    officer.post(
        f"/quan-tri/lien-he/{contact}/da-xong",
        theme="deadline",
        outcome="Đã trả kết quả và xin lỗi vì trễ hẹn.",
        answer=ANSWER,
    )
    page = words(visitor.get("/lien-he", query_string={"code": code.lower()}, follow_redirects=True).text)
    for line in (
        "Đã nhận ngày 20/11/2026.",
        "Cơ quan đã trả lời ngày 23/11/2026.",
        "Đã xử lý xong ngày 27/11/2026.",
        ANSWER,
        "Đã trả kết quả và xin lỗi vì trễ hẹn.",
    ):
        assert line in page

    assert "Đã xóa" in post(visitor, f"/lien-he/{code}", {}).text
    assert contact[:8] not in officer.get("/quan-tri/lien-he?state=done")
    assert "Người gửi đã rút" in words(officer.get(f"/quan-tri/lien-he/{contact}", 410))
    assert visitor.get(f"/lien-he/{code}").status_code == 404

    later = NOW + timedelta(days=7 + 31)
    set_now(later)
    with app.app_context():
        with transaction():
            purge(by="command:test", now=later)
        rewrite_tables()
        assert not any(count_expired(now=later).values())
        assert db.session.query(Contact).count() == db.session.query(WithdrawnContact).count() == 0
        trail = str(recorded())
    for secret in (CANARY, MESSAGE, code):
        assert secret not in trail
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert not any(secret.encode() in path.read_bytes() for path in files)
