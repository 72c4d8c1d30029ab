"""Who acts, and when, where a test does not care."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

ACT: Final[dict[str, Any]] = {"by": "command:test", "now": datetime(2026, 11, 20, 3, 0, tzinfo=UTC)}
