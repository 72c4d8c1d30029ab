"""What may be said of a quarter that is still open: how many answers there are, in tens, once a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from flask import current_app
from sqlalchemy import func, select

from app.catalogue.queries import get_questionnaire, list_questionnaires
from app.extensions import db
from app.results.models import Tally
from app.results.tallying import SET_ASIDE
from app.results.tree import Tree, day_of, tree_on
from app.thresholds.queries import thresholds_of
from surveys.disclosure import coarse_open_count
from surveys.figures import NATION
from surveys.periods import Quarter
from surveys.scoring import VERIFIED_CHANNELS, Phase

_KEPT: Final = 4

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class OpenCounts:
    """Answers of an open quarter by place, rounded down to tens: a number moves with every tenth answer.

    Keys of `streams` are a place, a channel and a phase; of `set_aside` a place and a reason. `tree` is the
    country as it was counted.
    """

    tree: Tree

    streams: Mapping[tuple[str, str, str], int]
    set_aside: Mapping[tuple[str, str], int]


def open_counts(quarter: str, day: date) -> OpenCounts:
    """What staff see of an open quarter; the first count of a day stands until the next."""
    kept: dict[tuple[str, date], OpenCounts] = current_app.extensions.setdefault("open_streams", {})
    counted = kept.get((quarter, day))
    if counted is None:
        counted = _streams(quarter)
        while len(kept) >= _KEPT:
            kept.pop(next(iter(kept)), None)
        kept[quarter, day] = counted
    return counted


def _streams(quarter: str) -> OpenCounts:
    statement = (
        select(Tally.agency, Tally.channel, Tally.phase, Tally.question, Tally.value, func.sum(Tally.n))
        .where(Tally.quarter == quarter, Tally.question.in_(sorted({*_indicators(), SET_ASIDE})))
        .group_by(Tally.agency, Tally.channel, Tally.phase, Tally.question, Tally.value)
    )
    rows = db.session.execute(statement).all()
    tree = _open_tree(quarter, {row[0] for row in rows})
    streams: Counter[tuple[str, str, str]] = Counter()
    set_aside: Counter[tuple[str, str]] = Counter()
    for agency, channel, phase, question, value, n in rows:
        for place in _places_of(tree, agency):
            if question == SET_ASIDE:
                set_aside[place, value] += int(n)
            else:
                streams[place, channel, phase] += int(n)
    minimum = thresholds_of(quarter).disclosure
    return OpenCounts(tree, _coarse(streams, minimum), _coarse(set_aside, minimum))


def _coarse(counted: Mapping[K, int], minimum: int) -> dict[K, int]:
    return {key: coarse_open_count(n, minimum) for key, n in counted.items()}


def _indicators() -> set[str]:
    return {get_questionnaire(name.code, name.version).indicator.id for name in list_questionnaires()}


def _open_tree(quarter: str, counted: set[str]) -> Tree:
    found = Quarter.parse(quarter)
    return tree_on(day_of(found), counted, found.first_day)


def _places_of(tree: Tree, agency: str) -> tuple[str, ...]:
    """The agency under which answers stand, its province and the nation; none for one that is unknown."""
    place = tree.places.get(tree.resolve(agency))
    return (place.code, place.parent, NATION) if place is not None and place.is_agency else ()


def open_count(place: str, quarter: str, day: date | None = None) -> int:
    """Answers of the official figure so far, rounded down to tens.

    With a day the first count of that day stands until the next, so that nobody can watch answers arrive.
    """
    if day is None:
        return coarse_open_count(_count(quarter).get(place, 0), thresholds_of(quarter).disclosure)
    kept: dict[tuple[str, date], Mapping[str, int]] = current_app.extensions.setdefault("open_counts", {})
    counted = kept.get((quarter, day))
    if counted is None:
        counted = _count(quarter)
        while len(kept) >= _KEPT:
            kept.pop(next(iter(kept)), None)
        kept[quarter, day] = counted
    return coarse_open_count(counted.get(place, 0), thresholds_of(quarter).disclosure)


def _count(quarter: str) -> Mapping[str, int]:
    """Official answers by place."""
    statement = (
        select(Tally.agency, func.sum(Tally.n))
        .where(
            Tally.quarter == quarter,
            Tally.question.in_(sorted(_indicators())),
            Tally.channel.in_([channel.value for channel in VERIFIED_CHANNELS]),
            Tally.phase == Phase.AFTER_RESULT.value,
        )
        .group_by(Tally.agency)
    )
    counted = {agency: int(n) for agency, n in db.session.execute(statement)}
    tree = _open_tree(quarter, set(counted))
    totals: Counter[str] = Counter()
    for agency, n in counted.items():
        totals.update(dict.fromkeys(_places_of(tree, agency), n))
    return totals
