"""An operator records a merger in the list of agencies; what was true before stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.directory.queries import find_agency, get_agency, list_procedures_of, name_history, predecessors_of

UNITS = "code,parent_code,name,level,valid_from\n31,,Thành phố Hải Phòng,city,2025-07-01\n"
HEAD = "code,name,kind,province,valid_from,valid_to,merged_into\n"
BEFORE = HEAD + "31-A,Sở A,department,31,2025-07-01,,\n31-B,Sở B,department,31,2025-07-01,,\n"
MERGER = (
    HEAD + "31-A,Sở A,department,31,2025-07-01,2026-03-31,31-AB\n"
    "31-B,Sở B,department,31,2025-07-01,2026-03-31,31-AB\n"
    "31-AB,Sở A và B,department,31,2026-04-01,,\n"
)

Run = Callable[..., str]


@pytest.fixture
def run(runner: FlaskCliRunner, tmp_path: Path) -> Run:
    """Imports a text; returns the line that the command said, and the reasons of rejected rows."""

    def imported(what: str, content: str) -> str:
        file = tmp_path / f"{what}.csv"
        file.write_text(content, encoding="utf-8")
        result = runner.invoke(args=["import", what, str(file)])
        assert result.exit_code == 0, result.output
        rejects = file.with_name(file.name + ".loi.csv")
        return result.output + (rejects.read_text("utf-8-sig") if rejects.exists() else "")

    imported("units", UNITS)
    imported("agencies", BEFORE)
    return imported


def test_a_merger_keeps_the_past_and_hands_the_procedures_over(run: Run, app: Flask) -> None:
    run("procedures", "code,name,agency\n1.000001,Một,31-A\n1.000002,Hai,31-B\n")
    assert run("agencies", MERGER).startswith("Đã đọc 3 dòng: 1 mới, 2 đổi, 0 giữ nguyên, 0 lỗi")
    assert run("agencies", MERGER).startswith("Đã đọc 3 dòng: 0 mới, 0 đổi, 3 giữ nguyên, 0 lỗi")
    assert run("agencies", BEFORE).startswith("Đã đọc 2 dòng: 0 mới, 0 đổi, 2 giữ nguyên, 0 lỗi")
    with app.app_context():
        assert get_agency("31-A", date(2026, 3, 31)).merged_into == "31-AB"
        assert find_agency("31-A", date(2026, 4, 1)) is None
        assert [view.code for view in predecessors_of("31-AB", date(2026, 4, 1))] == ["31-A", "31-B"]
        assert [name.name for name in name_history("31-A")] == ["Sở A"]
        assert [view.code for view in list_procedures_of("31-AB")] == ["1.000002", "1.000001"]


def test_a_renaming_is_a_row_from_a_later_day(run: Run, app: Flask) -> None:
    run("agencies", HEAD + "31-A,Sở A mới,department,31,2026-01-01,,\n")
    with app.app_context():
        assert get_agency("31-A", date(2025, 12, 31)).name == "Sở A"
        assert get_agency("31-A", date(2026, 1, 1)).name == "Sở A mới"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("31-A,Sở A,department,31,2025-07-01,,31-B", "Cột merged_into cần valid_to"),
        ("31-A,Sở A,department,31,2025-07-01,2026-03-31,31-X", "01/04/2026 không có cơ quan “31-X”"),
        ("31-A,Sở A,department,31,2025-07-01,2025-06-30,31-B", "valid_to đứng trước valid_from"),
        ("31-A,Sở A,department,31,2025-07-01,2026-03-31,31-A", "01/04/2026 không có cơ quan “31-A”"),
        (
            "31-A,Sở A,department,31,2025-07-01,2026-03-31,31-B\n"
            "31-B,Sở B,department,31,2025-07-01,2026-03-30,31-A",
            "01/04/2026 không có cơ quan “31-B”",
        ),
        (
            "31-A,Sở A,department,31,2025-07-01,2025-12-31,31-B\n31-A,Sở A,department,31,2026-01-01,,",
            "phải là ngày cuối cùng của cơ quan",
        ),
    ],
)
def test_a_merger_that_cannot_be_is_a_bad_row(run: Run, row: str, reason: str) -> None:
    said = run("agencies", HEAD + row + "\n")
    assert reason in said


def test_a_merger_that_is_known_is_not_changed_to_another(run: Run, app: Flask) -> None:
    run("agencies", MERGER)
    assert "đã sáp nhập vào 31-AB" in run(
        "agencies",
        MERGER.replace("31,2025-07-01,2026-03-31,31-AB\n31-B", "31,2025-07-01,2026-03-31,31-C\n31-B"),
    )
    with app.app_context():
        assert get_agency("31-A", date(2026, 3, 31)).merged_into == "31-AB"


def test_no_list_brings_an_agency_back_to_merge_in_a_circle(run: Run) -> None:
    run("agencies", MERGER)
    circle = (
        "31-AB,Sở A và B,department,31,2026-04-01,2026-12-31,31-A\n31-A,Sở A,department,31,2025-07-01,,\n"
    )
    assert "01/01/2027 không có cơ quan “31-A”" in run("agencies", HEAD + circle)
