"""The names of editions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.editions import EditionCode
from surveys.periods import Month, Quarter, Week, parse_period


@pytest.mark.parametrize(
    ("code", "kind", "label"),
    [
        ("2026-Q3", "quarter", "quý III năm 2026"),
        ("2026-Q3.r1", "quarter", "quý III năm 2026 (đính chính lần 1)"),
        ("2026-10", "month", "tháng 10 năm 2026"),
        ("2026-W45", "week", "tuần 45 năm 2026"),
    ],
)
def test_a_code_leads_to_its_edition_and_back(code: str, kind: str, label: str) -> None:
    edition = EditionCode.parse(code)

    assert (edition.code, edition.kind, edition.label) == (code, kind, label)


@pytest.mark.parametrize(
    "code", ["", "2026", "2026-Q5", "2026-13", "2026-W54", "2026-Q3.r0", "2026-Q3.r01", "2026-Q3.r",
             "2026-Q3.r1000", "../2026-Q3", "2026-Q3\n", "２０２６-Q3", "2026-Q3.r1.r2"],
)  # fmt: skip
def test_anything_else_is_refused_in_words(code: str) -> None:
    with pytest.raises(ValueError, match=r"mã|không có|Không có|nằm ngoài"):
        EditionCode.parse(code)


@given(st.integers(1900, 9998), st.integers(1, 12), st.integers(0, 999))
def test_every_code_survives_the_way_there_and_back(year: int, number: int, revision: int) -> None:
    for period in (Month(year, number), Week(year, number), Quarter(year, (number - 1) // 3 + 1)):
        edition = EditionCode(period, revision)

        assert EditionCode.parse(edition.code) == edition
        assert parse_period(period.code) == period


def test_months_and_weeks_close_sooner_than_quarters() -> None:
    assert Quarter(2026, 3).closable_from.isoformat() == "2026-10-11T00:00:00+07:00"
    assert Month(2026, 10).closable_from.isoformat() == "2026-11-06T00:00:00+07:00"
    assert Week(2026, 45).closable_from.isoformat() == "2026-11-11T00:00:00+07:00"


def test_editions_are_told_in_the_order_of_their_days() -> None:
    codes = ["2026-Q3.r1", "2026-W40", "2026-09", "2026-Q3", "2026-Q2", "2026-W39"]

    ordered = sorted(map(EditionCode.parse, codes), key=lambda edition: edition.sort_key)

    names = [edition.code for edition in ordered]
    assert names == ["2026-Q2", "2026-W39", "2026-09", "2026-Q3", "2026-Q3.r1", "2026-W40"]
