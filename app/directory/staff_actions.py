"""Changes of the directory by a person: each with its event in the same transaction. Nothing here commits."""

from __future__ import annotations

from datetime import date, datetime

from app.audit.actions import record
from app.directory import actions


def add(*, code: str, name: str, kind: str, province: str, on: date, by: str, now: datetime) -> None:
    """Raises what `add_agency` raises."""
    actions.add_agency(code=code, name=name, kind=kind, province=province, on=on)
    _record("agency-added", code, by, now, on=on.isoformat())


def rename(*, code: str, name: str, on: date, by: str, now: datetime) -> None:
    """Raises what `rename_agency` raises."""
    actions.rename_agency(code=code, name=name, on=on)
    _record("agency-renamed", code, by, now, on=on.isoformat())


def merge(*, code: str, into: str, on: date, by: str, now: datetime) -> None:
    """Raises what `merge_agency` raises."""
    actions.merge_agency(code=code, into=into, on=on)
    _record("agency-merged", code, by, now, on=on.isoformat(), into=into)


def close(*, code: str, on: date, by: str, now: datetime) -> None:
    """Raises what `close_agency` raises."""
    actions.close_agency(code=code, on=on)
    _record("agency-closed", code, by, now, on=on.isoformat())


def reopen(*, code: str, by: str, now: datetime) -> None:
    """Raises what `reopen_agency` raises."""
    on = actions.reopen_agency(code=code, now=now)
    _record("agency-reopened", code, by, now, on=on.isoformat())


def withdraw_name(*, code: str, by: str, now: datetime) -> None:
    """Raises what `withdraw_name` of the actions raises."""
    on = actions.withdraw_name(code=code, now=now)
    _record("agency-name-withdrawn", code, by, now, on=on.isoformat())


def add_procedure(*, code: str, procedure: str, by: str, now: datetime) -> None:
    """A second time is no second event. Raises UnknownProcedure."""
    if actions.add_procedure_to(code=code, procedure=procedure):
        _record("procedure-added", code, by, now, procedure=procedure)


def remove_procedure(*, code: str, procedure: str, by: str, now: datetime) -> None:
    if actions.remove_procedure_from(code=code, procedure=procedure):
        _record("procedure-removed", code, by, now, procedure=procedure)


def _record(action: str, code: str, by: str, now: datetime, **details: str) -> None:
    record(action, by=by, subject=code, scope=code, details=details, now=now)
