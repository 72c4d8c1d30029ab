"""Uneven names of provinces become even ones, and agencies are named after them."""

from __future__ import annotations

import pytest

from app.directory.naming import (
    committee_name,
    department_name,
    full_province_name,
    kind_rank,
    province_title,
    short_name,
)
from app.directory.records import ProvinceView


@pytest.mark.parametrize(
    ("name", "level", "title"),
    [
        ("Tỉnh Sơn La", "province", "tỉnh Sơn La"),
        ("Sơn La", "province", "tỉnh Sơn La"),
        ("Thành phố Hải Phòng", "city", "thành phố Hải Phòng"),
        ("TP. Hồ Chí Minh", "province", "thành phố Hồ Chí Minh"),
        ("Huế", "city", "thành phố Huế"),
    ],
)
def test_a_province_is_titled_by_its_prefix_or_its_level(name: str, level: str, title: str) -> None:
    assert province_title(ProvinceView("00", name, level)) == title


def test_lists_that_write_names_unevenly_are_stored_in_one_spelling() -> None:
    assert full_province_name("Sơn La") == "Tỉnh Sơn La"
    assert full_province_name("TP Huế") == "Thành phố Huế"
    assert full_province_name("Đà Nẵng", "city") == "Thành phố Đà Nẵng"
    assert full_province_name("Thành phố Hà Nội") == "Thành phố Hà Nội"


def test_a_short_name_loses_its_prefix_once_and_only_in_front() -> None:
    assert short_name("Tỉnh Sơn La") == "Sơn La"
    assert short_name("Thành phố Hồ Chí Minh") == "Hồ Chí Minh"
    assert short_name("Thái Nguyên") == "Thái Nguyên"


def test_only_the_office_and_the_inspectorate_are_named_after_the_rank_of_the_province() -> None:
    assert department_name("Thanh tra tỉnh", "city") == "Thanh tra thành phố"
    assert department_name("Văn phòng Ủy ban nhân dân tỉnh", "city") == "Văn phòng Ủy ban nhân dân thành phố"
    assert department_name("Thanh tra tỉnh", "province") == "Thanh tra tỉnh"
    assert department_name("Sở Y tế", "city") == "Sở Y tế"


@pytest.mark.parametrize(
    ("commune", "committee"),
    [
        ("Xã Mường La", "Ủy ban nhân dân xã Mường La"),
        ("Phường Hoàn Kiếm", "Ủy ban nhân dân phường Hoàn Kiếm"),
        ("Đặc khu Lý Sơn", "Ủy ban nhân dân đặc khu Lý Sơn"),
        ("Xã Phường Cát", "Ủy ban nhân dân xã Phường Cát"),
    ],
)
def test_a_committee_carries_the_kind_of_its_commune_in_small_letters(commune: str, committee: str) -> None:
    assert committee_name(commune) == committee


def test_an_unknown_kind_is_listed_last() -> None:
    assert kind_rank("office") < kind_rank("department") < kind_rank("commune") < kind_rank("moon")
