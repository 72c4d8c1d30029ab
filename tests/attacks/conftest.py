"""Attacks run small with `make test` and whole with `make drill`, which prints a line of figures each."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app import create_app
from app.extensions import db
from tests.conftest import test_config
from tests.support.world import World, build

# How often each attack is carried out, and where its random choices begin.
WHOLE = os.environ.get("DRILL") == "whole"
SEED = int(os.environ.get("DRILL_SEED", "2026"))


@dataclass
class Drill:
    """The size of one attack, its random choices and the line that says how it went."""

    name: str
    draw: random.Random = field(default_factory=lambda: random.Random(SEED))
    figures: dict[str, object] = field(default_factory=dict)

    def scaled(self, small: int, whole: int) -> int:
        return whole if WHOLE else small

    def report(self, **figures: object) -> None:
        self.figures |= figures


@pytest.fixture(scope="session")
def world_at_rest(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """For attacks that must change nothing and do not depend on the database: one world for all of them."""
    folder = tmp_path_factory.mktemp("at-rest")
    shutil.copy(sqlite_template, folder / "test.db")
    app = create_app(test_config(folder))
    app.testing = True
    yield build(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def drill(request: pytest.FixtureRequest) -> Iterator[Drill]:
    drill = Drill(request.node.name)
    yield drill
    if WHOLE:
        with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            print("\n" + json.dumps({"drill": drill.name, "seed": SEED, **drill.figures}, ensure_ascii=False))
