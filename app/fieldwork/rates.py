"""How many of the doors in a commune led to an interview."""

from __future__ import annotations

from collections import Counter
from typing import Final

from sqlalchemy import and_, func, select

from app.extensions import db
from app.fieldwork.models import RoundVillage, Visit, VisitCount
from surveys.periods import Quarter

# Somebody eligible lives there and did not answer; who was helped, is not eligible or asks for another day
# is no refusal.
ASKED_IN_VAIN: Final = ("refused", "absent")


def count_doors(quarter: str) -> dict[str, tuple[int, int]]:
    """By commune: the doors at which somebody eligible was asked for, and the interviews there.

    A commune with nothing of either is left out. Two different rounds in one quarter add up.
    """
    period = Quarter.parse(quarter)
    completed: Counter[str] = Counter()
    in_vain: Counter[str] = Counter()
    for model, counted, number in (
        (Visit, completed, func.count()),
        (VisitCount, in_vain, func.sum(VisitCount.n)),
    ):
        statement = (
            select(RoundVillage.commune, number)
            .select_from(model)
            .join(
                RoundVillage,
                and_(RoundVillage.round == model.round, RoundVillage.village == model.village),
            )
            .where(model.day >= period.first_day, model.day <= period.last_day)
            .group_by(RoundVillage.commune)
        )
        if model is VisitCount:
            statement = statement.where(VisitCount.outcome.in_(ASKED_IN_VAIN))
        counted.update({commune: int(n) for commune, n in db.session.execute(statement)})
    return {
        commune: (completed[commune] + in_vain[commune], completed[commune])
        for commune in sorted({*completed, *in_vain})
    }
