"""Who writes an official document to whom; plain values, so that no PDF library is needed to name them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from surveys.printing import long_date

BLANK: Final = "\u00a0" * 6


@dataclass(frozen=True)
class Head:
    """Who writes to whom. Number, day and signature stay blank until they are given: when somebody signs.

    `issued_on` is the day of the document, `signer_name` who signs. `symbol` is what follows the number
    ("BC-SKHCN"); `signer` the lines over the signature; `recipients` without the archive, whose abbreviations
    are `archive` ("VT, CĐS"); `name` is the body as a sentence writes it ("Sở Y tế tỉnh Sơn La"), for the
    line under the title of an annex.
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
    signer_name: str = ""
    issued_on: date | None = None

    @property
    def number_line(self) -> str:
        return f"Số: {self.number or BLANK}/{self.symbol}"

    def date_line(self, day: date) -> str:
        """Place and date; of a document that nobody has signed with the day of `day` left blank."""
        return f"{self.place}, {self._date(day)}"

    def attached_line(self, day: date) -> str:
        """What an annex belongs to: the report by number, date and body, as the decree asks."""
        number = self.number_line.replace("Số:", "số")
        return f"Kèm theo Báo cáo {number} {self._date(day)} của {self.name or self.body}"

    def _date(self, day: date) -> str:
        return long_date(self.issued_on) if self.issued_on else _open_date(day)


def _open_date(day: date) -> str:
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {BLANK} tháng\u00a0{month} năm\u00a0{day.year}"
