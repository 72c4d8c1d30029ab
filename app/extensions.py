"""The libraries that need the application: the database, migrations and translations."""

from __future__ import annotations

from typing import Any

from flask_babel import Babel
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

# The race that loses commits when two connections write and checkpoint at once was repaired in 3.51.3.
SAFE_SQLITE = (3, 51, 3)
BUSY_MILLISECONDS = 15_000
# The most that one connection keeps of the file in memory; counting touches pages all over it.
CACHE_KIBIBYTES = 64_000


class UnsafeSqlite(RuntimeError):
    """The SQLite library at hand can lose acknowledged answers in WAL mode: the service refuses to start."""


class Model(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Model)
migrate = Migrate(directory="migrations", compare_type=True)
babel = Babel()


def sqlite_module() -> Any:
    """pysqlite3 with its own recent SQLite. Raises UnsafeSqlite if even that one has the race."""
    from pysqlite3 import dbapi2

    if dbapi2.sqlite_version_info < SAFE_SQLITE:
        raise UnsafeSqlite(
            f"SQLite {dbapi2.sqlite_version} có lỗi làm mất phiếu ở chế độ WAL; cần từ bản 3.51.3."
        )
    return dbapi2


def prepare_sqlite(connection: Any) -> None:
    """Settings of every SQLite connection. `synchronous=FULL` is part of the promise that nothing is lost."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    cursor.execute(f"PRAGMA cache_size=-{CACHE_KIBIBYTES}")
    cursor.close()


def engine_options(url: str) -> dict[str, Any]:
    """What SQLAlchemy needs to know for each of the two databases."""
    if url.startswith("sqlite"):
        return {"module": sqlite_module(), "connect_args": {"timeout": BUSY_MILLISECONDS / 1000}}
    return {
        "pool_pre_ping": True,
        "pool_size": 8,
        "max_overflow": 8,
        "pool_timeout": 5,
        "connect_args": {"connect_timeout": 5, "options": "-c statement_timeout=300000"},
    }


