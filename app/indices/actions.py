"""Keeping numbers of others. A file that was read before changes nothing; nothing here commits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from app.accounts.identity import NATION_SCOPE
from app.accounts.places import find_places
from app.accounts.reach import covers
from app.audit.actions import record
from app.csv_reading import ImportReport
from app.extensions import db
from app.indices.models import ExternalIndexRow
from app.indices.reading import Value, read_values
from surveys.figures import NATION


def import_indices(path: Path, scopes: Collection[str], *, by: str, now: datetime) -> ImportReport:
    """Brings what is known to what a file says about places within the scopes. Raises TableProblem."""
    values = read_values(path, lambda codes: _within(codes, scopes))
    known = {
        (row.indicator, row.place, row.period): row for row in db.session.scalars(select(ExternalIndexRow))
    }
    report = ImportReport(read=len(values))
    for value in values:
        _bring(value, known.get(value.key), report, by, now)
    db.session.flush()
    if report.new or report.changed:
        scope = NATION_SCOPE if NATION_SCOPE in scopes else min(scopes)
        details = {"new": report.new, "changed": report.changed}
        record("indices-imported", by=by, subject="external_indices", scope=scope, details=details, now=now)
    return report


def _bring(value: Value, row: ExternalIndexRow | None, report: ImportReport, by: str, now: datetime) -> None:
    if row is None:
        row = ExternalIndexRow(indicator=value.indicator, place=value.place, period=value.period)
        db.session.add(row)
        report.new += 1
    elif (row.value, row.source) == (value.value, value.source):
        report.same += 1
        return
    else:
        report.changed += 1
    row.last_day, row.value, row.source = value.last_day, value.value, value.source
    row.imported_by, row.imported_at = by, now


def _within(codes: Collection[str], scopes: Collection[str]) -> set[str]:
    """Those of the codes that are places within the scopes; the nation lies in itself only."""
    places = find_places(codes)
    found = {code for code in places if covers(scopes, code, places)}
    return found | ({NATION} & set(codes) if NATION_SCOPE in scopes else set())
