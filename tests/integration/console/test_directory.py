"""Staff look after the directory: they see what is theirs, and every change leaves its event."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from app.accounts.roles import Role
from app.audit.queries import Filter, list_events
from app.directory.models import Procedure
from app.directory.queries import get_agency, name_history
from app.transactions import transaction
from surveys.periods import local_day
from tests.integration.console.conftest import NOW
from tests.support.staff import PERSON, Console, words

Desk = Callable[..., Console]
TODAY = local_day(NOW)


def events(app: Flask) -> list[tuple[str, str, dict[str, Any]]]:
    with app.app_context():
        found = list_events(Filter(by=str(PERSON)))
        return [(event.action, event.subject, dict(event.details)) for event in found]


def add_procedures(app: Flask, *codes: str) -> None:
    from app.extensions import db

    with app.app_context(), transaction():
        db.session.add_all(Procedure(code=code, name=f"Thủ tục {code}") for code in codes)


def test_a_province_sees_its_own_agencies_only(desk: Desk) -> None:
    page = words(desk().get("/quan-tri/co-quan"))
    assert "14-SKHCN" in page and "03646" in page
    assert "31-SKHCN" not in page and "11365" not in page


def test_what_belongs_to_another_province_is_not_found(desk: Desk) -> None:
    console = desk()
    for path in ("", "/doi-ten", "/sap-nhap", "/cham-dut", "/thu-tuc"):
        console.get(f"/quan-tri/co-quan/31-SKHCN{path}", 404)
    for path in ("/hoan-tac", "/bo-ten", "/thu-tuc/1.004616/bo"):
        console.post(f"/quan-tri/co-quan/31-SKHCN{path}", 404)


def test_an_agency_reads_itself_and_changes_nothing(desk: Desk) -> None:
    console = desk(Role.AGENCY, "14-SKHCN")
    page = console.get("/quan-tri/co-quan/14-SKHCN")
    assert "Đổi tên" not in words(page)
    console.get("/quan-tri/co-quan/14-SKHCN/doi-ten", 404)
    console.get("/quan-tri/co-quan/14-SNV", 404)


def test_names_are_found_without_accents_and_filters_are_a_sentence(desk: Desk) -> None:
    console = desk(Role.MINISTRY, "nation")
    found = words(console.get("/quan-tri/co-quan?q=khoa+hoc+cong+nghe&province=31"))
    assert "31-SKHCN" in found and "14-SKHCN" not in found
    assert "Không có cơ quan nào khớp" in words(console.get("/quan-tri/co-quan?q=zzz"))


def test_every_agency_stands_on_exactly_one_page(desk: Desk) -> None:
    """Forwards and backwards, although many provinces have agencies of the same name."""
    import re
    from html import unescape

    console = desk(Role.MINISTRY, "nation")
    total = int(re.search(r"(\d+) cơ quan", words(console.get("/quan-tri/co-quan")))[1])

    def walk(path: str, rel: str) -> tuple[list[str], str]:
        codes: list[str] = []
        while True:
            page = console.get(path)
            part = re.findall(r'<td[^>]* class="code">([^<]+)</td>', page)
            codes = codes + part if rel == "next" else part + codes
            link = re.search(rf'rel="{rel}" href="([^"]+)"', page)
            if link is None:
                return codes, path
            path = unescape(link[1])

    forwards, last = walk("/quan-tri/co-quan", "next")
    assert len(forwards) == len(set(forwards)) == total
    backwards, _first = walk(last, "prev")
    assert backwards == forwards


@pytest.mark.parametrize("cursor", ("[", "[1,2]", '["a"]', '["a","b","c"]', "{}", '["a",null]', "%00"))
def test_a_broken_place_in_the_list_is_the_first_page_or_refused(desk: Desk, cursor: str) -> None:
    response = desk().client.get("/quan-tri/co-quan", query_string={"after": cursor})
    assert response.status_code in (200, 404)


def test_the_list_as_a_file_makes_no_formula(app: Flask, desk: Desk) -> None:
    console = desk()
    console.post("/quan-tri/co-quan/14-SKHCN/doi-ten", name="=HYPERLINK(1)", on="2026-11-01")
    text = console.get("/quan-tri/co-quan.csv")
    assert text.startswith("\ufeffcode,name,kind,province")
    assert "14-SKHCN,'=HYPERLINK(1),department,14,2025-" in text or "14-SKHCN,'=HYPERLINK(1)," in text
    assert "31-" not in text


def test_renaming_keeps_the_old_name_and_can_be_taken_back(app: Flask, desk: Desk) -> None:
    console = desk()
    name = "Sở Khoa học, Công nghệ và Chuyển đổi số"
    response = console.post("/quan-tri/co-quan/14-SKHCN/doi-ten", name=name, on="2026-11-15")
    assert "Đã ghi tên mới" in words(console.get(response.location))
    with app.app_context():
        assert get_agency("14-SKHCN", TODAY).name == name
        assert len(name_history("14-SKHCN")) == 2
    console.post("/quan-tri/co-quan/14-SKHCN/bo-ten")
    with app.app_context():
        (only,) = name_history("14-SKHCN")
        assert only.valid_to is None
    assert [event[:2] for event in events(app)] == [
        ("agency-name-withdrawn", "14-SKHCN"),
        ("agency-renamed", "14-SKHCN"),
    ]


def test_mistakes_stand_beside_their_fields_and_store_nothing(app: Flask, desk: Desk) -> None:
    console = desk()
    page = words(console.post("/quan-tri/co-quan/14-SKHCN/doi-ten", 400, name="", on="hôm nay").text)
    assert "Cần xem lại" in page and "Hãy ghi tên" in page and "Hãy chọn một ngày" in page
    assert "Not a valid" not in page
    assert events(app) == []


def test_merging_asks_once_and_says_what_happens(app: Flask, desk: Desk) -> None:
    console = desk()
    asked = words(
        console.post("/quan-tri/co-quan/14-SNV/sap-nhap", 200, into="14-SKHCN", on="2026-11-15").text
    )
    assert "Sáp nhập Sở Nội vụ vào Sở Khoa học và Công nghệ?" in asked
    assert "hoàn tác cho đến khi" in asked
    with app.app_context():
        assert get_agency("14-SNV", TODAY)
    assert events(app) == []
    console.post("/quan-tri/co-quan/14-SNV/sap-nhap", into="14-SKHCN", on="2026-11-15", confirmed="1")
    page = words(console.get("/quan-tri/co-quan/14-SNV"))
    assert "Sáp nhập vào 14-SKHCN" in page
    assert "14-SNV" in words(console.get("/quan-tri/co-quan?state=ended"))
    console.post("/quan-tri/co-quan/14-SNV/hoan-tac")
    with app.app_context():
        assert get_agency("14-SNV", TODAY).merged_into is None
    assert [event[0] for event in events(app)] == ["agency-reopened", "agency-merged"]


def test_nobody_merges_into_what_is_not_theirs_or_into_itself(app: Flask, desk: Desk) -> None:
    console = desk()
    for into in ("31-SKHCN", "14-SNV", "99-X"):
        page = console.post(
            "/quan-tri/co-quan/14-SNV/sap-nhap", 400, into=into, on="2026-11-15", confirmed="1"
        )
        assert "Không có cơ quan khác mang mã này" in words(page.text)
    assert events(app) == []


def test_what_a_closed_quarter_may_have_counted_is_not_taken_back(
    app: Flask, desk: Desk, set_now: Callable[[datetime], None]
) -> None:
    console = desk()
    console.post("/quan-tri/co-quan/14-SNV/cham-dut", on="2026-11-15", confirmed="1")
    set_now(datetime(2027, 2, 1, tzinfo=UTC))
    page = words(console.post("/quan-tri/co-quan/14-SNV/hoan-tac", 409).text)
    assert "đã đến hạn chốt số liệu" in page
    assert [event[0] for event in events(app)] == ["agency-closed"]


def test_a_procedure_is_added_and_left_out_again(app: Flask, desk: Desk) -> None:
    add_procedures(app, "1.004616")
    console = desk()
    for _twice in range(2):
        console.post("/quan-tri/co-quan/14-SKHCN/thu-tuc", procedure="1.004616")
    assert "Thủ tục 1.004616" in words(console.get("/quan-tri/co-quan/14-SKHCN"))
    assert "14-SKHCN" in words(console.get("/quan-tri/thu-tuc/1.004616"))
    assert "14-SKHCN" not in words(desk(Role.PROVINCE, "31").get("/quan-tri/thu-tuc/1.004616"))
    missing = console.post("/quan-tri/co-quan/14-SKHCN/thu-tuc", 400, procedure="9.999999")
    assert "Không có thủ tục mang mã này" in words(missing.text)
    console.post("/quan-tri/co-quan/14-SKHCN/thu-tuc/1.004616/bo")
    assert "Chưa ghi thủ tục nào" in words(console.get("/quan-tri/co-quan/14-SKHCN"))
    assert [event[0] for event in events(app)] == ["procedure-removed", "procedure-added"]


def test_a_new_agency_begins_in_a_province_of_ones_own(app: Flask, desk: Desk) -> None:
    console = desk()
    fields = {"name": "Ban Điều hành chuyển đổi số", "kind": "other", "on": "2026-11-01"}
    console.post("/quan-tri/co-quan/them", code="14-BDN", province="14", **fields)
    assert "Ban Điều hành chuyển đổi số" in words(console.get("/quan-tri/co-quan/14-BDN"))
    console.post("/quan-tri/co-quan/them", 404, code="31-BDN", province="31", **fields)
    taken = console.post("/quan-tri/co-quan/them", 400, code="14-SNV", province="14", **fields)
    assert "đã có" in words(taken.text)
    assert [event[0] for event in events(app)] == ["agency-added"]


def test_events_hold_codes_and_days_and_no_names(app: Flask, desk: Desk) -> None:
    desk().post("/quan-tri/co-quan/14-SKHCN/doi-ten", name="Sở Bí Mật", on="2026-11-15")
    ((action, subject, details),) = events(app)
    assert (action, subject) == ("agency-renamed", "14-SKHCN")
    assert details == {"on": "2026-11-15"}
    assert "Bí Mật" not in json.dumps(details, ensure_ascii=False)


def test_units_and_procedures_can_be_searched(app: Flask, desk: Desk) -> None:
    add_procedures(app, "1.004616", "1.009999")
    console = desk()
    assert "03646" in words(console.get("/quan-tri/don-vi?province=14"))
    assert "Tỉnh Sơn La" in words(console.get("/quan-tri/don-vi?q=son+la"))
    page = words(console.get("/quan-tri/thu-tuc?q=1.00999"))
    assert "1.009999" in page and "1.004616" not in page
    console.get("/quan-tri/thu-tuc/9.999999", 404)
