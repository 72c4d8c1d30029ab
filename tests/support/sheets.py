"""Random answer sheets for counting, with every way in which a sheet may count or not."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert

from app.extensions import db
from app.responding.models import Response
from app.transactions import transaction
from surveys.canonical import canonical_json
from surveys.periods import quarter_of_day

FACTORS = ("access", "paperwork", "officer", "result", "feedback")
REASONS = ("attitude", "slow_or_faulty", "other")


@dataclass
class SheetMaker:
    """Rows of the table `responses`, the same for the same seed."""

    seed: int
    agencies: tuple[str, ...] = ("99-A", "99-B", "00001")
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def sheet(self, **given: Any) -> dict[str, Any]:
        draw = self.chance
        day = date(2026, 1, 1) + timedelta(days=draw.randrange(200))
        channel = draw.choice(("link", "field", "qr", "import"))
        row = {
            "agency": draw.choice(self.agencies),
            "id": str(uuid.UUID(int=draw.getrandbits(128), version=4)),
            "questionnaire": "COT_LOI",
            "version": "1.0",
            "procedure": draw.choice((None, "1.000001", "1.000002")),
            "phase": draw.choice(("after-result", "just-submitted")),
            "channel": channel,
            "source_channel": None,
            "quarter": quarter_of_day(given.get("day", day)).code,
            "day": day,
            "language": "vi",
            "cluster": draw.choice(("1", "2", None)) if channel in ("field", "qr") else None,
            "answers": canonical_json(self._answers()),
            "comment": None,
            "fill_seconds": draw.choice((None, 5, 40, 600)),
            "quarantine": draw.choice(("", "", "", "", "too-fast")),
            "test": draw.random() < 0.05,
            "tallied": False,
        }
        return {**row, **given}

    def sheets(self, count: int, **given: Any) -> list[dict[str, Any]]:
        return [self.sheet(**given) for _ in range(count)]

    def _answers(self) -> dict[str, object]:
        draw = self.chance
        answers: dict[str, object] = {"submit_time": draw.choice(("under_5", "forgot"))}
        if draw.random() < 0.9:
            answers["satisfaction"] = draw.randint(1, 5)
        for row in draw.sample(FACTORS, draw.randint(0, 5)):
            answers[row] = draw.choice((5, 4, 3, 2, 1, "not_met"))
        if draw.random() < 0.3:
            answers["reasons"] = sorted(draw.sample(REASONS, draw.randint(1, 3)))
        return answers


def keep(rows: list[dict[str, Any]]) -> None:
    """Stores and commits."""
    with transaction():
        db.session.execute(insert(Response.metadata.tables["responses"]), rows)
