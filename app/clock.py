"""The one place that asks for the time. Views and commands call `now()`; everything below takes `now=`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from flask import current_app


def system_clock() -> datetime:
    return datetime.now(UTC)


def now() -> datetime:
    """The current instant, aware, UTC. A test or a drill may put another clock into the application."""
    clock: Callable[[], datetime] = current_app.extensions.get("clock", system_clock)
    return clock()
