"""What became of the doors in a commune: interviews, refusals, nobody at home."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, literal, or_, select

from app.extensions import db
from app.fieldwork.models import RoundVillage, Visit, VisitCount
from surveys.doors import ABSENT, ANSWERED, ASKED_IN_VAIN, REFUSED
from surveys.periods import Quarter


class DoorCount(NamedTuple):
    """The doors at which somebody eligible was asked for: their number, the interviews, and the rest."""

    asked: int
    completed: int
    refused: int
    absent: int


def count_doors(quarter: str) -> dict[str, DoorCount]:
    """The doors of a quarter by commune, whatever office the interviews were about.

    A commune where nobody eligible was asked is left out. Two different rounds in one quarter add up.
    An interview on paper is left out until the doors of its day are counted: all of them would have opened.
    """
    period = Quarter.parse(quarter)
    found: dict[str, Counter[str]] = {}
    for model, outcome, number in (
        (Visit, literal(ANSWERED), func.count()),
        (VisitCount, VisitCount.outcome, func.sum(VisitCount.n)),
    ):
        statement = (
            select(RoundVillage.commune, outcome.label("outcome"), number.label("doors"))
            .select_from(model)
            .join(
                RoundVillage,
                and_(RoundVillage.round == model.round, RoundVillage.village == model.village),
            )
            .where(model.day >= period.first_day, model.day <= period.last_day)
            .group_by(RoundVillage.commune)
        )
        if model is VisitCount:
            statement = statement.where(VisitCount.outcome.in_(ASKED_IN_VAIN)).group_by(VisitCount.outcome)
        else:
            statement = statement.where(knows_doors())
        for row in db.session.execute(statement):
            found.setdefault(row.commune, Counter())[row.outcome] += int(row.doors)
    return {
        commune: DoorCount(doors.total(), doors[ANSWERED], doors[REFUSED], doors[ABSENT])
        for commune, doors in sorted(found.items())
    }


def knows_doors() -> ColumnElement[bool]:
    """Visits beside which closed doors were counted: those of telephones, and on paper of tallied days."""
    return or_(Visit.device.is_not(None), Visit.tallied)
