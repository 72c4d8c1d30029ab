"""Figures of a window of days, such as January to October for the yearly assessment.

Tallies know quarters only, so a window is counted from its answers. Disclosure control needs every place
at once; the result is kept with the application until a tally moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Lock
from typing import TypeAlias

from flask import current_app
from sqlalchemy import select

from app.catalogue.queries import get_questionnaire
from app.directory.models import Agency
from app.extensions import db
from app.results.control import control
from app.results.counts import Collector, PlaceCounts
from app.results.elsewhere import Elsewhere
from app.results.figuring import decide, list_figures
from app.results.folding import fold_waiting
from app.results.invited_control import Invitation, control_invited
from app.results.items import Items
from app.results.models import Digest, QuarterState
from app.results.overlap_settling import settle
from app.results.overlap_strands import Held
from app.results.reading import list_procedure_names, read_period, read_quarter, whole_quarters
from app.results.tree import day_of, tree_on
from app.thresholds.queries import thresholds_between, thresholds_of
from surveys.figures import PlaceFigures
from surveys.periods import Quarter, local_day, quarter_of_day

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
    counts = tree.summed(counted.agencies)
    thresholds = thresholds_between(first_day, last_day)
    name = f"{first_day.isoformat()}..{last_day.isoformat()}"
    window = Held(
        name, first_day, last_day, tree, counts, Items(get_questionnaire, counted.versions).number,
        thresholds=thresholds,
    )  # fmt: skip
    counted_quarters = {quarter: read_quarter(quarter.code) for quarter in _digested(first_day, last_day)}
    held = {quarter: _held(quarter, its) for quarter, its in counted_quarters.items()}
    procedures = sorted({code for counts in counted.agencies.values() for code in counts.procedures})
    sheet = decide(
        name,
        tree,
        counts,
        counted.versions,
        get_questionnaire,
        None,
        list_procedure_names(procedures),
        thresholds=thresholds,
        elsewhere=_asked_by_quarters(window, held, counted_quarters, agencies),
        integrity=False,
        unasked=_unasked(window, held),
    )
    quarters = [quarter.code for quarter in whole_quarters(first_day, last_day)]
    notes = {"response_rate_quarters": " ".join(quarters)}
    return {figures.place.code: replace(figures, notes=notes) for figures in list_figures(sheet)}


def _digested(first_day: date, last_day: date) -> list[Quarter]:
    """The quarters with printed figures that share a day with the window."""
    first, last = quarter_of_day(first_day).code, quarter_of_day(last_day).code
    statement = select(Digest.quarter).where(Digest.quarter.between(first, last)).distinct()
    return [Quarter.parse(code) for code in db.session.scalars(statement.order_by(Digest.quarter))]


def _asked_by_quarters(
    window: Held, held: Mapping[Quarter, Held], counted: Mapping[Quarter, Collector], agencies: Sequence[str]
) -> Elsewhere:
    """Whoever holds the printed quarters takes them from the window: nothing small may be left.

    What the quarters give away without the window is theirs to answer for.
    """

    def count(first_day: date, last_day: date) -> Mapping[str, PlaceCounts]:
        quarter = quarter_of_day(first_day)
        if quarter.first_day == first_day and quarter.last_day == last_day and quarter in counted:
            return counted[quarter].agencies
        return read_period(first_day, last_day, agencies).agencies

    return settle(window, list(held.values()), count).elsewhere


def _unasked(window: Held, held: Mapping[Quarter, Held]) -> set[Invitation]:
    """What a quarter withholds of those who were asked, the window less the other quarters would tell."""
    return {
        (window.tree.resolve(place), channel)
        for each in held.values()
        for place, channel in control_invited(
            each.tree, each.counts, each.hidden, minimum=each.thresholds.disclosure
        )
    }


def _held(quarter: Quarter, counted: Collector) -> Held:
    """A quarter as its digest prints it."""
    tree = tree_on(day_of(quarter), set(counted.agencies), quarter.previous.first_day)
    counts, thresholds = tree.summed(counted.agencies), thresholds_of(quarter.code)
    answered = Items(get_questionnaire, counted.versions).number
    hidden = control(tree, counts, answered, minimum=thresholds.disclosure)
    return Held(quarter.code, quarter.first_day, quarter.last_day, tree, counts, answered, hidden, thresholds)
