"""Which rounds, villages, teams and records the scopes of a person cover. What lies outside is not found."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, func, or_, select, type_coerce

from app.accounts.identity import NATION_SCOPE
from app.directory.models import Agency
from app.directory.scopes import agency_condition
from app.fieldwork.models import Collector, Device, InboxRecord, Round, RoundVillage, Team, Visit


def leads(scopes: Collection[str], on: date, column: Any = Round.agency) -> ColumnElement[bool]:
    """The place of a round lies within the scopes: a province itself, or an agency."""
    return or_(column.in_(sorted(scopes)), agency_condition(scopes, on, column))


def commune_of(village: Any) -> Any:
    """The commune is the first five digits of a village."""
    return type_coerce(func.substr(village, 1, 5), String)


def in_villages(scopes: Collection[str], on: date, village: Any) -> ColumnElement[bool]:
    """A village of a commune within the scopes."""
    return agency_condition(scopes, on, commune_of(village))


def sees_round(scopes: Collection[str], on: date) -> ColumnElement[bool]:
    """Who leads it, and who has a village in it."""
    having = select(RoundVillage.round).where(agency_condition(scopes, on, RoundVillage.commune))
    return or_(leads(scopes, on), Round.code.in_(having))


def sees_village(scopes: Collection[str], on: date, round_column: Any, village: Any) -> ColumnElement[bool]:
    """The villages of the own rounds, and the own villages of rounds of the province."""
    own = select(Round.code).where(leads(scopes, on))
    return or_(round_column.in_(own), in_villages(scopes, on, village))


def sees_team(scopes: Collection[str], on: date) -> ColumnElement[bool]:
    return agency_condition(scopes, on, Team.agency)


def sees_device(scopes: Collection[str], on: date) -> ColumnElement[bool]:
    """Through its collector and the collector's team."""
    own = select(Collector.id).join(Team, Team.id == Collector.team).where(sees_team(scopes, on))
    return Device.collector.in_(own)


def sees_record(scopes: Collection[str], on: date) -> ColumnElement[bool]:
    """Of the own telephones, and of the own rounds; what names neither belongs to the nation."""
    if NATION_SCOPE in scopes:
        return InboxRecord.id.is_not(None)
    devices = select(Device.id).where(sees_device(scopes, on))
    rounds = select(Round.code).where(leads(scopes, on))
    return or_(InboxRecord.device.in_(devices), InboxRecord.round.in_(rounds))


def sees_visit(scopes: Collection[str], on: date) -> ColumnElement[bool]:
    return sees_village(scopes, on, Visit.round, Visit.village)


def is_commune(code: str) -> bool:
    """The committee of a commune is kept under the five digits of its commune."""
    return len(code) == 5 and code.isascii() and code.isdigit()


def communes_within(place: str, on: date) -> ColumnElement[bool]:
    """The committees of a province, or the one of a commune."""
    return (Agency.kind == "commune") & agency_condition({place}, on)
