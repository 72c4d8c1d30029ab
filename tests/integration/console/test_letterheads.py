"""How an agency heads and signs its documents: set by itself, checked line by line, said in the trail."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.roles import Role
from app.extensions import db
from app.letterheads.models import LetterheadRow
from app.letterheads.queries import Letterhead, find_letterhead
from tests.support.audit import recorded
from tests.support.staff import PERSON, Console, words

Desk = Callable[..., Console]
AGENCY, OTHER = "14-SKHCN", "31-SNV"
LIST = "/quan-tri/dau-van-ban"
PAGE = f"{LIST}/{AGENCY}"
GIVEN = {
    "seen": "0",
    "symbol": "BC-SKHCN",
    "signer": "kt. giám đốc\r\nphó giám đốc",
    "signer_name": "Lò Thị Thử",
    "recipients": "- Bộ Khoa học và Công nghệ (để b/c);\r\n\r\n- UBND tỉnh (để b/c);",
    "archive": "VT, CĐS.",
}


def found(app: Flask, agency: str = AGENCY) -> Letterhead | None:
    with app.app_context():
        return find_letterhead(agency)


def test_an_officer_begins_at_the_own_agency_and_a_leader_chooses(desk: Desk) -> None:
    officer = desk(Role.AGENCY, AGENCY)
    assert officer.client.get(LIST).headers["Location"] == PAGE
    leader = words(desk(Role.PROVINCE, "14").get(f"{LIST}?q=khoa+hoc"))
    assert "Sở Khoa học và Công nghệ" in leader
    assert "Không có cơ quan nào khớp" in words(desk(Role.PROVINCE, "14").get(f"{LIST}?q=khongco"))


def test_what_is_saved_is_kept_as_documents_write_it(app: Flask, desk: Desk) -> None:
    console = desk(Role.AGENCY, AGENCY)
    assert found(app) is None
    sent = console.post(PAGE, **GIVEN)
    assert sent.headers["Location"].startswith(f"{PAGE}?done=changed")
    assert found(app) == Letterhead(
        symbol="BC-SKHCN",
        signer=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
        signer_name="Lò Thị Thử",
        recipients=("Bộ Khoa học và Công nghệ (để b/c)", "UBND tỉnh (để b/c)"),
        archive="VT, CĐS",
    )
    page = console.get(f"{PAGE}?done=changed")
    assert "Báo cáo lập từ bây giờ có đầu và chữ ký này" in words(page)
    assert 'value="Lò Thị Thử"' in page and 'name="seen" type="hidden" value="1"' in page
    assert "Lưu lần cuối lúc" in words(page)


def test_the_trail_says_which_parts_were_set_and_no_name(app: Flask, desk: Desk) -> None:
    desk(Role.AGENCY, AGENCY).post(PAGE, **{**GIVEN, "archive": ""})
    with app.app_context():
        (event,) = recorded(action="letterhead-changed")
        assert (event.by, event.scope, event.subject) == (str(PERSON), AGENCY, AGENCY)
        assert event.details == {"version": 1, "set": "symbol, signer, signer_name, recipients"}
        assert "Lò Thị Thử" not in str(recorded())


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("symbol", "bc-skhcn", "Ký hiệu viết hoa liền nhau"),
        ("symbol", "BC SKHCN", "Ký hiệu viết hoa liền nhau"),
        ("symbol", "B" * 31, "Ký hiệu viết hoa liền nhau"),
        ("signer", "A\nB\nC\nD\nE", "Nhiều quá 4 dòng"),
        ("signer", "A" * 121, "Có dòng dài quá 120 ký tự"),
        ("signer_name", "Nam 0912", "không có chữ số"),
        ("signer_name", "N" * 81, "không quá 80 ký tự"),
        ("recipients", "\n".join(f"Nơi {at}" for at in range(21)), "Nhiều quá 20 dòng"),
        ("archive", "V" * 41, "không quá 40 ký tự"),
    ],
)
def test_what_no_document_could_print_is_refused_by_name(
    app: Flask, desk: Desk, field: str, value: str, said: str
) -> None:
    answer = desk(Role.AGENCY, AGENCY).post(PAGE, 400, **{**GIVEN, field: value})
    page = words(answer.text)
    assert said in page
    assert re.search(rf'id="{field}-error"', answer.text)
    assert found(app) is None


def test_an_empty_form_leaves_everything_to_the_rules(app: Flask, desk: Desk) -> None:
    desk(Role.AGENCY, AGENCY).post(PAGE, **dict.fromkeys(GIVEN, ""))
    assert found(app) == Letterhead()


def test_of_two_who_save_one_is_told(app: Flask, desk: Desk) -> None:
    console = desk(Role.AGENCY, AGENCY)
    console.post(PAGE, **GIVEN)
    for seen in ("0", "7", "x"):
        late = console.post(PAGE, 409, **{**GIVEN, "seen": seen, "signer_name": "Người Khác"})
        assert "Một người khác vừa lưu" in words(late.text)
    console.post(PAGE, **{**GIVEN, "seen": "1", "signer_name": "Người Mới"})
    letterhead = found(app)
    assert letterhead is not None
    assert letterhead.signer_name == "Người Mới"
    with app.app_context():
        assert db.session.get_one(LetterheadRow, AGENCY).number == 2


def test_the_letterhead_of_elsewhere_is_not_there(app: Flask, desk: Desk) -> None:
    console = desk(Role.PROVINCE, "14")
    console.get(f"{LIST}/{OTHER}", 404)
    console.get(f"{LIST}/KHONG", 404)
    console.post(f"{LIST}/{OTHER}", 404, **GIVEN)
    assert found(app, OTHER) is None
