"""Production refuses to start unsafely, and says in one Vietnamese sentence what to set."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from app import ROOT, create_app, extensions
from app.config import Config, ConfigurationError
from app.extensions import UnsafeSqlite, db
from tests.conftest import copy_of_template
from tests.support import two_roles

KEY = "Qm9DxvW3r7sTzJ2kYb8LpN5hUe4GcA1f"
SAFE = {
    "HAILONG_ENV": "production",
    "SECRET_KEY": KEY,
    "BASE_URL": "https://hailong.sonla.gov.vn",
    "TRUSTED_HOSTS": "hailong.sonla.gov.vn,quantri.sonla.gov.vn",
}
UNSAFE = [
    ({"SECRET_KEY": ""}, "SECRET_KEY chưa có"),
    ({"SECRET_KEY": "changeme"}, "SECRET_KEY chưa có"),
    ({"SECRET_KEY": KEY[:31]}, "SECRET_KEY chưa có"),
    ({"SECRET_KEY": "a" * 64}, "SECRET_KEY chưa có"),
    ({"SECRET_KEY": "change-me-" * 5}, "SECRET_KEY chưa có"),
    ({"SECRET_KEY_FALLBACKS": f"{KEY},changeme"}, "SECRET_KEY_FALLBACKS chưa có"),
    ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG đang bật"),
    ({"LD_PRELOAD": "/usr/lib/libeatmydata.so"}, "LD_PRELOAD"),
    ({"BASE_URL": "http://hailong.sonla.gov.vn"}, "BASE_URL phải bắt đầu bằng https://"),
    ({"BASE_URL": ""}, "BASE_URL phải bắt đầu bằng https://"),
    ({"BASE_URL": "https://"}, "BASE_URL phải bắt đầu bằng https://"),
    ({"TRUSTED_HOSTS": ""}, "TRUSTED_HOSTS chưa có"),
    ({"TRUSTED_HOSTS": "khac.vn"}, "TRUSTED_HOSTS chưa có “hailong.sonla.gov.vn” của BASE_URL"),
    ({"STAFF_HOST": "canbo.sonla.gov.vn"}, "TRUSTED_HOSTS chưa có “canbo.sonla.gov.vn” của STAFF_HOST"),
    ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL chỉ giữ dữ liệu trong bộ nhớ"),
    ({"DATABASE_URL": "sqlite:///"}, "DATABASE_URL chỉ giữ dữ liệu trong bộ nhớ"),
    ({"DATABASE_URL": "mysql://a"}, "DATABASE_URL phải bắt đầu bằng"),
    ({"PROXY_HOPS": "-1"}, "PROXY_HOPS phải là số nguyên"),
]


def start(monkeypatch: pytest.MonkeyPatch, folder: Path, changes: Mapping[str, str] | None = None) -> Flask:
    environ = {**SAFE, "DATA_DIR": str(folder), **(changes or {})}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return create_app(Config.from_environ(environ))


@pytest.mark.parametrize(("changes", "words"), UNSAFE, ids=[words for _changes, words in UNSAFE])
def test_an_unsafe_setting_is_refused_and_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, changes: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigurationError, match=f"^{words}"):
        start(monkeypatch, tmp_path, changes)


def test_safe_settings_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    staff = {"STAFF_HOST": "quantri.sonla.gov.vn:443", "SECRET_KEY_FALLBACKS": KEY[::-1]}
    app = start(monkeypatch, tmp_path, staff)
    assert not app.debug
    assert start(monkeypatch, tmp_path, {"TRUSTED_HOSTS": ".sonla.gov.vn"})


def test_development_and_tests_may_be_careless(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for environment in ("development", "test"):
        careless = {
            "HAILONG_ENV": environment,
            "SECRET_KEY": "x",
            "BASE_URL": "http://a",
            "TRUSTED_HOSTS": "",
        }
        assert start(monkeypatch, tmp_path, careless)


def test_an_sqlite_with_the_race_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(extensions, "SAFE_SQLITE", (99, 0, 0))
    with pytest.raises(UnsafeSqlite, match=r"^SQLite .* có lỗi làm mất phiếu"):
        start(monkeypatch, tmp_path)


def test_a_refusal_is_one_line_for_the_web_server_and_for_commands(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], **SAFE, "DATA_DIR": str(tmp_path), "TRUSTED_HOSTS": ""}
    for command in (["-m", "flask", "--app", "wsgi", "routes"], ["-c", "import wsgi"]):
        ended = subprocess.run(
            [sys.executable, *command], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 1
        assert ended.stderr.startswith("Lỗi: TRUSTED_HOSTS chưa có")
        assert len(ended.stderr.splitlines()) == 1


def test_nobody_has_an_account_before_somebody_is_invited(app: Flask) -> None:
    with app.app_context():
        for table in ("people", "grants", "invitations", "staff_sessions"):
            assert db.session.scalar(text(f"SELECT count(*) FROM {table}")) == 0


def test_a_role_that_nothing_holds_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, postgres_server: str
) -> None:
    with two_roles.database(postgres_server) as roles:
        own = {"DATABASE_URL": roles.application.replace("+psycopg", "")}
        monkeypatch.setattr("app.refusals.IS_DURABLE", "true")
        started = start(monkeypatch, tmp_path, own)
        _dispose(started)
        name = psycopg.conninfo.conninfo_to_dict(roles.owner)["dbname"]
        with pytest.raises(ConfigurationError, match="SUPERUSER hoặc BYPASSRLS"):
            start(monkeypatch, tmp_path, {"DATABASE_URL": f"{postgres_server}{name}"})
        with psycopg.connect(postgres_server + "postgres", autocommit=True) as superuser:
            superuser.execute("ALTER ROLE hailong_app BYPASSRLS")
            with pytest.raises(ConfigurationError, match="“hailong_app” có quyền SUPERUSER hoặc BYPASSRLS"):
                start(monkeypatch, tmp_path, own)
            superuser.execute("ALTER ROLE hailong_app NOBYPASSRLS")
        with psycopg.connect(roles.owner, autocommit=True) as owner:
            owner.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO hailong_app")
        with pytest.raises(ConfigurationError, match="“hailong_app” sửa hoặc xóa được nhật ký"):
            start(monkeypatch, tmp_path, own)


def test_the_plain_installation_with_one_role_starts_before_and_after_its_first_migration(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, postgres_server: str
) -> None:
    from tests.support.postgres import owned_database

    monkeypatch.setattr("app.refusals.IS_DURABLE", "true")
    for name, url in (
        ("one_role_empty", owned_database(postgres_server, "one_role_empty")),
        ("one_role", copy_of_template(postgres_server, "one_role")),
    ):
        _dispose(start(monkeypatch, tmp_path, {"DATABASE_URL": url.replace("+psycopg", "")}))
        with psycopg.connect(postgres_server + "postgres", autocommit=True) as superuser:
            superuser.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_server_that_may_lose_what_it_acknowledged_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, postgres_server: str
) -> None:
    with two_roles.database(postgres_server) as roles:
        with psycopg.connect(roles.owner) as owner:
            is_durable = owner.execute("SHOW fsync").fetchone() == ("on",)
        own = {"DATABASE_URL": roles.application}
        if is_durable:
            _dispose(start(monkeypatch, tmp_path, own))
            monkeypatch.setattr("app.refusals.IS_DURABLE", "false")
        with pytest.raises(ConfigurationError, match="fsync=off"):
            start(monkeypatch, tmp_path, own)


def test_a_config_made_by_hand_is_judged_as_well(app: Flask) -> None:
    with pytest.raises(ConfigurationError):
        create_app(replace(app.extensions["hailong"], environment="production"))


def _dispose(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
