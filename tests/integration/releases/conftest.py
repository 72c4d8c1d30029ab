"""The small country of the pages of results, with both of its quarters published."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.integration.results.conftest import NOW, counted, country
from tests.support.editions import publish_all

__all__ = ["counted", "country"]


@pytest.fixture
def published(counted: Flask) -> Flask:
    publish_all(NOW)
    return counted
