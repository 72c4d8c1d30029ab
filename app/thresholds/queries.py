"""Which thresholds hold for a quarter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from app.extensions import db
from app.thresholds.models import ThresholdSet
from surveys.periods import quarter_of_day
from surveys.thresholds import DEFAULTS, Thresholds, from_mapping, strictest


def thresholds_of(quarter: str) -> Thresholds:
    """The set in force in a quarter: the latest decision among those that begin last."""
    statement = (
        select(ThresholdSet.thresholds)
        .where(ThresholdSet.first_quarter <= quarter)
        .order_by(ThresholdSet.first_quarter.desc(), ThresholdSet.number.desc())
        .limit(1)
    )
    text = db.session.scalar(statement)
    return DEFAULTS if text is None else read_set(text)


def thresholds_between(first_day: date, last_day: date) -> Thresholds:
    """For a window of days: the set of its last quarter, protecting as much as any quarter in it."""
    quarter, last = quarter_of_day(first_day), quarter_of_day(last_day)
    sets = []
    while quarter <= last:
        sets.append(thresholds_of(quarter.code))
        quarter = quarter.next
    return strictest(sets)


def list_sets() -> Sequence[ThresholdSet]:
    """Every decision, the latest first."""
    return db.session.scalars(select(ThresholdSet).order_by(ThresholdSet.number.desc())).all()


def read_set(text: str) -> Thresholds:
    return from_mapping(json.loads(text))
