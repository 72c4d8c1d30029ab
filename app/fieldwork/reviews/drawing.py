"""Which households are seen a second time, and how far that is.

Only one that took a slip, and so agreed to it, is ever drawn. A visit's id is drawn by the server at random
and shown to nobody, so the order of the ids is a random order, and nothing about it has to be kept: a tenth
is whatever lies in the lowest tenth of all ids. So second visits follow the interviews day by day. Had the
least number been drawn on the first evening, whoever is honest on the first day would be done with it;
therefore it is filled up when the round has ended.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import func, select, update

from app.extensions import db
from app.fieldwork.interpreting import insert_or_nothing
from app.fieldwork.models import Collector, Round, RoundVillage, Team, Visit
from app.fieldwork.reviews.flags import flagged_collectors
from app.fieldwork.reviews.models import BackCheck
from surveys.interviews import SecondVisits
from surveys.periods import local_day

SHARE: Final = 0.1
AT_LEAST: Final = 5
FLAGGED_AT_MOST: Final = 30
"""A day's houses: where everything is made up, thirty households of three facts leave no doubt."""
RANDOM, FLAGGED, SHOWN = "random", "flagged", "shown"
_RANDOM_BITS: Final = 48


@dataclass(frozen=True, slots=True)
class ToCheck:
    """Households of one village, day and collector: how many are to be seen again, and how many were.

    Which households they are is written nowhere; those that show a slip of that day count.
    """

    village: str
    day: date | None
    collector: str
    team: str
    drawn: int
    done: int

    @property
    def left(self) -> int:
        return max(0, self.drawn - self.done)


def draw_backchecks(row: Round, *, now: datetime) -> int:
    """Draws what is still lacking; what was drawn stays drawn. Returns how many came along. Does not commit.

    A tenth of each collector's visits, at least five once the round has ended; all of a flagged
    collector's, at most thirty.
    """
    if row.parted_at is not None:
        return 0
    is_over = local_day(now) > row.last_day
    flagged = flagged_collectors(row.code)
    known = set(db.session.scalars(select(BackCheck.visit).where(BackCheck.round == row.code)))
    visits: dict[UUID, list[Any]] = defaultdict(list)
    statement = select(Visit.id, Visit.collector, Visit.village, Visit.slip_hash.is_not(None).label("slip"))
    for visit in db.session.execute(statement.where(Visit.round == row.code)):
        visits[visit.collector].append(visit)
    new = []
    for collector, mine in sorted(visits.items(), key=lambda item: str(item[0])):
        reason = FLAGGED if collector in flagged else RANDOM
        ids = [visit.id for visit in mine if visit.slip]
        chosen = chosen_of(ids, len(mine), is_flagged=collector in flagged, is_over=is_over)
        villages = {visit.id: visit.village for visit in mine}
        new += [
            as_row(row.code, villages[key], collector, key, reason, now) for key in chosen if key not in known
        ]
    if new:
        db.session.execute(insert_or_nothing(BackCheck).on_conflict_do_nothing(), new)
    return len(new)


def chosen_of(with_slip: Collection[UUID], visits: int, *, is_flagged: bool, is_over: bool) -> list[UUID]:
    """Of one collector's visits with a slip those to be seen again; `visits` counts the others too."""
    in_order = sorted(with_slip, key=lambda key: key.int)
    if is_flagged:
        return in_order[:FLAGGED_AT_MOST]
    if is_over:
        return in_order[: max(AT_LEAST, math.ceil(visits * SHARE))]
    return [key for key in in_order if _place(key) < SHARE]


def as_row(
    code: str, village: str, collector: UUID, visit: UUID, reason: str, now: datetime
) -> dict[str, Any]:
    return {
        "id": uuid4(), "round": code, "village": village, "collector": collector, "visit": visit,
        "reason": reason, "drawn_at": now, "agreed": 0, "disagreed": 0,
    }  # fmt: skip


def list_to_check(row: Round, villages: Sequence[RoundVillage]) -> list[ToCheck]:
    """Where second visits are drawn or were made, by village, day and collector. No code and no answer."""
    names = {village.village: village.name for village in villages}
    statement = (
        select(BackCheck.village, Visit.day, Collector.code, Team.name, BackCheck.reason, BackCheck.done_at)
        .join(Collector, Collector.id == BackCheck.collector)
        .join(Team, Team.id == Collector.team)
        .join(Visit, Visit.id == BackCheck.visit, isouter=True)
        .where(BackCheck.round == row.code, BackCheck.village.in_(names))
    )
    groups: dict[tuple[str, date | None, str, str], Counter[str]] = defaultdict(Counter)
    for village, day, collector, team, reason, done_at in db.session.execute(statement):
        groups[names[village], day, collector, team].update(drawn=reason != SHOWN, done=done_at is not None)
    return [
        ToCheck(village, day, collector, team, counts["drawn"], counts["done"])
        for (village, day, collector, team), counts in sorted(
            groups.items(), key=lambda item: _order(item[0])
        )
    ]


def _order(group: tuple[str, date | None, str, str]) -> tuple[str, date, str, str]:
    village, day, collector, team = group
    return village, day or date.min, collector, team


def second_visits(code: str) -> list[SecondVisits]:
    """Facts compared and facts that disagreed, of every collector whose households were seen again."""
    rows = db.session.execute(
        select(BackCheck.collector, func.sum(BackCheck.agreed), func.sum(BackCheck.disagreed))
        .where(BackCheck.round == code, BackCheck.done_at.is_not(None))
        .group_by(BackCheck.collector)
    )
    return [
        SecondVisits(str(collector), int(agreed) + int(disagreed), int(disagreed))
        for collector, agreed, disagreed in rows
    ]


def forget_first_visits(code: str) -> None:
    """When a round's visits and answers are parted, nothing may lead from a second visit to either."""
    db.session.execute(
        update(BackCheck)
        .where(BackCheck.round == code)
        .values(visit=None)
        .execution_options(synchronize_session=False)
    )


def _place(key: UUID) -> float:
    """Where an id lies among all ids, from 0 to 1: by its leading bits, which are all random."""
    return (key.int >> (128 - _RANDOM_BITS)) / (1 << _RANDOM_BITS)
