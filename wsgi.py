"""The WSGI entry point: `granian --interface wsgi wsgi:app`."""

from __future__ import annotations

from app import create_app
from app.config import ConfigurationError
from app.extensions import UnsafeSqlite
from app.installation import DemonstrationOnly

try:
    app = create_app()
except (ConfigurationError, DemonstrationOnly, UnsafeSqlite) as problem:
    # A traceback would bury the one line that says what to set.
    raise SystemExit(f"Lỗi: {problem}") from problem
