"""Who writes an official document to whom; plain values, so that no PDF library is needed to name them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

BLANK: Final = "\u00a0" * 6


@dataclass(frozen=True)
class Head:
    """Who writes to whom. Number, day and signature stay blank: they are given when somebody signs.

    `symbol` is what follows the number ("BC-SKHCN"); `signer` the lines over the signature;
    `recipients` without the archive, whose abbreviations are `archive` ("VT, CĐS").
    """

    body: str
    place: str
    symbol: str
    signer: tuple[str, ...]
    recipients: tuple[str, ...]
    parent_body: str = ""
    addressee: str = ""
    number: str = ""
    archive: str = "VT"

    @property
    def number_line(self) -> str:
        return f"Số: {self.number or BLANK}/{self.symbol}"

    def date_line(self, day: date) -> str:
        """Place and date with the day left blank."""
        month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
        return f"{self.place}, ngày {BLANK} tháng {month} năm {day.year}"
