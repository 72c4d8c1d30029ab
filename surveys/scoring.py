"""What an answer counts as: levels, channels, the countable rule, shares and scores.

Counts are integers and shares exact fractions; nothing here rounds except `round_half_away`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final, Literal

LEVELS: Final = (5, 4, 3, 2, 1)
LEVEL_LABELS: Final[Mapping[int, str]] = {
    5: "Rất hài lòng",
    4: "Hài lòng",
    3: "Bình thường",
    2: "Không hài lòng",
    1: "Rất không hài lòng",
}
LEVEL_LABELS_EN: Final[Mapping[int, str]] = {
    5: "Very satisfied",
    4: "Satisfied",
    3: "Neutral",
    2: "Dissatisfied",
    1: "Very dissatisfied",
}


def level_label(level: int, locale: Literal["vi", "en"] = "vi") -> str:
    return (LEVEL_LABELS_EN if locale == "en" else LEVEL_LABELS)[level]


class Channel(StrEnum):
    """The way an answer came; only the verified ones enter official figures."""

    LINK = "link"
    LINK_OPEN = "link-open"
    """Links that staff of the judged agency could download."""
    FIELD = "field"
    FIELD_UNNAMED = "field-unnamed"
    """An interview at home about a service whose office the household does not know."""
    IMPORT = "import"
    IMPORT_OPEN = "import-open"
    """A file whose source two persons have not verified."""
    QR = "qr"
    WEB = "web"
    PHONE = "phone"
    SURVEY = "survey"
    """A sampled sociological survey: neither verified nor open, reported on its own."""

    @property
    def verified(self) -> bool:
        return self in VERIFIED_CHANNELS

    @property
    def open(self) -> bool:
        return self in OPEN_CHANNELS


VERIFIED_CHANNELS: Final = (Channel.LINK, Channel.FIELD, Channel.IMPORT)
OPEN_CHANNELS: Final = (
    Channel.QR,
    Channel.WEB,
    Channel.PHONE,
    Channel.FIELD_UNNAMED,
    Channel.LINK_OPEN,
    Channel.IMPORT_OPEN,
)


class Phase(StrEnum):
    """The moment at which the person was asked."""

    AFTER_RESULT = "after-result"
    JUST_SUBMITTED = "just-submitted"


def official(channel: Channel, phase: Phase) -> bool:
    """Whether answers of this channel and phase make the official figure (TC4, verdict, rank)."""
    return channel.verified and phase is Phase.AFTER_RESULT


def is_countable(
    indicator_value: int | None, *, quarantined: bool, test: bool, released: bool = False
) -> bool:
    """The one rule on what enters a figure, for every page, file and API.

    `indicator_value` is the scale value of the question marked `indicator: satisfaction`; None stands
    for an empty, unasked or "does not apply" answer. `released` is what two persons have let out of
    quarantine: it keeps the reason for which it was set aside, and counts.
    """
    return indicator_value in LEVELS and (released or not quarantined) and not test


@dataclass(frozen=True)
class Distribution:
    """How many answers chose each level, ordered 5, 4, 3, 2, 1; missing answers are not in it."""

    counts: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)

    def __post_init__(self) -> None:
        if len(self.counts) != len(LEVELS) or min(self.counts) < 0:
            raise ValueError(f"A distribution is five counts of at least 0, got {self.counts!r}.")

    @classmethod
    def from_values(cls, tallies: Mapping[int, int] | Mapping[str, int]) -> Distribution:
        """From value → number of answers; a value off the scale is missing and left out."""
        found = {str(value): number for value, number in tallies.items()}
        five, four, three, two, one = (found.get(str(level), 0) for level in LEVELS)
        return cls((five, four, three, two, one))

    @classmethod
    def total(cls, parts: Iterable[Distribution]) -> Distribution:
        return sum(parts, cls())

    @property
    def n(self) -> int:
        return sum(self.counts)

    @property
    def satisfied(self) -> int:
        return self.counts[0] + self.counts[1]

    @property
    def rate(self) -> Fraction | None:
        """The share of 4 and 5."""
        return Fraction(self.satisfied, self.n) if self.n else None

    @property
    def mean(self) -> Fraction | None:
        total = sum(level * count for level, count in zip(LEVELS, self.counts, strict=True))
        return Fraction(total, self.n) if self.n else None

    @property
    def score(self) -> Fraction | None:
        """The factor score, (mean − 1) / 4 × 100: 0 when all chose 1, 100 when all chose 5."""
        return (self.mean - 1) / 4 * 100 if self.mean is not None else None

    @property
    def variance(self) -> Fraction | None:
        """Sample variance of the levels (divisor n − 1); None below two answers."""
        if self.mean is None or self.n < 2:
            return None
        pairs = zip(LEVELS, self.counts, strict=True)
        return sum((count * (level - self.mean) ** 2 for level, count in pairs), Fraction(0)) / (self.n - 1)

    def count(self, level: int) -> int:
        return self.counts[LEVELS.index(level)]

    def share(self, level: int) -> Fraction | None:
        return Fraction(self.count(level), self.n) if self.n else None

    def __add__(self, other: Distribution) -> Distribution:
        five, four, three, two, one = (a + b for a, b in zip(self.counts, other.counts, strict=True))
        return Distribution((five, four, three, two, one))


Rounding = Literal["half_away", "down", "up"]


def rounded(value: Fraction, decimals: int, rounding: Rounding = "half_away") -> Decimal:
    """An exact fraction as a decimal with `decimals` places; never a negative zero.

    "down" and "up" go towards minus and plus infinity.
    """
    part, whole = abs(value.numerator) * 10**decimals, value.denominator
    if rounding == "half_away":
        units = (2 * part + whole) // (2 * whole)
    else:
        away = (rounding == "down") == (value < 0)
        units = -(-part // whole) if away else part // whole
    sign = "-" if value < 0 and units else ""
    # Read from text a decimal is exact whatever the precision of the decimal context.
    return Decimal(f"{sign}{units}E-{decimals}")


def round_half_away(value: Fraction, decimals: int) -> Decimal:
    """Rounded half away from zero, from the exact fraction: 23/80 × 100 gives 28.8."""
    return rounded(value, decimals)
