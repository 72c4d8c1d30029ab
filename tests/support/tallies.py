"""Tallies as the database holds them, and tallies written directly, as the fold would have left them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import insert, select

from app.extensions import db
from app.results.models import ClusterTally, ProcedureTally, QuarterState, Tally
from app.results.tally_tables import BY_CLUSTER, BY_PROCEDURE, TALLIES

Stored: TypeAlias = Counter[tuple[Any, ...]]

CODE, VERSION = "COT_LOI", "1.0"
LEVELS = ("5", "4", "3", "2", "1")


def stored(table: Any) -> Stored:
    """The numbers of a table by all that they are counted by, as another connection has left them."""
    db.session.rollback()
    return Counter({tuple(row[:-1]): row[-1] for row in db.session.execute(select(table))})


def everything() -> tuple[Stored, Stored, Stored]:
    return stored(TALLIES), stored(BY_PROCEDURE), stored(BY_CLUSTER)


class TallyWriter:
    """Collects rows of one quarter; `write` stores them and moves the quarter."""

    def __init__(self, quarter: str) -> None:
        self.quarter = quarter
        self.rows: list[dict[str, object]] = []
        self.procedures: list[dict[str, object]] = []
        self.clusters: list[dict[str, object]] = []

    def values(
        self, agency: str, question: str, values: Mapping[str, int], *, channel: str = "link",
        phase: str = "after-result", assigned: bool = True,
    ) -> None:  # fmt: skip
        self.rows += [
            self._common(agency, phase) | {"channel": channel, "question": question, "value": value,
                                           "assigned": assigned, "n": n}
            for value, n in values.items() if n
        ]  # fmt: skip

    def rated(
        self, agency: str, levels: Sequence[int], *, channel: str = "link", phase: str = "after-result",
        question: str = "satisfaction", assigned: bool = True,
    ) -> None:  # fmt: skip
        """Numbers of answers of 5, 4, 3, 2, 1."""
        values = dict(zip(LEVELS, levels, strict=True))
        self.values(agency, question, values, channel=channel, phase=phase, assigned=assigned)

    def procedure(self, agency: str, procedure: str, levels: Sequence[int], *, channel: str = "link") -> None:
        self.procedures += [
            self._common(agency) | {"procedure": procedure, "channel": channel, "value": int(value), "n": n}
            for value, n in zip(LEVELS, levels, strict=True) if n
        ]  # fmt: skip

    def villages(self, agency: str, villages: Mapping[str, Sequence[int]]) -> None:
        """Field answers by village; the channel's total is written with them."""
        self.clusters += [
            self._common(agency) | {"cluster": village, "value": int(value), "n": n}
            for village, levels in villages.items()
            for value, n in zip(LEVELS, levels, strict=True) if n
        ]  # fmt: skip
        self.rated(agency, [sum(column) for column in zip(*villages.values(), strict=True)], channel="field")

    def _common(self, agency: str, phase: str = "after-result") -> dict[str, object]:
        return {"quarter": self.quarter, "agency": agency, "phase": phase, "questionnaire": CODE,
                "version": VERSION}  # fmt: skip

    def write(self, *, move: bool = True) -> None:
        """Does not commit."""
        tables = ((Tally, self.rows), (ProcedureTally, self.procedures), (ClusterTally, self.clusters))
        for table, rows in tables:
            if rows:
                db.session.execute(insert(table), rows)
        if move:
            state = db.session.get(QuarterState, self.quarter)
            if state is None:
                db.session.add(QuarterState(quarter=self.quarter, moves=1, digested_moves=-1))
            else:
                state.moves += 1
        db.session.flush()
