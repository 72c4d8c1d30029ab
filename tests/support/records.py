"""A record as the store takes it, of which a test changes what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

from app.responding.records import ResponseRecord
from tests.support.citizens import AGENCY


def record(**changes: object) -> ResponseRecord:
    base = ResponseRecord(
        agency=AGENCY,
        id=str(uuid4()),
        questionnaire="COT_LOI",
        version="1.0",
        procedure=None,
        phase="after-result",
        channel="web",
        source_channel=None,
        quarter="2026-Q4",
        day=date(2026, 11, 20),
        language="vi",
        cluster=None,
        answers='{"satisfaction":5}',
        comment=None,
    )
    return replace(base, **changes)
