"""Which periods are open, due, drafted or published, as the console lists them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.accounts.identity import Actor
from app.accounts.places import find_places
from app.accounts.reach import covers
from app.accounts.roles import Permission
from app.editions.listing import list_editions
from app.editions.models import Edition
from app.results.opening import open_count
from app.results.queries import closed_quarters
from app.results.source import UnknownPlace
from surveys.figures import NATION
from surveys.periods import Month, Period, Quarter, Week, local_day, quarter_of

MOST_BESIDE: Final = 4
"""Months and weeks that are offered beside the quarters."""


@dataclass(frozen=True)
class Open:
    """A quarter that still receives answers, with their number in tens."""

    quarter: Quarter
    count: int


@dataclass(frozen=True)
class Periods:
    open: tuple[Open, ...]
    due: tuple[Period, ...]
    beside: tuple[Period, ...]
    drafts: tuple[Edition, ...]
    published: tuple[Edition, ...]


def list_periods(now: datetime) -> Periods:
    editions = list_editions()
    known = {edition.period for edition in editions}
    day = local_day(now)
    running = [quarter_of(now)]
    while not running[-1].previous.is_closable(now):
        running.append(running[-1].previous)
    return Periods(
        open=tuple(Open(quarter, open_count(NATION, quarter.code, day)) for quarter in running),
        due=tuple(list_due(known, now)),
        beside=tuple(period for period in _beside(now) if period.code not in known),
        drafts=tuple(edition for edition in editions if edition.published_at is None),
        published=tuple(edition for edition in editions if edition.published_at is not None),
    )


def list_due(known: set[str], now: datetime) -> list[Quarter]:
    """Quarters with answers that may be closed and are not."""
    return [quarter for quarter in closed_quarters(now) if quarter.code not in known]


def count_due(now: datetime) -> int:
    return len(list_due({edition.period for edition in list_editions()}, now))


def _beside(now: datetime) -> Iterator[Period]:
    """The last months and weeks that may be closed; whether anybody answered is found when closing."""
    day = local_day(now)
    found: list[Period] = []
    first = day.replace(day=1)
    while len(found) < MOST_BESIDE:
        first = (first - timedelta(days=1)).replace(day=1)
        month = Month(first.year, first.month)
        if month.is_closable(now):
            found.append(month)
    yield from found
    found = []
    while len(found) < MOST_BESIDE:
        day -= timedelta(days=7)
        week = Week(*day.isocalendar()[:2])
        if week.is_closable(now):
            found.append(week)
    yield from found


def require_reach(actor: Actor, permission: Permission, place: str) -> None:
    """Raises UnknownPlace for one out of reach, just as for one that never was."""
    if not covers(actor.scopes(permission), place, find_places({place})):
        raise UnknownPlace(place)


def newest_revision(edition: Edition, editions: Sequence[Edition]) -> bool:
    """Whether nothing follows this edition, so that it may be revised."""
    return not any(other.period == edition.period and other.revision > edition.revision for other in editions)
