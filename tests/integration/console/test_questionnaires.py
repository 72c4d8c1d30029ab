"""Questionnaires in the console: read, looked at as on a phone, compared; nothing of it can be counted."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import yaml
from flask import Flask
from sqlalchemy import func, select

from app.accounts.roles import Role
from app.catalogue.actions import SHIPPED, publish
from app.extensions import db
from app.responding.models import Response
from app.transactions import transaction
from tests.integration.console.conftest import NOW
from tests.support.staff import Console, words

Desk = Callable[..., Console]
FRAME = "/quan-tri/phieu/COT_LOI/1.0/xem-thu/khung"


def publish_changed(app: Flask) -> None:
    data = yaml.safe_load((SHIPPED / "cot_loi.yaml").read_text("utf-8"))
    data["version"] = "1.10"
    data["questions"][1]["label"]["vi"] = "Mất bao lâu để nộp xong?"
    with app.app_context(), transaction():
        publish(yaml.safe_dump(data, allow_unicode=True), "thử", by="command:test", now=NOW)


def test_versions_are_listed_and_read(desk: Desk) -> None:
    console = desk(Role.AUDITOR, "14")
    assert "COT_LOI" in words(console.get("/quan-tri/phieu"))
    page = words(console.get("/quan-tri/phieu/COT_LOI/1.0"))
    assert "Rất hài lòng · Hài lòng" in page and "bắt buộc" in page and "3 trong 5 dòng" in page
    console.get("/quan-tri/phieu/COT_LOI/9.9", 404)


def test_the_preview_is_the_page_itself_without_a_way_to_send(app: Flask, desk: Desk) -> None:
    console = desk()
    around = console.client.get("/quan-tri/phieu/COT_LOI/1.0/xem-thu")
    assert "frame-src 'self'" in around.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in around.headers["Content-Security-Policy"]
    assert FRAME in around.text
    inside = console.client.get(FRAME)
    assert "frame-ancestors 'self'" in inside.headers["Content-Security-Policy"]
    assert 'method="dialog"' in inside.text and 'method="post"' not in inside.text
    assert re.search(r'name="id" value=""', inside.text)
    console.client.post(FRAME, data={"satisfaction": "5"})
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Response)) == 0


@pytest.mark.parametrize("path", ("/quan-tri", "/phieu", "/quan-tri/phieu/COT_LOI/1.0"))
def test_no_other_page_may_stand_in_a_frame(desk: Desk, path: str) -> None:
    policy = desk().client.get(path).headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy and "frame-src" not in policy


def test_every_draw_phase_and_language_can_be_looked_at(desk: Desk) -> None:
    console = desk()
    pages = {console.get(f"{FRAME}?draw={draw}") for draw in range(1, 11)}
    assert len(pages) == 10
    assert "How satisfied are you" in console.get(f"{FRAME}?in=en")
    assert 'name="result_time"' not in console.get(f"{FRAME}?phase=just-submitted")
    for odd in ("0", "99", "²", "x" * 50):
        console.get(f"{FRAME}?draw={odd}&phase=khi&in=xx")


def test_two_versions_are_compared_question_by_question(app: Flask, desk: Desk) -> None:
    publish_changed_versions = publish_changed
    console = desk()
    publish_changed_versions(app)
    page = words(console.get("/quan-tri/phieu/COT_LOI/so-sanh/1.0/1.10"))
    assert "không được đánh dấu so sánh được" in page
    assert "Câu chữ vi Từ lúc đăng nhập" in page and "Mất bao lâu để nộp xong?" in page
    assert "Giữ nguyên" in page
    assert "So sánh với 1.0" in words(console.get("/quan-tri/phieu/COT_LOI/1.10"))
    same = words(console.get("/quan-tri/phieu/COT_LOI/so-sanh/1.0/1.0"))
    assert "giống hệt nhau" in same
