from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask

from app.responding.store import response_store
from tests.support import citizens


@pytest.fixture
def house(app: Flask, set_now: Callable[[datetime], None]) -> Iterator[Flask]:
    """The application with a small directory, at a fixed time, whose writer ends with the test."""
    set_now(citizens.NOW)
    citizens.prepare(app)
    yield app
    response_store(app).close()
