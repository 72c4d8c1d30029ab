"""“Ông/Bà nói – Chúng tôi làm”: comments are read, something is promised and done, and a report prints it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app.accounts.roles import Role
from app.editions.listing import get_edition
from app.editions.queries import get_quarterly_report
from app.extensions import db
from app.improvements.queries import list_public_improvements
from app.moderation.models import CommentLayer
from app.transactions import transaction
from exports.quarterly import render_quarterly
from surveys.periods import Quarter
from tests.support.citizens import post
from tests.support.contacts import address_of, code_on, filled
from tests.support.directory import load_small_directory
from tests.support.documents import read_document
from tests.support.editions import publish_all
from tests.support.heard import answer, hand_over
from tests.support.staff import Console, person, words

AGENCY = "14-SKHCN"
SUMMER = datetime(2026, 8, 20, 3, 0, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 12, 3, 0, tzinfo=UTC)
COMMENT = "Thanh toán lỗi, phải làm lại từ đầu"


def test_what_people_said_comes_back_as_something_done(
    app: Flask, tmp_path: Path, set_now: Callable[[datetime], None]
) -> None:
    set_now(SUMMER)
    with app.app_context(), transaction():
        load_small_directory(tmp_path)
    officer, visitor = Console(app, person(Role.AGENCY, AGENCY)), app.test_client()

    # Twelve people leave a contact about payment, one of them takes it back; all others are answered.
    codes = [code_on(post(visitor, address_of(AGENCY), filled(visitor, AGENCY)).text) for _ in range(12)]
    post(visitor, f"/lien-he/{codes[0]}", {})
    waiting = re.findall(r"/quan-tri/lien-he/([0-9a-f-]{36})", officer.get("/quan-tri/lien-he"))
    assert len(waiting) == 11
    for contact in waiting:
        officer.post(f"/quan-tri/lien-he/{contact}/da-xong", theme="fees", outcome="Đã hoàn tiền.", answer="")

    # Twenty answers with comments are handed over and read by the province.
    answer(app, [COMMENT] + [f"Góp ý số {number}" for number in range(19)], quarter="2026-Q3",
           day=SUMMER.date())  # fmt: skip
    hand_over(app, SUMMER)
    with app.app_context():
        layer = db.session.scalars(
            select(CommentLayer).where(CommentLayer.folded.contains("thanh toan"))
        ).one()
        comment = f"/quan-tri/gop-y/{layer.id}"
    leader = Console(app, person(Role.PROVINCE, "14"))
    seen = re.search(r'name="seen" value="([^"]*)"', leader.get(comment))
    assert seen
    leader.post(f"{comment}/cong-bo", seen=seen[1])

    # The agency reads it and says what it does about it.
    officer = Console(app, person(Role.AGENCY, AGENCY))
    assert COMMENT in words(officer.get("/quan-tri/gop-y?state=all&quarter=2026-Q3"))
    sent = officer.post(
        f"/quan-tri/viec-cai-tien/viet/{AGENCY}",
        quarter="2026-Q3",
        shortcoming="Thanh toán lỗi thì phải làm lại từ đầu",
        solution="Cho thanh toán lại ngay trên hồ sơ đã nộp",
        lead="Phòng Chuyển đổi số",
        due="2026-12-15",
    )
    page = sent.headers["Location"].partition("?")[0]
    officer.post(f"{page}/cong-bo", seen="1")
    with app.app_context():
        (public,) = list_public_improvements(AGENCY, Quarter(2026, 3), 5)
    assert public.done is None and public.lead == "Phòng Chuyển đổi số"

    set_now(OCTOBER)
    officer.post(
        f"{page}/da-xong", done_on="2026-10-09", done_words="Nút thanh toán lại đã có ở mọi hồ sơ.", seen="2"
    )
    with app.app_context():
        publish_all(OCTOBER)
        content = render_quarterly(get_quarterly_report(AGENCY, get_edition("2026-Q3"), now=OCTOBER))
    (tmp_path / "quy.pdf").write_bytes(content)
    printed = read_document(tmp_path / "quy.pdf").text
    assert "Ông/Bà nói: Thanh toán lỗi thì phải làm lại từ đầu." in printed
    assert "xong ngày 09/10/2026" in printed and COMMENT in printed
    assert "Phí, lệ phí, thanh toán" in printed
