"""Tallies from the database as counts of agencies. One connection is asked, nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from app.catalogue.queries import get_questionnaire, list_questionnaires
from app.directory.models import Procedure
from app.extensions import db
from app.results.counts import Collector
from app.results.inviting import list_invited
from app.results.recounting import count_period
from app.results.reviews import list_left_out
from app.results.tally_tables import BY_CLUSTER, BY_PROCEDURE, TALLIES
from surveys.periods import Quarter, quarter_of_day

# Columns of the tables and not of the classes: rows are read by the hundred thousand.
TALLY_COLUMNS: Final = [
    TALLIES.c[name]
    for name in (
        "agency",
        "channel",
        "phase",
        "questionnaire",
        "version",
        "question",
        "value",
        "assigned",
        "n",
    )
]
PROCEDURE_COLUMNS: Final = [
    BY_PROCEDURE.c[name] for name in ("agency", "procedure", "channel", "phase", "value", "n")
]
CLUSTER_COLUMNS: Final = [BY_CLUSTER.c[name] for name in ("agency", "cluster", "phase", "value", "n")]


def read_quarter(quarter: str) -> Collector:
    """Everything that was counted in a quarter, with the links issued in it to any agency."""
    collector = Collector(get_questionnaire, list_left_out(quarter))
    collector.tallies(_rows(select(*TALLY_COLUMNS).where(TALLIES.c.quarter == quarter)))
    collector.procedures(_rows(select(*PROCEDURE_COLUMNS).where(BY_PROCEDURE.c.quarter == quarter)))
    collector.clusters(_rows(select(*CLUSTER_COLUMNS).where(BY_CLUSTER.c.quarter == quarter)))
    _read_links(collector, [quarter])
    return collector


def _read_links(collector: Collector, quarters: Sequence[str]) -> None:
    for quarter in quarters:
        for channel, counted in list_invited(quarter):
            collector.links(channel, counted)


def read_satisfaction(quarter: str) -> Collector:
    """Only what a comparison with the quarter needs."""
    collector = Collector(get_questionnaire)
    indicators = {get_questionnaire(name.code, name.version).indicator.id for name in list_questionnaires()}
    wanted = (TALLIES.c.quarter == quarter, TALLIES.c.question.in_(sorted(indicators)))
    collector.tallies(_rows(select(*TALLY_COLUMNS).where(*wanted)))
    collector.clusters(_rows(select(*CLUSTER_COLUMNS).where(BY_CLUSTER.c.quarter == quarter)))
    return collector


def read_period(first_day: date, last_day: date, agencies: Iterable[str]) -> Collector:
    """Counted from the answers of these days, both included.

    Links belong to quarters, so the response rate is that of the quarters that lie wholly inside.
    """
    counted = count_period(first_day, last_day, agencies)
    collector = Collector(get_questionnaire)
    collector.tallies((*key[1:], n) for key, n in counted.tallies.items())
    collector.procedures(
        (key.agency, key.procedure, key.channel, key.phase, key.value, n)
        for key, n in counted.by_procedure.items()
    )
    collector.clusters(
        (key.agency, key.cluster, key.phase, key.value, n) for key, n in counted.by_cluster.items()
    )
    _read_links(collector, [quarter.code for quarter in whole_quarters(first_day, last_day)])
    return collector


def whole_quarters(first_day: date, last_day: date) -> list[Quarter]:
    """The quarters that lie wholly within these days, oldest first."""
    quarter = quarter_of_day(first_day)
    quarter = quarter if quarter.first_day >= first_day else quarter.next
    found = []
    while quarter.last_day <= last_day:
        found.append(quarter)
        quarter = quarter.next
    return found


def list_procedure_names(codes: Sequence[str]) -> dict[str, str]:
    rows = db.session.execute(select(Procedure.code, Procedure.name).where(Procedure.code.in_(codes)))
    return {row.code: row.name for row in rows}


def _rows(statement: Any) -> Iterable[Any]:
    return db.session.execute(statement, execution_options={"yield_per": 5_000})
