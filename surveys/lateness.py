"""When answers that came after the close oblige a numbered revision.

Both must hold of a cell: at least `late_count` late answers, and at least `late_share` of what it holds in
the edition. The revision appears with the next edition at the latest, with a reason and a table of what
changed.
"""

from __future__ import annotations

from dataclasses import dataclass

from surveys.thresholds import DEFAULTS, Thresholds


@dataclass(frozen=True, order=True)
class Cell:
    """A printed number of answers: a place, and "official" or a channel with its phase."""

    place: str
    part: str


@dataclass(frozen=True)
class LateNote:
    """What the note on method says of late answers.

    `edition` is the code of the edition that they came too late for; `count` is in tens, rounded down, and 0
    stands for fewer than ten.
    """

    edition: str
    count: int


def is_obliging(late: int, published: int, thresholds: Thresholds = DEFAULTS) -> bool:
    """Whether `late` answers oblige a revision of a cell that was published with `published` answers."""
    return late >= thresholds.late_count and late >= thresholds.late_share * published
