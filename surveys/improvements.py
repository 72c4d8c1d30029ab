"""What a body does about what people told it: "Ông/Bà nói – Chúng tôi làm"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Improvement:
    """A shortcoming that people named, what is done about it, who leads, by when, done since when."""

    shortcoming: str
    solution: str
    lead: str
    due: date | None = None
    done: date | None = None


def done_and_planned(
    items: Iterable[Improvement],
) -> tuple[tuple[Improvement, ...], tuple[Improvement, ...]]:
    """What has been done, and what is still to do, each in the order given."""
    every = tuple(items)
    return tuple(item for item in every if item.done), tuple(item for item in every if not item.done)
