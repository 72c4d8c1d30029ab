"""A department closes a quarter and sends two reports; what they print is what was answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner

from app.transactions import transaction
from surveys.intervals import wilson
from surveys.printing import interval_text, number, percent
from surveys.scoring import Distribution
from tests.support.answer_sheets import answer, invite
from tests.support.directory import load_small_directory
from tests.support.documents import ReadDocument, flat, read_document
from tests.support.editions import close_and_publish
from tests.support.kept_worlds import KeptWorlds

SetNow = Callable[[datetime], None]

SCIENCE, HEALTH, SMALL, NEIGHBOUR = "14-SKHCN", "14-SYT", "03646", "03667"
Q2, Q3 = date(2026, 5, 20), date(2026, 8, 20)
TODAY = datetime(2026, 11, 3, 2, tzinfo=UTC)
SCIENCE_Q3 = (40, 52, 5, 2, 1)
HEALTH_Q3 = (20, 27, 8, 3, 2)
TIMES = {"submit_time": "5_to_8", "prefilled": "mostly"}


@pytest.fixture
def answered(app: Flask, set_now: SetNow, kept_world: KeptWorlds, tmp_path: Path) -> Flask:
    """Son La: two departments, one of them with a quarter before; a commune of 4 and its neighbour of 12."""
    set_now(TODAY)
    kept_world("son la answered", lambda: answer_all(tmp_path))
    return app


def answer_all(folder: Path) -> None:
    with transaction():
        load_small_directory(folder, communes=(SMALL, NEIGHBOUR), provinces=("01", "14", "19", "31"))
        answer(SCIENCE, (30, 50, 7, 2, 1), Q2)
        answer(SCIENCE, SCIENCE_Q3, Q3, others=TIMES)
        answer(SCIENCE, (9, 1, 2, 0, 0), Q3, channel="qr")
        invite(SCIENCE, 200, 100, Q3)
        answer(HEALTH, HEALTH_Q3, Q3)
        answer(SMALL, (3, 1, 0, 0, 0), Q3)
        answer(NEIGHBOUR, (6, 5, 1, 0, 0), Q3)


@pytest.fixture
def closed(
    app: Flask, runner: FlaskCliRunner, set_now: SetNow, kept_world: KeptWorlds, tmp_path: Path
) -> Flask:
    """The quarter before is published; this one is closed and still a draft."""
    set_now(TODAY)

    def build() -> None:
        answer_all(tmp_path)
        close_and_publish("2026-Q2", TODAY)
        result = runner.invoke(args=["edition", "close", "2026-Q3"])
        assert result.exit_code == 0, result.output

    kept_world("son la closed", build)
    return app


def run(runner: FlaskCliRunner, *arguments: str) -> Result:
    return runner.invoke(args=["report", *arguments])


def document(runner: FlaskCliRunner, out: Path, *arguments: str) -> ReadDocument:
    result = run(runner, *arguments, "--out", str(out))
    assert result.exit_code == 0, result.output
    files = list(out.iterdir())
    assert len(files) == 1, "one document and nothing half written beside it"
    assert str(files[0]) in result.output
    return read_document(files[0])


def rate_words(levels: tuple[int, int, int, int, int], target: Fraction) -> tuple[str, str]:
    """Rate and interval as they must be printed, made from the answers and not from stored figures."""
    counts = Distribution(levels)
    assert counts.rate is not None
    rate, interval = counts.rate, wilson(counts.rate, counts.n)
    return flat(percent(rate, against=[target])), flat(interval_text(interval, against=[target]))


def test_the_quarterly_report_prints_what_was_answered(
    closed: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    read = document(runner, tmp_path / "out", "quarter", "2026-Q3", "--agency", SCIENCE)
    rate, interval = rate_words(SCIENCE_Q3, Fraction(95, 100))
    assert (rate, interval) == ("92,0 %", "85,0–95,9 %")
    for words in (rate, interval, "n = 100", "50,0 %", "Chưa đạt (chưa đủ căn cứ thống kê)"):
        assert words in read.text
    assert "Không có số liệu đối chứng" in read.text
    assert "UBND TỈNH SƠN LA" in read.text
    assert "Kính gửi: Ủy ban nhân dân tỉnh Sơn La." in read.text
    assert "quý III năm 2026" in read.text
    # Open answers stand in a table of their own and nowhere in the rate.
    assert not re.search(r"\b112\b", read.text), "a hash may hold these digits among others"


def test_every_page_is_a_draft_in_vietnamese_with_bookmarks(
    closed: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    read = document(runner, tmp_path / "out", "quarter", "2026-Q3", "--agency", SCIENCE)
    assert all("DỰ THẢO" in page for page in read.pages)
    assert read.language == "vi"
    assert "Tóm tắt" in read.bookmarks
    assert not any("MINH HỌA" in page.upper() for page in read.pages), "these answers are no illustration"


def test_a_report_of_the_province_hides_the_small_commune_and_the_one_that_would_betray_it(
    closed: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    read = document(runner, tmp_path / "out", "quarter", "2026-Q3", "--province", "14")
    for levels in (SCIENCE_Q3, HEALTH_Q3):
        assert rate_words(levels, Fraction(95, 100))[0] in read.text
    assert "bm" in read.text
    hidden = wilson(Fraction(11, 12), 12)
    for secret in ("91,7 %", flat(interval_text(hidden)), "n = 12", "n = 4"):
        assert secret not in read.text
    # Both hidden communes are in the total, which nobody can take apart again.
    total = Distribution.total(map(Distribution, (SCIENCE_Q3, HEALTH_Q3, (3, 1, 0, 0, 0), (6, 5, 1, 0, 0))))
    assert f"{number(total.n)} phiếu hợp lệ" in read.text


def test_a_commune_with_four_answers_gets_a_report_without_any_number_of_theirs(
    closed: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    read = document(runner, tmp_path / "out", "quarter", "2026-Q3", "--agency", SMALL)
    assert "quá ít để công bố" in read.text
    assert "100,0 %" not in read.text
    assert "n = 4" not in read.text
    assert "TM. ỦY BAN NHÂN DÂN" in read.text


def test_all_reports_of_a_quarter_are_the_nation_the_province_and_its_agencies_with_answers(
    closed: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    result = run(runner, "quarter", "2026-Q3", "--all", "--out", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    places = ("VN", "14", SCIENCE, HEALTH, SMALL, NEIGHBOUR)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {f"2026-Q3-{code}.pdf" for code in places}
    assert "Đã ghi 6 báo cáo quý III năm 2026" in result.output
    nation = read_document(tmp_path / "out" / "2026-Q3-VN.pdf")
    assert "1/34 tỉnh, thành phố" in nation.text
    assert "BỘ KHOA HỌC VÀ CÔNG NGHỆ" in nation.text


def test_an_open_quarter_gets_no_report_and_the_day_on_which_it_may(
    answered: Flask, runner: FlaskCliRunner, set_now: SetNow, tmp_path: Path
) -> None:
    set_now(datetime(2026, 10, 10, 16, 59, 59, tzinfo=UTC))
    result = run(runner, "quarter", "2026-Q3", "--agency", SCIENCE, "--out", str(tmp_path / "out"))
    assert result.exit_code == 1
    assert "Quý III năm 2026 chưa khóa số liệu" in result.output
    assert "từ ngày 11/10/2026" in result.output
    assert not (tmp_path / "out").exists()
    set_now(datetime(2026, 10, 10, 17, tzinfo=UTC))
    result = run(runner, "quarter", "2026-Q3", "--agency", SCIENCE, "--out", str(tmp_path / "out"))
    assert "`flask edition close 2026-Q3`" in result.output
    assert runner.invoke(args=["edition", "close", "2026-Q3"]).exit_code == 0
    document(runner, tmp_path / "out", "quarter", "2026-Q3", "--agency", SCIENCE)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("quarter", "2026-Q5"), "không phải mã quý"),
        (("quarter", "2026-Q3", "--agency", "14-K"), "Không có tỉnh hoặc cơ quan nào mang mã 14-K"),
        (("quarter", "2026-Q3", "--agency", "01-SYT"), "Sở Y tế chưa có phiếu nào trong quý III năm 2026"),
        (("quarter", "2026-Q3", "--agency", SCIENCE, "--national"), "Chỉ chọn một"),
        (("quarter", "2026-Q3", "--province", SCIENCE), "14-SKHCN không phải mã của một tỉnh"),
        (("quarter", "2026-Q3", "--province", "1"), "1 không phải mã của một tỉnh"),
        (("quarter", "2026-Q3", "--province", ""), "không được để trống"),
        (("quarter", "2026-Q3", "--all", "--agency", SCIENCE), "không đi với --agency"),
    ],
)
def test_a_mistake_in_the_command_is_explained_and_writes_nothing(
    closed: Flask, runner: FlaskCliRunner, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    result = run(runner, *arguments, "--out", str(tmp_path / "out"))
    assert result.exit_code == 1
    assert words in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("quarter",), "Thiếu QUÝ."),
        (("quarter", "2026-Q3"), "Thiếu --out."),
        (("quarter", "2026-Q3", "thừa", "--out", "x"), "Câu lệnh thừa hoặc sai tham số."),
        (("quarter", "2026-Q3", "--agency"), "Lựa chọn --agency phải có một giá trị"),
        (("quarter", "2026-Q3", "--tinh", "14"), "Không có lựa chọn --tinh."),
        (("assessment", "năm nay", "--out", "x"), "Giá trị của NĂM không đúng dạng."),
        (("assessment", "2026", "--until", "hôm nay", "--out", "x"), "Giá trị của --until không đúng dạng."),
        (("thang", "2026-10"), "không có việc “thang”, chỉ có: assessment, quarter."),
    ],
)
def test_a_command_that_cannot_be_read_is_told_in_one_vietnamese_line(
    runner: FlaskCliRunner, arguments: tuple[str, ...], words: str
) -> None:
    result = run(runner, *arguments)
    assert result.exit_code == 2
    assert words in result.output
    assert result.output.startswith("Lỗi: ")
    assert result.output.count("\n") == 1


def test_a_folder_that_cannot_be_written_to_is_named_with_the_reason(
    closed: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    for out, reason in (("file", "ở đó là một tệp"), ("file/below", "trên đường dẫn có một tệp")):
        result = run(runner, "quarter", "2026-Q3", "--out", str(tmp_path / out))
        assert result.exit_code == 1
        assert result.output == f"Lỗi: Không ghi được vào {tmp_path / out}: {reason}, không phải thư mục.\n"


def test_all_reports_of_a_province_are_its_own_and_those_of_its_agencies(
    closed: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    result = run(runner, "quarter", "2026-Q3", "--all", "--province", "14", "--out", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    places = ("14", SCIENCE, HEALTH, SMALL, NEIGHBOUR)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {f"2026-Q3-{code}.pdf" for code in places}


def test_the_november_report_counts_january_to_october_and_names_plan_targets_and_deadline(
    answered: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    read = document(runner, tmp_path / "out", "assessment", "2026", "--province", "14")
    whole = ((30, 50, 7, 2, 1), SCIENCE_Q3, HEALTH_Q3, (3, 1, 0, 0, 0), (6, 5, 1, 0, 0))
    total = Distribution.total(map(Distribution, whole))
    assert total.rate is not None
    assert f"Trong {number(total.n)} phiếu hợp lệ năm 2026" in read.text
    assert flat(percent(total.rate, against=[Fraction(95, 100)])) in read.text
    for words in (
        "Căn cứ Quyết định số 1565/QĐ-TTg ngày 18 tháng 7 năm 2025",
        "Căn cứ Kế hoạch số 169/KH-UBND ngày 12 tháng 8 năm 2025",
        "trong tháng 11/2026",
        "TC4 Sở Khoa học và Công nghệ (suy luận)",
        "Kính gửi: Bộ Khoa học và Công nghệ.",
        "từ ngày 01/01/2026 đến hết ngày 31/10/2026",
        "từ 95 % trở lên",
        "dưới 5 phút",
        "Không có số liệu đối chứng",
        "ước lượng từ khảo sát",
    ):
        assert words in read.text
    assert all("DỰ THẢO" in page for page in read.pages)
    for secret in ("91,7 %", "n = 12", "n = 4"):
        assert secret not in read.text


def test_the_report_of_2025_shows_the_road_to_2026_and_hai_phong_closes_before_its_deadline(
    app: Flask, runner: FlaskCliRunner, set_now: SetNow, tmp_path: Path
) -> None:
    set_now(datetime(2025, 11, 9, 3, tzinfo=UTC))
    with app.app_context(), transaction():
        load_small_directory(tmp_path)
        answer("31-SYT", (60, 32, 5, 2, 1), date(2025, 11, 8), others=TIMES)
        answer("31-SYT", (40, 0, 0, 0, 0), date(2025, 11, 9))
    options = ("--agency", "31-SYT", "--until", "2025-11-08")
    read = document(runner, tmp_path / "out", "assessment", "2025", *options)
    rate, interval = rate_words((60, 32, 5, 2, 1), Fraction(90, 100))
    window = "từ ngày 01/01/2025 đến hết ngày 08/11/2025"
    assert f"Trong 100 phiếu hợp lệ năm 2025 ({window}), tỷ lệ hài lòng là {rate}" in read.text
    assert interval in read.text
    assert "trước ngày 10/11/2025" in read.text
    assert "Kính gửi: Ủy ban nhân dân thành phố Hải Phòng (qua Sở Khoa học và Công nghệ)." in read.text
    assert "Khoảng cách đến các chỉ tiêu năm 2026" in read.text
    assert "còn cách chỉ tiêu năm 2026 (từ 95 % trở lên) 3,0 điểm phần trăm" in read.text


def test_thai_nguyen_is_judged_by_the_national_decision_and_its_campaign_stands_apart(
    app: Flask, runner: FlaskCliRunner, set_now: SetNow, tmp_path: Path
) -> None:
    set_now(datetime(2025, 12, 1, 3, tzinfo=UTC))
    with app.app_context(), transaction():
        load_small_directory(tmp_path)
        answer("19-SKHCN", (50, 45, 3, 1, 1), date(2025, 10, 31))
    read = document(runner, tmp_path / "out", "assessment", "2025", "--province", "19")
    assert "Căn cứ Quyết định số 1565/QĐ-TTg" in read.text
    assert "Căn cứ Kế hoạch" not in read.text
    assert "từ 90 % trở lên" in read.text
    campaign = read.text[read.text.index("Chỉ tiêu riêng: Đợt cao điểm 45 ngày đêm") :]
    for words in ("từ ngày 30/10/2025 đến hết ngày 13/12/2025", "từ 92 % trở lên", "từ 98 % trở lên"):
        assert words in campaign
    assert "Chưa có số liệu" in campaign


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("assessment", "2027"), "Không có kế hoạch nào đặt chỉ tiêu cho năm 2027"),
        (("assessment", "2026", "--until", "2026-11-03"), "đến hết ngày 03/11/2026 chưa kết thúc"),
        (("assessment", "2026", "--until", "2025-10-31"), "không thuộc năm 2026"),
        (("assessment", "2026", "--agency", "01-SYT"), "Sở Y tế chưa có phiếu nào"),
        (("assessment", "2026", "--agency", "14-K"), "Không có tỉnh hoặc cơ quan nào mang mã 14-K"),
    ],
)
def test_an_assessment_that_cannot_be_made_says_why(
    answered: Flask, runner: FlaskCliRunner, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    result = run(runner, *arguments, "--out", str(tmp_path / "out"))
    assert result.exit_code == 1
    assert words in result.output
    assert not (tmp_path / "out").exists()
