"""Teams, their members and their telephones. Each change leaves an event; nothing here commits."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import select, update

from app import keys
from app.audit.actions import record
from app.extensions import db
from app.fieldwork.enrolling import CODE_LIFE, new_code
from app.fieldwork.models import Collector, Device, Team
from app.fieldwork.rules import CodeIsGone, DeviceState, HasEnded, StateForbids
from app.transactions import take_turn


@dataclass(frozen=True, slots=True)
class Invited:
    """A telephone that waits for its owner. The code is nowhere else: whoever loses it gets another."""

    device: UUID
    code: str
    until: datetime


def create_team(agency: str, name: str, *, by: str, now: datetime) -> Team:
    team = Team(id=uuid4(), agency=agency, name=name, created_at=now)
    db.session.add(team)
    db.session.flush()
    _note("field-team-created", team.id, agency, by, now)
    return team


def rename_team(team: Team, name: str, *, by: str, now: datetime) -> None:
    if name != team.name:
        team.name = name
        _note("field-team-renamed", team.id, team.agency, by, now)


def end_team(team: Team, *, by: str, now: datetime) -> None:
    """Its telephones pause, and keep what they hold. Raises HasEnded."""
    if team.ended_at is not None:
        raise HasEnded
    team.ended_at = now
    members = list(db.session.scalars(select(Collector).where(Collector.team == team.id)))
    paused = sum(_pause_all(member) for member in members)
    _note("field-team-ended", team.id, team.agency, by, now, {"paused": paused})


def reopen_team(team: Team, *, by: str, now: datetime) -> None:
    """Its telephones stay paused: each is let go on by itself."""
    if team.ended_at is not None:
        team.ended_at = None
        _note("field-team-reopened", team.id, team.agency, by, now)


def add_collector(team: Team, name: str, *, by: str, now: datetime) -> Collector:
    """Numbers run through the teams of a commune, so that one number is one person. Raises HasEnded."""
    if team.ended_at is not None:
        raise HasEnded
    # One at a time in a commune, so that two never get the same number.
    take_turn(update(Team).where(Team.agency == team.agency).values(name=Team.name))
    used = db.session.scalars(
        select(Collector.code).join(Team, Team.id == Collector.team).where(Team.agency == team.agency)
    )
    last = max((int(code[3:]) for code in used if code[:3] == "TV-" and code[3:].isdigit()), default=0)
    collector = Collector(id=uuid4(), team=team.id, code=f"TV-{last + 1:02}", name=name, created_at=now)
    db.session.add(collector)
    db.session.flush()
    _note("field-collector-added", collector.id, team.agency, by, now, {"name": collector.code})
    return collector


def end_collector(collector: Collector, team: Team, *, by: str, now: datetime) -> None:
    """Telephones pause, and keep what they hold. Raises HasEnded."""
    if collector.ended_at is not None:
        raise HasEnded
    collector.ended_at = now
    details = {"paused": _pause_all(collector)}
    _note("field-collector-ended", collector.id, team.agency, by, now, details)


def reopen_collector(collector: Collector, team: Team, *, by: str, now: datetime) -> None:
    if collector.ended_at is not None:
        collector.ended_at = None
        _note("field-collector-reopened", collector.id, team.agency, by, now)


def invite_device(collector: Collector, team: Team, *, by: str, now: datetime) -> Invited:
    """A new telephone for a member. Raises HasEnded."""
    if collector.ended_at is not None or team.ended_at is not None:
        raise HasEnded
    device = Device(id=uuid4(), collector=collector.id, label="", state=DeviceState.INVITED.value)
    db.session.add(device)
    invited = _give_code(device, now)
    _note("field-device-invited", device.id, team.agency, by, now, {"of": collector.code})
    return invited


def renew_code(device: Device, team: Team, *, by: str, now: datetime) -> Invited:
    """The code before is worth nothing from now on. Raises StateForbids for one that is enrolled already."""
    if device.state != DeviceState.INVITED:
        raise StateForbids
    invited = _give_code(device, now)
    _note("field-device-code-renewed", device.id, team.agency, by, now)
    return invited


def check_code(device: Device, code: str, *, now: datetime) -> None:
    """Raises CodeIsGone unless this code would enrol the telephone now."""
    good = device.code_hash is not None and hmac.compare_digest(device.code_hash, keys.token_hash(code))
    if not good or device.code_until is None or device.code_until <= now:
        raise CodeIsGone


def pause_device(device: Device, team: Team, *, by: str, now: datetime) -> None:
    """Raises StateForbids."""
    _move(device, {DeviceState.ACTIVE}, DeviceState.PAUSED)
    _note("field-device-paused", device.id, team.agency, by, now)


def resume_device(device: Device, collector: Collector, team: Team, *, by: str, now: datetime) -> None:
    """Raises StateForbids, or HasEnded for the telephone of somebody who has left."""
    if collector.ended_at is not None or team.ended_at is not None:
        raise HasEnded
    _move(device, {DeviceState.PAUSED}, DeviceState.ACTIVE)
    _note("field-device-resumed", device.id, team.agency, by, now)


def revoke_device(device: Device, team: Team, *, by: str, now: datetime) -> None:
    """For good: the token answers 403 from now on, and the telephone shows how to export. StateForbids."""
    _move(device, _ALIVE, DeviceState.REVOKED, code_hash=None, code_until=None)
    _note("field-device-revoked", device.id, team.agency, by, now)


def replace_device(device: Device, collector: Collector, team: Team, *, by: str, now: datetime) -> Invited:
    """The old one is revoked and a new one invited, for the same member. Raises StateForbids or HasEnded."""
    if device.state == DeviceState.REVOKED:
        raise StateForbids
    invited = invite_device(collector, team, by=by, now=now)
    _move(device, _ALIVE, DeviceState.REVOKED, code_hash=None, code_until=None, replaced_by=invited.device)
    _note("field-device-replaced", device.id, team.agency, by, now, {"after": str(invited.device)})
    return invited


_ALIVE: Final = frozenset({DeviceState.INVITED, DeviceState.ACTIVE, DeviceState.PAUSED})


def _move(
    device: Device, allowed: frozenset[DeviceState] | set[DeviceState], to: DeviceState, **more: Any
) -> None:
    """One statement both asks for the state and changes it, so that of two at once one wins."""
    states = [state.value for state in allowed]
    statement = update(Device).where(Device.id == device.id, Device.state.in_(states))
    moved = db.session.execute(statement.values(state=to.value, **more))
    if moved.rowcount != 1:  # type: ignore[attr-defined]  # an update returns a cursor
        raise StateForbids
    db.session.refresh(device)


def _pause_all(collector: Collector) -> int:
    """Active ones pause; codes that nobody has used are worth nothing any more."""
    own = Device.collector == collector.id
    invited = update(Device).where(own, Device.state == DeviceState.INVITED.value)
    db.session.execute(invited.values(code_hash=None, code_until=None))
    active = update(Device).where(own, Device.state == DeviceState.ACTIVE.value)
    paused = db.session.execute(active.values(state=DeviceState.PAUSED.value))
    return int(paused.rowcount)  # type: ignore[attr-defined]  # an update returns a cursor


def _give_code(device: Device, now: datetime) -> Invited:
    code, device.code_hash = new_code()
    device.code_until = now + CODE_LIFE
    db.session.flush()
    return Invited(device.id, code, now + CODE_LIFE)


def _note(
    action: str, subject: UUID, scope: str, by: str, now: datetime,
    details: Mapping[str, str | int] | None = None,
) -> None:  # fmt: skip
    """Names of members stay in their table: the trail knows numbers and ids."""
    record(action, by=by, subject=str(subject), scope=scope, details=details or {}, now=now)
