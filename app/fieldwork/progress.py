"""How far a round is, by village, commune, team and collector: numbers of doors, never a single visit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import func, select

from app.extensions import db
from app.fieldwork.models import Collector, Round, Team, Visit, VisitCount
from app.fieldwork.rates import knows_doors
from app.fieldwork.reach import sees_village
from app.walls import widened
from surveys.criteria import field_response_rate
from surveys.doors import ABSENT, ANSWERED, REFUSED

K = TypeVar("K")
ALONE: Final = "alone"


@dataclass
class Doors:
    """Doors by what became of them. An interview is `answered`.

    On paper it is `alone` until the doors of its day are counted, and in no rate.
    """

    outcomes: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def __getitem__(self, outcome: str) -> int:
        return self.outcomes.get(outcome, 0)

    @property
    def answered(self) -> int:
        return self[ANSWERED] + self[ALONE]

    @property
    def asked(self) -> int:
        """Eligible households: interviewed, refused or nobody at home."""
        return self.answered + self[REFUSED] + self[ABSENT]

    @property
    def response(self) -> Fraction | None:
        return field_response_rate(self[ANSWERED], self[REFUSED], self[ABSENT]).value

    @property
    def refusal(self) -> Fraction | None:
        """Refused ÷ those who opened the door."""
        opened = self[ANSWERED] + self[REFUSED]
        return Fraction(self[REFUSED], opened) if opened else None

    def add(self, outcome: str, n: int) -> None:
        self.outcomes[outcome] += n


@dataclass(frozen=True, slots=True)
class Counted:
    """Doors of one village, collector and outcome."""

    village: str
    collector: UUID
    outcome: str
    n: int


@dataclass(frozen=True, slots=True)
class Worker:
    """A collector by number, without the name; `agency` is the commune of the team."""

    code: str
    team: str
    team_id: UUID
    agency: str


@dataclass(frozen=True, slots=True)
class Progress:
    villages: Mapping[str, Doors]
    communes: Mapping[str, Doors]
    teams: Mapping[UUID | None, Doors]
    collectors: Mapping[UUID, Doors]
    workers: Mapping[UUID, Worker]
    total: Doors


def progress_of(row: Round, scopes: Collection[str], on: date) -> Progress:
    """Of the villages within the scopes. Whoever may only read numbers is shown no more than these."""
    conditions = [
        sees_village(scopes, on, table.round, table.village) & (table.round == row.code)
        for table in (Visit, VisitCount)
    ]
    visits = (
        select(Visit.village, Visit.collector, knows_doors(), func.count())
        .where(conditions[0])
        .group_by(Visit.village, Visit.collector, knows_doors())
    )
    counts = (
        select(VisitCount.village, VisitCount.collector, VisitCount.outcome, func.sum(VisitCount.n))
        .where(conditions[1])
        .group_by(VisitCount.village, VisitCount.collector, VisitCount.outcome)
    )
    # An auditor may not read single visits, nor who collects; from both come sums and numbers only.
    with widened():
        counted = [
            Counted(v, c, ANSWERED if known else ALONE, int(n))
            for v, c, known, n in db.session.execute(visits)
        ]
        counted += [Counted(v, c, outcome, int(n)) for v, c, outcome, n in db.session.execute(counts)]
        workers = _workers({item.collector for item in counted})
    return Progress(
        villages=_by(counted, lambda item: item.village),
        communes=_by(counted, lambda item: item.village[:5]),
        # Teams of two communes may be called the same.
        teams=_by(
            counted, lambda item: workers[item.collector].team_id if item.collector in workers else None
        ),
        collectors=_by(counted, lambda item: item.collector),
        workers=workers,
        total=_by(counted, lambda _item: "")[""],
    )


def hidden_of(groups: Mapping[K, Doors], minimum: int) -> frozenset[K]:
    """Groups too small to be shown to who does not lead them, and what keeps them from being subtracted.

    Where less than the minimum is hidden in all, the next smallest group goes along.
    """
    by_size = sorted(groups, key=lambda key: (groups[key].asked, str(key)))
    hidden = {key for key in by_size if 0 < groups[key].asked < minimum}
    rest = [key for key in by_size if key not in hidden and groups[key].asked]
    while hidden and rest and (len(hidden) < 2 or sum(groups[key].asked for key in hidden) < minimum):
        hidden.add(rest.pop(0))
    return frozenset(hidden)


def _workers(collectors: Collection[UUID]) -> dict[UUID, Worker]:
    statement = (
        select(Collector.id, Collector.code, Team.name, Team.id, Team.agency)
        .join(Team, Team.id == Collector.team)
        .where(Collector.id.in_(collectors))
    )
    return {row[0]: Worker(*row[1:]) for row in db.session.execute(statement)}


def _by(counted: Iterable[Counted], key: Callable[[Counted], Any]) -> defaultdict[Any, Doors]:
    found: defaultdict[Any, Doors] = defaultdict(Doors)
    for item in counted:
        found[key(item)].add(item.outcome, item.n)
    return found
