"""A small directory and somebody at the console."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from app.accounts.roles import Role
from app.transactions import transaction
from tests.support.directory import load_small_directory
from tests.support.staff import Console, person

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def desk(app: Flask, tmp_path: Path, set_now: Callable[[datetime], None]) -> Callable[..., Console]:
    """Opens a console for a role over a scope."""
    set_now(NOW)
    with app.app_context(), transaction():
        load_small_directory(tmp_path, communes=("03646", "11365"))

    def sit_down(role: Role | str = Role.PROVINCE, scope: str = "14", *more: tuple[str, str]) -> Console:
        return Console(app, person(role, scope, *more))

    return sit_down
