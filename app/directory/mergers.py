"""Which mergers of a list of agencies can be: into another one that lives on the day after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Protocol

from sqlalchemy import select

from app.csv_reading import RejectFile, Row
from app.directory.models import Agency
from app.directory.queries import list_lifetimes
from app.directory.records import Lifetime
from app.extensions import db


class Span(Protocol):
    """An agency under one of its names, as a list gives it."""

    @property
    def code(self) -> str: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...
    @property
    def merged_into(self) -> str | None: ...


def refuse_impossible_mergers(rows: dict[Any, tuple[int, Row, Any]], rejects: RejectFile) -> None:
    """Takes rows with a merger that cannot be out of `rows`; the reason goes to the reject file."""
    lives = _lives([span for _, _, span in rows.values()])
    statement = select(Agency.code, Agency.merged_into)
    merged = {row.code: row.merged_into for row in db.session.execute(statement)}
    for key, (line, row, span) in list(rows.items()):
        problem = _problem(span, lives, merged.get(span.code))
        if problem:
            rejects.add(line, problem, row)
            del rows[key]


def _lives(spans: list[Span]) -> dict[str, Lifetime]:
    """How long each agency lives under this list; what has ended stays ended."""
    known = list_lifetimes()
    lives = dict(known)
    for span in sorted(spans, key=lambda one: (one.code, one.valid_from)):
        before = lives.get(span.code)
        first = min(before.first, span.valid_from) if before else span.valid_from
        ended = known[span.code].last if span.code in known else None
        lives[span.code] = Lifetime(first, ended or span.valid_to)
    return lives


def _problem(span: Span, lives: Mapping[str, Lifetime], merged_into: str | None) -> str:
    into = span.merged_into
    if into is None or span.valid_to is None:
        return ""
    if merged_into not in (None, into):
        return f"{span.code} đã sáp nhập vào {merged_into}"
    if lives[span.code].last != span.valid_to:
        return "valid_to cạnh merged_into phải là ngày cuối cùng của cơ quan"
    on = span.valid_to + timedelta(days=1)
    # Whoever takes over lives longer, so there is no circle either.
    if into not in lives or not lives[into].holds(on):
        return f"Ngày {on:%d/%m/%Y} không có cơ quan “{into[:40]}” để sáp nhập vào"
    return ""
