"""The shipped directory: who is in it, what they were called on which day, and how people find them."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from app.catalogue.reference import load_reference
from app.directory.queries import (
    UnknownProvince,
    get_agency,
    get_province,
    list_agencies,
    list_procedures_of,
    list_provinces,
    name_history,
    search_agencies,
)
from tests.support.acts import ACT
from tests.support.kept_work import load_once

TODAY = date(2026, 10, 1)
LAST_DAY_AS_PROVINCE, FIRST_DAY_AS_CITY = date(2026, 4, 29), date(2026, 4, 30)


@pytest.fixture
def directory(session: Session) -> Session:
    load_once("reference", lambda: load_reference(**ACT))
    session.commit()
    return session


def test_the_reference_is_loaded_once_and_a_second_run_changes_nothing(
    app: Flask, runner: FlaskCliRunner
) -> None:
    first = runner.invoke(args=["import", "reference"])
    assert first.exit_code == 0, first.output
    assert first.output.splitlines() == [
        "Đơn vị hành chính: Đã đọc 3.356 dòng: 3.356 mới, 0 đổi, 0 giữ nguyên, 0 lỗi",
        "Cơ quan: Đã đọc 3.799 dòng: 3.799 mới, 0 đổi, 0 giữ nguyên, 0 lỗi",
        "Thủ tục: Đã đọc 6 dòng: 6 mới, 0 đổi, 0 giữ nguyên, 0 lỗi",
        "Phiếu khảo sát: Đã đọc 2 dòng: 2 mới, 0 đổi, 0 giữ nguyên, 0 lỗi",
    ]
    second = runner.invoke(args=["import", "reference"])
    assert "0 mới, 0 đổi, 3.356 giữ nguyên" in second.output
    assert "0 mới, 0 đổi, 3.799 giữ nguyên" in second.output
    assert "0 mới, 0 đổi, 6 giữ nguyên" in second.output
    assert second.output.count(" 0 mới, 0 đổi, ") == 4
    _the_whole_country_is_there(app)


def _the_whole_country_is_there(app: Flask) -> None:
    with app.app_context():
        provinces = list_provinces(TODAY)
        assert len(provinces) == 34
        assert len(list_agencies(None, TODAY, "commune")) == 3321
        # 14 standard departments and offices in each.
        assert len(list_agencies(None, TODAY)) == 3321 + 34 * 14


def test_dong_nai_is_a_city_from_the_thirtieth_of_april(directory: Session) -> None:
    before, after = get_province("75", LAST_DAY_AS_PROVINCE), get_province("75", FIRST_DAY_AS_CITY)
    assert (before.name, before.level) == ("Tỉnh Đồng Nai", "province")
    assert (after.name, after.level) == ("Thành phố Đồng Nai", "city")
    assert get_agency("75-TTT", LAST_DAY_AS_PROVINCE).name == "Thanh tra tỉnh"
    assert get_agency("75-TTT", FIRST_DAY_AS_CITY).name == "Thanh tra thành phố"
    assert get_agency("75-SYT", FIRST_DAY_AS_CITY).province_name == "Thành phố Đồng Nai"
    assert [name.valid_to for name in name_history("75-VPUBND")] == [LAST_DAY_AS_PROVINCE, None]
    assert len(name_history("75-SYT")) == 1
    assert len(list_provinces(LAST_DAY_AS_PROVINCE)) == len(list_provinces(FIRST_DAY_AS_CITY)) == 34


def test_figures_older_than_the_list_of_units_find_their_province(directory: Session) -> None:
    department = get_agency("14-SKHCN", date(2025, 3, 31))
    assert (department.name, department.province_name) == ("Sở Khoa học và Công nghệ", "Tỉnh Sơn La")
    assert get_province("14", date(2025, 3, 31)).name == "Tỉnh Sơn La"
    assert list_agencies("14", date(2025, 3, 31), "commune") == []
    with pytest.raises(UnknownProvince):
        get_province("99", TODAY)
    with pytest.raises(UnknownProvince):
        get_province("03646", TODAY)  # A commune is no province.


def test_the_four_provinces_of_the_plans_have_their_communes(directory: Session) -> None:
    counts = {code: len(list_agencies(code, TODAY, "commune")) for code in ("14", "51", "19", "31")}
    assert counts == {"14": 75, "51": 96, "19": 92, "31": 114}
    assert get_agency("11914", TODAY).name == "Ủy ban nhân dân đặc khu Cát Hải"


def test_agencies_are_listed_by_kind_and_then_in_vietnamese_order(directory: Session) -> None:
    agencies = list_agencies("31", TODAY)
    kinds = [agency.kind for agency in agencies]
    assert kinds == ["office"] + ["department"] * 13 + ["commune"] * 114
    names = [agency.name for agency in agencies if agency.kind == "commune"]
    assert names.index("Ủy ban nhân dân xã An Hưng") < names.index("Ủy ban nhân dân xã Đại Sơn")
    provinces = [province.name for province in list_provinces(TODAY)]
    assert provinces[:3] == ["Tỉnh An Giang", "Tỉnh Bắc Ninh", "Tỉnh Cà Mau"]
    assert provinces.index("Tỉnh Đắk Lắk") > provinces.index("Thành phố Đà Nẵng")


def test_hai_phong_handles_the_procedures_of_its_plan(directory: Session) -> None:
    trade = list_procedures_of("31-SCT")
    assert {procedure.code for procedure in trade} == {"2.000535", "2.000645", "2.000648"}
    counted = {procedure.code: (procedure.dossiers, procedure.dossiers_year) for procedure in trade}
    assert counted["2.000648"] == (163, 2024)
    assert counted["2.000645"] == (None, None)


def test_a_province_is_found_with_or_without_accents(directory: Session) -> None:
    for text in ("hai phong", "Hải Phòng", "HẢI PHÒNG", "thanh pho hai phong", " hải   phong "):
        found = search_agencies(text, TODAY)
        assert len(found) == 20, text
        assert {agency.province for agency in found} == {"31"}, text
        assert found[0].kind == "office", text


def test_an_agency_is_found_in_every_province_and_then_in_one(directory: Session) -> None:
    everywhere = search_agencies("so khoa hoc", TODAY, limit=100)
    assert {agency.name for agency in everywhere} == {"Sở Khoa học và Công nghệ"}
    assert len(everywhere) == 34
    assert len(search_agencies("so khoa hoc", TODAY)) == 20
    assert search_agencies("sở khoa học sơn la", TODAY)[0].code == "14-SKHCN"
    assert search_agencies("so khoa hoc lang son", TODAY)[0].code == "20-SKHCN"


def test_a_commune_a_code_and_the_start_of_a_word_are_found(directory: Session) -> None:
    assert search_agencies("dac khu ly son", TODAY)[0].code == "21548"
    assert search_agencies("Cát Hải", TODAY)[0].code == "11914"
    assert [agency.code for agency in search_agencies("14-skhcn", TODAY)] == ["14-SKHCN"]
    assert search_agencies("khoa hoc va cong ng hai ph", TODAY)[0].code == "31-SKHCN"


def test_a_search_for_nothing_finds_nothing(directory: Session) -> None:
    for text in ("", "   ", "%", "_", "'; --", "…", "không có cơ quan nào như vậy", "x" * 5000):
        assert search_agencies(text, TODAY) == [], text[:30]


def test_an_agency_is_found_only_while_it_lives_and_under_the_name_of_the_day(directory: Session) -> None:
    assert search_agencies("thanh tra thanh pho dong nai", LAST_DAY_AS_PROVINCE) == []
    assert search_agencies("thanh tra thanh pho dong nai", FIRST_DAY_AS_CITY)[0].code == "75-TTT"
    assert search_agencies("xa muong", date(2025, 6, 30)) == []
