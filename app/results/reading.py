"""Tallies from the database as counts of agencies. One connection is asked, nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from app.catalogue.queries import get_questionnaire, list_questionnaires
from app.directory.models import Agency, Procedure
from app.dossiers.queries import count_links
from app.extensions import db
from app.results.counts import Collector
from app.results.models import ClusterTally, ProcedureTally, Tally
from app.results.recounting import count_period
from surveys.periods import Quarter, quarter_of_day
from surveys.scoring import Channel, Phase

_TALLY = (
    Tally.agency, Tally.channel, Tally.phase, Tally.questionnaire, Tally.version,
    Tally.question, Tally.value, Tally.assigned, Tally.n,
)  # fmt: skip
_PROCEDURE = (
    ProcedureTally.agency, ProcedureTally.procedure, ProcedureTally.channel, ProcedureTally.phase,
    ProcedureTally.value, ProcedureTally.n,
)  # fmt: skip
_CLUSTER = (
    ClusterTally.agency, ClusterTally.cluster, ClusterTally.phase, ClusterTally.value, ClusterTally.n,
)  # fmt: skip


def read_quarter(quarter: str) -> Collector:
    """Everything that was counted in a quarter, with the links issued in it to any agency."""
    collector = Collector(get_questionnaire)
    collector.tallies(_rows(select(*_TALLY).where(Tally.quarter == quarter)))
    collector.procedures(_rows(select(*_PROCEDURE).where(ProcedureTally.quarter == quarter)))
    collector.clusters(_rows(select(*_CLUSTER).where(ClusterTally.quarter == quarter)))
    _read_links(collector, [quarter])
    return collector


def _read_links(collector: Collector, quarters: Sequence[str]) -> None:
    agencies = db.session.scalars(select(Agency.code)).all()
    for quarter in quarters:
        for channel in (Channel.LINK, Channel.LINK_OPEN):
            collector.links(channel, count_links(quarter, agencies, channel, Phase.AFTER_RESULT))


def read_satisfaction(quarter: str) -> Collector:
    """Only what a comparison with the quarter needs."""
    collector = Collector(get_questionnaire)
    indicators = {get_questionnaire(name.code, name.version).indicator.id for name in list_questionnaires()}
    wanted = (Tally.quarter == quarter, Tally.question.in_(sorted(indicators)))
    collector.tallies(_rows(select(*_TALLY).where(*wanted)))
    collector.clusters(_rows(select(*_CLUSTER).where(ClusterTally.quarter == quarter)))
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
    return db.session.execute(statement, execution_options={"yield_per": 5_000}).tuples()
