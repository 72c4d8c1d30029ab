"""How an invented agency behaves: drawn once from a seed and its code, so that agencies differ for good."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import date
from random import Random

from surveys.periods import Quarter

SEED = "hai-long-minh-hoa-1"
FIRST_QUARTERS = {"commune": Quarter(2025, 3)}
FIRST_QUARTER = Quarter(2025, 1)
# One agency in so many is small: its figures must be hidden, or are only indicative.
SMALL_EVERY = 9


@dataclass(frozen=True)
class Profile:
    """What makes the answers of one agency: logit of satisfaction, drift a quarter, answers a quarter."""

    logit: float
    drift: float
    link_answers: int
    field_answers: int
    open_answers: int
    slowness: float

    def satisfied_share(self, quarters_since_start: int) -> float:
        """The chance that an answer is 4 or 5."""
        return 1 / (1 + math.exp(-(self.logit + self.drift * quarters_since_start)))


def generator(*parts: str) -> Random:
    """A generator of its own for each purpose, so that adding one purpose does not change the others."""
    digest = hashlib.sha256("/".join((SEED, *parts)).encode()).digest()
    return Random(digest)  # noqa: S311  (illustration needs repeatable draws, not secret ones)


def profile_of(code: str, kind: str) -> Profile:
    draw = generator("profile", code)
    small = draw.randrange(SMALL_EVERY) == 0
    typical = 46 if kind == "commune" else 165
    size = draw.randint(2, 26) if small else max(12, round(draw.gauss(typical, typical / 3.2)))
    with_field = kind == "commune" and draw.random() < 0.7
    return Profile(
        logit=draw.gauss(2.25, 0.55),
        drift=draw.gauss(0.07, 0.06),
        link_answers=size,
        field_answers=round(size * draw.uniform(0.2, 0.5)) if with_field else 0,
        open_answers=round(size * draw.uniform(0.05, 0.25)),
        slowness=draw.uniform(0.7, 1.5),
    )


def share_of_quarter(quarter: Quarter, today: date) -> float:
    """How much of a quarter has passed by a day: 1 for one that is over, 0 for one to come."""
    days = (quarter.last_day - quarter.first_day).days + 1
    return min(1.0, max(0.0, ((today - quarter.first_day).days + 1) / days))
