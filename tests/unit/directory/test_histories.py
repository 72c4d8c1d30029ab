"""Spans of one thing never overlap, whatever a list says and in whatever order it says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.directory.importing import in_order_without_overlap

DAYS = st.dates(date(2025, 1, 1), date(2030, 12, 31))


@dataclass(frozen=True)
class Span:
    valid_from: date
    valid_to: date | None = None


SPANS = st.builds(
    lambda first, length: Span(first, None if length is None else first + timedelta(days=length)),
    DAYS,
    st.none() | st.integers(0, 900),
)


def test_the_next_span_ends_an_open_one_on_the_day_before() -> None:
    ended = in_order_without_overlap([Span(date(2026, 4, 30)), Span(date(2025, 7, 1))])
    assert ended == [Span(date(2025, 7, 1), date(2026, 4, 29)), Span(date(2026, 4, 30))]


def test_a_pause_between_two_spans_stays() -> None:
    spans = [Span(date(2025, 1, 1), date(2025, 1, 31)), Span(date(2025, 3, 1))]
    assert in_order_without_overlap(spans) == spans


@given(st.lists(SPANS, unique_by=lambda span: span.valid_from, max_size=8))
def test_no_day_belongs_to_two_spans_and_a_second_run_changes_nothing(spans: list[Span]) -> None:
    ended = in_order_without_overlap(spans)
    assert {span.valid_from for span in ended} == {span.valid_from for span in spans}
    for earlier, later in pairwise(ended):
        assert earlier.valid_to is not None
        assert earlier.valid_from <= earlier.valid_to < later.valid_from
    assert in_order_without_overlap(reversed(ended)) == ended
