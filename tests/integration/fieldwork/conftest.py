"""A round in two villages, a telephone that works in it, and what five collectors have done there."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from tests.support.phones import Phone, a_phone, prepare
from tests.support.waves import collectors, interviews


@pytest.fixture
def phone(app: Flask) -> Phone:
    prepare(app)
    return a_phone(app)


@pytest.fixture
def people(app: Flask) -> list[UUID]:
    """Five collectors with twelve interviews each; the last always hands in the same."""
    prepare(app)
    made = collectors(app, 5)
    interviews(app, made, 12, same=made[-1])
    return made
