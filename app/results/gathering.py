"""The records of a period (`inputs.py`) from the database: read once, as of one moment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from app.catalogue.models import PublishedQuestionnaire
from app.directory.models import Agency
from app.extensions import db
from app.results.figuring import ranking_provinces
from app.results.inputs import Record, tree_record
from app.results.inviting import list_invited
from app.results.reading import CLUSTER_COLUMNS, PROCEDURE_COLUMNS, TALLY_COLUMNS, list_procedure_names
from app.results.recounting import count_period
from app.results.reviews import list_left_out
from app.results.snapshots import snapshot
from app.results.tally_tables import BY_CLUSTER, BY_PROCEDURE, TALLIES
from app.results.tree import tree_on
from app.thresholds.queries import thresholds_between, thresholds_of
from surveys.periods import Period, Quarter, local_day
from surveys.thresholds import to_mapping


@dataclass(frozen=True)
class Earlier:
    """What is known of the quarter before from its own edition; nothing of it is read from the database."""

    published: bool = False
    # The channels that were printed, by place.
    printed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    records: Sequence[Record] = ()

    @property
    def agencies(self) -> set[str]:
        return {record[1] for record in self.records}


def gather(period: Period, earlier: Earlier | None = None) -> Iterator[Record]:
    """Every record of a period, in the order in which they have to be read.

    `earlier` is what a quarter is compared with; months and weeks are compared with nothing. Answers must
    have been folded.
    """
    is_quarter = isinstance(period, Quarter)
    thresholds = (
        thresholds_of(period.code) if is_quarter else thresholds_between(period.first_day, period.last_day)
    )
    yield ["period", period.code]
    yield ["thresholds", to_mapping(thresholds)]
    yield ["integrity", is_quarter]
    yield from _questionnaires()
    if is_quarter:
        yield from (["left-out", *pair] for pair in sorted(list_left_out(period.code)))
    counted: set[str] = set()
    procedures: set[str] = set()
    with snapshot() as connection:
        rows = _tallied(connection, period.code) if is_quarter else _counted(connection, period)
        for record in rows:
            counted.add(record[1])
            if record[0] == "procedure":
                procedures.add(record[2])
            yield record
    if is_quarter:
        yield from _links(period.code)
    yield from _frame(period, counted | (earlier.agencies if earlier else set()), procedures)
    if is_quarter and earlier is not None:
        yield ["before", earlier.published]
        yield from (["seen", place, sorted(channels)] for place, channels in sorted(earlier.printed.items()))
        yield from earlier.records


def _questionnaires() -> Iterator[Record]:
    rows = db.session.scalars(
        select(PublishedQuestionnaire).order_by(PublishedQuestionnaire.code, PublishedQuestionnaire.version)
    )
    for row in rows:
        yield ["questionnaire", row.code, row.version, json.loads(row.definition)]


def _tallied(connection: Connection, quarter: str) -> Iterator[Record]:
    """The three tables of tallies in the order of their keys, so that the same state gives the same text."""
    for kind, table, columns in (
        ("tally", TALLIES, TALLY_COLUMNS),
        ("procedure", BY_PROCEDURE, PROCEDURE_COLUMNS),
        ("cluster", BY_CLUSTER, CLUSTER_COLUMNS),
    ):
        statement = select(*columns).where(table.c.quarter == quarter).order_by(*table.primary_key.columns)
        for row in connection.execute(statement, execution_options={"yield_per": 5_000}):
            yield [kind, *row]


def _counted(connection: Connection, period: Period) -> Iterator[Record]:
    """A month or a week from its answers, because tallies know quarters only."""
    agencies = db.session.scalars(select(Agency.code).order_by(Agency.code)).all()
    counted = count_period(period.first_day, period.last_day, agencies, connection)
    # A week may lie in two quarters, whose keys then say the same twice.
    yield from _added("tally", counted.tallies)
    yield from _added("procedure", counted.by_procedure, leave_out=("questionnaire", "version"))
    yield from _added("cluster", counted.by_cluster, leave_out=("questionnaire", "version"))


def _added(kind: str, counts: Mapping[Any, int], leave_out: Sequence[str] = ()) -> Iterator[Record]:
    sums: dict[tuple[Any, ...], int] = {}
    for key, n in counts.items():
        values = key._asdict()
        short = tuple(value for name, value in values.items() if name not in ("quarter", *leave_out))
        sums[short] = sums.get(short, 0) + n
    for short in sorted(sums):
        yield [kind, *short, sums[short]]


def _links(quarter: str) -> Iterator[Record]:
    for channel, counted in list_invited(quarter):
        for agency, numbers in sorted(counted.items()):
            yield ["links", channel.value, agency, *numbers]


def _frame(period: Period, counted: set[str], procedures: set[str]) -> Iterator[Record]:
    """What the counts are laid upon: the tree, the names of procedures, who ranks."""
    day: date = local_day(period.closable_from)
    since = period.previous.first_day if isinstance(period, Quarter) else period.first_day
    tree = tree_on(day, counted, since)
    yield tree_record(tree)
    yield ["names", list_procedure_names(sorted(procedures))]
    yield ["ranking", ranking_provinces(tree) if isinstance(period, Quarter) else []]


def satisfaction_records(records: Iterable[Record]) -> Iterator[Record]:
    """Of the records of a quarter those that the next one compares with."""
    indicators: set[tuple[str, str, str]] = set()
    for record in records:
        if record[0] == "questionnaire":
            indicators.update((record[1], record[2], question) for question in indicator_ids(record[3]))
        elif record[0] == "tally" and (record[4], record[5], record[6]) in indicators:
            yield ["tally-before", *record[1:]]
        elif record[0] == "cluster":
            yield ["cluster-before", *record[1:]]


def indicator_ids(definition: Mapping[str, Any]) -> Iterator[str]:
    """The questions of a questionnaire that ask how satisfied somebody is."""
    for question in definition["questions"]:
        if question.get("indicator") == "satisfaction":
            yield question["id"]
