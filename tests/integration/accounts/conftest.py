"""A clock that stands still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.support.accounts import NOW


@pytest.fixture(autouse=True)
def still(set_now: Callable[[datetime], None]) -> None:
    set_now(NOW)
