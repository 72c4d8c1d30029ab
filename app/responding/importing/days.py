"""The day of an answer, in the ways that files write it."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from surveys.periods import ZONE, Quarter

DATE_ORDERS: Final = {"dd/mm/yyyy": "dmy", "mm/dd/yyyy": "mdy", "yyyy/mm/dd": "ymd"}
_TIME: Final = r"(?:[ T,]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[AaPp][Mm])?)?"
_PARTS: Final = {"d": r"(?P<d>[0-9]{1,2})", "m": r"(?P<m>[0-9]{1,2})", "y": r"(?P<y>[0-9]{4})"}
_ORDERED: Final = {
    name: re.compile("[/.-]".join(_PARTS[part] for part in order) + _TIME)
    for name, order in DATE_ORDERS.items()
}


def read_day(text: str, *, quarters: bool, order: str) -> date:
    """A day, an instant, or the last day of a quarter: the finest that a file by quarters tells.

    `order` is one of DATE_ORDERS or empty; a time beside such a day is local and decides nothing. Raises
    ValueError or OverflowError.
    """
    if quarters and "Q" in text:
        return Quarter.parse(text).last_day
    found = _ORDERED[order].fullmatch(text) if order else None
    if found is not None:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    if len(text) == len("2026-09-30"):
        return date.fromisoformat(text)
    instant = datetime.fromisoformat(text)
    return (instant if instant.tzinfo else instant.replace(tzinfo=ZONE)).astimezone(ZONE).date()
