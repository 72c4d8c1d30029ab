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
    `recipients` without the archive, whose abbreviations are `archive` ("VT, CĐS"); `name` is the body as
    a sentence writes it ("Sở Y tế tỉnh Sơn La"), for the line under the title of an annex.
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
    name: str = ""

    @property
    def number_line(self) -> str:
        return f"Số: {self.number or BLANK}/{self.symbol}"

    def date_line(self, day: date) -> str:
        """Place and date with the day left blank."""
        return f"{self.place}, {_open_date(day)}"

    def attached_line(self, day: date) -> str:
        """What an annex belongs to: the report by number, date and body, as the decree asks."""
        number = self.number_line.replace("Số:", "số")
        return f"Kèm theo Báo cáo {number} {_open_date(day)} của {self.name or self.body}"


def _open_date(day: date) -> str:
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {BLANK} tháng {month} năm {day.year}"
