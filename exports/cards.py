"""Four cards on the first page: one for each criterion, its value large, the verdict in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from exports.fonts import BOLD, REGULAR, width_of
from exports.letterhead import wrapped
from exports.texts import clean

GAP: Final = 8
PADDING: Final = 8
RADIUS: Final = 4
VALUE: Final = 18
SMALL: Final = 10
LEADING: Final = 12.8
_LINE: Final = HexColor("#6B7680")
_GROUND: Final = HexColor("#F1EFEA")


@dataclass(frozen=True)
class Card:
    """`value` stands large; `verdict` bold; `lines` are what else is known, each wrapped as it needs."""

    title: str
    value: str
    verdict: str
    lines: tuple[str, ...]


class Cards(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """Two cards a row, those of one row equally high."""

    def __init__(self, cards: Sequence[Card]) -> None:
        super().__init__()
        self._cards = [
            Card(clean(c.title), clean(c.value), clean(c.verdict), tuple(map(clean, c.lines))) for c in cards
        ]
        self.width = self.height = 0.0

    @property
    def _side(self) -> float:
        return (self.width - GAP) / 2

    def wrap(self, room: float, _height: float) -> tuple[float, float]:
        self.width = room
        self.height = sum(height + GAP for _, height in self._rows())
        return self.width, self.height

    def _rows(self) -> list[tuple[list[Card], float]]:
        pairs = [self._cards[at : at + 2] for at in range(0, len(self._cards), 2)]
        return [(pair, max(self._set(None, card, 0, 0) for card in pair)) for pair in pairs]

    def draw(self) -> None:
        top = self.height
        for pair, height in self._rows():
            for at, card in enumerate(pair):
                self._border(at * (self._side + GAP), top, height, card)
                self._set(self.canv, card, at * (self._side + GAP), top)
            top -= height + GAP

    def _border(self, left: float, top: float, height: float, card: Card) -> None:
        canvas = self.canv
        canvas.saveState()
        canvas.setStrokeColor(_LINE)
        canvas.setLineWidth(0.7)
        band = len(self._title(card)) * LEADING + PADDING
        shape = canvas.beginPath()
        shape.roundRect(left, top - height, self._side, height, RADIUS)
        canvas.clipPath(shape, stroke=0, fill=0)
        canvas.setFillColor(_GROUND)
        canvas.rect(left, top - band, self._side, band, stroke=0, fill=1)
        canvas.restoreState()
        canvas.saveState()
        canvas.setStrokeColor(_LINE)
        canvas.setLineWidth(0.7)
        canvas.roundRect(left, top - height, self._side, height, RADIUS)
        canvas.restoreState()

    def _title(self, card: Card) -> list[str]:
        return wrapped(card.title, BOLD, SMALL, self._side - 2 * PADDING)

    def _set(self, canvas: Any, card: Card, left: float, top: float) -> float:
        """Draws the words of a card, or only measures them, and gives the height that they take."""
        room, down = self._side - 2 * PADDING, PADDING / 2
        for line in self._title(card):
            down = self._line(canvas, BOLD, SMALL, line, left, top, down, LEADING)
        value = VALUE
        while value > SMALL and width_of(card.value, BOLD, value) > room:
            value -= 1
        down = self._line(canvas, BOLD, value, card.value, left, top, down + PADDING / 2 + 2, VALUE * 1.3)
        for line in wrapped(card.verdict, BOLD, SMALL + 1, room):
            down = self._line(canvas, BOLD, SMALL + 1, line, left, top, down, LEADING + 1)
        for text in card.lines:
            for line in wrapped(text, REGULAR, SMALL, room):
                down = self._line(canvas, REGULAR, SMALL, line, left, top, down, LEADING)
        return down + PADDING / 2 + 2

    @staticmethod
    def _line(
        canvas: Any, face: str, size: float, text: str, left: float, top: float, down: float, leading: float
    ) -> float:
        if canvas is not None:
            canvas.setFont(face, size)
            canvas.drawString(left + PADDING, top - down - size, text)
        return down + leading
