"""The name of an edition: the frozen figures of one period, and which revision of them.

`2026-Q3` is the first edition of a quarter, `2026-Q3.r1` its first revision; `2026-10` and `2026-W45` are
those of a month and a week.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from surveys.periods import Locale, Month, Period, Quarter, Week, local_day, parse_period
from surveys.printing import date_text

KINDS: Final = ("quarter", "month", "week")
MOST_REVISIONS: Final = 999


def kind_of(period: Period) -> str:
    """One of KINDS."""
    return {Quarter: "quarter", Month: "month", Week: "week"}[type(period)]


@dataclass(frozen=True)
class EditionCode:
    """A period and the number of a revision; 0 is the edition as it was first published."""

    period: Period
    revision: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.revision <= MOST_REVISIONS:
            raise ValueError(f"Không có bản đính chính số {self.revision}.")

    @classmethod
    def parse(cls, code: str) -> EditionCode:
        """Raises ValueError, in words, for a code that names no edition."""
        found = re.fullmatch(r"([^.]+)(?:\.r([1-9][0-9]{0,2}))?", code, flags=re.ASCII)
        if found is None:
            raise ValueError(
                f"“{code[:40]}” không phải mã kỳ công bố; mã đúng viết như 2026-Q3 hoặc 2026-Q3.r1."
            )
        return cls(parse_period(found[1]), int(found[2] or 0))

    @property
    def code(self) -> str:
        return f"{self.period.code}.r{self.revision}" if self.revision else self.period.code

    def __str__(self) -> str:
        return self.code

    @property
    def kind(self) -> str:
        """One of KINDS."""
        return kind_of(self.period)

    @property
    def next_revision(self) -> EditionCode:
        return EditionCode(self.period, self.revision + 1)

    def label_in(self, locale: Locale) -> str:
        """ "quý III năm 2026", "quý III năm 2026 (đính chính lần 1)"."""
        label = self.period.label_in(locale)
        if not self.revision:
            return label
        return (
            f"{label} (revision {self.revision})"
            if locale == "en"
            else f"{label} (đính chính lần {self.revision})"
        )

    @property
    def label(self) -> str:
        return self.label_in("vi")

    @property
    def sort_key(self) -> tuple[date, int, int]:
        """By the last day of the period, longer periods after shorter ones, then by revision."""
        return self.period.last_day, -KINDS.index(self.kind), self.revision


@dataclass(frozen=True)
class EditionInfo:
    """What a document, a file or a page says of the edition that its numbers come from.

    `sha256` is that of the canonical file set; `published_at` is None as long as it is a draft. `url` is the
    address of its page, `reason` why a revision was made.
    """

    edition: EditionCode
    sha256: str
    closed_at: datetime
    published_at: datetime | None = None
    url: str = ""
    reason: str = ""
    method_version: str = "1"
    demo: bool = False

    @property
    def code(self) -> str:
        return self.edition.code

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    def address(self, path: str) -> str:
        """Of another page where this edition stands, as "/dinh-chinh/2026-Q3.r1"; without a url the path."""
        return f"{self.url.rpartition('/ket-qua/')[0]}{path}"

    @property
    def sentence(self) -> str:
        """The line under a document: the edition, when it was frozen, and by what it can be checked."""
        day = date_text(local_day(self.closed_at))
        return f"Kỳ công bố {self.code}; chốt số liệu ngày {day}; SHA-256 {self.sha256}"
