"""Where a page takes its figures from: a published edition, a draft, or a quarter as it stands today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from app.errors import NotFound
from surveys.figures import PlaceFigures
from surveys.periods import Period

# What a line of a list or a point of a series does not show need not be built for it.
BRIEF: Final[Mapping[str, Any]] = dict.fromkeys(
    ("factors", "questions", "procedures", "apart", "set_aside", "aside", "reviews"), ()
)


class FigureSource(Protocol):
    """Figures that have passed disclosure control. Periods are named by their codes."""

    def find(self, place: str, period: str) -> PlaceFigures | None: ...

    def children(self, parent: str, period: str, *, brief: bool = False) -> list[PlaceFigures]:
        """Provinces of the nation or agencies of a province, by kind, Vietnamese alphabet and code."""
        ...

    def history(self, place: str, periods: Sequence[str], *, brief: bool = False) -> list[PlaceFigures]:
        """The place in these periods, oldest first, gaps left out."""
        ...

    def periods(self, kind: str) -> list[Period]:
        """The periods of a kind (`surveys.editions.KINDS`) that may be read, newest first."""
        ...

    def stamp(self) -> object:
        """Changes whenever anything that may be read does: a finished page is kept under it."""
        ...


class UnknownPlace(NotFound):
    """No figures were made for this place in this period."""


def get_figures(source: FigureSource, place: str, period: Period | str) -> PlaceFigures:
    """Raises UnknownPlace."""
    code = period if isinstance(period, str) else period.code
    figures = source.find(place, code)
    if figures is None:
        raise UnknownPlace(f"{place} {code}")
    return figures
