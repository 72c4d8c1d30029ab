"""`flask staff …`: one Vietnamese line each, and no account that anybody knows the password of."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from app.accounts.models import Person
from app.audit.models import AuditEvent
from app.extensions import db
from tests.support.accounts import NOW, enrolled, signed_in

CREATE = ["staff", "create", "lan@bo.vn", "--name", "Nguyễn Thị Lan", "--role", "province", "--scope", "14"]


def address_in(output: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/quan-tri/loi-moi/[\w-]{43})\b", output)
    assert found, output
    return found[1]


def test_the_first_administrator_is_invited_and_the_address_is_shown_once(
    app: Flask, runner: FlaskCliRunner
) -> None:
    result = runner.invoke(args=CREATE)
    assert result.exit_code == 0
    assert result.output.count("\n") == 1
    assert app.test_client().get(address_in(result.output)).status_code == 200
    listed = runner.invoke(args=["staff", "list"]).output
    assert listed == "lan@bo.vn\tNguyễn Thị Lan\tprovince:14\tchưa nhận lời mời\n"
    with app.app_context():
        (event,) = db.session.scalars(select(AuditEvent)).all()
        assert (event.action, event.by) == ("person.invited", "command:staff")
        assert "lan" not in event.details.lower()


@pytest.mark.parametrize("has_enrolled", [False, True])
def test_an_address_works_as_long_as_the_command_says(
    app: Flask, runner: FlaskCliRunner, set_now: Callable[[datetime], None], has_enrolled: bool
) -> None:
    set_now(NOW)
    said = [] if has_enrolled else [runner.invoke(args=CREATE).output]
    if has_enrolled:
        enrolled(app)
    said.append(runner.invoke(args=["staff", "reset", "lan@bo.vn"]).output)
    hours = [int(re.findall(r"trong (\d+) giờ", output)[0]) for output in said]
    assert hours == ([1] if has_enrolled else [72, 72])
    path, ends = address_in(said[-1]), NOW + timedelta(hours=hours[-1])
    set_now(ends - timedelta(seconds=1))
    assert app.test_client().get(path).status_code == 200
    set_now(ends)
    assert app.test_client().get(path).status_code == 410


def test_nobody_is_there_by_default(app: Flask, runner: FlaskCliRunner) -> None:
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Person)) == 0
    assert "Chưa có tài khoản nào" in runner.invoke(args=["staff", "list"]).output


def test_an_address_belongs_to_one_person(runner: FlaskCliRunner) -> None:
    runner.invoke(args=CREATE)
    again = runner.invoke(args=[*CREATE[:2], "LAN@bo.vn ", *CREATE[3:]])
    assert again.exit_code == 1
    assert "đã có tài khoản" in again.output


def test_a_mistake_is_one_line(runner: FlaskCliRunner) -> None:
    for arguments, words in (
        (["staff", "create", "không phải thư", *CREATE[3:]], "không phải địa chỉ"),
        (["staff", "create", "a@b.vn", "--name", "A", "--role", "vua"], "--role"),
        (["staff", "create", "a@b.vn", "--role", "ministry"], "--name"),
        (["staff", "disable", "khongco@bo.vn"], "Không có tài khoản"),
        (["staff", "mở"], "không có việc"),
    ):
        result = runner.invoke(args=arguments)
        assert result.exit_code != 0
        assert words in result.output
        assert result.output.count("\n") == 1


def test_disabling_ends_sessions_and_a_reset_is_refused_until_enabled(
    app: Flask, runner: FlaskCliRunner
) -> None:
    client = signed_in(app, enrolled(app).id)
    assert "Đã khóa" in runner.invoke(args=["staff", "disable", "lan@bo.vn"]).output
    assert client.get("/quan-tri/phien").status_code == 303
    assert "\tkhóa\n" in runner.invoke(args=["staff", "list"]).output
    refused = runner.invoke(args=["staff", "reset", "lan@bo.vn"])
    assert (refused.exit_code, "đang bị khóa" in refused.output) == (1, True)
    assert "Đã mở" in runner.invoke(args=["staff", "enable", "lan@bo.vn"]).output
    path = address_in(runner.invoke(args=["staff", "reset", "lan@bo.vn"]).output)
    assert "ma.svg" not in app.test_client().get(path).text
    path = address_in(runner.invoke(args=["staff", "reset", "lan@bo.vn", "--lost-authenticator"]).output)
    assert "ma.svg" in app.test_client().get(path).text
