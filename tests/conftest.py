"""What tests share: an application on each database, a clock that can be set, and what a machine may lack."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from flask_migrate import upgrade
from hypothesis import settings
from sqlalchemy.orm import Session, scoped_session

from app import create_app
from app.config import Config
from app.extensions import db
from tests.support import postgres
from tests.support.kept_work import keep_work
from tests.support.kept_worlds import KeptWorlds
from tests.support.scratch import keep_scratch_in_memory

# A machine that is busy with other work must not fail a property that holds.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
keep_work()
keep_scratch_in_memory()

# A key that teaches: it is long enough for production and plainly of no use there.
TEST_KEY = "only-for-tests-" + "0" * 40
DATABASES = ("sqlite", "postgresql")
TEMPLATE = "hailong_template"


def lacking(what: str) -> None:
    """Skips and says what is missing; where everything must be there, a skip is a failure."""
    message = f"Máy này thiếu {what}"
    if os.environ.get("REQUIRE_ALL"):
        pytest.fail(message)
    pytest.skip(message)


def test_config(folder: Path, database_url: str = "", **changes: object) -> Config:
    return Config(
        database_url=database_url or f"sqlite:///{folder / 'test.db'}",
        secret_key=TEST_KEY,
        data_dir=folder,
        environment="test",
        **changes,
    )


test_config.__test__ = False


def _migrated(config: Config) -> None:
    app = create_app(config)
    with app.app_context():
        upgrade(directory=str(Path(__file__).parent.parent / "migrations"))
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database; each test gets a copy. Runs one after another may share it."""
    given = os.environ.get("SQLITE_TEMPLATE")
    template = Path(given) if given else tmp_path_factory.mktemp("template") / "test.db"
    if not template.exists():
        _migrated(test_config(template.parent, f"sqlite:///{template}"))
    return template


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A cluster with a migrated database named `template`, from which each test gets a copy."""
    given = os.environ.get("TEST_DATABASE_URL")
    bin_dir = postgres.binaries()
    if given is None and bin_dir is None:
        lacking("PostgreSQL (apt-get install postgresql)")
    if given is not None:
        yield from _prepared(given.rstrip("/") + "/")
        return
    assert bin_dir is not None
    with postgres.cluster(bin_dir) as url:
        yield from _prepared(url)


def _prepared(url: str) -> Iterator[str]:
    folder = Path(os.environ.get("TMPDIR", "/tmp"))
    _migrated(test_config(folder, postgres.owned_database(url, TEMPLATE)))
    yield url


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of its own for one test; parametrised indirectly by `app`."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "test.db")
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    name = f"test_{abs(hash(request.node.nodeid)):x}_{os.getpid()}"
    yield copy_of_template(server, name)
    with psycopg.connect(server + "postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def copy_of_template(server: str, name: str) -> str:
    """A copy needs the template to itself; whoever just looked at it is gone in a moment."""
    for _attempt in range(9):
        with suppress(psycopg.errors.ObjectInUse):
            return postgres.owned_database(server, name, template=TEMPLATE)
        time.sleep(0.5)
    return postgres.owned_database(server, name, template=TEMPLATE)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whatever touches SQL runs on both databases."""
    if "database_url" in metafunc.fixturenames:
        metafunc.parametrize("database_url", DATABASES, indirect=True)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(test_config(tmp_path, database_url))
    app.testing = True
    yield app
    store = app.extensions.get("response_store")
    if store is not None:
        store.close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the folders of kept worlds lie."""
    return tmp_path_factory.mktemp("worlds")


@pytest.fixture
def kept_world(request: pytest.FixtureRequest, app: Flask, tmp_path: Path, shelf: Path) -> KeptWorlds:
    """`kept_world(name, build)` leaves what `build` leaves, and builds it once in this process."""
    on_server = app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql")
    return KeptWorlds(app, tmp_path, shelf, request.getfixturevalue("postgres_server") if on_server else "")


@pytest.fixture
def session(app: Flask) -> Iterator[scoped_session[Session]]:
    """The session inside an application context that lasts for the test."""
    with app.app_context():
        yield db.session


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def set_now(app: Flask) -> Callable[[datetime], None]:
    """Sets the clock that views and commands read."""

    def set_clock(instant: datetime) -> None:
        assert instant.tzinfo is not None, "a clock without a zone would hide mistakes at midnight"
        app.extensions["clock"] = lambda: instant.astimezone(UTC)

    return set_clock
