"""A round in two villages, and a telephone that works in it."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.phones import Phone, a_phone, prepare


@pytest.fixture
def phone(app: Flask) -> Phone:
    prepare(app)
    return a_phone(app)
