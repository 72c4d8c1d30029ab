"""`flask report quarter --sign`: who may be signed with what, and where the passphrase comes from."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from pypdf import PdfReader

from app.editions.closing import close
from app.editions.signing import VARIABLE
from app.transactions import transaction
from surveys.editions import EditionCode
from tests.support.directory import load_small_directory
from tests.support.editions import close_and_publish
from tests.support.signing import PASSPHRASE, signature_status, throw_away_key
from tests.support.tallies import TallyWriter

NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
SCIENCE = "14-SKHCN"
KEY, CERTIFICATE = throw_away_key()

Report = Callable[..., Result]


@pytest.fixture
def report(app: Flask, tmp_path: Path, set_now: Callable[[datetime], None]) -> Report:
    """Runs the command for a department with answers in a published quarter and in one that is a draft."""
    set_now(NOW)
    with app.app_context():
        with transaction():
            load_small_directory(tmp_path, provinces=("01", "14", "19", "31"))
            for quarter in ("2026-Q2", "2026-Q3"):
                tallies = TallyWriter(quarter)
                tallies.rated(SCIENCE, (40, 40, 10, 5, 5))
                tallies.write()
        close_and_publish("2026-Q2", NOW)
        close(EditionCode.parse("2026-Q3"), by="command:test", now=NOW)
    (tmp_path / "key.p12").write_bytes(KEY)
    (tmp_path / "passphrase").write_bytes(PASSPHRASE + b"\n")

    def run(*more: str, code: str = "2026-Q2", place: str = SCIENCE, **how: str) -> Result:
        arguments = ["report", "quarter", code, "--agency", place, "--out", str(tmp_path / "out"), *more]
        return app.test_cli_runner().invoke(args=arguments, **how)

    return run


def written(tmp_path: Path, code: str = "2026-Q2") -> bytes:
    return (tmp_path / "out" / f"{code}-{SCIENCE}.pdf").read_bytes()


def is_valid(content: bytes) -> bool:
    return bool(signature_status(content, CERTIFICATE).bottom_line)


def words(content: bytes) -> str:
    return " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_a_report_is_signed_and_says_the_same_as_the_unsigned_one(report: Report, tmp_path: Path) -> None:
    assert report().exit_code == 0
    plain = written(tmp_path)
    key, passphrase = str(tmp_path / "key.p12"), str(tmp_path / "passphrase")

    assert report("--sign", key, "--passphrase-file", passphrase).exit_code == 0

    signed = written(tmp_path)
    assert is_valid(signed)
    assert signed.startswith(plain)
    assert words(signed) == words(plain)


def test_number_and_day_are_those_of_the_signing(report: Report, tmp_path: Path) -> None:
    done = report("--number", "7", "--dated", "2026-11-03")
    assert done.exit_code == 0, done.output
    text = words(written(tmp_path))
    assert "Số: 07/BC-SKHCN" in text
    assert "ngày 03 tháng 11 năm 2026" in text


def test_the_passphrase_comes_from_the_environment_or_the_keyboard(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = str(tmp_path / "key.p12")
    asked = report("--sign", key, input=PASSPHRASE.decode() + "\n")
    assert asked.exit_code == 0, asked.output
    assert PASSPHRASE.decode() not in asked.output
    monkeypatch.setenv(VARIABLE, PASSPHRASE.decode())
    assert report("--sign", key).exit_code == 0
    assert is_valid(written(tmp_path))


def test_no_option_takes_the_passphrase_itself(report: Report) -> None:
    """Every user of a machine sees the arguments of every process."""
    assert report("--passphrase", "x").exit_code == 2


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--sign", "{tmp}/khong-co.p12"), "Không đọc được tệp khóa khong-co.p12"),
        (("--sign", "{tmp}/passphrase", "--passphrase-file", "{tmp}/passphrase"), "không phải tệp PKCS#12"),
        (("--sign", "{tmp}/key.p12", "--passphrase-file", "{tmp}/key.p12"), "sai mật khẩu"),
        (
            ("--sign", "{tmp}/key.p12", "--passphrase-file", "{tmp}/khong"),
            "Không đọc được tệp mật khẩu khong",
        ),
        (("--number", "0"), "--number là số của văn bản"),
        (("--number", "12/BC"), "--number là số của văn bản"),
    ],
)
def test_what_cannot_sign_is_refused_and_nothing_is_written(
    report: Report, tmp_path: Path, more: tuple[str, ...], said: str
) -> None:
    done = report(*(part.replace("{tmp}", str(tmp_path)) for part in more))
    assert done.exit_code == 1
    assert said in done.output
    assert not (tmp_path / "out").exists()


def test_a_draft_is_never_signed(report: Report, tmp_path: Path) -> None:
    key, passphrase = str(tmp_path / "key.p12"), str(tmp_path / "passphrase")
    done = report("--sign", key, "--passphrase-file", passphrase, code="2026-Q3")
    assert done.exit_code == 1
    assert "Chỉ ký báo cáo của kỳ đã công bố" in done.output
    assert report(code="2026-Q3").exit_code == 0
    assert "DỰ THẢO" in words(written(tmp_path, "2026-Q3"))


def test_one_number_is_not_for_many_documents(app: Flask, report: Report, tmp_path: Path) -> None:
    arguments = ["report", "quarter", "2026-Q2", "--province", "14", "--all", "--out", str(tmp_path / "out")]
    done = app.test_cli_runner().invoke(args=[*arguments, "--number", "3"])
    assert done.exit_code == 1
    assert "không đi với --all" in done.output
