"""Rounds, teams and telephones as staff see them: lists, single ones, and what became of what was sent."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import exists, func, or_, select

from app.accounts.places import find_places
from app.directory.models import Agency
from app.directory.staff_queries import names_of_agencies
from app.extensions import db
from app.fieldwork.models import (
    Collector,
    Device,
    Round,
    RoundVillage,
    Team,
    TeamVillage,
)
from app.fieldwork.reach import (
    communes_within,
    is_commune,
    leads,
    sees_device,
    sees_round,
    sees_team,
    sees_village,
)
from app.fieldwork.reports import missing_from
from app.fieldwork.rules import (
    DeviceState,
    NoPlaceOfField,
    RoundState,
    UnknownCollector,
    UnknownDevice,
    UnknownRound,
    UnknownTeam,
    state_of,
)
from app.ui.paging import Page, paged
from surveys.periods import start_of_day

SILENT: Final = timedelta(days=2)
ENDS_SOON: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round of a list, with the name of its place, its state, and how many villages it has."""

    row: Round
    place_name: str
    state: RoundState
    villages: int
    target: int


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A telephone with whose it is, what it last said, and how many of its records have not arrived."""

    row: Device
    collector: Collector
    team: Team
    waiting: int
    is_silent: bool

    @property
    def is_unsafe(self) -> bool:
        """The browser has not promised to keep what it holds."""
        return self.row.state == DeviceState.ACTIVE and read_report(self.row).get("persisted") is False


def page_of_rounds(scopes: Collection[str], on: date, arguments: Mapping[str, str]) -> Page:
    """The newest first."""
    statement = select(Round).where(sees_round(scopes, on))
    page = paged(statement, (Round.first_day, Round.code), arguments, descending=True)
    return Page(_round_lines([row for (row,) in page.rows], on), page.earlier, page.later)


def get_round(code: str, scopes: Collection[str], on: date) -> RoundLine:
    """Raises UnknownRound, also outside the scopes."""
    row = db.session.scalar(select(Round).where(Round.code == code, sees_round(scopes, on)))
    if row is None:
        raise UnknownRound(code)
    return _round_lines([row], on)[0]


def is_led(row: Round, scopes: Collection[str], on: date) -> bool:
    """Whether the place of the round itself lies within the scopes."""
    return bool(db.session.scalar(select(exists().where(Round.code == row.code, leads(scopes, on)))))


def names_of_places(codes: Collection[str], on: date) -> dict[str, str]:
    """Provinces and agencies."""
    return {code: place.name for code, place in find_places(codes).items()} | names_of_agencies(codes, on)


def list_communes(place: str, on: date) -> dict[str, str]:
    """The communes whose committees live on a day within a province or commune: code and name."""
    if not (is_commune(place) or len(place) == 2):
        raise NoPlaceOfField(place)
    statement = select(Agency.code).where(communes_within(place, on), Agency.valid_to.is_(None))
    return names_of_agencies(set(db.session.scalars(statement)), on)


def list_villages(row: Round, scopes: Collection[str], on: date, commune: str = "") -> list[RoundVillage]:
    """Of the villages of a round those within the scopes, by their codes."""
    seen = sees_village(scopes, on, RoundVillage.round, RoundVillage.village)
    statement = select(RoundVillage).where(RoundVillage.round == row.code, seen)
    if commune:
        statement = statement.where(RoundVillage.commune == commune)
    return list(db.session.scalars(statement.order_by(RoundVillage.village)))


def teams_by_village(row: Round) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = defaultdict(list)
    statement = select(TeamVillage.village, TeamVillage.team).where(TeamVillage.round == row.code)
    for village, team in db.session.execute(statement):
        found[village].append(team)
    return found


def list_team_names(row: Round) -> list[tuple[UUID, str]]:
    """The teams that go to a village of the round."""
    going = select(TeamVillage.team).where(TeamVillage.round == row.code)
    statement = select(Team.id, Team.name).where(Team.id.in_(going)).order_by(Team.name)
    return [(team, name) for team, name in db.session.execute(statement)]


# Teams and members.


def page_of_teams(scopes: Collection[str], on: date, arguments: Mapping[str, str]) -> Page:
    """With the number of their members and of their telephones that may send."""
    page = paged(select(Team).where(sees_team(scopes, on)), (Team.agency, Team.name, Team.id), arguments)
    teams = [row for (row,) in page.rows]
    members = _counted(
        select(Collector.team, func.count())
        .where(Collector.team.in_([team.id for team in teams]), Collector.ended_at.is_(None))
        .group_by(Collector.team)
    )
    devices = _counted(
        select(Collector.team, func.count())
        .join(Device, Device.collector == Collector.id)
        .where(Collector.team.in_([team.id for team in teams]), Device.state == DeviceState.ACTIVE.value)
        .group_by(Collector.team)
    )
    names = names_of_agencies({team.agency for team in teams}, on)
    lines = [
        (team, names.get(team.agency, team.agency), members.get(team.id, 0), devices.get(team.id, 0))
        for team in teams
    ]
    return Page(lines, page.earlier, page.later)


def get_team(team: UUID, scopes: Collection[str], on: date) -> Team:
    """Raises UnknownTeam, also outside the scopes."""
    row = db.session.scalar(select(Team).where(Team.id == team, sees_team(scopes, on)))
    if row is None:
        raise UnknownTeam(str(team))
    return row


def list_teams_of(agency: str) -> list[Team]:
    """Those that go on."""
    statement = select(Team).where(Team.agency == agency, Team.ended_at.is_(None))
    return list(db.session.scalars(statement.order_by(Team.name, Team.id)))


def list_collectors(team: UUID) -> list[Collector]:
    statement = select(Collector).where(Collector.team == team)
    return list(db.session.scalars(statement.order_by(Collector.code)))


def get_collector(collector: UUID, scopes: Collection[str], on: date) -> tuple[Collector, Team]:
    """Raises UnknownCollector, also outside the scopes."""
    statement = (
        select(Collector, Team)
        .join(Team, Team.id == Collector.team)
        .where(Collector.id == collector, sees_team(scopes, on))
    )
    found = db.session.execute(statement).one_or_none()
    if found is None:
        raise UnknownCollector(str(collector))
    return found[0], found[1]


# Telephones.


def page_of_devices(
    scopes: Collection[str],
    now: datetime,
    on: date,
    arguments: Mapping[str, str],
    *,
    all_states: bool = False,
) -> Page:
    """By commune, team and member; those revoked only where all are asked for."""
    statement = _devices().where(sees_team(scopes, on))
    if not all_states:
        statement = statement.where(Device.state != DeviceState.REVOKED.value)
    page = paged(statement, (Team.agency, Collector.code, Device.id), arguments)
    return Page(device_lines(page.rows, now, on), page.earlier, page.later)


def list_devices_of(collectors: Collection[UUID], now: datetime, on: date) -> list[DeviceLine]:
    statement = _devices().where(Device.collector.in_(collectors)).order_by(Collector.code, Device.id)
    return device_lines(db.session.execute(statement).all(), now, on)


def get_device(device: UUID, scopes: Collection[str], now: datetime, on: date) -> DeviceLine:
    """Raises UnknownDevice, also outside the scopes."""
    found = db.session.execute(_devices().where(Device.id == device, sees_device(scopes, on))).all()
    if not found:
        raise UnknownDevice(str(device))
    return device_lines(found, now, on)[0]


def list_troubled(scopes: Collection[str], now: datetime, on: date, row: Round) -> list[DeviceLine]:
    """Telephones of the teams of a round that are silent, unsafe or hold what has not arrived.

    One that was revoked or replaced is forgotten only if it has said nothing since the round began: what it
    held may still come in a file, or is lost, and its lead has to know.
    """
    teams = select(TeamVillage.team).where(TeamVillage.round == row.code)
    spoke = Device.reported_at >= start_of_day(row.first_day)
    statement = _devices().where(
        Team.id.in_(teams), or_(Device.state != DeviceState.REVOKED.value, spoke), sees_team(scopes, on)
    )
    lines = device_lines(db.session.execute(statement.order_by(Collector.code)).all(), now, on)
    return [line for line in lines if line.waiting or line.is_silent or line.is_unsafe]


def count_ending(scopes: Collection[str], on: date) -> int:
    """Running rounds of which at most three days are left."""
    statement = select(func.count()).where(
        Round.first_day <= on,
        Round.last_day >= on,
        Round.last_day < on + ENDS_SOON,
        sees_round(scopes, on),
    )
    return db.session.scalar(statement) or 0


def count_silent(scopes: Collection[str], now: datetime, on: date) -> int:
    """Active telephones of teams in running rounds that have said nothing for two days."""
    statement = (
        select(func.count())
        .select_from(Device)
        .join(Collector, Collector.id == Device.collector)
        .join(Team, Team.id == Collector.team)
        .where(sees_team(scopes, on), _silent(now), Team.id.in_(_working(on)))
    )
    return db.session.scalar(statement) or 0


def read_report(device: Device) -> dict[str, Any]:
    """What the telephone last said of itself; nothing where it has said nothing yet."""
    report: dict[str, Any] = json.loads(device.report or "{}")
    return report


def device_lines(rows: Sequence[Any], now: datetime, on: date) -> list[DeviceLine]:
    missing = missing_from([device.id for device, *_rest in rows])
    working = set(db.session.scalars(_working(on)))
    return [
        DeviceLine(
            device,
            collector,
            team,
            len(missing[device.id]),
            team.id in working and _has_gone_silent(device, now),
        )
        for device, collector, team in rows
    ]


def _devices() -> Any:
    return (
        select(Device, Collector, Team)
        .join(Collector, Collector.id == Device.collector)
        .join(Team, Team.id == Collector.team)
    )


def _working(on: date) -> Any:
    """Teams with a village in a round whose telephones have something to say."""
    return (
        select(TeamVillage.team)
        .join(Round, Round.code == TeamVillage.round)
        .where(Round.first_day < on, Round.last_day >= on - timedelta(days=14))
    )


def _silent(now: datetime) -> Any:
    last = func.coalesce(Device.reported_at, Device.enrolled_at)
    return (Device.state == DeviceState.ACTIVE.value) & (last < now - SILENT)


def _has_gone_silent(device: Device, now: datetime) -> bool:
    last = device.reported_at or device.enrolled_at
    return device.state == DeviceState.ACTIVE and last is not None and last < now - SILENT


def _round_lines(rows: Sequence[Round], on: date) -> list[RoundLine]:
    names = names_of_places({row.agency for row in rows}, on)
    statement = (
        select(RoundVillage.round, func.count(), func.sum(RoundVillage.target))
        .where(RoundVillage.round.in_([row.code for row in rows]))
        .group_by(RoundVillage.round)
    )
    sizes = {code: (count, int(target)) for code, count, target in db.session.execute(statement)}
    return [
        RoundLine(row, names.get(row.agency, row.agency), state_of(row, on), *sizes.get(row.code, (0, 0)))
        for row in rows
    ]


def _counted(statement: Any) -> Counter[Any]:
    return Counter(dict(db.session.execute(statement).all()))
