"""What records are held against: rounds, villages, teams, telephones and offices as the tables have them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select

from app.directory.models import Agency
from app.directory.records import Lifetime
from app.extensions import db
from app.fieldwork.models import Collector, Device, Round, RoundVillage, Team, TeamVillage
from app.fieldwork.records import FieldRecord

DEPARTMENT: Final = "department"


@dataclass(frozen=True, slots=True)
class Office:
    """Of what kind an agency is, where, and on which days it lives."""

    province: str
    kind: str
    life: Lifetime


@dataclass(frozen=True, slots=True)
class Facts:
    """`communes` by round and village; `teams`: the team of a collector and its commune; `assigned`: round,
    village and team.
    """

    rounds: Mapping[str, Round]
    communes: Mapping[tuple[str, str], str]
    devices: Mapping[UUID, Device]
    teams: Mapping[UUID, tuple[UUID, str]]
    assigned: Collection[tuple[str, str, UUID]]
    offices: Mapping[str, Office]

    def works_there(self, record: FieldRecord) -> bool:
        """A team works in its own commune, whichever villages it is given; elsewhere only where it was sent.

        A village that nobody knows is nobody's.
        """
        team, home = self.teams[record.collector]
        place = self.communes.get((record.round, record.village), home)
        return place == home or (record.round, record.village, team) in self.assigned

    def offers(self, record: FieldRecord, agency: str) -> bool:
        """Whether the telephone of a record has an office on its list, as `work.list_services` makes it.

        These are the committee of the village, those of other places to which the team goes, and the
        departments of the province.
        """
        commune = self.communes[record.round, record.village]
        if agency == commune:
            return True
        office, place = self.offices[agency], self.offices.get(commune)
        if place is not None and (office.kind, office.province) == (DEPARTMENT, place.province):
            return True
        team, _home = self.teams[record.collector]
        here = (record.round, agency, team)
        return any((code, village[:5], own) == here for code, village, own in self.assigned)


def facts_of(records: Sequence[FieldRecord]) -> Facts:
    """Everything that records of one group name, in a fixed number of statements."""
    codes = {record.round for record in records}
    villages = select(RoundVillage.round, RoundVillage.village, RoundVillage.commune).where(
        RoundVillage.round.in_(codes), RoundVillage.village.in_({record.village for record in records})
    )
    communes = {(row.round, row.village): row.commune for row in db.session.execute(villages)}
    known = {record.device for record in records if record.device is not None}
    devices = db.session.scalars(select(Device).where(Device.id.in_(known)))
    teams = _teams({record.collector for record in records})
    assigned = select(TeamVillage.round, TeamVillage.village, TeamVillage.team).where(
        TeamVillage.round.in_(codes), TeamVillage.team.in_({team for team, _agency in teams.values()})
    )
    return Facts(
        rounds={row.code: row for row in db.session.scalars(select(Round).where(Round.code.in_(codes)))},
        communes=communes,
        devices={row.id: row for row in devices},
        teams=teams,
        assigned={(row.round, row.village, row.team) for row in db.session.execute(assigned)},
        offices=_offices({*communes.values(), *_services(records)}),
    )


def _teams(collectors: Collection[UUID]) -> dict[UUID, tuple[UUID, str]]:
    rows = db.session.execute(
        select(Collector.id, Collector.team, Team.agency)
        .join(Team, Team.id == Collector.team)
        .where(Collector.id.in_(collectors))
    )
    return {row.id: (row.team, row.agency) for row in rows}


def _services(records: Iterable[FieldRecord]) -> Iterator[str]:
    for record in records:
        if record.interview is not None and record.interview.service is not None:
            yield record.interview.service


def _offices(codes: Collection[str]) -> dict[str, Office]:
    rows = db.session.execute(
        select(Agency.code, Agency.province, Agency.kind, Agency.valid_from, Agency.valid_to).where(
            Agency.code.in_(codes)
        )
    )
    return {row.code: Office(row.province, row.kind, Lifetime(row.valid_from, row.valid_to)) for row in rows}
