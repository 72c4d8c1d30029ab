"""The pages of the console, which hang on one blueprint."""

from __future__ import annotations

from app.console import home_views, system_views, trail_views
from app.console.frame import blueprint

__all__ = ["blueprint", "home_views", "system_views", "trail_views"]
