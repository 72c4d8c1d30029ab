"""The channels of a place as lines of a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from app.results import wording
from app.results.presenters import print_cell
from app.results.wording import _
from surveys.figures import Cell, ChannelFigures, PlaceFigures
from surveys.periods import Locale
from surveys.printing import DASH, SUPPRESSED, PrintedRate, decimal_text, number
from surveys.scoring import rounded
from surveys.thresholds import Thresholds


@dataclass(frozen=True)
class ChannelLine:
    name: str
    phase: str
    printed: PrintedRate
    n_eff: str
    deff: str
    invited: str
    answered: str


def channel_lines(
    parts: Iterable[ChannelFigures], locale: Locale, thresholds: Thresholds
) -> list[ChannelLine]:
    """Channels with what they count; numbers of invitations only where the channel has them."""
    return [_channel_line(part, locale, thresholds) for part in parts]


def _channel_line(part: ChannelFigures, locale: Locale, thresholds: Thresholds) -> ChannelLine:
    cell = part.cell
    n_eff, deff = _precision(cell, locale)
    unknown = SUPPRESSED if cell.hidden or part.withheld else DASH
    return ChannelLine(
        name=wording.channel_name(part.channel),
        phase=wording.phase_name(part.phase),
        printed=print_cell(cell, locale, thresholds=thresholds),
        n_eff=n_eff,
        deff=deff,
        invited=unknown if part.offered is None else number(part.offered, locale),
        answered=unknown if part.answered is None else number(part.answered, locale),
    )


def official_lines(figures: PlaceFigures, locale: Locale) -> list[ChannelLine]:
    """The verified channels and, where there are several, what they are worth together."""
    lines = channel_lines(figures.channels, locale, figures.thresholds)
    if len(lines) > 1:
        cell = figures.official
        printed = print_cell(cell, locale, thresholds=figures.thresholds)
        lines.append(ChannelLine(_("Gộp các kênh"), "", printed, *_precision(cell, locale), DASH, DASH))
    return lines


def _precision(cell: Cell, locale: Locale) -> tuple[str, str]:
    """n_eff and the design effect."""
    if cell.hidden or not cell.n:
        mark = SUPPRESSED if cell.hidden else DASH
        return mark, mark
    return _one_decimal(cell.n_eff, locale), _two_decimals(cell.n / cell.n_eff, locale)


def _one_decimal(value: float, locale: Locale) -> str:
    return decimal_text(rounded(Fraction(value), 1), locale)


def _two_decimals(value: float, locale: Locale) -> str:
    return decimal_text(rounded(Fraction(value), 2), locale)
