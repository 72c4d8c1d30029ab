"""The thresholds in the console: what holds, what was decided, and a proposal for two of the ministry."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.roles import Role
from tests.support.accounts import enrolled, send, signed_in
from tests.support.staff import Console, words

Desk = Callable[..., Console]
PAGE = "/quan-tri/nguong"
FORM = f"{PAGE}/doi"
NATION = (Role.MINISTRY, "nation")
GIVEN = {
    "first_quarter": "2027-Q1",
    "disclosure": "15",
    "verdict": "40",
    "rank": "60",
    "response_rate": "25",
    "merge": "5",
    "reason": "Mẫu còn nhỏ",
}


def test_a_change_is_proposed_by_one_and_approved_by_another_of_the_ministry(app: Flask, desk: Desk) -> None:
    console = desk(*NATION)
    page = words(console.get(PAGE))
    assert "quý IV năm 2026" in page and "Chưa đổi lần nào" in page
    assert 'value="10"' in console.get(FORM)
    sent = console.post(FORM, **GIVEN)
    proposal = words(console.get(sent.headers["Location"]))
    assert "Đổi ngưỡng công bố: từ quý I năm 2027" in proposal
    assert "in: 10 → 15" in proposal and "20 % → 25 %" in proposal.replace("\u00a0", " ")
    assert "gộp vào “khác”: " not in proposal
    assert "giữ nguyên ngưỡng và số liệu đã in" in proposal
    assert "đang chờ quyết định" in words(console.get(PAGE))
    address = sent.headers["Location"].partition("?")[0]
    province = signed_in(app, enrolled(app, "tinh@bo.vn", (Role.PROVINCE, "14")).id)
    assert province.get(address).status_code == 404
    second = signed_in(app, enrolled(app, "hai@bo.vn", NATION).id)
    assert send(second, f"{address}/chap-thuan", {"reason": ""}, page=address).status_code == 303
    after = words(console.get(PAGE))
    assert "quý I năm 2027 Che số" in after and "Mẫu còn nhỏ" in after
    assert "Lò Thị Mai đề xuất, Nguyễn Thị Lan chấp thuận" in after
    row = after.partition("được in ")[2]
    assert row.startswith("10 15 15 15 15")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("disclosure", "9", "từ 10 đến 1000"),
        ("disclosure", "1" * 5000, "từ 10 đến 1000"),
        ("disclosure", "mười", "từ 10 đến 1000"),
        ("disclosure", "", "từ 10 đến 1000"),
        ("disclosure", "１２", "từ 10 đến 1000"),
        ("verdict", "14", "Không được nhỏ hơn “Ngưỡng che (phiếu)”"),
        ("rank", "39", "Không được nhỏ hơn “Ngưỡng kết luận (phiếu)”"),
        ("response_rate", "101", "từ 1 đến 100"),
        ("merge", "0", "từ 1 đến 1000"),
        ("first_quarter", "2026-Q4", "Hãy chọn một quý sau này"),
        ("first_quarter", "x", "Hãy chọn một quý sau này"),
        ("reason", " ", "Hãy ghi lý do"),
    ],
)
def test_bad_input_is_answered_at_its_field(desk: Desk, field: str, value: str, said: str) -> None:
    page = desk(*NATION).post(FORM, 400, **{**GIVEN, field: value}).text
    assert said in words(page)
    assert f'id="{field}-error"' in page
    assert "Mẫu còn nhỏ" in page or field == "reason"


def test_the_same_set_is_no_change(desk: Desk) -> None:
    same = {"disclosure": "10", "verdict": "30", "rank": "50", "response_rate": "20"}
    page = desk(*NATION).post(FORM, 400, **{**GIVEN, **same}).text
    assert "Bộ ngưỡng đề xuất giống bộ đang định" in words(page)


def test_only_who_answers_for_the_nation_may_propose(desk: Desk) -> None:
    for role, scope in ((Role.PROVINCE, "14"), (Role.MINISTRY, "14"), (Role.AUDITOR, "nation")):
        console = desk(role, scope)
        assert "Đề xuất đổi ngưỡng" not in words(console.get(PAGE))
        console.get(FORM, 404)
        console.post(FORM, 404, **GIVEN)
