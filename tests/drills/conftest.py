"""What drills with a browser need of the tests of the browser."""

from __future__ import annotations

from tests.browser.conftest import browser, house, network

__all__ = ["browser", "house", "network"]
