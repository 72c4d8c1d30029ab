"""Uploaded files of answers are not kept for long, imported or not."""

from __future__ import annotations

from datetime import datetime

from app.results.imports.files import sweep
from app.results.imports.queries import list_living
from app.retention import Sweep


def _uploads(now: datetime) -> int:
    return sweep(list_living(now=now), now=now)


sweeps = [Sweep("uploads", _uploads)]
