"""A second run changes nothing, bad rows are set aside with a reason, bad files store nothing."""

from __future__ import annotations

import csv
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner

from app.directory.models import Procedure, Unit
from app.directory.queries import get_agency, get_procedure, get_province, list_procedures_of, name_history
from app.extensions import db

UNITS = """code,parent_code,name,level,valid_from,valid_to
31,,Thành phố Hải Phòng,province,2025-07-01,
14,,Sơn La,province,2025-07-01,
03646,14,Phường Tô Hiệu,commune,2025-07-01,
"""
AGENCIES = """code,name,kind,province
31-SCT,Sở Công Thương,department,31
31-SYT,Sở Y tế,department,31
"""
JUNE = date(2026, 6, 1)


class Importer:
    """Runs `flask import` on a text and reads the rejected rows."""

    def __init__(self, runner: FlaskCliRunner, folder: Path) -> None:
        self.runner, self.file = runner, folder / "nhập.csv"

    def run(self, what: str, content: str | bytes, *options: str) -> Result:
        self.file.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.runner.invoke(args=["import", what, str(self.file), *options])

    def accepts(self, what: str, content: str, *options: str) -> str:
        result = self.run(what, content, *options)
        assert result.exit_code == 0, result.output
        return result.output.splitlines()[0]

    def rejected(self) -> list[tuple[str, str]]:
        with self.file.with_name("nhập.csv.loi.csv").open(encoding="utf-8-sig", newline="") as stream:
            return [(row[0], row[1]) for row in list(csv.reader(stream))[1:]]


@pytest.fixture
def importer(runner: FlaskCliRunner, tmp_path: Path) -> Importer:
    return Importer(runner, tmp_path)


def test_units_agencies_and_procedures_are_taken_once(importer: Importer, app: Flask) -> None:
    assert importer.accepts("units", UNITS) == "Đã đọc 3 dòng: 3 mới, 0 đổi, 0 giữ nguyên, 0 lỗi"
    assert importer.accepts("units", UNITS) == "Đã đọc 3 dòng: 0 mới, 0 đổi, 3 giữ nguyên, 0 lỗi"
    assert importer.accepts("agencies", AGENCIES) == "Đã đọc 2 dòng: 2 mới, 0 đổi, 0 giữ nguyên, 0 lỗi"
    assert importer.accepts("agencies", AGENCIES) == "Đã đọc 2 dòng: 0 mới, 0 đổi, 2 giữ nguyên, 0 lỗi"
    with app.app_context():
        assert get_province("14", JUNE).name == "Tỉnh Sơn La"
        assert get_agency("31-SCT", JUNE).province_name == "Thành phố Hải Phòng"


def test_a_changed_unit_is_counted_and_a_later_row_ends_the_one_before(
    importer: Importer, app: Flask
) -> None:
    importer.accepts("units", UNITS)
    amended = "code,parent_code,name,level,valid_from\n03646,14,Xã Tô Hiệu,commune,2026-01-01\n"
    assert importer.accepts("units", amended) == "Đã đọc 1 dòng: 1 mới, 0 đổi, 0 giữ nguyên, 0 lỗi"
    assert importer.accepts("units", amended) == "Đã đọc 1 dòng: 0 mới, 0 đổi, 1 giữ nguyên, 0 lỗi"
    assert importer.accepts("units", UNITS) == "Đã đọc 3 dòng: 0 mới, 0 đổi, 3 giữ nguyên, 0 lỗi"
    corrected = UNITS.replace("Tô Hiệu", "Tô Hiệu A")
    assert importer.accepts("units", corrected) == "Đã đọc 3 dòng: 0 mới, 1 đổi, 2 giữ nguyên, 0 lỗi"
    with app.app_context():
        first = db.session.get_one(Unit, ("03646", date(2025, 7, 1)))
        assert (first.name, first.valid_to) == ("Phường Tô Hiệu A", date(2025, 12, 31))


def test_a_renamed_commune_renames_its_committee_from_the_same_day(importer: Importer, app: Flask) -> None:
    importer.accepts("units", UNITS)
    importer.runner.invoke(args=["import", "agencies", "--standard"])
    importer.accepts(
        "units", "code,parent_code,name,level,valid_from\n03646,14,Xã Tô Hiệu,commune,2026-01-01\n"
    )
    result = importer.runner.invoke(args=["import", "agencies", "--standard"])
    assert result.output.startswith("Đã đọc 30 dòng: 1 mới, 1 đổi, 28 giữ nguyên, 0 lỗi")
    with app.app_context():
        assert [(name.name, name.valid_from) for name in name_history("03646")] == [
            ("Ủy ban nhân dân phường Tô Hiệu", date(2025, 7, 1)),
            ("Ủy ban nhân dân xã Tô Hiệu", date(2026, 1, 1)),
        ]


def test_bad_rows_of_units_are_set_aside_and_the_good_ones_kept(importer: Importer) -> None:
    bad = UNITS + (
        "31,,Thành phố Hải Phòng,province,2025-07-01,\n"
        "3 1,,Tỉnh X,province,2025-07-01,\n"
        "32,,,province,2025-07-01,\n"
        "33,,Tỉnh X,district,2025-07-01,\n"
        "34,,Tỉnh X,province,01/07/2025,\n"
        "35,,Tỉnh X,province,2025-07-01,2025-01-01\n"
        "00001,77,Xã X,commune,2025-07-01,\n"
        "00002,,Xã X,commune,2025-07-01,\n"
        "36,,Tỉnh X,province,2025-07-01,2026-12-31\n"
        "36,,Tỉnh Y,province,2026-01-01,\n"
        "37,,Tỉnh X\n"
        "code,parent_code,name,level,valid_from,valid_to\n"
    )
    assert importer.accepts("units", bad) == "Đã đọc 15 dòng: 4 mới, 0 đổi, 0 giữ nguyên, 11 lỗi"
    reasons = dict(importer.rejected())
    assert reasons["5"] == "Trùng khóa với dòng 2"
    assert "không đúng dạng" in reasons["6"]
    assert reasons["7"] == "Cột name trống"
    assert "Cấp “district” không có" in reasons["8"]
    assert "2025-07-01, không phải “01/07/2025”" in reasons["9"]
    assert reasons["10"] == "valid_to đứng trước valid_from"
    assert "mang mã “77”" in reasons["11"]
    assert reasons["12"] == "Cột parent_code trống"
    assert "chồng lên" in reasons["14"]
    assert reasons["15"] == "Dòng có 3 cột, tiêu đề có 6 cột"
    assert reasons["16"] == "Dòng tiêu đề lặp lại"


def test_bad_rows_of_agencies_are_set_aside(importer: Importer) -> None:
    importer.accepts("units", UNITS)
    bad = AGENCIES + (
        "31-sct,Sở X,department,31\n"
        "31-X,Sở X,ministry of X,31\n"
        "99-X,Sở X,department,99\n"
        "31-SYT,Sở Y tế,department,31\n"
        "31-Y,,department,31\n"
    )
    assert importer.accepts("agencies", bad) == "Đã đọc 7 dòng: 2 mới, 0 đổi, 0 giữ nguyên, 5 lỗi"
    reasons = dict(importer.rejected())
    assert "không đúng dạng" in reasons["4"]
    assert "Loại cơ quan" in reasons["5"]
    assert "mang mã “99”" in reasons["6"]
    assert reasons["7"] == "Trùng khóa với dòng 3"


def test_agencies_with_days_keep_their_names_and_cannot_move(importer: Importer, app: Flask) -> None:
    importer.accepts("units", UNITS)
    content = (
        "code,name,kind,province,valid_from,valid_to\n"
        "31-X,Sở Mới,department,31,2026-01-01,2026-12-31\n"
        "31-X,Sở Cũ,department,31,2025-07-01,\n"
        "31-X,Sở Khác,department,14,2026-06-01,\n"
    )
    assert importer.accepts("agencies", content) == "Đã đọc 3 dòng: 2 mới, 0 đổi, 0 giữ nguyên, 1 lỗi"
    assert "khác với một dòng trước" in importer.rejected()[0][1]
    assert importer.accepts("agencies", content).endswith("0 mới, 0 đổi, 2 giữ nguyên, 1 lỗi")
    with app.app_context():
        agency = get_agency("31-X", date(2025, 12, 31))
        assert (agency.name, agency.valid_from, agency.valid_to) == (
            "Sở Cũ",
            date(2025, 7, 1),
            date(2026, 12, 31),
        )
        assert get_agency("31-X", date(2026, 1, 1)).name == "Sở Mới"


def test_procedures_lose_their_suffix_and_find_their_agency_by_name(importer: Importer, app: Flask) -> None:
    importer.accepts("units", UNITS)
    importer.accepts("agencies", AGENCIES)
    decomposed = unicodedata.normalize("NFD", "sở  công thương")
    content = (
        "code,name,agency,dossiers_2023,dossiers_2024\n"
        f"1.001612.000.00.00.H48,Cấp phép A,{decomposed},7,\n"
        "2.000884,Cấp phép B,31-SYT,7,12\n"
        "3.000181,Cấp phép C,,,\n"
    )
    first = importer.accepts("procedures", content, "--province", "31")
    assert first == "Đã đọc 3 dòng: 3 mới, 0 đổi, 0 giữ nguyên, 0 lỗi"
    again = importer.accepts("procedures", content, "--province", "31")
    assert again == "Đã đọc 3 dòng: 0 mới, 0 đổi, 3 giữ nguyên, 0 lỗi"
    changed = importer.accepts("procedures", content.replace("7,12", "7,13"), "--province", "31")
    assert changed == "Đã đọc 3 dòng: 0 mới, 1 đổi, 2 giữ nguyên, 0 lỗi"
    with app.app_context():
        assert get_procedure("1.001612").name == "Cấp phép A"
        (procedure,) = list_procedures_of("31-SCT")
        assert (procedure.dossiers, procedure.dossiers_year) == (7, 2023)
        assert [item.dossiers for item in list_procedures_of("31-SYT")] == [13]


def test_bad_rows_of_procedures_are_set_aside(importer: Importer) -> None:
    importer.accepts("units", UNITS)
    importer.accepts("agencies", AGENCIES)
    content = (
        "code,name,agency,dossiers_2024\n"
        "4.000001,A,31-SYT,\n"
        "1.00001,A,31-SYT,\n"
        "1.000001.000.00.00.H4,A,31-SYT,\n"
        "1.000001,A,Sở Công Thương,\n"
        "1.000002,A,31-SYT,nhiều\n"
        "1.000003,A,31-SYT,1\n"
        "1.000003,A,31-SYT,2\n"
        "1.000003,B,31-SCT,2\n"
    )
    line = importer.accepts("procedures", content)
    assert line == "Đã đọc 8 dòng: 1 mới, 0 đổi, 0 giữ nguyên, 7 lỗi"
    reasons = dict(importer.rejected())
    assert all("không đúng dạng" in reasons[line] for line in "234")
    assert "Không có cơ quan “Sở Công Thương”" in reasons["5"]
    assert "số nguyên" in reasons["6"]
    assert reasons["8"] == "Trùng khóa với dòng 7"
    assert "khác với một dòng trước" in reasons["9"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (UNITS.encode("utf-16"), "UTF-16"),
        (UNITS.encode("cp1258", "ignore"), "Windows-1258"),
        (UNITS.replace(",", ";").encode(), "dấu chấm phẩy"),
        (UNITS.partition("\n")[2].encode(), "không phải dòng tiêu đề"),
        (b"code,code,parent_code,name,level,valid_from\n", "lặp lại: code"),
        (b"", "Tệp trống"),
    ],
)
def test_a_file_that_cannot_be_trusted_stores_nothing(
    importer: Importer, app: Flask, content: bytes, words: str
) -> None:
    result = importer.run("units", content)
    assert result.exit_code == 1
    assert result.output.startswith("Lỗi: ")
    assert words in result.output
    with app.app_context():
        assert db.session.query(Unit).count() == 0


def test_a_file_that_breaks_off_stores_nothing_of_its_good_rows(importer: Importer, app: Flask) -> None:
    result = importer.run("procedures", 'code,name\n1.000001,A\n1.000002,"B\n1.000003,C\n')
    assert result.exit_code == 1
    assert "dấu nháy kép không đóng" in result.output
    with app.app_context():
        assert db.session.query(Procedure).count() == 0


def test_options_that_make_no_sense_are_refused_in_words(importer: Importer) -> None:
    assert "một tệp, hoặc --standard" in importer.runner.invoke(args=["import", "agencies"]).output
    result = importer.run("procedures", "code,name\n1.000001,A\n", "--province", "99")
    assert result.exit_code == 1
    assert "mang mã 99" in result.output
    missing = importer.runner.invoke(args=["import", "units", "/khong/co.csv"])
    assert "không có tệp" in missing.output
    assert "Traceback" not in missing.output
