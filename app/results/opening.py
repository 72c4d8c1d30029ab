"""What may be said of a quarter that is still open: how many answers there are, in tens, once a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from flask import current_app
from sqlalchemy import func, select

from app.catalogue.queries import get_questionnaire, list_questionnaires
from app.extensions import db
from app.results.models import Tally
from app.results.tree import day_of, tree_on
from surveys.disclosure import coarse_open_count
from surveys.figures import NATION
from surveys.periods import Quarter
from surveys.scoring import VERIFIED_CHANNELS, Phase

_KEPT = 4


def open_count(place: str, quarter: str, day: date | None = None) -> int:
    """Answers of the official figure so far, rounded down to tens.

    With a day the first count of that day stands until the next, so that nobody can watch answers arrive.
    """
    if day is None:
        return coarse_open_count(_count(quarter).get(place, 0))
    kept: dict[tuple[str, date], Mapping[str, int]] = current_app.extensions.setdefault("open_counts", {})
    counted = kept.get((quarter, day))
    if counted is None:
        counted = _count(quarter)
        while len(kept) >= _KEPT:
            kept.pop(next(iter(kept)), None)
        kept[quarter, day] = counted
    return coarse_open_count(counted.get(place, 0))


def _count(quarter: str) -> Mapping[str, int]:
    """Official answers by place."""
    indicators = {get_questionnaire(name.code, name.version).indicator.id for name in list_questionnaires()}
    statement = (
        select(Tally.agency, func.sum(Tally.n))
        .where(
            Tally.quarter == quarter,
            Tally.question.in_(sorted(indicators)),
            Tally.channel.in_([channel.value for channel in VERIFIED_CHANNELS]),
            Tally.phase == Phase.AFTER_RESULT.value,
        )
        .group_by(Tally.agency)
    )
    counted = {agency: int(n) for agency, n in db.session.execute(statement)}
    found = Quarter.parse(quarter)
    tree = tree_on(day_of(found), set(counted), found.first_day)
    totals: Counter[str] = Counter()
    for agency, n in counted.items():
        place = tree.places.get(tree.resolve(agency))
        if place is not None and place.is_agency:
            totals.update({place.code: n, place.parent: n, NATION: n})
    return totals
