"""What production refuses to start with. Each message names the variable, in words for who runs it."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import make_url
from werkzeug.sansio.utils import host_is_trusted

from app.config import Config, ConfigurationError
from app.extensions import db

MINIMUM_KEY_LENGTH: Final = 32
# Fewer different letters than this in so long a key were typed and not drawn.
LEAST_LETTERS: Final = 10
NEW_KEY: Final = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"

IS_DURABLE: Final = "current_setting('fsync') = 'on'"
# Rights that no role of the application has after the migrations; someone may have given them again.
ROLE: Final = (
    "SELECT r.rolname, r.rolsuper, r.rolbypassrls, {durable} AS is_durable, "
    "coalesce(has_table_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE') "
    "OR has_table_privilege(c.oid, 'TRUNCATE'), false) AS may_change_events "
    "FROM pg_roles r LEFT JOIN pg_class c ON c.oid = to_regclass('audit_events') AND c.relrowsecurity "
    "WHERE r.rolname = current_user"
)


def refuse_unsafe_settings(config: Config, *, debug: bool, preloaded: str) -> None:
    """Raises ConfigurationError for the first unsafe setting."""
    _refuse_weak_key("SECRET_KEY", config.secret_key)
    for key in config.secret_key_fallbacks:
        _refuse_weak_key("SECRET_KEY_FALLBACKS", key)
    if debug:
        raise ConfigurationError("FLASK_DEBUG đang bật: trang lỗi sẽ lộ mã nguồn. Hãy bỏ FLASK_DEBUG.")
    if "eatmydata" in preloaded:
        raise ConfigurationError("LD_PRELOAD nạp libeatmydata nên phiếu đã nhận có thể mất khi mất điện.")
    _refuse_unsafe_address(config)
    if config.is_sqlite and make_url(config.database_url).database in (None, "", ":memory:"):
        raise ConfigurationError("DATABASE_URL chỉ giữ dữ liệu trong bộ nhớ: hãy chỉ đến một tệp.")


def refuse_unsafe_database(app: Flask) -> None:
    """Raises ConfigurationError for a role of PostgreSQL that policies and rights do not hold."""
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            return
        role = db.session.execute(text(ROLE.format(durable=IS_DURABLE))).one()
        db.session.remove()
        # A server that forks now shares no connection with its children.
        db.engine.dispose()
    if role.rolsuper or role.rolbypassrls:
        raise ConfigurationError(
            f"DATABASE_URL dùng vai trò “{role.rolname}” có quyền SUPERUSER hoặc BYPASSRLS, "
            "không bị chính sách nào giữ lại. Hãy tạo vai trò thường theo docs/operations.md."
        )
    if role.may_change_events:
        raise ConfigurationError(
            f"DATABASE_URL dùng vai trò “{role.rolname}” sửa hoặc xóa được nhật ký. Hãy chạy: "
            f"REVOKE UPDATE, DELETE, TRUNCATE ON audit_events FROM {role.rolname};"
        )
    if not role.is_durable:
        raise ConfigurationError("PostgreSQL đang chạy với fsync=off nên phiếu đã nhận có thể mất.")


def _refuse_weak_key(name: str, key: str) -> None:
    if len(key) < MINIMUM_KEY_LENGTH or len(set(key)) < LEAST_LETTERS:
        raise ConfigurationError(
            f"{name} chưa có, quá ngắn hoặc không ngẫu nhiên: hãy đặt một chuỗi ngẫu nhiên từ "
            f"{MINIMUM_KEY_LENGTH} ký tự, ví dụ kết quả của lệnh: {NEW_KEY}."
        )


def _refuse_unsafe_address(config: Config) -> None:
    """Cookies of staff are `__Host-`, which browsers take over TLS only; a foreign Host must not pass."""
    address = urlsplit(config.base_url)
    if address.scheme != "https" or not address.hostname:
        raise ConfigurationError(
            f"BASE_URL phải bắt đầu bằng https://, không phải “{config.base_url}”: "
            "trình duyệt chỉ giữ cookie của cán bộ qua kết nối mã hóa."
        )
    if not config.trusted_hosts:
        raise ConfigurationError(
            f"TRUSTED_HOSTS chưa có: hãy ghi các tên máy chủ được trả lời, ví dụ {address.hostname}."
        )
    for name, host in (("BASE_URL", address.hostname), ("STAFF_HOST", config.staff_host)):
        if host and not host_is_trusted(host, config.trusted_hosts):
            raise ConfigurationError(f"TRUSTED_HOSTS chưa có “{host}” của {name}.")
