"""What people told of a place in a quarter, as a report prints it: counts under control, a few comments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from app.comments.counting import Timing, count_feedback
from app.comments.themes import PRINTED, Theme
from app.feedback.control import Hidden, control
from app.feedback.heaps import Heaps, Part, heaps_of, parts_of
from app.moderation.queries import list_published, read_published
from app.results.tree import Tree, day_of, tree_on
from app.thresholds.queries import thresholds_of
from surveys.collation import fold
from surveys.feedback import FeedbackRow, FeedbackStatus, FeedbackTable
from surveys.periods import Quarter, local_day

MOST_COMMENTS: Final = 10
# So many are read where some say the same; more of the same are no news.
_MOST_READ: Final = 60


def get_feedback_table(place: str, quarter: Quarter, now: datetime) -> FeedbackTable:
    """The place as the tree of the quarter knows it; contacts as they stand now."""
    return tables_of(quarter, now, {place}).get(place, FeedbackTable())


def tables_of(
    quarter: Quarter, now: datetime, wanted: Iterable[str] | None = None
) -> dict[str, FeedbackTable]:
    """Every place about which anything was said, or those that are wanted."""
    counts = count_feedback(quarter, local_day(now))
    comments = list_published(quarter.code)
    day = day_of(quarter)
    tree = tree_on(day, {key.agency for key in counts} | {agency for _id, agency in comments}, day)
    where = {key.agency: tree.places_of(key.agency) for key in counts}
    parts = parts_of(counts, {code: (own[0], own[1]) for code, own in where.items() if own})
    heaps, excerpts = heaps_of(parts), _by_place(comments, tree)
    rows = _rows_of(parts, heaps, thresholds_of(quarter.code).disclosure)
    places = (set(heaps) | set(excerpts)) & (set(tree.places) if wanted is None else set(wanted))
    return {
        place: FeedbackTable(rows.get(place, ()), published_texts(quarter, excerpts.get(place, ())))
        for place in sorted(places)
    }


def published_texts(quarter: Quarter, comments: Iterable[UUID]) -> tuple[str, ...]:
    """At most ten, in an order that neither what they say nor anybody can choose.

    The order is that of a hash of the quarter with the random id of each comment: the same for everybody who
    looks, another one in the next quarter. What says the same as one before it is left out.
    """
    drawn = sorted(comments, key=lambda comment: sha256(f"{quarter.code}/{comment}".encode()).digest())
    found: dict[str, str] = {}
    for text in read_published(drawn[:_MOST_READ]):
        found.setdefault(fold(text), text)
    return tuple(found.values())[:MOST_COMMENTS]


def _rows_of(
    parts: tuple[Part, ...], heaps: Mapping[str, Heaps], minimum: int
) -> dict[str, tuple[FeedbackRow, ...]]:
    hidden = control(parts, minimum)
    return {
        place: tuple(
            _row(place, theme, own, hidden, small=0 < own.total < minimum)
            for theme in Theme
            if theme is not Theme.UNSORTED or own.total_of(theme) or own.total < minimum
        )
        for place, own in heaps.items()
    }


def _row(place: str, theme: Theme, own: Heaps, hidden: Hidden, *, small: bool) -> FeedbackRow:
    """Of a place with only a few contacts not even what nobody complained about is told."""
    counts = tuple(
        (
            status,
            None if small or (place, theme, status) in hidden.statuses else own.statuses[theme, status],
        )
        for status in FeedbackStatus
    )
    secret = small or (place, theme) in hidden.timings
    on_time, late = (
        None if secret else own.timings[theme, timing] for timing in (Timing.ON_TIME, Timing.LATE)
    )
    return FeedbackRow(PRINTED[theme], counts, on_time, late)


def _by_place(comments: Iterable[tuple[UUID, str]], tree: Tree) -> dict[str, list[UUID]]:
    """The comments of every agency, of its province and of the nation."""
    found: dict[str, list[UUID]] = {}
    for comment, agency in comments:
        for place in tree.places_of(agency):
            found.setdefault(place, []).append(comment)
    return found
