"""The 766 index and the rate of the national portal: all of a file or nothing, and apart from our rates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.accounts.roles import Role
from app.extensions import db
from app.indices.models import ExternalIndexRow
from app.indices.queries import list_indices
from surveys.periods import Quarter
from tests.integration.console.conftest import NOW
from tests.support import citizens
from tests.support.audit import recorded
from tests.support.staff import PERSON, Console, person, words

HEAD = "period,place,indicator,value,unit,source\n"
GOOD = (
    HEAD
    + '2026-Q3,14,766-5,"16,8",điểm,"dichvucong.gov.vn, xem ngày 05/10/2026"\n'
    + "2026-Q3,14,766-5.3,98.25,%,dichvucong.gov.vn\n"
    + "2026-09,14,dvcqg-hai-long,97,%,dichvucong.gov.vn\n"
    + "2026-10,14,dvcqg-hai-long,96,%,dichvucong.gov.vn\n"
    + "2026,VN,766,88,điểm,dichvucong.gov.vn\n"
    + "2026-Q3,14-SKHCN,766,91,điểm,dichvucong.gov.vn\n"
)
PAGE = "/quan-tri/chi-so"
SetNow = Callable[[datetime], None]


@pytest.fixture
def house(app: Flask, set_now: SetNow) -> Flask:
    set_now(NOW)
    citizens.prepare(app)
    return app


def run(runner: FlaskCliRunner, folder: Path, text: str) -> tuple[int, str]:
    path = folder / "chi-so.csv"
    path.write_text(text, encoding="utf-8")
    result = runner.invoke(args=["import", "index766", str(path)])
    return result.exit_code, result.output


def kept(app: Flask) -> int:
    with app.app_context():
        return db.session.query(ExternalIndexRow).count()


def test_a_file_is_kept_with_its_source_and_who_brought_it(
    house: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    assert run(runner, tmp_path, GOOD) == (0, "Đã đọc 6 dòng: 6 mới, 0 đổi, 0 giữ nguyên, 0 lỗi\n")
    with house.app_context():
        found = list_indices("14", Quarter(2026, 3))
        assert [(item.name, str(item.value), item.unit, item.period) for item in found] == [
            ("Bộ chỉ số 766, nhóm 5: mức độ hài lòng", "16.8", "điểm", "quý III năm 2026"),
            (
                "Bộ chỉ số 766: tỷ lệ hài lòng trong tiếp nhận, giải quyết thủ tục hành chính",
                "98.25", "%", "quý III năm 2026",
            ),
            (
                "Cổng Dịch vụ công quốc gia: tỷ lệ đánh giá hài lòng, rất hài lòng", "97", "%",
                "tháng 9 năm 2026",
            ),
        ]  # fmt: skip
        assert found[0].source == "dichvucong.gov.vn, xem ngày 05/10/2026"
        # A year is told with the quarter in which it ends.
        assert list_indices("VN", Quarter(2026, 3)) == ()
        assert [item.period for item in list_indices("VN", Quarter(2026, 4))] == ["năm 2026"]
        assert len(list_indices("14-SKHCN", Quarter(2026, 3))) == 1
        assert {row.imported_by for row in db.session.query(ExternalIndexRow)} == {"command:import index766"}
        (event,) = recorded(action="indices-imported")
        assert event.details == {"new": 6, "changed": 0}


def test_a_second_run_adds_nothing_and_a_correction_changes_one_row(
    house: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    run(runner, tmp_path, GOOD)
    assert "0 mới, 0 đổi, 6 giữ nguyên" in run(runner, tmp_path, GOOD)[1]
    assert "0 mới, 1 đổi, 5 giữ nguyên" in run(runner, tmp_path, GOOD.replace("98.25", "97.25"))[1]
    with house.app_context():
        assert len(recorded(action="indices-imported")) == 2
    assert kept(house) == 6


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("2026-W10,14,766,88,điểm,x\n", "dòng 8, cột period: “2026-W10” không phải kỳ"),
        ("2026-Q3,99,766,88,điểm,x\n", "dòng 8, cột place: không có nơi nào mang mã “99”"),
        ("2026-Q3,14,TC4,88,%,x\n", "dòng 8, cột indicator: “TC4” không có; chỉ có: 766"),
        ("2026-Q3,31,766,nhiều,điểm,x\n", "dòng 8, cột value: “nhiều” không phải số"),
        ("2026-Q3,31,766-5,18.5,điểm,x\n", "dòng 8, cột value: 18.5 lớn hơn mức cao nhất là 18"),
        ("2026-Q3,31,766-5,17,%,x\n", "dòng 8, cột unit: đơn vị của 766-5 là “điểm”"),
        ("2026-Q3,31,766,88,điểm,\n", "dòng 8, cột source: hãy ghi nguồn"),
        ("2026-Q3,14,766-5,17,điểm,x\n", "dòng 8, cùng kỳ, nơi và chỉ tiêu với dòng 2"),
        ("2026-Q3,14,766\n", "dòng 8, Dòng có 3 cột, tiêu đề có 6 cột"),
    ],
)
def test_one_bad_row_names_its_row_and_column_and_nothing_is_kept(
    house: Flask, runner: FlaskCliRunner, tmp_path: Path, bad: str, said: str
) -> None:
    code, output = run(runner, tmp_path, GOOD + bad)
    assert code == 1 and said in output and "Chưa có gì được lưu" in output
    assert kept(house) == 0


def test_many_bad_rows_are_named_up_to_twenty(house: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    code, output = run(runner, tmp_path, HEAD + "2026-Q3,99,766,88,điểm,x\n" * 30)
    assert code == 1 and "Tệp có 30 dòng sai" in output and "và 10 dòng khác" in output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "Tệp trống"),
        ("a,b\n", "Dòng đầu không phải dòng tiêu đề"),
        (HEAD.replace(",", ";"), "dấu chấm phẩy"),
        ('period,place,indicator,value,unit,source\n"2026', "dấu nháy kép không đóng"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_as_a_whole(
    house: Flask, runner: FlaskCliRunner, tmp_path: Path, content: str, said: str
) -> None:
    code, output = run(runner, tmp_path, content)
    assert code == 1 and said in output


def sent(console: Console, text: str | bytes, status: int = 200) -> str:
    content = text.encode() if isinstance(text, str) else text
    return words(console.post(PAGE, status, file=(BytesIO(content), "chi-so.csv")).text)


def test_a_province_uploads_for_its_own_places_only(house: Flask, tmp_path: Path) -> None:
    console = Console(house, person(Role.PROVINCE, "14"))
    assert "Chưa có chỉ số nào" in words(console.get(PAGE))
    own = "".join(line for line in GOOD.splitlines(keepends=True) if ",VN," not in line)
    said = sent(console, own)
    assert "Đã đọc 5 dòng: 5 mới" in said and "16,8 điểm" in said and "Lò Thị Mai" in said
    assert "0 mới, 0 đổi, 5 giữ nguyên" in sent(console, own)
    for foreign in ("31", "VN", "31-SNV"):
        refused = sent(console, HEAD + f"2026-Q3,{foreign},766,88,điểm,x\n", 400)
        assert f"không có nơi nào mang mã “{foreign}”" in refused and "Chưa có gì được lưu" in refused
    assert kept(house) == 5
    with house.app_context():
        (event,) = recorded(action="indices-imported")
        assert (event.by, event.scope) == (str(PERSON), "14")
    assert not list(tmp_path.glob("*.csv")), "what was uploaded is not kept as a file"
    portal = words(console.get(f"{PAGE}?indicator=dvcqg-hai-long"))
    assert "97 %" in portal and "16,8 điểm" not in portal
    assert "Không có chỉ số nào khớp" in words(console.get(f"{PAGE}?place=31"))


def test_what_is_no_file_or_no_table_is_said_at_the_field(
    house: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = Console(house, person(Role.MINISTRY, "nation"))
    assert "Hãy chọn một tệp CSV" in words(console.post(PAGE, 400).text)
    assert "bảng tính Excel" in sent(console, b"PK\x03\x04rest", 400)
    assert "không phải UTF-8" in sent(console, "kỳ".encode("utf-16-le"), 400)
    monkeypatch.setattr("app.indices.forms.MOST_BYTES", len(GOOD.encode()) - 1)
    assert "Tệp lớn hơn 4 MB" in sent(console, GOOD, 400)
    assert kept(house) == 0


def test_an_agency_reads_and_does_not_upload(house: Flask) -> None:
    console = Console(house, person(Role.AGENCY, "14-SKHCN"))
    assert "<form method" not in console.get(PAGE).split("<main")[1]
    console.post(PAGE, 404)
