from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.responding.store import response_store
from tests.support import citizens, importing


@pytest.fixture
def house(app: Flask, set_now: Callable[[datetime], None]) -> Iterator[Flask]:
    """The application with a small directory, at a fixed time, whose writer ends with the test."""
    set_now(citizens.NOW)
    citizens.prepare(app)
    yield app
    response_store(app).close()


@pytest.fixture
def importer(
    app: Flask, runner: FlaskCliRunner, set_now: Callable[[datetime], None], tmp_path: Path
) -> Iterator[importing.Importer]:
    """`flask import responses` on a database with two agencies, inside an application context."""
    set_now(importing.NOW)
    with app.app_context():
        importing.prepare()
        yield importing.Importer(runner, tmp_path)
