"""Heads, signers and recipients are those of the decree and of the plan."""

from __future__ import annotations

import unicodedata

import pytest

from app.editions.heads import (
    date_place,
    full_name,
    ruled_assessment_head,
    ruled_quarterly_head,
    short_code,
    title_name,
    unit_report,
    with_letterhead,
)
from app.letterheads.queries import Letterhead
from app.plans import assessed_by, plan_for
from exports.head import Head
from surveys.figures import NATION, Place

SON_LA = Place("14", "Tỉnh Sơn La", "province", NATION)
HAI_PHONG = Place("31", "Thành phố Hải Phòng", "province", NATION)
QUANG_NGAI = Place("51", "Tỉnh Quảng Ngãi", "province", NATION)
THAI_NGUYEN = Place("19", "Tỉnh Thái Nguyên", "province", NATION)
COUNTRY = Place(NATION, "Cả nước", "nation")
SCIENCE = Place("14-SKHCN", "Sở Khoa học và Công nghệ", "department", "14")
HEALTH = Place("31-SYT", "Sở Y tế", "department", "31")
OFFICE = Place("31-VPUBND", "Văn phòng Ủy ban nhân dân thành phố", "office", "31")
COMMUNE = Place("03646", "Ủy ban nhân dân phường Tô Hiệu", "commune", "14")


def november(place: Place, province: Place | None, year: int = 2026) -> Head:
    plan = assessed_by(province.code if province else None, year)
    assert plan is not None
    return ruled_assessment_head(place, province.name if province else "", plan, year)


def quarter(place: Place, province: Place | None) -> Head:
    plan = plan_for(province.code if province else None)
    return ruled_quarterly_head(place, province.name if province else "", plan)


def test_the_november_report_of_son_la_has_the_head_of_its_department_under_the_province() -> None:
    head = november(SON_LA, SON_LA)
    assert (head.parent_body, head.body) == ("UBND TỈNH SƠN LA", "SỞ KHOA HỌC VÀ CÔNG NGHỆ")
    assert head.symbol == "BC-SKHCN"
    assert head.place == "Sơn La"
    assert head.addressee == "Bộ Khoa học và Công nghệ"
    assert head.signer == ("GIÁM ĐỐC",)
    assert head.recipients == (
        "Bộ Khoa học và Công nghệ (để b/c)",
        "UBND tỉnh (để b/c)",
        "Văn phòng UBND tỉnh",
        "Các sở, ban, ngành; UBND cấp xã",
    )
    assert head.archive == "VT, CĐS"


def test_a_centrally_run_city_is_called_a_city() -> None:
    head = november(HAI_PHONG, HAI_PHONG)
    assert head.parent_body == "UBND THÀNH PHỐ HẢI PHÒNG"
    assert "UBND thành phố (để b/c)" in head.recipients
    assert quarter(HAI_PHONG, HAI_PHONG).addressee == "Ủy ban nhân dân thành phố Hải Phòng"


def test_where_the_plan_makes_the_office_send_the_office_signs() -> None:
    for head in (november(QUANG_NGAI, QUANG_NGAI), quarter(QUANG_NGAI, QUANG_NGAI)):
        assert (head.parent_body, head.body) == ("UBND TỈNH QUẢNG NGÃI", "VĂN PHÒNG")
        assert head.symbol == "BC-VPUBND"
        assert head.signer == ("CHÁNH VĂN PHÒNG",)


def test_a_campaign_without_the_four_criteria_leaves_the_head_to_the_national_decision() -> None:
    assert november(THAI_NGUYEN, THAI_NGUYEN, 2025).body == "SỞ KHOA HỌC VÀ CÔNG NGHỆ"
    assert quarter(THAI_NGUYEN, THAI_NGUYEN).symbol == "BC-SKHCN"


def test_units_of_hai_phong_report_to_the_city_through_the_department() -> None:
    head = november(HEALTH, HAI_PHONG, 2025)
    assert head.addressee == "Ủy ban nhân dân thành phố Hải Phòng (qua Sở Khoa học và Công nghệ)"
    assert (head.parent_body, head.body, head.symbol) == ("UBND THÀNH PHỐ HẢI PHÒNG", "SỞ Y TẾ", "BC-SYT")
    assert head.recipients == ("Như trên",)


def test_a_commune_issues_under_its_own_full_name_and_signs_for_the_committee() -> None:
    head = november(COMMUNE, SON_LA)
    assert (head.parent_body, head.body) == ("", "ỦY BAN NHÂN DÂN PHƯỜNG\u00a0TÔ\u00a0HIỆU")
    assert head.symbol == "BC-UBND"
    assert head.place == "Tô Hiệu"
    assert head.signer == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    assert head.addressee == "Sở Khoa học và Công nghệ tỉnh Sơn La"


def test_the_science_department_itself_reports_to_its_committee() -> None:
    head = quarter(SCIENCE, SON_LA)
    assert head.addressee == "Ủy ban nhân dân tỉnh Sơn La"
    assert head.body == "SỞ KHOA HỌC VÀ CÔNG NGHỆ"
    assert head.recipients == ("Như trên",)


def test_the_office_of_a_committee_stands_under_it() -> None:
    head = quarter(OFFICE, HAI_PHONG)
    assert (head.parent_body, head.body) == ("UBND THÀNH PHỐ HẢI PHÒNG", "VĂN PHÒNG")
    assert head.signer == ("CHÁNH VĂN PHÒNG",)


def test_the_nation_is_reported_by_the_ministry() -> None:
    head = quarter(COUNTRY, None)
    assert (head.parent_body, head.body) == ("", "BỘ KHOA HỌC VÀ CÔNG NGHỆ")
    assert (head.symbol, head.place, head.signer) == ("BC-BKHCN", "Hà Nội", ("BỘ TRƯỞNG",))


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Tỉnh Sơn La", "Sơn La"),
        ("Thành phố Hải Phòng", "Hải Phòng"),
        ("Thành phố Hồ Chí Minh", "Thành phố Hồ Chí Minh"),
        ("phường 6", "Phường 6"),
        ("đặc khu Lý Sơn", "Lý Sơn"),
    ],
)
def test_the_date_line_keeps_a_full_name_where_the_decree_wants_one(name: str, line: str) -> None:
    assert date_place(name) == line


def test_capitals_are_composed_letters() -> None:
    for place, province in ((SON_LA, SON_LA), (COMMUNE, SON_LA), (HEALTH, HAI_PHONG), (COUNTRY, None)):
        head = quarter(place, province)
        assert unicodedata.is_normalized("NFC", head.parent_body + head.body)
        assert head.body == head.body.upper()


def test_the_code_of_a_department_makes_the_symbol() -> None:
    assert [short_code(code) for code in ("14-SKHCN", "31-SGDDT", "03646")] == ["SKHCN", "SGDDT", "03646"]


def test_the_deadline_of_a_unit_in_hai_phong_comes_before_that_of_the_city() -> None:
    plan = assessed_by("31", 2025)
    assert plan is not None
    unit, city = unit_report(plan, HEALTH, 2025), unit_report(plan, HAI_PHONG, 2025)
    assert unit and city and unit.deadline and city.deadline
    assert (unit.deadline.label, city.deadline.label) == ("trước ngày 10/11/2025", "trong tháng 11/2025")


@pytest.mark.parametrize(
    ("name", "province", "full"),
    [
        ("Sở Y tế", "Thành phố Hải Phòng", "Sở Y tế thành phố Hải Phòng"),
        ("Thanh tra tỉnh", "Tỉnh Sơn La", "Thanh tra tỉnh Sơn La"),
        ("Văn phòng Ủy ban nhân dân thành phố", "Thành phố Hải Phòng",
         "Văn phòng Ủy ban nhân dân thành phố Hải Phòng"),
        ("Sở Y tế tỉnh Sơn La", "Tỉnh Sơn La", "Sở Y tế tỉnh Sơn La"),
        ("Bộ Y tế", "", "Bộ Y tế"),
    ],
)  # fmt: skip
def test_a_body_is_named_with_its_province_once(name: str, province: str, full: str) -> None:
    assert full_name(name, province) == full


def test_the_annexes_name_whoever_signs() -> None:
    assert quarter(QUANG_NGAI, QUANG_NGAI).name == "Văn phòng Ủy ban nhân dân tỉnh Quảng Ngãi"
    assert november(COMMUNE, SON_LA).name == "Ủy ban nhân dân phường Tô Hiệu"
    assert quarter(COUNTRY, None).name == "Bộ Khoa học và Công nghệ"


def test_a_letterhead_replaces_what_the_office_has_set_and_nothing_else() -> None:
    head = quarter(HEALTH, HAI_PHONG)
    assert with_letterhead(head, None, own=True) == head
    assert with_letterhead(head, Letterhead(), own=True) == head

    merged = with_letterhead(
        head, Letterhead(signer=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), signer_name="A"), own=True
    )
    assert (merged.signer, merged.signer_name) == (("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "A")
    assert (merged.symbol, merged.recipients, merged.archive) == (head.symbol, head.recipients, head.archive)


def test_the_recipients_of_an_office_are_not_those_of_its_province() -> None:
    letterhead = Letterhead(recipients=("Như trên", "Sở Tài chính"), symbol="BC-SYT1", archive="VT, TH")
    own = with_letterhead(quarter(HEALTH, HAI_PHONG), letterhead, own=True)
    of_province = with_letterhead(quarter(SON_LA, SON_LA), letterhead, own=False)

    assert own.recipients == ("Như trên", "Sở Tài chính")
    assert of_province.recipients == quarter(SON_LA, SON_LA).recipients
    assert of_province.symbol == "BC-SYT1"


def test_a_title_says_in_which_province_an_agency_is() -> None:
    assert title_name(COMMUNE, SON_LA.name) == "Ủy ban nhân dân phường Tô Hiệu, tỉnh Sơn La"
    assert title_name(HEALTH, HAI_PHONG.name) == "Sở Y tế thành phố Hải Phòng"
    assert title_name(OFFICE, HAI_PHONG.name) == "Văn phòng Ủy ban nhân dân thành phố Hải Phòng"
    assert title_name(HEALTH, "") == "Sở Y tế"
