"""Answer sheets put straight into the table, as if people had sent them, for tests of what comes after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from secrets import token_bytes, token_hex
from uuid import uuid4

from sqlalchemy import insert

from app.dossiers.models import Link, LinkBatch
from app.extensions import db
from app.responding.models import Response
from surveys.canonical import canonical_json
from surveys.periods import quarter_of_day
from surveys.scoring import LEVELS

CODE, VERSION = "COT_LOI", "1.0"


def answer(
    agency: str, levels: Sequence[int], day: date, *, channel: str = "link", phase: str = "after-result",
    others: Mapping[str, int | str] | None = None,
) -> None:  # fmt: skip
    """Stores `levels` sheets of 5, 4, 3, 2 and 1, all with the answers `others`. Does not commit."""
    rows = [
        {
            "agency": agency, "id": str(uuid4()), "questionnaire": CODE, "version": VERSION, "phase": phase,
            "channel": channel, "quarter": quarter_of_day(day).code, "day": day, "language": "vi",
            "answers": canonical_json({"satisfaction": level, **(others or {})}), "quarantine": "",
            "test": False, "tallied": False,
        }
        for level, count in zip(LEVELS, levels, strict=True) for _ in range(count)
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(Response), rows)


def invite(agency: str, issued: int, spent: int, day: date) -> None:
    """A batch of links after the result, of which `spent` were used. Does not commit."""
    batch = LinkBatch(
        id=token_hex(16), agency=agency, procedure=None, questionnaire=CODE, version=VERSION,
        phase="after-result", channel="link", quarter=quarter_of_day(day).code, issued=issued,
        expires_on=day, revoked=False,
    )  # fmt: skip
    db.session.add(batch)
    db.session.flush()
    links = [{"token_hash": token_bytes(32), "batch": batch.id, "spent": True} for _ in range(spent)]
    db.session.execute(insert(Link), links)
