"""Figures of a window of days, such as January to October for the yearly assessment.

Tallies know quarters only, so a window is counted from its answers. Disclosure control needs every place
at once; the result is kept with the application until a tally moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Lock
from typing import TypeAlias

import orjson
from flask import current_app
from sqlalchemy import select

from app.catalogue.queries import get_questionnaire
from app.directory.models import Agency
from app.extensions import db
from app.results.figuring import decide, list_figures
from app.results.folding import fold_waiting
from app.results.models import Digest, QuarterState
from app.results.reading import list_procedure_names, read_period, whole_quarters
from app.results.tree import tree_on
from app.thresholds.queries import thresholds_between
from surveys.figures import PlaceFigures
from surveys.periods import local_day, quarter_of_day

_Key: TypeAlias = tuple[date, date, date, tuple[tuple[str, int, int], ...]]
_KEPT = 2
_lock = Lock()


def period_sheet(first_day: date, last_day: date, now: datetime) -> Mapping[str, PlaceFigures]:
    """The figures of every place by code, of the tree of the day after the window or of today."""
    fold_waiting()
    columns = QuarterState.quarter, QuarterState.moves, QuarterState.digested_moves
    states = db.session.execute(select(*columns).order_by(QuarterState.quarter))
    moved = tuple((quarter, moves, digested) for quarter, moves, digested in states)
    day = min(last_day + timedelta(days=1), local_day(now))
    key: _Key = (first_day, last_day, day, moved)
    kept: dict[_Key, Mapping[str, PlaceFigures]] = current_app.extensions.setdefault("periods", {})
    with _lock:
        if key not in kept:
            while len(kept) >= _KEPT:
                kept.pop(next(iter(kept)))
            kept[key] = _make(first_day, last_day, day)
        return kept[key]


def _make(first_day: date, last_day: date, day: date) -> Mapping[str, PlaceFigures]:
    agencies = db.session.scalars(select(Agency.code).order_by(Agency.code)).all()
    counted = read_period(first_day, last_day, agencies)
    tree = tree_on(day, set(counted.agencies), first_day)
    procedures = sorted({code for counts in counted.agencies.values() for code in counts.procedures})
    sheet = decide(
        f"{first_day.isoformat()}..{last_day.isoformat()}",
        tree,
        tree.summed(counted.agencies),
        counted.versions,
        get_questionnaire,
        None,
        list_procedure_names(procedures),
        thresholds=thresholds_between(first_day, last_day),
        withheld=_hidden_in_quarters(first_day, last_day),
        integrity=False,
    )
    quarters = [quarter.code for quarter in whole_quarters(first_day, last_day)]
    notes = {"response_rate_quarters": " ".join(quarters)}
    return {figures.place.code: replace(figures, notes=notes) for figures in list_figures(sheet)}


def _hidden_in_quarters(first_day: date, last_day: date) -> frozenset[str]:
    """Places whose figure is hidden in a quarter that the window touches.

    Whoever holds the printed quarters could take them from the window, and the hidden one would be left.
    """
    first, last = quarter_of_day(first_day).code, quarter_of_day(last_day).code
    statement = select(Digest.place, Digest.figures).where(Digest.quarter.between(first, last))
    rows = db.session.execute(statement)
    return frozenset(place for place, text in rows if orjson.loads(text)["official"]["hidden"])
