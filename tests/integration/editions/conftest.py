"""What tests of official documents share."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.editions import document_acts
from tests.support.kept_worlds import KeptWorlds
from tests.support.published import NOW, build_quarters


@pytest.fixture
def published(app: Flask, kept_world: KeptWorlds) -> FlaskClient:
    """The second quarter is published, the third a draft; no queue tells anybody of work."""
    app.extensions["clock"] = lambda: NOW
    app.extensions[document_acts.QUEUE] = lambda code: None
    kept_world("document pages", lambda: build_quarters(app))
    return app.test_client()
