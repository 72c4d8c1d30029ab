"""The small country of the pages of results."""

from __future__ import annotations

from tests.integration.results.conftest import counted, country, published

__all__ = ["counted", "country", "published"]
