"""What the files of open data say about the edition that they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from surveys.editions import EditionCode
from surveys.figures import METHOD_VERSION

LICENCE: Final = "CC-BY-4.0"
LICENCE_TITLE: Final = "Creative Commons Attribution 4.0 International"
LICENCE_URL: Final = "https://creativecommons.org/licenses/by/4.0/"
SOURCE: Final = "Phiếu trả lời ẩn danh của người dân, doanh nghiệp về dịch vụ công trực tuyến"


@dataclass(frozen=True)
class OpenDataInfo:
    """An edition before its hash is known: the files are part of what is hashed, so none of them holds it.

    `publisher` is who answers for the figures; `url` the address under which the files are found, "" where
    they describe each other by name only.
    """

    edition: EditionCode
    closed_at: datetime
    publisher: str
    url: str = ""
    method_version: str = METHOD_VERSION
    demo: bool = False

    @property
    def title(self) -> str:
        title = f"Mức độ hài lòng về dịch vụ công trực tuyến, {self.edition.label}"
        return f"{title} (số liệu minh họa)" if self.demo else title

    @property
    def title_en(self) -> str:
        title = f"Satisfaction with online public services, {self.edition.label_in('en')}"
        return f"{title} (invented figures)" if self.demo else title

    def to_mapping(self) -> dict[str, Any]:
        period = self.edition.period
        return {
            "closed_at": self.closed_at.isoformat(),
            "demo": self.demo,
            "edition": self.edition.code,
            "first_day": period.first_day.isoformat(),
            "last_day": period.last_day.isoformat(),
            "licence": LICENCE,
            "method_version": self.method_version,
            "period": period.code,
            "publisher": self.publisher,
            "title": self.title,
            "title_en": self.title_en,
        }
