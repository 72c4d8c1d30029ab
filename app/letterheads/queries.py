"""Letterheads as documents and pages ask for them."""

from __future__ import annotations

from dataclasses import dataclass

from app.extensions import db
from app.letterheads.models import LetterheadRow


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What an agency has set of its head; empty where a rule decides."""

    symbol: str = ""
    signer: tuple[str, ...] = ()
    signer_name: str = ""
    recipients: tuple[str, ...] = ()
    archive: str = ""


def find_letterhead(agency: str) -> Letterhead | None:
    row = find_letterhead_row(agency)
    if row is None:
        return None
    return Letterhead(
        symbol=row.symbol,
        signer=tuple(row.signer.splitlines()),
        signer_name=row.signer_name,
        recipients=tuple(row.recipients.splitlines()),
        archive=row.archive,
    )


def find_letterhead_row(agency: str) -> LetterheadRow | None:
    return db.session.get(LetterheadRow, agency)
