"""A department closes a quarter and sends two reports; what they print is what was answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner

from app.catalogue.reference import load_reference
from app.transactions import transaction
from surveys.intervals import wilson
from surveys.printing import interval_text, number, percent
from surveys.scoring import Distribution
from tests.support.answer_sheets import answer, invite
from tests.support.documents import ReadDocument, flat, read_document

SetNow = Callable[[datetime], None]

SCIENCE, HEALTH, SMALL, NEIGHBOUR = "14-SKHCN", "14-SYT", "03646", "03667"
Q2, Q3 = date(2026, 5, 20), date(2026, 8, 20)
TODAY = datetime(2026, 11, 3, 2, tzinfo=UTC)
SCIENCE_Q3 = (40, 52, 5, 2, 1)
HEALTH_Q3 = (20, 27, 8, 3, 2)
TIMES = {"submit_time": "5_to_8", "prefilled": "mostly"}


@pytest.fixture
def answered(app: Flask, set_now: SetNow) -> Flask:
    """Son La: two departments, one of them with a quarter before; a commune of 4 and its neighbour of 12."""
    set_now(TODAY)
    with app.app_context(), transaction():
        load_reference(on=date(2026, 11, 3))
        answer(SCIENCE, (30, 50, 7, 2, 1), Q2)
        answer(SCIENCE, SCIENCE_Q3, Q3, others=TIMES)
        answer(SCIENCE, (9, 1, 2, 0, 0), Q3, channel="qr")
        invite(SCIENCE, 200, 100, Q3)
        answer(HEALTH, HEALTH_Q3, Q3)
        answer(SMALL, (3, 1, 0, 0, 0), Q3)
        answer(NEIGHBOUR, (6, 5, 1, 0, 0), Q3)
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
    answered: Flask, runner: FlaskCliRunner, tmp_path: Path
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
    assert "112" not in read.text


def test_every_page_is_a_draft_in_vietnamese_with_bookmarks(
    answered: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    read = document(runner, tmp_path / "out", "quarter", "2026-Q3", "--agency", SCIENCE)
    assert all("DỰ THẢO" in page for page in read.pages)
    assert read.language == "vi"
    assert "Tóm tắt" in read.bookmarks
    assert not any("MINH HỌA" in page.upper() for page in read.pages), "these answers are no illustration"


def test_a_report_of_the_province_hides_the_small_commune_and_the_one_that_would_betray_it(
    answered: Flask, runner: FlaskCliRunner, tmp_path: Path
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
    answered: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    read = document(runner, tmp_path / "out", "quarter", "2026-Q3", "--agency", SMALL)
    assert "quá ít để công bố" in read.text
    assert "100,0 %" not in read.text
    assert "n = 4" not in read.text
    assert "TM. ỦY BAN NHÂN DÂN" in read.text


def test_all_reports_of_a_quarter_are_the_nation_the_province_and_its_agencies_with_answers(
    answered: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    result = run(runner, "quarter", "2026-Q3", "--all", "--out", str(tmp_path))
    assert result.exit_code == 0, result.output
    places = ("VN", "14", SCIENCE, HEALTH, SMALL, NEIGHBOUR)
    assert {path.name for path in tmp_path.iterdir()} == {f"2026-Q3-{code}.pdf" for code in places}
    assert "Đã ghi 6 báo cáo quý III năm 2026" in result.output
    nation = read_document(tmp_path / "2026-Q3-VN.pdf")
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
    document(runner, tmp_path / "out", "quarter", "2026-Q3", "--agency", SCIENCE)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("quarter", "2026-Q5"), "không phải mã quý"),
        (("quarter", "2026-Q3", "--agency", "14-K"), "Không có tỉnh hoặc cơ quan nào mang mã 14-K"),
        (("quarter", "2026-Q3", "--agency", "01-SYT"), "Sở Y tế chưa có phiếu nào trong quý III năm 2026"),
        (("quarter", "2026-Q3", "--agency", SCIENCE, "--national"), "Chỉ chọn một"),
        (("quarter", "2026-Q3", "--province", SCIENCE), "14-SKHCN không phải mã của một tỉnh"),
    ],
)
def test_a_mistake_in_the_command_is_explained_and_writes_nothing(
    answered: Flask, runner: FlaskCliRunner, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    result = run(runner, *arguments, "--out", str(tmp_path / "out"))
    assert result.exit_code == 1
    assert words in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()
