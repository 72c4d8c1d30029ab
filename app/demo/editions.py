"""The editions of a demonstration: every quarter that may be closed, published in order."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from app.editions.closing import close
from app.editions.listing import find_newest
from app.editions.publishing import publish
from app.editions.rules import NothingToClose
from app.results.queries import closed_quarters
from app.transactions import transaction
from surveys.editions import EditionCode


def publish_everything(*, by: str, now: datetime) -> list[str]:
    """Closes and publishes what is not published yet, oldest first, since each is compared with the one
    before; returns the codes. Commits.

    Documents are asked for those of the newest quarter only: of all of them they would fill a small machine.
    """
    published = []
    quarters = sorted(closed_quarters(now))
    for quarter in quarters:
        if find_newest(quarter.code) is not None:
            continue
        code = EditionCode(quarter)
        if find_newest(quarter.code, published=False) is None:
            # Answers of agencies that the tree of the quarter does not know make no figures.
            with suppress(NothingToClose):
                close(code, by=by, now=now)
        if find_newest(quarter.code, published=False) is None:
            continue
        with transaction():
            publish(code.code, by=by, now=now, with_documents=quarter == quarters[-1])
        published.append(code.code)
    return published
