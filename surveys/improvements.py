"""What a body does about what people told it: "Ông/Bà nói – Chúng tôi làm"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Improvement:
    """A shortcoming that people named, what is done about it, who leads, by when, done since when.

    `agency` is whose words these are, where they stand among those of others.
    """

    shortcoming: str
    solution: str
    lead: str
    due: date | None = None
    done: date | None = None
    agency: str = ""

    @property
    def who(self) -> str:
        """ "Phòng Chuyển đổi số, Sở Y tế"; an agency that leads itself is named once."""
        return ", ".join(dict.fromkeys(name for name in (self.lead, self.agency) if name))


def done_and_planned(
    items: Iterable[Improvement],
) -> tuple[tuple[Improvement, ...], tuple[Improvement, ...]]:
    """What has been done, and what is still to do, each in the order given."""
    every = tuple(items)
    return tuple(item for item in every if item.done), tuple(item for item in every if not item.done)
