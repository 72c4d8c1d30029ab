"""What people wrote in their own words, counted by what it is about and what became of it.

The counts have passed disclosure control: None is a number that must stay hidden ("bm").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class FeedbackStatus(StrEnum):
    """What became of a comment, a reaction or a proposal. The value is the word for people."""

    RECEIVED = "Mới tiếp nhận"
    IN_PROGRESS = "Đang xử lý"
    ANSWERED = "Đã trả lời"
    FORWARDED = "Chuyển cơ quan"
    OUT_OF_SCOPE = "Không thuộc phạm vi"


@dataclass(frozen=True)
class FeedbackRow:
    """One theme: how many stand where, how many were dealt with in time and how many late.

    A status without an entry in `counts` has none: it prints as a known zero.
    """

    theme: str
    counts: tuple[tuple[FeedbackStatus, int | None], ...]
    on_time: int | None = 0
    late: int | None = 0

    def count(self, status: FeedbackStatus) -> int | None:
        return dict(self.counts).get(status, 0)

    @property
    def total(self) -> int | None:
        """The sum of the statuses; None where any of them is hidden."""
        return _sum(number for _, number in self.counts)


@dataclass(frozen=True)
class FeedbackTable:
    """The themes in the order in which they are printed, and comments that a person let be published."""

    rows: tuple[FeedbackRow, ...] = ()
    published: tuple[str, ...] = ()


def _sum(numbers: Iterable[int | None]) -> int | None:
    total = 0
    for number in numbers:
        if number is None:
            return None
        total += number
    return total
