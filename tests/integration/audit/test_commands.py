"""`flask audit verify` and `flask audit head`, as an operator reads them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.audit.chain import START
from tests.support.audit import chain_of, forge, store_chain


@pytest.fixture
def kept(app: Flask, runner: FlaskCliRunner) -> str:
    """Twelve events, and the line that was noted then."""
    with app.app_context():
        store_chain(chain_of(12))
    return runner.invoke(args=["audit", "head"]).output.strip()


def test_a_whole_trail_is_one_line_with_its_head(runner: FlaskCliRunner, kept: str) -> None:
    position, head = kept.split(":")
    assert position == "12"
    for arguments in ([], ["--head", kept], ["--head", head]):
        result = runner.invoke(args=["audit", "verify", *arguments])
        assert result.exit_code == 0
        assert result.output == f"Nhật ký nguyên vẹn: 12 sự kiện, mã cuối {head}.\n"


def test_an_empty_trail_is_whole(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["audit", "head"]).output == f"0:{START}\n"
    assert "0 sự kiện" in runner.invoke(args=["audit", "verify", "--head", f"0:{START}"]).output


@pytest.mark.parametrize(
    ("forgery", "words"),
    [
        ("UPDATE audit_events SET at = '2026-01-01' WHERE position = 7", "vị trí 7: nội dung"),
        ("DELETE FROM audit_events WHERE position = 7", "vị trí 7: thiếu"),
        ("UPDATE audit_events SET position = -1 WHERE position = 7", "vị trí -1: có sự kiện bị chèn"),
        ("DELETE FROM audit_events WHERE position > 9", "vị trí 10: nhật ký không còn chứa mã đã giữ"),
        ("DELETE FROM audit_events", "vị trí 1: nhật ký không còn chứa mã đã giữ"),
    ],
)
def test_a_trail_that_was_touched_is_named_in_one_line(
    app: Flask, runner: FlaskCliRunner, kept: str, forgery: str, words: str
) -> None:
    with app.app_context():
        forge(forgery)
    result = runner.invoke(args=["audit", "verify", "--head", kept])
    assert result.exit_code == 1
    assert result.output.startswith("Nhật ký không nguyên vẹn từ ")
    assert words in result.output
    assert result.output.count("\n") == 1


def test_a_head_that_is_none_is_refused_in_words(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["audit", "verify", "--head", "abc"])
    assert result.exit_code == 2
    assert "Giá trị của --head không đúng dạng" in result.output
