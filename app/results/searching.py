"""Provinces by name, typed with or without accents."""

from __future__ import annotations

from datetime import date

from app.directory.queries import ProvinceView, list_provinces
from surveys.collation import fold


def search_provinces(text: str, on: date) -> list[ProvinceView]:
    """Provinces in whose name every word of the text begins a word."""
    words = fold(text).split()
    if not words:
        return []
    return [view for view in list_provinces(on) if _holds(fold(view.name), words)]


def _holds(name: str, words: list[str]) -> bool:
    return all(f" {word}" in f" {name}" for word in words)
