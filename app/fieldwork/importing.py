"""A file that a telephone has exported: envelopes, one a line, exactly as it would have sent them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from app import keys
from app.audit.actions import record
from app.fieldwork.inbox import take_in
from app.fieldwork.interpreting import State
from app.fieldwork.judging import Arrived
from app.fieldwork.records import NoEnvelope, read_envelope
from app.transactions import transaction
from surveys.printing import number

GROUP: Final = 200
_MARK: Final = b"\xef\xbb\xbf"


@dataclass
class ImportedRecords:
    """How many lines were read and what became of each; `failed` are no records at all."""

    read: int = 0
    new: int = 0
    known: int = 0
    aside: int = 0
    failed: int = 0

    def __str__(self) -> str:
        return (
            f"Đã đọc {number(self.read)} dòng: {number(self.new)} mới, {number(self.known)} đã có, "
            f"{number(self.aside)} để riêng, {number(self.failed)} không phải phiếu"
        )


def import_records(path: Path, *, by: str, scope: str = "", now: datetime) -> ImportedRecords:
    """Takes in every line; what was taken in stays, and the same file again adds nothing.

    Nobody knows who brings a file, so a record counts for the telephone that it names. Raises OSError.
    """
    report = ImportedRecords()
    for group in _groups(path, report, now):
        for state in take_in(group):
            report.new += state is State.STORED
            report.known += state is State.KNOWN
            report.aside += state is State.ASIDE
        _tell(group, report, by=by, scope=scope, now=now)
    return report


def _groups(path: Path, report: ImportedRecords, now: datetime) -> Iterator[list[Arrived]]:
    group: list[Arrived] = []
    for line in _lines(path):
        report.read += 1
        try:
            name = read_envelope(line)["id"]
        except NoEnvelope:
            report.failed += 1
            continue
        group.append(Arrived(name, hashlib.sha256(line).hexdigest(), line, None, now))
        if len(group) == GROUP:
            yield group
            group = []
    if group:
        yield group


def _lines(path: Path) -> Iterator[bytes]:
    """The lines that hold something; one that is longer than any record comes in pieces, which are none."""
    longest = keys.configuration().maximum_body
    with path.open("rb") as file:
        while line := file.readline(longest + 2):
            text = line.removeprefix(_MARK).strip()
            if text:
                yield text


def _tell(group: Sequence[Arrived], report: ImportedRecords, *, by: str, scope: str, now: datetime) -> None:
    """After each group, because what is stored stays stored if the machine stops before the next one."""
    details = {"count": len(group), "new": report.new, "known": report.known, "aside": report.aside}
    with transaction():
        record("field-records-imported", by=by, subject="field", scope=scope, details=details, now=now)
