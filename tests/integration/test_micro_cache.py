"""The pages of a published quarter as the cache in front of the application keeps them, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app import micro_cache
from app.accounts.guard import STAFF_PREFIX
from app.extensions import db
from tests.integration.results.conftest import published

__all__ = ["published"]

KEPT = ("/", "/ket-qua/2026-Q3", "/ket-qua/2026-Q3?lang=en", "/ket-qua/2026-Q3/14", "/lich-cong-bo",
        "/ket-qua/2026-Q3/14-SKHCN", "/toan-ven/2026-Q3", "/so-sanh?ky=2026-Q3&noi=14&noi=51")  # fmt: skip
NEVER = ("/phieu", "/ket-qua/2026-Q9", "/quan-tri/dang-nhap", "/readyz")


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def cached(published: Flask) -> Flask:
    micro_cache.stand_before(published, 60, changes_under=STAFF_PREFIX)
    return published


@pytest.mark.parametrize("path", KEPT)
def test_the_second_reader_gets_the_same_page_and_the_database_is_not_asked(cached: Flask, path: str) -> None:
    first = cached.test_client().get(path)
    with statements(cached) as asked:
        second = cached.test_client().get(path)
    assert asked == []
    assert first.status_code == second.status_code == 200
    assert (first.data, dict(first.headers)) == (second.data, dict(second.headers))


@pytest.mark.parametrize("path", NEVER)
def test_what_is_for_one_person_or_for_this_moment_is_asked_anew(cached: Flask, path: str) -> None:
    reader = cached.test_client()
    answers = [reader.get(path) for _ in range(2)]
    with statements(cached) as asked:
        answers.append(reader.get(path))
    assert all("public" not in answer.headers.get("Cache-Control", "") for answer in answers)
    assert asked or path == "/quan-tri/dang-nhap"


def test_who_has_the_page_already_is_told_so_and_leaves_nothing_behind(cached: Flask) -> None:
    reader = cached.test_client()
    page = reader.get("/ket-qua/2026-Q3")
    again = reader.get("/ket-qua/2026-Q3", headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert reader.get("/ket-qua/2026-Q3").data == page.data
